"""A person's page on one worker's socket that listens by itself, and a browser without scripts beside it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.cluster.conftest import Worker

AT_ONCE = 0.005  # between two looks at what arrived
FROM_US = {"sec-fetch-site": "same-origin", "accept": "application/json"}


@dataclass
class Watch:
    """What the page was told and when, and how its line ended."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)
    entities: dict[str, str] = field(default_factory=dict)
    seqs: dict[str, int] = field(default_factory=dict)
    leases: dict[str, int] = field(default_factory=dict)
    code: int | None = None
    ended_at: float | None = None  # by time.monotonic

    async def listen(self) -> None:
        try:
            while True:
                self._take(json.loads(await self.socket.recv()))
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006
            self.ended_at = time.monotonic()

    async def until(self, holds: Callable[["Watch"], object], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not holds(self):  # noqa: ASYNC110 - one condition for whatever was told
                await asyncio.sleep(AT_ONCE)

    async def has_seen(self, stream: str, seq: int) -> None:
        await self.until(lambda watch: watch.seqs.get(stream) == seq)

    @property
    def requests(self) -> set[str]:
        return {name for name in self.entities if name.startswith("request:")}

    async def ends(self, seconds: float = 30) -> int:
        """Wait for the end; return the code."""
        await self.until(lambda watch: watch.code is not None, seconds)
        assert self.code is not None
        return self.code

    def claim_of(self, number: str) -> str:
        """Return the id of whoever is shown as assigning, or nothing."""
        html = self.entities.get(number, "")
        return html.partition('data-claim-person="')[2].partition('"')[0]

    def _take(self, said: dict[str, Any]) -> None:
        self.told.append(said)
        for leases in said.get("leases", {}).values():
            self.leases.update(leases)
        if said["type"] != "frame":
            return
        after, seq, stream = said["after"], said["seq"], said["stream"]
        if after is None:
            self.entities.clear()
        else:
            assert after <= self.seqs[stream], f"a gap: {after} to {seq} at {self.seqs}"
            if seq <= self.seqs[stream]:
                return
        self.seqs[stream] = seq
        for op in said["ops"]:
            if op["op"] == "put":
                self.entities[op["entity"]] = op["html"]
            else:
                self.entities.pop(op["entity"], None)


@asynccontextmanager
async def watching(
    worker: Worker, token: str, streams: Sequence[str], tab: str, projection: str = "board"
) -> AsyncIterator[Watch]:
    """Yield a page that shows these streams, as boards unless said otherwise, and is up to date."""
    opened = await websockets.connect(
        f"ws://127.0.0.1:{worker.port}/live",
        origin=websockets.Origin(worker.origin),
        additional_headers={"Cookie": f"dispatch_login={token}"},
        compression=None,
        proxy=None,
    )
    views = [{"view": "page", "stream": stream, "projection": projection} for stream in streams]
    await opened.send(json.dumps({"type": "hello", "tab": tab, "views": views}))
    watch = Watch(opened)
    listening = asyncio.create_task(watch.listen())
    try:
        await watch.until(lambda seen: seen.code is not None or len(seen.seqs) == len(streams))
        yield watch
    finally:
        await opened.close()
        await listening


@asynccontextmanager
async def browser(worker: Worker, token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a browser that is signed in."""
    async with httpx2.AsyncClient(
        base_url=worker.origin,
        cookies={"dispatch_login": token},
        headers=FROM_US,
        trust_env=False,
        timeout=30,
    ) as client:
        yield client


async def is_refused(worker: Worker, token: str) -> bool:
    """Return whether the handshake is refused as nobody's."""
    try:
        async with watching(worker, token, (), "tab-of-a-refusal"):
            return False
    except InvalidStatus as refused:
        return refused.response.status_code == 403
