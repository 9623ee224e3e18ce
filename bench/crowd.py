"""The pages of the bench together: they come a few at a time, and count what they are told."""

import asyncio
import resource
import time
from collections.abc import Callable, Sequence

from bench.page import Greeting, Page, Told

_PAGES = 10  # of one scheduler: as many as one person may have open
_AT_ONCE = 40  # handshakes
_OPENING_SECONDS = 120
_AGAIN_SECONDS = 0.1  # between two tries of a page whose server is away
_REMEMBERED = 256  # chunks
_BUFFER = 256 * 1024


class Crowd:
    """All pages, and what they heard; page n goes to the n-th port, round and round."""

    def __init__(self, ports: Sequence[int], greeting: Callable[[int], Greeting]) -> None:
        self.pages: dict[Page, None] = {}
        self.buffer = memoryview(bytearray(_BUFFER))  # of whoever is being read just now
        self.known: dict[bytes, Told] = {}
        self.sample = b""  # a frame of one change of one row
        self.is_leaving = False
        self.lost = 0  # pages
        self.frames = 0  # that told changes
        self.changes = 0  # that were told, each page for itself
        self.breaks = 0  # frames that did not continue where their page was
        self.snapshots = 0  # frames that replaced everything
        self.tags: dict[int, str] = {}  # of changes, by their number
        self.is_timing = False
        self.heard: list[tuple[int, int, int]] = []  # monotonic ns, after, seq; while timing
        self.heard_at = 0  # the last of them all
        self.ports = ports
        self._gone: dict[int, int] = {}  # pages that lost their server, and where they were
        self._greeting = greeting
        self._opened = 0

    def come(self, page: Page) -> None:
        """Count a page that is connected."""
        self.pages[page] = None

    def go(self, page: Page) -> None:
        """Note a page whose connection ended."""
        self.pages.pop(page, None)
        if not self.is_leaving:
            self.lost += 1
            self._gone[page.number] = page.seq or 0

    def count(self, at: int, after: int, seq: int) -> None:
        """Note one frame at one page."""
        self.frames += 1
        self.changes += seq - after
        self.heard_at = at
        if self.is_timing:
            self.heard.append((at, after, seq))

    def remember(self, chunk: bytes, told: Told) -> None:
        """Understand these bytes at once when the next page gets them."""
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        self.known[chunk] = told
        if chunk.count(b'"op":"put"') == 1 and len(told) == 1 and told[0][0] == told[0][1] - 1:
            self.sample = chunk

    async def grow(self, to: int) -> None:
        """Open pages until there are so many, a few at a time."""
        async with asyncio.timeout(_OPENING_SECONDS):
            while self._opened < to:
                count = min(_AT_ONCE, to - self._opened)
                first, self._opened = self._opened, self._opened + count
                await asyncio.gather(*(self.open(first + number) for number in range(count)))
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self.frames = self.changes = self.breaks = 0
        self.heard.clear()

    async def have(self, changes: int, silence_seconds: float) -> bool:
        """Wait until so many changes were told in all; False: nothing more came for so long."""
        waited_since = time.monotonic_ns()
        while self.changes < changes:
            await asyncio.sleep(0.005)
            last = max(self.heard_at, waited_since)
            if time.monotonic_ns() - last > silence_seconds * 1e9:
                return False
        return True

    def leave(self) -> None:
        """Cut every connection."""
        self.is_leaving = True
        for page in [*self.pages]:
            page.transport.abort()

    async def come_back(self, greeting: Callable[[int, int, str], Greeting], head: int) -> int:
        """Have everybody who lost their server come back until told up to the head.

        Returns:
            How many were told by a snapshot.
        """
        async with asyncio.timeout(_OPENING_SECONDS):
            await _until(lambda: not self.pages)
            self.snapshots = 0
            places, self._gone = self._gone, {}
            self._greeting = lambda number: greeting(
                number, places[number], self.tags.get(places[number], "")
            )
            await asyncio.gather(*(self._insist(number, head) for number in places))
        return self.snapshots

    async def _insist(self, number: int, head: int) -> None:
        while True:
            try:
                page = await self.open(number)
            except OSError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            break
        await _until(lambda: (page.seq or 0) >= head)

    async def open(self, number: int) -> Page:
        """Open the n-th page, and wait until it was greeted."""
        page = Page(self, number, self._greeting(number))
        port = self.ports[number % len(self.ports)]
        await asyncio.get_running_loop().create_connection(lambda: page, "127.0.0.1", port)
        await page.opened
        return page


async def _until(holds: Callable[[], bool]) -> None:
    # An event for each page would cost more than this look.
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def scheduler_of(number: int) -> int:
    """Return whose page the n-th is."""
    return number // _PAGES


def raise_limit_of_files() -> None:
    """Let this process and its children open as many sockets as the machine allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
