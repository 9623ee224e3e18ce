"""The process that holds the pages: the same for every contestant, on a clock that all share."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.crowd import Crowd, raise_limit_of_files, scheduler_of
from bench.greetings import PLAIN, of_console, of_engine, upgrade
from bench.orders import Order, idle, obey
from bench.page import Greeting
from bench.peers.figures import percentile
from bench.town import token_of

_SILENCE_SECONDS = 8.0


class Pages:
    """Obeys the bench."""

    def __init__(self) -> None:
        self._crowd: Crowd | None = None
        self._attempt = 0

    async def come(self, to: int, ports: Sequence[int], kind: str, **how: Any) -> Mapping[str, Any]:
        """Open pages until there are so many."""
        if self._crowd is None:
            self._crowd = Crowd(ports, lambda number: self._greeting(number, ports))
        self._kind, self._how = kind, how
        await self._crowd.grow(to)
        return {}

    async def begin(self) -> Mapping[str, Any]:
        """Count from now on."""
        crowd = self._here()
        crowd.forget()
        crowd.is_timing = True
        return {}

    async def have(self, changes: int) -> Mapping[str, Any]:
        """Wait until every page was told so many changes, or nothing more comes."""
        crowd = self._here()
        await crowd.have(changes * len(crowd.pages), _SILENCE_SECONDS)
        return {
            "missing": changes * len(crowd.pages) - crowd.changes,
            "frames": crowd.frames,
            "breaks": crowd.breaks,
            "lost_pages": crowd.lost,
        }

    async def waits(self, stamps: Mapping[str, int]) -> Mapping[str, Any]:
        """Return how long changes took to arrive, in ms."""
        crowd = self._here()
        crowd.is_timing = False
        told_at = {int(seq): at for seq, at in stamps.items()}
        waits = sorted(
            (at - told_at[seq]) / 1e6
            for at, after, last in crowd.heard
            for seq in range(after + 1, last + 1)
            if seq in told_at
        )
        sample = crowd.sample.hex()
        return {"p50": percentile(waits, 50), "p99": percentile(waits, 99), "sample": sample}

    async def come_back(self, head: int, stream: str, has_cursor: bool) -> Mapping[str, Any]:
        """Have every page whose worker is gone come back at once, and be told up to the head."""
        crowd = self._here()
        snapshots = await crowd.come_back(
            lambda number, seq, tag: of_console(
                crowd.ports[0],
                number,
                stream,
                seq=seq if has_cursor else None,
                tag=tag if has_cursor else "",
                attempt=1,
            ),
            head,
        )
        return {"snapshots": snapshots}

    async def leave(self) -> Mapping[str, Any]:
        """Cut every connection, and forget all."""
        self._here().leave()
        self._crowd = None
        return {}

    def _here(self) -> Crowd:
        assert self._crowd is not None
        return self._crowd

    def _greeting(self, number: int, ports: Sequence[int]) -> Greeting:
        port = ports[number % len(ports)]
        kinds: dict[str, Callable[[], Greeting]] = {
            "plain": lambda: PLAIN,
            "text": lambda: Greeting(upgrade(port, self._token(number)), b"", 0),
            "engine": lambda: of_engine(port),
            "console": lambda: of_console(port, number, **self._how),
        }
        return kinds[self._kind]()

    def _token(self, number: int) -> str:
        return token_of(scheduler_of(number)) if self._how.get("has_login") else ""


async def main() -> None:
    """Hold pages until the orders end."""
    raise_limit_of_files()
    pages = Pages()
    orders: dict[str, Order] = {
        "come": pages.come,
        "rest": idle,
        "begin": pages.begin,
        "have": pages.have,
        "waits": pages.waits,
        "return": pages.come_back,
        "leave": pages.leave,
    }
    await obey({"port": 0}, orders)


if __name__ == "__main__":
    asyncio.run(main())
