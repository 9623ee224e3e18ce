"""Mail servers of the tests' own: one that keeps what it is given, and others that do not behave.

async with sink() as mail: ... mail.url, mail.messages
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.redis import LOOPBACK

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Sink:
    """Takes messages, or answers what it is told to."""

    answer: str = "250 OK"  # to DATA
    answer_to_recipient: str = ""
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
            self.recipients += envelope.rcpt_tos
        return self.answer


@asynccontextmanager
async def sink(**answers: Any) -> AsyncIterator[Sink]:
    """Yield a mail server that keeps its messages."""
    kept = Sink(**answers)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(kept, loop=loop), LOOPBACK, 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()


@asynccontextmanager
async def rude(talk: Talk) -> AsyncIterator[str]:
    """Yield the address of a server that says only what ``talk`` says, and then hangs up."""
    talking: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        talking.add(task)
        with suppress(OSError, EOFError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.transport.abort()
        talking.discard(task)

    server = await asyncio.start_server(serve, LOOPBACK, 0)
    try:
        yield f"smtp://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tuple(talking):
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)


async def away(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Hang up at once."""


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Hang before the banner."""
    await reader.read()


async def silent_after_data(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything, and never say so."""
    await _until_data(reader, writer)
    await reader.read()


async def gone_after_the_dot(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything, and hang up instead of saying so."""
    await _until_data(reader, writer)
    await reader.readuntil(b"\r\n.\r\n")


async def _until_data(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 here\r\n")
    while True:
        line = (await reader.readline()).upper()
        writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 yes\r\n")
        if line.startswith(b"DATA"):
            return
