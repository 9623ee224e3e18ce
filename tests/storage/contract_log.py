"""What every store promises about its log: numbers without holes, and each notice once."""

import asyncio
from collections import Counter

import pytest

from dispatch.events import Change, EntityRef
from dispatch.people import system_actor
from dispatch.ports import Reading, Store
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.vocabulary import EntityKind, NoticeKind
from tests.builders import FrozenClock
from tests.storage.town import Ledger, Town

__all__ = ["TestEvents", "TestNumbers", "TestOneOpenRequest", "TestNotices"]


class TestEvents:
    async def test_numbers_are_dense_and_each_stream_counts_for_itself(
        self, store: Store, town: Town
    ) -> None:
        # S90
        for person in (town.mia, town.omar):
            await town.ask(person)
        events = await store.read(lambda reading: reading.events(town.stream, 0, 100))
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        own = await store.read(
            lambda reading: reading.events(f"patient:{town.mia.person_id}", 0, 100)
        )
        assert [(event.seq, event.kind) for event in own] == [(1, "request.submitted")]

    async def test_of_twenty_writers_at_once_no_number_is_lost_or_doubled(
        self, store: Store, town: Town
    ) -> None:
        people = [
            await town.newcomer(f"Patient {n}", asks_in=frozenset({town.clinic.patient_group.id}))
            for n in range(20)
        ]
        before = await town.cursor()
        await asyncio.gather(*(town.ask(person) for person in people))
        events = await store.read(lambda reading: reading.events(town.stream, before, 100))
        assert [event.seq - before for event in events] == list(range(1, 21))
        assert len({event.entity for event in events}) == 20
        assert await town.cursor() == before + 20

    async def test_the_head_is_the_last_event_with_its_tag(self, store: Store, town: Town) -> None:
        await town.ask()
        head = await store.read(lambda reading: reading.cursor(town.stream))
        events = await store.read(lambda reading: reading.events(town.stream, 0, 100))
        assert (head.seq, head.tag) == events[-1][:2]
        assert head.tag
        around = (0, head.seq, head.seq + 1)
        tags = await store.read(lambda reading: [reading.tag_at(town.stream, n) for n in around])
        assert tags == [None, head.tag, None]
        assert await store.read(lambda r: dict(r.heads([town.stream, "clinic:404"]))) == {
            town.stream: head.seq,
            "clinic:404": 0,
        }

    async def test_a_stream_without_events_stands_at_zero(self, store: Store, town: Town) -> None:
        cursor = await store.read(lambda reading: reading.cursor("clinic:404"))
        assert (cursor.seq, cursor.tag) == (0, "")
        assert not await store.read(lambda reading: reading.events("clinic:404", 0, 9))

    async def test_changes_of_one_transaction_keep_their_order_and_the_limit_holds(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        named = [EntityRef(EntityKind.REQUEST, n) for n in (30, 10, 20)]
        changes = [Change("request.moved", entity, frozenset({town.stream})) for entity in named]
        system = system_actor(town.clinic.account_id)
        before = await town.cursor()
        await town.within(lambda unit, now: unit.record(system, *changes))
        read = await store.read(lambda reading: reading.events(town.stream, before, 9))
        assert [event.entity for event in read] == named
        assert len({event.tag for event in read}) == 3
        assert {event.at for event in read} == {clock.now()}
        later = await store.read(lambda reading: reading.events(town.stream, before + 1, 1))
        assert [(event.seq, event.entity) for event in later] == [(before + 2, named[1])]

    async def test_what_is_read_ahead_is_what_would_have_been_read(
        self, store: Store, town: Town
    ) -> None:
        for person in (town.mia, town.omar):
            await town.ask(person)
        last = await town.cursor()
        places = {
            town.stream: last - 1,
            f"patient:{town.mia.person_id}": 0,
            f"patient:{town.omar.person_id}": 1,  # stands there
            "clinic:404": 0,
            "control": 7000,  # of a log that was put back
        }

        def read(reading: Reading) -> object:
            heads = reading.cursors(places)
            return heads, {name: [*reading.events(name, at, 2)] for name, at in places.items()}

        def ahead(reading: Reading, limit: int) -> object:
            reading.read_ahead(places, limit)
            return read(reading)

        plainly = await store.read(read)
        assert await store.read(lambda reading: ahead(reading, 2)) == plainly
        assert await store.read(lambda reading: ahead(reading, 1)) == plainly, "asked otherwise"
        assert await store.read(lambda reading: reading.events(town.stream, last - 1, 2))


class TestNumbers:
    async def test_numbers_rise_by_one_within_an_account_and_others_have_their_own(
        self, town: Town, other_town: Town
    ) -> None:
        # S11
        first = await town.ask(town.mia)
        theirs = await other_town.ask(other_town.mia)
        second = await town.ask(town.omar)
        assert second.number == first.number + 1
        assert theirs.number == first.number
        assert theirs.id not in {first.id, second.id}


class TestOneOpenRequest:
    async def test_a_second_open_request_of_a_person_in_a_clinic_cannot_be_stored(
        self, town: Town
    ) -> None:
        stored = await town.ask()
        with pytest.raises(Exception):  # noqa: B017, PT011 - each database says it its own way
            await town.within(lambda unit, now: unit.requests.add(stored))
        assert (await town.ask(town.omar)).number == stored.number + 1

    async def test_once_it_is_closed_another_can_be_made(self, store: Store, town: Town) -> None:
        stored = await town.ask()
        await store.perform(withdraw_request, WithdrawRequest(stored.number), town.mia)
        opened = await town.within(
            lambda unit, now: unit.requests.open_of(town.mia.person_id, town.clinic.id)
        )
        assert opened is None
        assert (await town.ask()).number == stored.number + 1


class TestNotices:
    async def test_a_notice_is_sent_once_for_a_recipient_a_subject_and_a_kind(
        self, town: Town, ledger: Ledger
    ) -> None:
        # S18
        mia, omar = town.mia.person_id, town.omar.person_id
        one, two = (EntityRef(EntityKind.REQUEST, n) for n in (91, 92))
        await town.within(lambda unit, now: unit.notify(NoticeKind.DECLINED, [mia, mia, omar], one))
        await town.within(lambda unit, now: unit.notify(NoticeKind.DECLINED, [mia], one))
        await town.within(lambda unit, now: unit.notify(NoticeKind.EXPIRED, [mia], one))
        await town.within(lambda unit, now: unit.notify(NoticeKind.DECLINED, [mia], two))
        assert await ledger.notices() == Counter(
            [
                (mia, "declined", "request:91"),
                (omar, "declined", "request:91"),
                (mia, "expired", "request:91"),
                (mia, "declined", "request:92"),
            ]
        )
