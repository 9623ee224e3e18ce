"""What every store promises about calendars: rules come back as they went in, and slots follow."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from dispatch.ports import Store, Unit
from dispatch.recurrence import Recurrence, once
from dispatch.slots import CalendarRule, Slot
from dispatch.vocabulary import CalendarRuleId, PersonId, RuleKind
from tests.builders import FrozenClock, hours, minutes
from tests.storage.town import Town

__all__ = ["TestCalendars"]

_TUESDAYS = Recurrence(
    "America/New_York", date(2026, 10, 27), None, time(9), time(12), frozenset({1})
)
_EVERY_FIELD = Recurrence(
    "Australia/Lord_Howe",
    date(2026, 11, 23),
    date(2026, 12, 31),
    time(22, 15),
    time(0),
    frozenset({0, 3, 6}),
    starts_later=True,
    ends_later=True,
)


async def _keep(
    town: Town, host: PersonId, *when: Recurrence, kind: RuleKind = RuleKind.SLOT
) -> list[CalendarRule]:
    new = [CalendarRule(CalendarRuleId(0), host, kind, one) for one in when]
    await town.within(lambda unit, _: unit.calendars.add(new))
    return list(await town.within(lambda unit, _: list(unit.calendars.rules(host))))


def _remove(rule: CalendarRuleId, unit: Unit, now: object) -> None:
    unit.calendars.remove(rule)


async def _slots(
    town: Town, hosts: Iterable[PersonId], start: datetime, end: datetime
) -> list[Slot]:
    """Return the slots as a page reads them, which a use case must read no differently."""
    asked = (list(hosts), start, end)
    read = list(await town.store.read(lambda reading: reading.slots(*asked)))
    assert read == list(await town.within(lambda unit, _: list(unit.hosts.slots(*asked))))
    return read


class TestCalendars:
    async def test_a_rule_comes_back_as_it_went_in(self, store: Store, town: Town) -> None:
        ada, ben = town.ada.person_id, town.ben.person_id
        assert await _keep(town, ada) == []
        kept = await _keep(town, ada, _EVERY_FIELD, _TUESDAYS)
        assert [rule.when for rule in kept] == [_EVERY_FIELD, _TUESDAYS]
        assert {(rule.host_id, rule.kind) for rule in kept} == {(ada, RuleKind.SLOT)}
        assert len({rule.id for rule in kept}) == 2
        away = await _keep(town, ben, _TUESDAYS, kind=RuleKind.OUT_OF_OFFICE)
        assert [rule.kind for rule in away] == [RuleKind.OUT_OF_OFFICE]
        read = await store.read(lambda reading: reading.calendar_rules([ada, ben]))
        assert list(read) == [*kept, *away]

    async def test_a_rule_is_changed_and_removed_by_itself(self, town: Town) -> None:
        ada = town.ada.person_id
        first, second = await _keep(town, ada, _EVERY_FIELD, _TUESDAYS)
        changed = replace(first, when=replace(_TUESDAYS, last_day=date(2026, 12, 1)), version=2)
        await town.within(lambda unit, _: unit.calendars.save(changed))
        assert await _keep(town, ada) == [changed, second]
        await town.within(lambda unit, _: unit.calendars.remove(first.id))
        assert await _keep(town, ada) == [second]

    async def test_the_number_of_a_rule_that_is_gone_is_never_anothers(self, town: Town) -> None:
        numbers: list[CalendarRuleId] = []
        for _ in range(3):
            (rule,) = await _keep(town, town.ada.person_id, _TUESDAYS)
            numbers.append(rule.id)
            await town.within(partial(_remove, rule.id))
        assert len(set(numbers)) == 3, "a page that was open meanwhile would remove another"

    async def test_slots_that_reach_into_the_question_are_found(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S40: a slot that began long before can still cover the requested time
        now, ada, ben = clock.now(), town.ada.person_id, town.ben.person_id
        covers, other = (now - hours(5), now + hours(5)), (now, now + hours(1))
        far = (now + hours(20), now + hours(21))
        await _keep(town, ada, *(once(*stretch, "Asia/Kathmandu") for stretch in (covers, far)))
        await _keep(town, ben, once(*other, "UTC"))
        assert await _slots(town, [ada], now, now + minutes(20)) == [Slot(ada, *covers)]
        assert await _slots(town, [ada], now + hours(5), now + hours(6)) == [Slot(ada, *covers)]
        assert (
            await _slots(
                town,
                [ada],
                now
                + hours(
                    5,
                )
                + minutes(1),
                now + hours(6),
            )
            == []
        )
        both = await _slots(town, [ben, ada], now, now + minutes(20))
        assert both == [Slot(ada, *covers), Slot(ben, *other)]

    async def test_a_week_is_found_far_ahead_and_keeps_its_hour(self, town: Town) -> None:
        # S40 S92: nine in New York is 13:00 UTC before the clocks go back, and 14:00 after it
        ada = town.ada.person_id
        await _keep(town, ada, _TUESDAYS)
        for day, hour in (
            (date(2026, 10, 27), 13),
            (date(2026, 11, 3), 14),
            (date(2031, 7, 1), 13),
        ):
            nine = datetime.combine(day, time(hour), UTC)
            assert await _slots(town, [ada], nine, nine) == [Slot(ada, nine, nine + hours(3))]
        before = datetime(2026, 10, 20, 13, tzinfo=UTC)
        assert await _slots(town, [ada], before, before + hours(3)) == []

    async def test_days_far_from_utc_are_found_at_both_ends(self, town: Town) -> None:
        # The day of a rule is that of its own clock, half a day and more away from the store's.
        ada = town.ada.person_id
        west = Recurrence(
            "Pacific/Pago_Pago",
            date(2026, 12, 1),
            date(2026, 12, 1),
            time(23),
            time(0),
            frozenset({1}),
        )
        east = replace(west, zone="Pacific/Kiritimati", starts=time(0), ends=time(1))
        await _keep(town, ada, west, east)
        late = datetime(2026, 12, 2, 10, tzinfo=UTC)
        early = datetime(2026, 11, 30, 10, tzinfo=UTC)
        assert await _slots(town, [ada], late, late) == [Slot(ada, late, late + hours(1))]
        assert await _slots(town, [ada], early, early) == [Slot(ada, early, early + hours(1))]

    async def test_time_off_beats_a_slot_and_deletes_nothing(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # V8
        now, ada = clock.now(), town.ada.person_id
        whole = Slot(ada, now, now + hours(6))
        await _keep(town, ada, once(now, now + hours(6), "UTC"))
        away = once(now + hours(1), now + hours(2), "UTC")
        holiday = once(now - timedelta(days=20), now + timedelta(days=20), "UTC")
        await _keep(town, ada, away, kind=RuleKind.OUT_OF_OFFICE)
        assert await _slots(town, [ada], now, now + hours(6)) == [
            Slot(ada, now, now + hours(1)),
            Slot(ada, now + hours(2), now + hours(6), counted_from=now),
        ]
        rules = await _keep(town, ada, holiday, kind=RuleKind.OUT_OF_OFFICE)
        assert await _slots(town, [ada], now, now + hours(6)) == []
        for rule in rules[1:]:
            await town.within(lambda unit, _: unit.calendars.remove(rule.id))
        assert await _slots(town, [ada], now, now + hours(6)) == [whole]
