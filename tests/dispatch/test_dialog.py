"""The Assign dialog: who could take a request, in which order, and what speaks against it."""

from datetime import timedelta

import pytest

from dispatch.choice import Assignment, ProviderOption
from dispatch.errors import NotFoundError
from dispatch.usecases.dialog import assignment
from dispatch.vocabulary import DeclineReason, RequestNumber
from tests.builders import hours, minutes, seconds
from tests.dispatch.desk import Desk


def dialog(desk: Desk, number: int, by: int | None = None) -> Assignment:
    actor = desk.actor(by or desk.sue)
    return desk.store.ask(lambda r: assignment(r, actor, RequestNumber(number), desk.now))


def option(desk: Desk, number: int, host: int, by: int | None = None) -> ProviderOption:
    return next(o for o in dialog(desk, number, by).providers if o.id == host)


def test_it_lists_the_providers_of_that_clinics_host_group_only(desk: Desk) -> None:
    # S37 S54
    assert {o.id for o in dialog(desk, desk.ask()).providers} == {desk.ada, desk.ben}
    daytime = desk.ask(clinic=desk.daytime)
    assert {o.id for o in dialog(desk, daytime).providers} == {desk.ada, desk.dan}


def test_each_provider_is_available_or_not_by_their_toggle(desk: Desk) -> None:
    # S38 S39 S41
    number = desk.ask()
    desk.turn_on(desk.ben, until=desk.now + minutes(10))
    until = desk.now + minutes(10)
    assert (
        option(desk, number, desk.ben).is_available,
        option(desk, number, desk.ben).until_at,
    ) == (True, until)
    assert (
        option(desk, number, desk.ada).is_available,
        option(desk, number, desk.ada).until_at,
    ) == (False, None)
    desk.wait(600)
    assert (
        option(desk, number, desk.ben).is_available,
        option(desk, number, desk.ben).until_at,
    ) == (False, None)


def test_in_a_calendar_clinic_it_says_for_how_many_of_the_times(desk: Desk) -> None:
    # S38 S40
    times = [desk.now + hours(h) for h in (1, 30, 5)]
    number = desk.ask(*times, clinic=desk.daytime)
    desk.open_slot(desk.dan, times[0] - hours(9), hours(9))
    assert option(desk, number, desk.dan).available_times == ()
    desk.open_slot(desk.dan, times[0], hours(1))
    desk.open_slot(desk.dan, times[1], minutes(20))
    dan, ada = option(desk, number, desk.dan), option(desk, number, desk.ada)
    assert (dan.available_times, dan.requested_count) == ((times[0], times[1]), 3)
    assert dan.is_available
    assert (ada.available_times, ada.is_available) == ((), False)


def test_a_session_within_two_hours_is_listed_with_its_gap(desk: Desk) -> None:
    # S42 S43 S44
    wish = desk.now + hours(10)
    desk.turn_on(desk.ben)
    for gap, listed in ((hours(2), True), (hours(2) + seconds(1), False)):
        busy = wish - gap - minutes(20)
        other = desk.ask(busy, by=desk.omar)
        session = desk.accept(other, time=busy)
        number = desk.ask(wish)
        found = option(desk, number, desk.ben).conflicts
        shown = [(c.session_id, c.gap, c.overlaps) for c in found]
        assert shown == ([(session.id, gap, False)] if listed else [])
        assert option(desk, number, desk.ada).conflicts == ()
        desk.give_back(other)
        assert option(desk, number, desk.ben).conflicts == (), "a cancelled one is gone"  # S46
        for done, person in ((other, desk.omar), (number, desk.mia)):
            desk.withdraw(done, by=person)


def test_every_requested_time_has_its_own_conflicts(desk: Desk) -> None:
    # S42
    desk.turn_on(desk.ben)
    first, second = desk.now + hours(10), desk.now + hours(40)
    booked = {at: desk.accept(desk.ask(at, by=desk.omar), time=at) for at in (first, second)}
    found = option(desk, desk.ask(second, first), desk.ben).conflicts
    assert [(c.requested_at, c.session_id) for c in found] == [
        (at, booked[at].id) for at in (first, second)
    ]
    assert all(c.overlaps and c.gap == timedelta() for c in found)


def test_for_now_the_requested_interval_begins_at_the_moment_of_looking(desk: Desk) -> None:
    # S45
    starts_at = desk.now + hours(2) + minutes(21)
    desk.turn_on(desk.ben)
    desk.accept(desk.ask(starts_at, by=desk.omar), time=starts_at)
    number = desk.ask()
    assert option(desk, number, desk.ben).conflicts == ()
    desk.wait(60)
    (conflict,) = option(desk, number, desk.ben).conflicts
    assert (conflict.requested_at, conflict.gap) == (desk.now, hours(2))


def test_the_service_of_a_conflict_is_named_only_to_schedulers_of_its_clinic(desk: Desk) -> None:
    # S42 S55: Ada answers in both clinics; Sam schedules one of them, Sue both
    wish = desk.now + hours(3)
    desk.open_slot(desk.ada, wish, hours(1))
    session = desk.accept(
        desk.ask(wish, by=desk.omar, clinic=desk.daytime), by=desk.tom, host_id=desk.ada, time=wish
    )
    number = desk.ask(wish)
    (to_sam,) = option(desk, number, desk.ada, by=desk.sam).conflicts
    (to_sue,) = option(desk, number, desk.ada, by=desk.sue).conflicts
    assert (to_sam.service, to_sue.service) == ("", "Daytime visit")
    assert (to_sam.session_id, to_sam.starts_at, to_sam.gap) == (session.id, wish, to_sue.gap)


def test_the_best_choice_comes_first(desk: Desk) -> None:
    # S37: asked for, free, near another session, not available
    hosts = {
        name: desk._person(f"Dr. {name}", hosts=[desk.evening])
        for name in ("Asked", "Busy", "Calm", "Away", "Bold", "Arne")
    }
    wish = desk.now + hours(3)
    desk.turn_on(*(hosts[name] for name in ("Busy", "Calm", "Bold", "Arne")))
    desk.accept(desk.ask(wish, by=desk.omar), host_id=hosts["Busy"], time=wish)
    number = desk.ask(wish, target_host_id=hosts["Asked"])
    desk.store.rows.passes[desk.request(number).id, hosts["Arne"]] = ""
    shown = [o.name for o in dialog(desk, number).providers]
    assert shown == [
        "Dr. Asked",
        "Dr. Bold",
        "Dr. Calm",
        "Dr. Busy",
        "Dr. Arne",
        "Dr. Ada Berg",
        "Dr. Away",
        "Dr. Ben Cole",
    ]
    first = dialog(desk, number).providers[0]
    assert (first.is_asked_for, first.is_available) == (True, False)
    assert option(desk, number, hosts["Arne"]).has_passed


def test_it_carries_the_row_the_duration_and_where_it_was_read(desk: Desk) -> None:
    # S90
    number = desk.ask(note="My rash")
    shown = dialog(desk, number)
    assert (shown.row.number, shown.row.note, shown.row.version) == (number, "My rash", 1)
    assert shown.duration_minutes == 20
    assert shown.sentences[DeclineReason.OTHER] == desk.evening.declined_text
    stream = f"clinic:{desk.evening.id}"
    assert shown.heads == {stream: desk.store.rows.heads[stream]}


def test_it_names_rivals_for_the_same_host_and_time(desk: Desk) -> None:
    # S66
    wish = desk.now + hours(3)
    mine = desk.ask(wish, target_host_id=desk.ada)
    theirs = desk.ask(wish, desk.now + hours(5), by=desk.omar, target_host_id=desk.ada)
    assert dialog(desk, mine).rivals == (theirs,)
    desk.withdraw(theirs, by=desk.omar)
    assert dialog(desk, mine).rivals == ()


def test_only_schedulers_of_the_clinic_open_it(desk: Desk) -> None:
    # S29 S55
    number = desk.ask()
    for stranger in (desk.tom, desk.sid, desk.ada, desk.mia, desk.root):
        with pytest.raises(NotFoundError):
            dialog(desk, number, by=stranger)
    with pytest.raises(NotFoundError):
        dialog(desk, 404)


@pytest.mark.parametrize("how", ["accepted", "withdrawn"])
def test_what_is_decided_has_no_dialog(desk: Desk, how: str) -> None:
    # S64
    number = desk.ask()
    desk.turn_on(desk.ben)
    desk.accept(number) if how == "accepted" else desk.withdraw(number)
    with pytest.raises(NotFoundError):
        dialog(desk, number)
