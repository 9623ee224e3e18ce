"""A measured process as the bench sees it: started, ordered about, weighed, and surely ended."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from bench.meter import resident_bytes

_ANSWER_SECONDS = 120
_ENDING_SECONDS = 6


class Child:
    """One process of ``python -m <module>`` that obeys orders."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def ask(self, order: str, **how: Any) -> dict[str, Any]:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"order": order, **how}).encode() + b"\n")
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        """Return the next thing it says."""
        said: dict[str, Any] = await self._next()
        return said

    async def _next(self) -> Any:
        assert self._process.stdout is not None
        async with asyncio.timeout(_ANSWER_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a measured process ended by itself; its own words are above")
        return json.loads(line)

    @property
    def pid(self) -> int:
        """Return its number."""
        return self._process.pid

    def resident_bytes(self) -> int:
        """Return its memory as Linux counts it."""
        return resident_bytes(self.pid)

    async def end(self) -> None:
        """Let it end by closing its input; kill it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_ENDING_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def child(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Child, int]]:
    """Start a module; yield it and the port that it listens on (0: none)."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=PIPE,
        stdout=PIPE,
        limit=1 << 26,
        env={**os.environ, **(environment or {})},
    )
    started = Child(process)
    try:
        greeting = await started.hear()
        yield started, greeting["port"]
    finally:
        await started.end()
