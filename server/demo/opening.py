"""Makes the demo alive before its doors open: at the first start and at every later one."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dispatch.errors import DispatchError
from dispatch.people import system_actor
from dispatch.ports import Reading
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import PersonId
from server.demo.answering import answer
from server.demo.arrivals import Wish, ask, everybody_who_may_ask
from server.demo.board import MOST_PENDING, Waiting, waiting, who_waits
from server.demo.calendars import open_calendars
from server.demo.cast import PROVIDER, VISITORS, WITHOUT_EMAIL, Cast, find_cast
from server.demo.delivered import deliver
from server.demo.founding import FoundingStore, finish, found
from server.demo.hours import at, keep_hours, working_day
from server.demo.newcomers import Arrived, admit
from server.demo.past import Past
from server.demo.providers import wake_providers
from server.demo.shifted_clock import ShiftedClock
from server.roster import Roster

LEAST_PENDING = 6
SEED = 1042  # the same demo for everybody

_LEFT_OVER = timedelta(minutes=30)  # what waits longer at a start was answered in the meantime
_ABOUT_TO_TURN = timedelta(minutes=4, seconds=15)  # red 45 s after the start
_TURNS = (timedelta(minutes=4, seconds=5), timedelta(minutes=4, seconds=50))
_FOR_ANYONE, _FOR_ONE = timedelta(minutes=20), timedelta(minutes=7)  # both Scheduled
_BY_PHONE = timedelta(minutes=2)
_OTHER_AGES = [_FOR_ONE, _FOR_ANYONE, _BY_PHONE, timedelta(minutes=12), timedelta(seconds=30)]
_SWEEP = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """The demo as it now stands; ``arrived`` says what became of a roster."""

    cast: Cast
    is_new: bool
    arrived: Arrived | None
    visitors: Mapping[str, str]  # role -> the name of whom a visitor becomes


async def open_demo(
    store: FoundingStore, clock: ShiftedClock, roster: Roster | None = None
) -> Opened:
    """Found the demo if the database is empty, import the roster, and fill the board.

    Raises:
        DemoError: the database is not the demo's.
    """
    now = clock.now()
    chance = Random(SEED)
    cast = await store.read(find_cast)
    is_new = cast is None
    if cast is None:
        cast = await _first_time(store, clock, now, chance)
    arrived = await admit(store, cast, roster) if roster is not None else None
    await keep_hours(store, cast, now)
    await open_calendars(store, cast)
    await _catch_up(store, cast, now, chance)
    await wake_providers(store, cast, now)
    await _fill_board(store, clock, cast, now, chance)
    visitors = await store.read(lambda reading: _visitors(reading, cast))
    return Opened(cast, is_new, arrived, visitors)


def _visitors(reading: Reading, cast: Cast) -> Mapping[str, str]:
    actors = {role: reading.actor(cast.people[source]) for role, source in VISITORS.items()}
    return {role: actor.name if actor else "(disabled)" for role, actor in actors.items()}


async def _first_time(
    store: FoundingStore, clock: ShiftedClock, now: datetime, chance: Random
) -> Cast:
    cast = await found(store)
    await Past(store, clock, cast, chance, now).write()
    clock.catch_up()
    return await finish(store, cast)


async def _catch_up(store: FoundingStore, cast: Cast, now: datetime, chance: Random) -> None:
    """Let what fell due since the last time expire, and have the desk answer what is left over."""
    for due in await store.read(lambda reading: reading.due(now, _SWEEP)):
        await store.perform(settle, Settle(due), system_actor(due.account_id))
    for one in await store.read(lambda reading: waiting(reading, cast, now)):
        if now - one.row.submitted_at > _LEFT_OVER and one.row.declining is None:
            try:
                await answer(store, cast, one, chance, now)
            except DispatchError:  # stays on the board, as it would on a real one
                continue


async def _fill_board(
    store: FoundingStore, clock: ShiftedClock, cast: Cast, now: datetime, chance: Random
) -> None:
    """Ask in the recent past, oldest first, until the board is as a visitor should find it."""
    there = await store.read(lambda reading: waiting(reading, cast, now))
    able = await store.read(lambda reading: everybody_who_may_ask(reading, cast))
    busy = who_waits(there)
    own = cast.patients()[::-1]  # the first of them have their visits in the past just written
    free = [patient for patient in own if patient not in busy]
    free += [patient for patient in able if patient not in busy and patient not in own]
    for age in sorted(_missing(there, now), reverse=True):
        if free:
            wish = _wish(age, cast, free, now)
            free.remove(wish.patient)
            clock.set_to(now - age)
            with suppress(DispatchError):  # a visitor may have closed the clinic, or changed it
                await ask(store, cast, wish, clock.now(), chance)
                await deliver(store, clock.now())
    clock.catch_up()


def _missing(there: Collection[Waiting], now: datetime) -> list[timedelta]:
    """Return the ages to add: always one that is about to turn red, then up to six in all."""
    ages = [now - one.row.submitted_at for one in there]
    missing = []
    if len(ages) < MOST_PENDING and not any(_TURNS[0] <= age <= _TURNS[1] for age in ages):
        missing.append(_ABOUT_TO_TURN)
    missing += _OTHER_AGES[: max(0, LEAST_PENDING - len(ages) - len(missing))]
    return missing


def _wish(age: timedelta, cast: Cast, free: list[PersonId], now: datetime) -> Wish:
    """Return what the request of that age is about: the six are six different kinds of work."""
    bay, provider = cast.harbor, cast.people[PROVIDER]
    alone = cast.people[WITHOUT_EMAIL]
    desk_asks_for = alone if alone in free else free[0]
    patient = next((one for one in free if one != desk_asks_for), free[0])

    def times(*spoken: tuple[int, int, int]) -> tuple[datetime, ...]:
        return tuple(
            at(working_day(now, bay.zone, ahead), hour, minute, bay.zone)
            for ahead, hour, minute in spoken
        )

    if age == _BY_PHONE:
        return Wish(cast.northside, desk_asks_for, on_behalf=True)
    if age == _FOR_ONE:  # near the sessions that this provider has that day
        return Wish(bay, patient, times((1, 11, 30), (2, 9, 0)), provider)
    if age == _FOR_ANYONE:
        return Wish(bay, patient, times((1, 13, 0), (3, 10, 30), (4, 15, 0)))
    return Wish(cast.northside, patient)
