"""A provider's calendar is changed, by them or an administrator; what cannot be meant is refused."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.recurrence import MIDNIGHT, Recurrence, once
from dispatch.slots import CalendarRule
from dispatch.usecases import dialog
from dispatch.usecases.slot_rules import (
    MOST_RULES,
    AddRules,
    ChangeRule,
    CopyDay,
    EndRule,
    RemoveRule,
    change_rule,
    copy_day,
    end_rule,
    remove_rule,
)
from dispatch.vocabulary import CalendarRuleId, PersonId, RequestNumber, RuleKind
from tests.builders import hours, minutes
from tests.dispatch.desk import Desk

TODAY = date(2026, 11, 23)  # a Monday, where it is noon in London
TUESDAYS = Recurrence("America/New_York", TODAY, None, time(9), time(12), frozenset({1}))


def rules(desk: Desk, host: int) -> list[CalendarRule]:
    return list(desk.store.ask(lambda reading: reading.calendar_rules([PersonId(host)])))


def refused(desk: Desk, *changed: Recurrence, kind: RuleKind = RuleKind.SLOT) -> InvalidError:
    """Return the refusal; nothing may have changed."""
    before = rules(desk, desk.dan), len(desk.rung())
    with pytest.raises(InvalidError) as error:
        desk.open_hours(desk.dan, *changed, kind=kind, by=desk.dan)
    assert (rules(desk, desk.dan), len(desk.rung())) == before
    return error.value


def test_a_provider_and_an_administrator_may_change_a_calendar_and_nobody_else(desk: Desk) -> None:
    # S12
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    desk.open_hours(desk.dan, replace(TUESDAYS, weekdays=frozenset({2})), by=desk.root)
    first = rules(desk, desk.dan)[0].id
    commands: list[Any] = [
        AddRules(desk.dan, (TUESDAYS,)),
        ChangeRule(desk.dan, first, TUESDAYS, 1),
        EndRule(desk.dan, first, date(2026, 12, 31), 1),
        RemoveRule(desk.dan, first, 1),
        CopyDay(desk.dan, 1, frozenset({4})),
    ]
    for command in commands:
        for who in (desk.ada, desk.tom, desk.mia):
            with pytest.raises(NotAllowedError):
                desk.does(who, command)
        stranger = replace(command, host_id=desk.hal)  # of another account: the same as nobody
        with pytest.raises(NotFoundError):
            desk.does(desk.root, stranger)
    assert len(rules(desk, desk.dan)) == 2


def test_a_patient_has_no_slots_of_their_own(desk: Desk) -> None:
    with pytest.raises(NotAllowedError):
        desk.open_hours(desk.mia, TUESDAYS, by=desk.mia)


def test_a_rule_of_another_provider_is_not_found(desk: Desk) -> None:
    desk.open_hours(desk.ada, TUESDAYS)
    other = rules(desk, desk.ada)[0].id
    for command in (
        RemoveRule(desk.dan, other, 1),
        EndRule(desk.dan, other, date(2026, 12, 31), 1),
        ChangeRule(desk.dan, other, TUESDAYS, 1),
        RemoveRule(desk.dan, CalendarRuleId(404), 1),
    ):
        with pytest.raises(NotFoundError):
            desk.does(desk.dan, command)
    assert rules(desk, desk.ada)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends": time(9)}, "ends"),
        ({"ends": time(8, 59)}, "ends"),
        ({"starts": MIDNIGHT, "ends": MIDNIGHT, "zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"last_day": date(2026, 11, 22)}, "last_day"),
        ({"last_day": date(2026, 11, 23)}, "last_day"),  # no Tuesday comes before that Monday
        ({"last_day": date(2036, 1, 1)}, "last_day"),
        ({"first_day": date(2029, 1, 1)}, "first_day"),
        ({"first_day": date(1, 1, 1)}, "first_day"),
        ({"first_day": date(9999, 12, 31)}, "first_day"),
        ({"first_day": date(2026, 9, 1), "last_day": date(2026, 10, 1)}, "last_day"),  # is over
        ({"weekdays": frozenset({7})}, "weekdays"),
    ],
)
def test_weekly_hours_that_cannot_be_meant_are_refused(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    error = refused(desk, replace(TUESDAYS, **changes))
    assert error.field == field
    assert error.sentence.endswith(".")


def one_day(day: str, starts: str, ends: str, last_day: str = "", **more: Any) -> Recurrence:
    first = date.fromisoformat(day)
    last = date.fromisoformat(last_day) if last_day else first
    return Recurrence(
        "America/New_York",
        first,
        last,
        time.fromisoformat(starts),
        time.fromisoformat(ends),
        **more,
    )


@pytest.mark.parametrize(
    ("when", "field", "says"),
    [
        (one_day("2026-11-24", "12:00", "09:00"), "ends", "ends before it starts"),
        (one_day("2026-11-24", "12:00", "12:00"), "ends", "ends before it starts"),
        (one_day("2026-11-24", "12:00", "09:00", "2026-11-20"), "last_day", "before the first"),
        (one_day("2026-11-22", "09:00", "12:00"), "first_day", "still to come"),
        (one_day("2026-11-24", "09:00", "09:01", "2026-11-25"), "ends", "24 hours"),
        # S92: the clocks of New York skip 2:00 to 3:00 on 14 March 2027
        (
            one_day("2027-03-14", "02:30", "05:00"),
            "starts",
            "skip 2:30am that day. The next time there is 3:00am.",
        ),
        (one_day("2027-03-14", "01:00", "02:30"), "ends", "The next time there is 3:00am."),
    ],
)
def test_one_slot_that_cannot_be_meant_is_refused(
    desk: Desk, when: Recurrence, field: str, says: str
) -> None:
    error = refused(desk, when)
    assert (error.field, says in error.sentence) == (field, True)


def test_a_slot_that_meets_a_change_of_the_clocks_is_as_long_as_the_clocks_say(desk: Desk) -> None:
    # S92: from 1:15 the first time to 1:45 the second, and never the other way round
    fold = one_day("2027-11-07", "01:15", "01:45", ends_later=True)
    desk.open_hours(desk.dan, fold, by=desk.dan)
    start = datetime.fromisoformat("2027-11-07T05:15+00:00")
    (slot,) = desk.store.ask(lambda r: r.slots([desk.dan], start, start))
    assert (slot.starts_at, slot.ends_at) == (start, start + minutes(90))
    backwards = one_day("2027-11-07", "01:15", "01:45", starts_later=True)
    assert refused(desk, backwards).field == "ends"


def test_slots_that_overlap_are_refused_and_told_where(desk: Desk) -> None:
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    error = refused(desk, replace(TUESDAYS, starts=time(11), ends=time(13)))
    assert (error.field, "{at}" in error.sentence) == ("starts", True)
    assert error.at == datetime.fromisoformat("2026-11-24T16:00+00:00")
    twice = replace(TUESDAYS, weekdays=frozenset({4}))
    refused(desk, twice, twice)
    desk.open_hours(desk.dan, replace(TUESDAYS, starts=time(12), ends=MIDNIGHT), by=desk.dan)
    desk.open_hours(desk.ada, TUESDAYS)  # somebody else's calendar is another matter


def test_time_off_may_overlap_anything_and_may_be_long(desk: Desk) -> None:
    # V8
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    weeks = one_day("2026-12-20", "00:00", "00:00", "2027-01-04")
    away = (weeks, weeks, replace(TUESDAYS, starts=time(10), ends=time(11)))
    desk.open_hours(desk.dan, *away, kind=RuleKind.OUT_OF_OFFICE, by=desk.dan)
    assert len(rules(desk, desk.dan)) == 4
    endless = one_day("2026-12-20", "00:00", "00:00", "2027-12-31")
    assert "a year" in refused(desk, endless, kind=RuleKind.OUT_OF_OFFICE).sentence


def test_a_calendar_holds_so_many_rules_and_no_more(desk: Desk) -> None:
    start = desk.now + timedelta(days=1)
    many = [
        once(start + n * hours(1), start + n * hours(1) + minutes(30), "UTC")
        for n in range(MOST_RULES)
    ]
    desk.open_hours(desk.dan, *many, by=desk.dan)
    assert str(MOST_RULES) in refused(desk, TUESDAYS).sentence
    desk.wait(10 * 24 * 3600)  # what is over counts no more
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)


def test_a_rule_is_changed_in_its_place_and_may_overlap_what_it_was(desk: Desk) -> None:
    desk.open_hours(desk.dan, TUESDAYS, replace(TUESDAYS, weekdays=frozenset({2})), by=desk.dan)
    first, second = rules(desk, desk.dan)
    later = replace(TUESDAYS, starts=time(10), ends=time(13))
    change = ChangeRule(desk.dan, first.id, later, 1)
    desk.does(desk.dan, change)
    assert rules(desk, desk.dan) == [replace(first, when=later, version=2), second]
    both = replace(later, weekdays=frozenset({1, 2}))
    with pytest.raises(InvalidError):
        desk.does(desk.dan, replace(change, hours=both, expected_version=2))


def test_who_saw_a_rule_as_it_was_changes_ends_or_removes_nothing(desk: Desk) -> None:
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    first = rules(desk, desk.dan)[0].id
    desk.does(desk.dan, ChangeRule(desk.dan, first, replace(TUESDAYS, starts=time(10)), 1))
    before = desk.store.rows
    for late in (
        ChangeRule(desk.dan, first, TUESDAYS, 1),
        EndRule(desk.dan, first, date(2026, 12, 31), 1),
        RemoveRule(desk.dan, first, 1),
    ):
        with pytest.raises(StaleError):
            desk.does(desk.dan, late)
    assert desk.store.rows is before


def test_a_series_that_began_long_ago_can_still_be_changed(desk: Desk) -> None:
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    (rule,) = rules(desk, desk.dan)
    desk.wait(800 * 24 * 3600)
    longer = replace(TUESDAYS, ends=time(13))
    desk.does(desk.dan, ChangeRule(desk.dan, rule.id, longer, 1))
    assert rules(desk, desk.dan)[0].when == longer


def test_every_change_is_told_to_the_boards_that_list_the_provider(desk: Desk) -> None:
    # S41 S87
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    rule = rules(desk, desk.dan)[0].id
    seen = len(desk.rung()) - 1
    heads = desk.store.rows.heads[f"clinic:{desk.daytime.id}"].seq - 1
    elsewhere = desk.store.rows.heads[f"clinic:{desk.evening.id}"]
    dan = desk.actor(desk.dan)
    shorter = replace(TUESDAYS, ends=time(11))
    desk.store.run(change_rule, ChangeRule(desk.dan, rule, shorter, 1), dan)
    desk.store.run(copy_day, CopyDay(desk.dan, 1, frozenset({2})), dan)
    desk.store.run(end_rule, EndRule(desk.dan, rule, date(2026, 12, 31), 2), dan)
    desk.store.run(remove_rule, RemoveRule(desk.dan, rule, 3), dan)
    assert desk.rung(seen) == ["provider.slots_changed"] * 5
    assert desk.store.rows.heads[f"clinic:{desk.daytime.id}"].seq == heads + 5
    assert desk.store.rows.heads[f"clinic:{desk.evening.id}"] == elsewhere


def test_the_assign_dialog_counts_the_times_that_slots_without_time_off_cover(desk: Desk) -> None:
    # S38 S40 V8
    times = tuple(desk.now + timedelta(days=n, hours=3) for n in (1, 8, 15))  # Tuesdays, 10:00
    number = desk.ask(*times, clinic=desk.daytime)

    def covered(host: int) -> int:
        shown = desk.store.ask(
            lambda r: dialog.assignment(r, desk.actor(desk.tom), RequestNumber(number), desk.now)
        )
        return len(next(p for p in shown.providers if p.id == host).available_times)

    assert covered(desk.dan) == 0
    desk.open_hours(desk.dan, TUESDAYS, by=desk.dan)
    assert covered(desk.dan) == 3
    away = once(times[1] - hours(1), times[1] + minutes(1), "America/New_York")
    desk.open_hours(desk.dan, away, kind=RuleKind.OUT_OF_OFFICE, by=desk.dan)
    assert (covered(desk.dan), covered(desk.ada)) == (2, 0)
    off = rules(desk, desk.dan)[1].id
    desk.does(desk.dan, RemoveRule(desk.dan, off, 1))
    assert covered(desk.dan) == 3
