"""A page that comes, goes and comes back while things change at every point where that can happen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.errors import DispatchError
from dispatch.stream import Cursor, Projection
from server.live.connection import Connection
from server.live.seams import Key
from tests.live.rig import FakeWire, Page, Rig

CHANGES = ("mia asks", "omar asks", "mia withdraws", "ben on", "ben off", "claim")
# Between any two awaits: nothing, a commit, a telling, or another page that comes further on.
MEANWHILE = st.lists(
    st.sampled_from(("", "change", "change and tell", "tell", "change, and another comes")),
    max_size=14,
)
STEPS = st.lists(
    st.sampled_from(("come", "leave", "come back", "change", "tell", "ask again", "come beside")),
    min_size=3,
    max_size=12,
)


class Scene:
    """One board that comes and goes, on a real live desk; what it hears is kept in order."""

    def __init__(self, meanwhile: list[str], changes: Any) -> None:
        self.rig = Rig()
        self.board: Key = self.rig.board
        self.page = Page()
        self.chain: list[tuple[int | None, int]] = []
        self._open: tuple[Connection, FakeWire] | None = None
        self._heard = 0
        self._beside = 0
        self._coming: list[asyncio.Task[None]] = []
        self._changes = changes
        self.rig.store.after_read = [self._hook(what) for what in meanwhile]

    def _hook(self, what: str) -> Callable[[], Awaitable[None] | None]:
        async def told() -> None:
            await self.rig.catch_up()

        def another() -> Awaitable[None]:
            # It comes by itself: a read that is under way waits for nobody.
            self._coming.append(asyncio.create_task(self.step("come beside")))
            return asyncio.sleep(0)

        def happening() -> Awaitable[None] | None:
            if "change" in what:
                self.change()
            if "another" in what:
                return another()
            return told() if "tell" in what else None

        return happening

    async def arrived(self) -> None:
        """Wait until whoever came beside has been answered."""
        while self._coming:
            await self._coming.pop()

    async def step(self, what: str) -> None:
        match what:
            case "come" if self._open is None:
                await self._come(None)
            case "come back" if self._open is None and self.page.cursor is not None:
                await self._come(Cursor(self.page.cursor, self.page.tag))
            case "leave":
                self._leave()
            case "change":
                self.change()
            case "tell":
                await self.rig.catch_up()
            case "ask again" if self._open and self.page.cursor is not None:
                cursor = Cursor(self.page.cursor, self.page.tag)
                await self.rig.follow(self._open[0], self.board, cursor=cursor)
            case "come beside" if self._beside < 4:
                self._beside += 1
                sue, _ = self.rig.open(self.rig.town.sue, tab=f"tab-beside-{self._beside}")
                await self.rig.follow(sue, self.board, (self.board[0], Projection.DECIDED))
        self.hear()

    def change(self) -> None:
        """Commit something; what the desk refuses changes nothing."""
        town = self.rig.town
        acts: dict[str, Callable[[], Any]] = {
            "mia asks": lambda: town.ask(),
            "omar asks": lambda: town.ask(by=town.omar),
            "mia withdraws": lambda: town.withdraw(1),
            "ben on": lambda: town.turn_on(town.ben),
            "ben off": lambda: town.turn_off(town.ben),
            "claim": lambda: town.claim(1),
        }
        try:
            acts[self._changes.draw(st.sampled_from(CHANGES))]()
        except (DispatchError, KeyError):
            return

    def hear(self) -> None:
        """Take in what was written since."""
        if self._open is None:
            return
        for frame in self._open[1].frames[self._heard :]:
            self.chain.append((frame["after"], frame["seq"]))
            self.page.hear(frame)
        self._heard = len(self._open[1].frames)

    async def _come(self, cursor: Cursor | None) -> None:
        self._open, self._heard = self.rig.open(self.rig.town.sam), 0
        await self.rig.follow(self._open[0], self.board, cursor=cursor)

    def _leave(self) -> None:
        if self._open is not None:
            self.hear()
            self.rig.hub.leave(self._open[0])
            self._open = None


async def play(steps: list[str], meanwhile: list[str], changes: Any) -> None:
    scene = Scene(meanwhile, changes)
    for step in steps:
        await scene.step(step)
        await scene.arrived()
    await scene.step("come back" if scene.page.cursor is not None else "come")
    await scene.arrived()
    scene.rig.store.after_read.clear()  # then there is silence
    await scene.rig.catch_up()
    scene.hear()
    # I1: whatever was written joined on to what was there, and the page never had to ask.
    assert scene.page.asks == 0, scene.chain
    # I2: it shows what a fresh page would.
    head = scene.rig.head(scene.board[0])
    assert (scene.page.cursor, scene.page.tag) == (head.seq, head.tag), scene.chain
    assert scene.page.entities == scene.rig.truth(scene.board), scene.chain


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, MEANWHILE, st.data())
def test_a_snapshot_and_what_happens_meanwhile_make_one_story(
    steps: list[str], meanwhile: list[str], changes: st.DataObject
) -> None:
    # F29 I1 I2 S90
    asyncio.run(play(steps, meanwhile, changes))
