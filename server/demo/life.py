"""The demo while it runs: patients ask and give up, providers come and go, the desk helps a little.

Everything goes through the same use cases as a visitor's own clicks, and what a visitor is looking
at is left to them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from dispatch.errors import DispatchError, StoreAwayError
from dispatch.ports import Store
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from server.clock import Clock
from server.demo.answering import answer
from server.demo.arrivals import ask, everybody_who_may_ask, next_wish
from server.demo.board import MOST_PENDING, Waiting, waiting, who_waits
from server.demo.cast import PATIENT, PROVIDER, Cast
from server.demo.providers import toggle_one

Sleep = Callable[[float], Awaitable[None]]
log = logging.getLogger(__name__)

SHORTEST_SECONDS, LONGEST_SECONDS = 20, 60  # between two arrivals
LEFT_TO_VISITORS = timedelta(minutes=7)  # the simulated desk answers only what is older
_CROWDED = 8  # pending; from here on fewer people ask, and the desk hurries
_ASKS_WHEN_CROWDED = 0.4
_GIVES_UP = 0.06
_TOGGLES = 0.2
_ANSWERS, _HURRIES = 0.25, 0.7


@dataclass(frozen=True, slots=True)
class Life:
    """The simulated people, their chance and their patience."""

    store: Store
    clock: Clock
    cast: Cast
    chance: Random
    sleep: Sleep = asyncio.sleep

    async def go_on(self) -> None:
        """Live until cancelled."""
        while True:
            await self.sleep(self.chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
            await self.moment()

    async def moment(self) -> None:
        """Let each kind of thing happen once, or not; a refusal is part of life, a pause too."""
        for step in (self._answer, self._give_up, self._toggle, self._ask):
            try:
                await step()
            except (DispatchError, StoreAwayError) as refused:
                log.debug("the demo was refused: %s", refused.code)

    async def _ask(self) -> None:
        there = await self._waiting()
        if len(there) >= MOST_PENDING:
            return
        if len(there) >= _CROWDED and self.chance.random() > _ASKS_WHEN_CROWDED:
            return
        everybody = await self.store.read(lambda read: everybody_who_may_ask(read, self.cast))
        able = set(everybody) - who_waits(there)
        wish = next_wish(self.cast, able, self.clock.now(), self.chance)
        if wish is not None:
            await ask(self.store, self.cast, wish, self.clock.now(), self.chance)

    async def _give_up(self) -> None:
        if self.chance.random() > _GIVES_UP:
            return
        visitor = self.cast.people[PATIENT]
        there = [one for one in await self._left_alone() if one.request.requester_id != visitor]
        if there:
            one = self.chance.choice(there)
            actor = self.cast.actor(one.request.requester_id)
            await self.store.perform(withdraw_request, WithdrawRequest(one.request.number), actor)

    async def _toggle(self) -> None:
        if self.chance.random() < _TOGGLES:
            await toggle_one(self.store, self.cast, self.clock.now(), self.chance)

    async def _answer(self) -> None:
        now = self.clock.now()
        there = await self._left_alone()
        old = [one for one in there if now - one.row.submitted_at >= LEFT_TO_VISITORS]
        eager = _HURRIES if len(there) >= _CROWDED else _ANSWERS
        if old and self.chance.random() < eager:
            await answer(self.store, self.cast, old[0], self.chance, now)

    async def _left_alone(self) -> list[Waiting]:
        """Return what nobody is deciding on and what is not for the visitor's own provider."""
        visitor, now = self.cast.people[PROVIDER], self.clock.now()
        return [
            one
            for one in await self._waiting()
            if one.request.target_host_id != visitor
            and one.row.declining is None
            and (one.row.claim is None or one.row.claim.lease_until <= now)
        ]

    async def _waiting(self) -> list[Waiting]:
        now = self.clock.now()
        return await self.store.read(lambda reading: waiting(reading, self.cast, now))
