"""The two workers of a contestant: started, found by their ports, and surely ended."""

import asyncio
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.child import Child, child
from bench.peers.contestants import Contestant
from bench.peers.grounds import Grounds
from bench.peers.payload import Payload

COUNT = 2
_READY_SECONDS = 30
_ONE_CROWD = {"DISPATCH_ADDRESS_CONNECTIONS": "0"}  # all its pages come from one address
_ENDING_SECONDS = 30
_HERE = Path(__file__).parent / "servers"


class Floor(Child):
    """Takes its orders as three numbers."""

    async def tell(self, ticks: int, changes: int, gap_seconds: float) -> dict[str, int]:
        """Return when each change was written first."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{ticks} {changes} {gap_seconds * 1e6:.0f}\n".encode())
        said: list[int] = await self._next()
        first, *stamps = said
        return {
            str(first + turn * changes + change): stamp
            for turn, stamp in enumerate(stamps)
            for change in range(changes)
        }


@asynccontextmanager
async def console_worker(
    environment: Mapping[str, str], port: int = 0, module: str = "server"
) -> AsyncIterator[tuple[Process, int]]:
    """Run one worker of the console, as ``serve`` starts it; end it as a system would."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, "serve", "--port", str(port)),
        stdout=PIPE,
        env={**os.environ, **_ONE_CROWD, **environment},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_READY_SECONDS):
            said = (await process.stdout.readline()).decode()
        if "is ready" not in said:
            raise RuntimeError(f"a worker did not start: {said}")
        yield process, int(said.partition("127.0.0.1:")[2].partition("/")[0])
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(_ENDING_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


class Running:
    """The workers that run: their numbers and their ports."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self.ports: list[int] = []
        self.floors: list[Floor] = []

    def add(self, pid: int, port: int) -> None:
        """Count one more."""
        self.pids.append(pid)
        self.ports.append(port)


@asynccontextmanager
async def workers(
    contestant: Contestant, place: Grounds, database: str, payload: Payload | None
) -> AsyncIterator[Running]:
    """Start two workers of a contestant."""
    running = Running()
    async with AsyncExitStack() as stack:
        for _ in range(COUNT):
            if contestant.server == "floor":
                assert payload is not None
                floor, port = await stack.enter_async_context(_floor(payload))
                running.floors.append(floor)
                running.add(floor.pid, port)
            elif contestant.server:
                module = f"bench.peers.servers.{contestant.server}"
                asking = {"DISPATCH_DATABASE_URL": database} if contestant.asks_who else None
                started = child(module, place.redis, environment=asking)
                process, port = await stack.enter_async_context(started)
                running.add(process.pid, port)
            else:
                settings = {"DISPATCH_DATABASE_URL": database, "DISPATCH_BUS_URL": place.redis}
                worker, port = await stack.enter_async_context(console_worker(settings))
                running.add(worker.pid, port)
        yield running


def compiler() -> str | None:
    """Return the C compiler of this machine, if it has one."""
    return shutil.which("cc") or shutil.which("gcc")


@asynccontextmanager
async def _floor(payload: Payload) -> AsyncIterator[tuple[Floor, int]]:
    frame, after, seq = payload.framed()
    where = (str(after), str(seq), str(len(frame)))
    with tempfile.TemporaryDirectory(prefix="bench-floor-") as folder:
        program = Path(folder) / "floor"
        command = [sys.executable, str(_HERE / "floor_python.py")]
        if found := compiler():
            source = str(_HERE / "floor.c")
            built = await asyncio.create_subprocess_exec(found, "-O2", "-o", program, source)
            if await built.wait():
                raise RuntimeError("the C compiler refused floor.c")
            command = [str(program)]
        process = await asyncio.create_subprocess_exec(*command, *where, stdin=PIPE, stdout=PIPE)
        floor = Floor(process)
        assert process.stdin is not None
        process.stdin.write(frame)
        try:
            yield floor, (await floor.hear())["port"]
        finally:
            await floor.end()
