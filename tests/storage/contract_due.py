"""What every store finds due by time alone, and until when it says that claims run."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.claim import take
from dispatch.events import EntityRef
from dispatch.people import system_actor
from dispatch.ports import Due, Store, Unit
from dispatch.reading import DueKind
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import (
    DeclineReason,
    EntityKind,
    NoticeKind,
    PersonId,
    RequestStatus,
    RequestType,
)
from tests.builders import FrozenClock, hours, seconds
from tests.storage.town import Town

__all__ = ["TestDue"]


class TestDue:
    async def test_each_kind_falls_due_at_its_instant_and_not_before(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        now, account = clock.now(), town.clinic.account_id
        asked = await town.ask(times=(now + hours(5), now + hours(2)))
        ends = await town.ask(town.omar)
        assert (asked.type, ends.type) == (RequestType.SCHEDULED, RequestType.NOW)
        declining = ends.decline(DeclineReason.OTHER, "", town.sam.person_id, now)

        def change(unit: Unit, now: datetime) -> None:
            unit.requests.save(declining, was=ends)
            unit.claims.put(take(asked.id, town.sam.person_id, "tab-tab-1", now))
            toggle = unit.hosts.availability(town.ada.person_id)
            unit.hosts.save_availability(toggle.turn_on(now + hours(1), now))

        await town.within(change)

        async def due(at: datetime) -> set[tuple[str, int]]:
            found = await store.read(lambda reading: reading.due(at, 10))
            assert {type(d) for d in found} <= {Due}
            assert {d.account_id for d in found} <= {account}
            return {(d.kind, d.id) for d in found}

        decline, lapse = ("decline", ends.id), ("claim", asked.id)
        toggle, expiry = ("toggle", town.ada.person_id), ("expiry", asked.id)
        assert await due(now + seconds(9.999)) == set()
        assert await due(now + seconds(10)) == {decline}
        assert await due(now + seconds(30)) == {decline, lapse}
        assert await due(now + hours(1)) == {decline, lapse, toggle}
        reminder = ("reminder", asked.id)
        assert await due(now + hours(4.5) - seconds(1)) == {decline, lapse, toggle}
        assert await due(now + hours(5) - seconds(1)) == {decline, lapse, toggle, reminder}
        assert await due(now + hours(5)) == {decline, lapse, toggle, reminder, expiry}
        assert len(await store.read(lambda reading: reading.due(now + hours(5), 2))) == 2

    async def test_a_now_request_is_due_at_the_limit_of_its_clinic(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask()
        assert asked.status is RequestStatus.PENDING
        limit = clock.now() + seconds(town.clinic.now_limit_seconds)
        before = await store.read(lambda reading: reading.due(limit - seconds(1), 9))
        assert "expiry" not in {due.kind for due in before}
        found = await store.read(lambda reading: reading.due(limit, 9))
        assert ("expiry", asked.id) in [(d.kind, d.id) for d in found]

    async def test_a_break_is_due_at_its_end_while_the_toggle_is_on(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S39
        now, ada = clock.now(), town.ada.person_id

        def away(unit: Unit, now: datetime) -> None:
            toggle = unit.hosts.availability(ada).turn_on(now + hours(1), now)
            unit.hosts.save_availability(toggle.take_break(20, now))

        await town.within(away)
        held = await store.read(lambda reading: reading.availabilities([ada]))
        assert held[ada].break_until_at == now.astimezone(UTC) + seconds(1200)
        assert await store.read(lambda reading: reading.due(now + seconds(1199), 9)) == []
        due = Due("break", town.clinic.account_id, ada)
        assert await store.read(lambda reading: reading.due(now + seconds(1200), 9)) == [due]

    async def test_an_alert_is_due_once_while_a_request_is_left_alone(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        now = clock.now()
        asked = await town.ask()
        watched = replace(asked, escalates_at=now + seconds(480), reminds_at=None)
        await town.within(lambda unit, now: unit.requests.save(watched, was=asked))

        async def due(at: datetime) -> list[Due]:
            return [*await store.read(lambda reading: reading.due(at, 9))]

        alert = Due("escalation", town.clinic.account_id, asked.id)
        assert await due(now + seconds(480)) == []  # nobody to alert
        told = replace(town.clinic, escalation_email="on-call@clinic.example")
        await town.within(lambda unit, now: unit.clinics.save(told))
        assert await due(now + seconds(479)) == []
        assert await due(now + seconds(480)) == [alert]
        held = watched.decline(DeclineReason.OTHER, "", town.sam.person_id, now + seconds(475))
        await town.within(lambda unit, now: unit.requests.save(held, was=watched))
        assert await due(now + seconds(480)) == []
        done = replace(watched, version=held.version + 1).escalated(now + seconds(490))
        await town.within(lambda unit, now: unit.requests.save(done, was=held))
        assert "escalation" not in {one.kind for one in await due(now + hours(9))}
        kept = await store.read(lambda r: r.request(asked.account_id, asked.number))
        assert kept
        assert kept.escalated_at == now + seconds(490)

    @pytest.mark.parametrize("kind", ["escalation", "reminder"])
    async def test_of_several_processes_that_sweep_at_once_one_tells(
        self, store: Store, town: Town, clock: FrozenClock, kind: DueKind
    ) -> None:
        told = replace(town.clinic, escalation_email="on-call@clinic.example")
        await town.within(lambda unit, now: unit.clinics.save(told))
        asked = await town.ask()
        clock.advance(hours(3.5))
        before, account = await town.cursor(), town.clinic.account_id
        due = Due(kind, account, asked.id)
        assert due in await store.read(lambda reading: reading.due(clock.now(), 9))
        system = system_actor(account)
        done = await asyncio.gather(*(store.perform(settle, Settle(due), system) for _ in range(6)))
        assert sorted(each.was_there for each in done) == [False] + [True] * 5
        posted = await store.read(lambda r: r.posted(account, only_failed=False, limit=50))
        notice = NoticeKind.ESCALATED if kind == "escalation" else NoticeKind.EXPIRING
        wanted = (
            1
            if kind == "escalation"
            else len(await store.read(lambda r: r.schedulers_of(town.clinic.id)))
        )
        assert [each.kind for each in posted].count(notice) == wanted
        assert await town.cursor() == before + (1 if kind == "escalation" else 0)

    async def test_who_is_connected_is_known_until_their_lease_is_dropped(
        self, store: Store, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        now, ada, ben = clock.now(), town.ada.person_id, other_town.ada.person_id

        async def connected() -> set[int]:
            return {*await store.read(lambda reading: reading.connected([ada, ben]))}

        assert await town.within(lambda u, _: u.connected.renew([ada], now + seconds(30))) == set()
        await town.within(lambda u, _: u.connected.add([ada, ben], now + seconds(30)))
        assert await connected() == {ada, ben}
        told = await town.within(
            lambda u, _: u.connected.renew([ada, PersonId(404)], now + seconds(40))
        )
        assert told == {ada}
        await town.within(lambda u, _: u.connected.shorten([ada, ben], now + seconds(35)))
        due = await store.read(lambda reading: reading.due(now + seconds(34), 9))
        assert due == [Due("connected", other_town.clinic.account_id, ben)]
        assert not await town.within(lambda u, _: u.connected.drop(ada, now + seconds(34)))
        assert await town.within(lambda u, _: u.connected.drop(ada, now + seconds(35)))
        assert await connected() == {ben}

    async def test_claims_are_told_by_stream(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask()
        claim = take(asked.id, town.sam.person_id, "tab-tab-1", clock.now())
        await town.within(lambda unit, now: unit.claims.put(claim))
        claims = await store.read(lambda reading: reading.leases([town.stream]))
        about = EntityRef(EntityKind.REQUEST, asked.id)
        assert dict(claims[town.stream]) == {about: claim}
        assert claims[town.stream][about].lease_until == clock.now() + seconds(30)

    async def test_a_stream_without_a_claim_is_told_to_have_none(
        self, store: Store, town: Town
    ) -> None:
        # Else a page could not tell it from one that was not read yet, and would renew claims in a
        # transaction of its own each ten seconds.
        await town.ask()
        claims = await store.read(lambda reading: reading.leases([town.stream, "clinic:99"]))
        assert claims == {town.stream: {}, "clinic:99": {}}
