"""Possible conflicting sessions on the nights when the clocks change: what counts is time passed."""

from datetime import datetime, timedelta

from dispatch.choice import ProviderOption
from dispatch.usecases import dialog
from dispatch.vocabulary import RequestNumber
from tests.builders import hours, minutes, seconds
from tests.clock_changes import Nights, each_zone
from tests.dispatch.desk import Desk


def option(desk: Desk, number: int, host: int) -> ProviderOption:
    found = desk.store.ask(
        lambda reading: dialog.assignment(
            reading, desk.actor(desk.sam), RequestNumber(number), desk.now
        )
    )
    return next(each for each in found.providers if each.id == host)


def listed(desk: Desk, held: datetime, wanted: datetime) -> list[timedelta]:
    """Return the gaps shown for a request while Ben has a session of twenty minutes."""
    session = desk.ask(held, by=desk.omar)
    desk.accept(session, "unavailable", time=held)
    number = desk.ask(wanted)
    gaps = [conflict.gap for conflict in option(desk, number, desk.ben).conflicts]
    desk.withdraw(number)
    desk.give_back(session)
    desk.withdraw(session, by=desk.omar)
    return gaps


@each_zone
def test_two_hours_are_two_hours_whatever_the_clocks_say(desk: Desk, nights: Nights) -> None:
    # S42 S43 S45 S92
    for change in (nights.forward_at, nights.second):
        after = change + minutes(30)
        before = after - hours(2) - minutes(20)  # its end is two hours away, across the change
        assert listed(desk, before, after) == [hours(2)]
        assert listed(desk, before - seconds(1), after) == []
        later = after + minutes(20) + hours(2)
        assert listed(desk, later, after) == [hours(2)]
        assert listed(desk, later + seconds(1), after) == []


@each_zone
def test_the_same_clock_time_twice_is_two_times_and_only_one_of_them_is_taken(
    desk: Desk, nights: Nights
) -> None:
    # S42 S44 S47 S92
    session = desk.ask(nights.first, by=desk.omar)
    desk.accept(session, "unavailable", time=nights.first)
    number = desk.ask(nights.first, nights.second)
    shown = option(desk, number, desk.ben).conflicts
    assert [(c.requested_at, c.gap, c.overlaps) for c in shown] == [
        (nights.first, timedelta(), True),
        (nights.second, nights.moved - minutes(20), False),
    ]
    assert option(desk, number, desk.ada).conflicts == ()
    made = desk.accept(number, "unavailable", time=nights.second)
    assert made.starts_at == nights.second
    assert desk.request(number).times == (nights.first, nights.second)
