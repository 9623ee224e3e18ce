"""The demo's providers and their toggles; the visitor's own provider is left alone."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from dispatch.errors import DispatchError
from dispatch.ports import Store
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.vocabulary import PersonId
from server.demo.cast import PROVIDER, Cast

_FEWEST, _MOST = 2, 5  # of Northside's who are available
_ENDS = (20, 55, 3 * 60, None)  # minutes; None: until turned off


async def wake_providers(store: Store, cast: Cast, now: datetime) -> None:
    """Turn on toggles, with various ends, until as many are available as on a good day."""
    on, off = await _by_toggle(store, cast, now)
    for minutes, host in zip(_ENDS, off[: max(0, len(_ENDS) - len(on))], strict=False):
        with suppress(DispatchError):  # a visitor may have disabled them, or taken them out
            await _turn_on(store, cast, host, minutes, now)


async def toggle_one(store: Store, cast: Cast, now: datetime, chance: Random) -> None:
    """Let one provider begin or end, so that there is always somebody and never everybody.

    Raises:
        DispatchError: they may not, any more.
    """
    on, off = await _by_toggle(store, cast, now)
    begins = len(on) < _MOST and (len(on) <= _FEWEST or chance.random() < 0.5)
    if begins and off:
        await _turn_on(store, cast, chance.choice(off), chance.choice(_ENDS), now)
    elif on:
        command = SetAvailability(is_on=False)
        await store.perform(set_availability, command, cast.actor(chance.choice(on)))


async def _by_toggle(
    store: Store, cast: Cast, now: datetime
) -> tuple[list[PersonId], list[PersonId]]:
    visitor = cast.people[PROVIDER]
    hosts = [host for host in cast.hosts(cast.northside) if host != visitor]
    toggles = await store.read(lambda reading: reading.availabilities(hosts))
    on = [host for host in hosts if toggles[host].is_available_at(now)]
    return on, [host for host in hosts if host not in on]


async def _turn_on(
    store: Store, cast: Cast, host: PersonId, minutes: int | None, now: datetime
) -> None:
    until_at = now + timedelta(minutes=minutes) if minutes else None
    command = SetAvailability(is_on=True, until_at=until_at)
    await store.perform(set_availability, command, cast.actor(host))
