"""What every store promises about the line of those who wait to be seen now."""

from datetime import datetime

import pytest

from dispatch.line import Estimate
from dispatch.people import system_actor
from dispatch.ports import Store, Unit
from dispatch.stream import Projection
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.lines import KeepEstimate, keep_estimate
from dispatch.views import BoardRow
from tests.builders import FrozenClock, hours, seconds
from tests.storage.town import Town

__all__ = ["TestLine"]


class TestLine:
    async def test_those_who_wait_now_come_oldest_first(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        first = await town.ask(town.omar)
        clock.advance(seconds(1))
        second = await town.ask()
        found = await store.read(lambda reading: reading.waiting_now())
        own = [one for one in found if one.account_id == town.clinic.account_id]
        assert [one.request_id for one in own] == [first.id, second.id]
        assert own[1].requester_id == town.mia.person_id
        assert own[1].group_id == town.clinic.host_group.id
        assert (own[1].target_host_id, own[1].submitted_at) == (None, clock.now())
        await store.perform(withdraw_request, WithdrawRequest(first.number), town.omar)
        left = await store.read(lambda reading: reading.waiting_now())
        assert first.id not in {one.request_id for one in left}

    async def test_times_that_were_asked_for_stand_in_no_line(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask(times=(clock.now() + hours(3),))
        found = await store.read(lambda reading: reading.waiting_now())
        assert asked.id not in {one.request_id for one in found}

    async def test_past_waits_say_how_long_and_who_took_it(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        began = clock.now()
        asked, host = await town.ask(), town.ada.person_id
        clock.advance(seconds(90))
        command = AcceptRequest(
            asked.number, asked.version, host, confirmed=frozenset({"unavailable"})
        )
        await store.perform(accept_request, command, town.sam)
        other = await town.ask(town.omar)
        await store.perform(withdraw_request, WithdrawRequest(other.number), town.omar)
        clinics = [town.clinic.id]
        found = await store.read(lambda reading: reading.past_waits(clinics, began))
        assert [(one.submitted_at, one.ended_at, one.host_id) for one in found] == [
            (began, clock.now(), host),
            (clock.now(), clock.now(), None),
        ]
        now = clock.now()
        assert await store.read(lambda reading: reading.past_waits(clinics, now)) == []
        assert await store.read(lambda reading: reading.past_waits([], began)) == []

    async def test_the_first_range_stays_and_the_board_shows_it(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked, system = await town.ask(), system_actor(town.clinic.account_id)
        for told in (Estimate(5, 15), Estimate(20, 40)):
            await store.perform(keep_estimate, KeepEstimate(asked.id, told), system)
        told_waits = await store.read(lambda reading: reading.told_waits([asked.id]))
        assert told_waits == {asked.id: Estimate(5, 15)}
        stream, now = f"clinic:{town.clinic.id}", clock.now()
        views = await store.read(lambda reading: reading.views(stream, Projection.BOARD, None, now))
        rows = [view for view in views if isinstance(view, BoardRow)]
        assert [row.told for row in rows] == [Estimate(5, 15)]

    async def test_a_rollback_keeps_no_range(self, town: Town) -> None:
        asked = await town.ask()

        def fail(unit: Unit, now: datetime) -> None:
            assert unit.requests.keep_told(asked.id, Estimate(5, 15), now)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await town.within(fail)
        told = await town.store.read(lambda reading: reading.told_waits([asked.id]))
        assert told == {}
