"""The mail server, one connection for a message; every wait for it has an end."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from dispatch.letter import Letter, MailProblemError, Words
from server.clock import Clock
from server.mail.envelope import envelope
from server.settings import PREFIX, SettingError

STEP_SECONDS = 20.0  # for any one answer of the mail server
WHOLE_SECONDS = 60.0  # for a message, so that a trickling server ends too
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it is, and how to speak to it."""

    host: str
    port: int
    username: str | None
    password: str | None
    is_tls: bool  # from the first byte; otherwise STARTTLS where the server offers it


class SmtpMail:
    """``dispatch.letter.Mail`` through SMTP."""

    def __init__(
        self,
        url: str,
        sender: str,
        origin: str,
        clock: Clock,
        *,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        self._server = mail_server(url)
        self._sender = sender
        self._origin = origin
        self._clock = clock
        self._step_seconds = step_seconds

    async def send(self, letter: Letter, words: Words) -> None:
        """Hand one message to the mail server.

        Raises:
            MailProblemError: it was not taken; a 5xx answer is final.
        """
        now = self._clock.now()
        message = envelope(letter, words, sender=self._sender, origin=self._origin, now=now)
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                await self._hand_over(message)
        except TimeoutError as late:  # aiosmtplib's own time limits are of this kind too
            raise MailProblemError("the mail server took too long", is_final=False) from late
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _problem(refused.recipients[0].code) from refused
        except aiosmtplib.SMTPAuthenticationError as refused:  # mended by whoever runs the server
            raise MailProblemError(f"sign-in refused ({refused.code})", is_final=False) from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise _problem(refused.code) from refused
        except (aiosmtplib.SMTPException, OSError) as away:
            raise MailProblemError("the mail server cannot be reached", is_final=False) from away
        except ValueError as broken:
            raise MailProblemError("this cannot be written as mail", is_final=True) from broken

    async def _hand_over(self, message: EmailMessage) -> None:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.is_tls,
            timeout=self._step_seconds,
        )
        async with client:
            await client.send_message(message)


def mail_server(url: str) -> MailServer:
    """Return the mail server that an address names: ``smtp://user:password@host:587``.

    Raises:
        SettingError: it names none.
    """
    parts = urlsplit(url) if url.count("[") == url.count("]") else urlsplit("")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:  # letters, or a number too large
        port = 0
    if parts.scheme not in _PORTS or not parts.hostname or not port:
        raise SettingError(
            f"{PREFIX}SMTP_URL is smtp://user:password@host:587 or smtps://host:465, nothing else."
        )
    return MailServer(
        host=parts.hostname,
        port=port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls=parts.scheme == "smtps",
    )


def _problem(code: int) -> MailProblemError:
    return MailProblemError(f"refused ({code})", is_final=500 <= code < 600)
