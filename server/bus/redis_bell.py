"""The bell between workers: rings through Redis, and knows by its own heartbeat when it does not.

Redis is a doorbell. What it loses, it loses in silence, so nothing here believes in a connection:
only a beat of one's own that came back in time proves that hints arrive.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from itertools import islice

from server.bus import words
from server.bus.bell import Heads, Listener, Mode
from server.bus.line import TROUBLES, Line, channel_of, plug_for
from server.bus.memory import MemoryBell
from server.bus.tempo import Tempo

log = logging.getLogger("dispatch.bus")


class RedisBell:
    """Rings here at once and elsewhere through Redis, which may come and go."""

    def __init__(
        self,
        url: str,
        place: str,
        *,
        tempo: Tempo | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Ring through the Redis at ``url`` for all workers that name the same ``place``.

        Raises:
            SettingError: ``url`` is no address of a Redis.
        """
        self._tempo = tempo or Tempo()
        self._sleep = sleep
        self._chance = chance
        self._plug = plug_for(url, self._tempo.open)
        self._channel = channel_of(place)
        self._worker = secrets.token_hex(8)
        self._here = MemoryBell()  # own listeners never depend on Redis
        self._loop: asyncio.AbstractEventLoop | None = None  # None: not running
        self._mode: Mode = "slower"
        self._slower_since: float | None = None  # by the loop's clock; None: live, or not running
        self._slower_seconds = 0.0  # before that
        self._unsaid: dict[str, int] = {}  # kept until Redis has it: one number a stream
        self._rung = asyncio.Event()
        self._heard_until = 0.0  # by the loop's clock: when the newest own beat is too old
        self._failures = 0  # since it was last live

    @property
    def mode(self) -> Mode:
        """Return whether an own beat has lately come back through Redis."""
        return self._mode

    @property
    def slower_seconds(self) -> float:
        """Return for how long in all no own beat was coming back."""
        if self._slower_since is None or self._loop is None:
            return self._slower_seconds
        return self._slower_seconds + self._loop.time() - self._slower_since

    def ring(self, heads: Heads) -> None:
        """Tell listeners here; leave the rest to ``run``."""
        self._here.ring(heads)
        if loop := self._loop:
            with suppress(RuntimeError):  # that loop is closed: the process is going
                loop.call_soon_threadsafe(self._note, dict(heads))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called on the running loop; a mode that turns means everything."""
        return self._here.subscribe(listener)

    async def run(self) -> None:
        """Keep a line to Redis until cancelled; a Redis that is away never ends it, a bug does."""
        self._loop = asyncio.get_running_loop()
        self._slower_since = self._loop.time()
        try:
            while True:
                try:
                    await self._use_one_line()
                except TROUBLES as trouble:
                    self._lose(trouble)
                await self._sleep(self._tempo.pause(self._failures, self._chance()))
        finally:
            self._slower_seconds, self._slower_since = self.slower_seconds, None
            self._loop = None
            self._mode = "slower"

    async def _use_one_line(self) -> None:
        line = Line(self._plug, self._channel)
        try:
            await self._until_either_breaks(self._hear(line), self._say(line))
        finally:
            await line.close()

    async def _until_either_breaks(self, *ends: Coroutine[None, None, None]) -> None:
        # No task group: Python 3.11's loses a cancellation that meets a child's error, and then
        # this would run on after the process was told to go.
        tasks = [asyncio.create_task(end) for end in ends]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, line: Line) -> None:
        async with asyncio.timeout(self._tempo.open):
            await line.open_hearing()
        self._heard_until = asyncio.get_running_loop().time() + self._tempo.silence
        self._here.ring({})
        self._rung.set()  # for a beat at once, whose return makes it live
        while True:
            async with asyncio.timeout_at(self._heard_until):
                await asyncio.sleep(0)  # a flood leaves everybody, and the deadline, their turn
                payload = await line.hear()
            if payload is None:
                self._here.ring({})
                continue
            said = words.read(payload)
            if said.worker == self._worker:
                self._hear_own(said.at / 1000)
            elif said.heads:
                self._here.ring(said.heads)

    def _hear_own(self, at: float) -> None:
        now = asyncio.get_running_loop().time()
        if not now - self._tempo.silence < at <= now:
            return  # held up on its way, or forged: no sign that hints arrive in time
        self._heard_until = max(self._heard_until, at + self._tempo.silence)
        self._failures = 0
        if self._mode == "slower":
            log.info("bell: hints between workers arrive")
            self._turn("live")

    async def _say(self, line: Line) -> None:
        async with asyncio.timeout(self._tempo.open):
            await line.open_saying()  # says what it can, also where nothing can be heard
        while True:
            self._rung.clear()
            some = dict(islice(self._unsaid.items(), words.MOST_WORDS))
            now = int(asyncio.get_running_loop().time() * 1000)
            async with asyncio.timeout(self._tempo.say):
                await line.say(words.write(self._worker, now, some))
            for stream, seq in some.items():
                if self._unsaid[stream] == seq:  # else it has moved on meanwhile
                    del self._unsaid[stream]
            if not self._unsaid:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._tempo.beat):
                        await self._rung.wait()

    def _note(self, heads: dict[str, int]) -> None:
        for stream, seq in heads.items():
            self._unsaid[stream] = max(seq, self._unsaid.get(stream, 0))
        self._rung.set()

    def _lose(self, trouble: Exception) -> None:
        self._failures += 1
        if self._failures == 1:  # once, not with every attempt; and its words may quote an address
            log.warning("bell: hints between workers are missing: %s", type(trouble).__name__)
        if self._mode == "live":
            self._turn("slower")

    def _turn(self, mode: Mode) -> None:
        self._slower_seconds = self.slower_seconds
        self._slower_since = None if mode == "live" else asyncio.get_running_loop().time()
        self._mode = mode
        self._here.ring({})  # who rests at the pace of the other mode must not finish that rest
