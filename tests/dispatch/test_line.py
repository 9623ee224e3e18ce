"""A place in line and a range: never a point, never less than was waited, never on thin grounds."""

from datetime import datetime, timedelta

import pytest

from dispatch.errors import NotAllowedError
from dispatch.line import Estimate, PastWait, Told, calmed, estimate, ordinal
from dispatch.people import system_actor
from dispatch.usecases.lines import KeepEstimate, keep_estimate, lines
from dispatch.views import LineView
from dispatch.vocabulary import ClinicId, PersonId
from tests.builders import ACCOUNT, NOON, hours, minutes, seconds
from tests.dispatch.desk import Desk

SESSIONS = tuple(f"session:{n}" for n in range(1, 40))  # one host sees them all at once


def past(count: int, wait: float = 6, apart: float = 10) -> list[PastWait]:
    """So many accepted one after another, each alone in line when they came."""
    ends = [NOON - minutes(apart * (count - n)) for n in range(count)]
    return [PastWait(ClinicId(1), end - minutes(wait), end, PersonId(7)) for end in ends]


def given(
    history: list[PastWait], ahead: int = 0, waited: float = 0, since: tuple[datetime, ...] = ()
) -> Estimate | None:
    return estimate(ahead, minutes(waited), history, since)


def test_eight_acceptances_say_something_and_seven_say_nothing() -> None:
    assert given(past(7)) is None
    assert given(past(8)) == Estimate(10, 15)
    nobody_took_it = [PastWait(w.clinic_id, w.submitted_at, w.ended_at, None) for w in past(1)]
    assert given(past(7) + nobody_took_it) is None


def test_it_goes_from_the_median_to_the_ninetieth_percentile_rounded_up_to_five_minutes() -> None:
    waits = [1, 2, 3, 4, 6, 11, 12, 14, 21, 60]  # median 6, nine of ten at most 21
    history = [
        PastWait(ClinicId(1), end - minutes(wait), end, PersonId(7))
        for wait, end in zip(
            waits, (NOON - minutes(100 * n) for n in range(10, 0, -1)), strict=True
        )
    ]
    assert given(history) == Estimate(10, 25)


def test_it_is_never_a_point() -> None:
    for wait in range(1, 40):
        found = given(past(10, wait=wait, apart=60))
        assert found
        assert found.low_minutes < found.high_minutes
        assert found.low_minutes % 5 == found.high_minutes % 5 == 0


@pytest.mark.parametrize("waited", [0, 1, 4.9, 5, 7.5, 30, 121])
def test_it_never_promises_less_than_was_waited(waited: float) -> None:
    for ahead in (0, 1, 5):
        found = given(past(12), ahead, waited)
        assert found
        assert found.low_minutes >= int(waited)


def test_each_place_further_back_is_one_pace_more() -> None:
    history = past(10, wait=6, apart=10)  # one is taken every ten minutes
    assert [given(history, ahead) for ahead in range(3)] == [
        Estimate(10, 15),
        Estimate(20, 25),
        Estimate(30, 35),
    ]


def test_who_came_to_a_longer_line_waited_longer_for_it() -> None:
    """They waited 26 minutes with two ahead of them, who were taken ten and twenty minutes before."""
    ends = [NOON - minutes(10 * (20 - n)) for n in range(20)]
    history = [PastWait(ClinicId(1), end - minutes(26), end, PersonId(7)) for end in ends]
    alone = given(history)
    assert alone
    assert alone.low_minutes <= 10


def test_only_the_last_twenty_count() -> None:
    old = [PastWait(w.clinic_id, w.submitted_at - minutes(90), w.ended_at - hours(1), w.host_id) for w in past(20, apart=1)]  # fmt: skip
    assert given(old + past(20, wait=1, apart=1)) == given(past(20, wait=1, apart=1))


def test_a_range_that_is_read_stays_for_a_minute_unless_it_has_become_untrue() -> None:
    five, ten = Estimate(5, 15), Estimate(10, 20)
    read = calmed(None, five, timedelta(), NOON)
    assert read == Told(five, NOON)
    assert calmed(read, ten, minutes(3), NOON + seconds(59)) == read
    assert calmed(read, None, minutes(3), NOON + seconds(59)) == read
    assert calmed(read, ten, minutes(3), NOON + minutes(1)) == Told(ten, NOON + minutes(1))
    assert calmed(read, five, minutes(3), NOON + minutes(9)) == read
    late = NOON + seconds(10)
    assert calmed(read, ten, minutes(5.1), late) == Told(ten, late)


@pytest.mark.parametrize(
    ("place", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (112, "112th")],
)  # fmt: skip
def test_places_are_said_as_people_say_them(place: int, words: str) -> None:
    assert ordinal(place) == words


# At the desk --------------------------------------------------------------------------------------


def place_of(desk: Desk, number: int) -> LineView:
    request = desk.request(number)
    stream = f"patient:{request.requester_id}"
    found = desk.store.ask(lambda reading: lines(reading, [stream], desk.now))
    return next(view for view in found[stream] if view.id == request.id)


def history(desk: Desk, count: int = 8) -> None:
    """Have so many people seen, each three minutes after they asked."""
    desk.turn_on(desk.ben)
    for _ in range(count):
        number = desk.ask(by=desk.omar)
        desk.wait(180)
        desk.accept(number, *SESSIONS)
        desk.wait(60)


def test_a_place_is_how_many_asked_before_whom_the_same_hosts_could_take(desk: Desk) -> None:
    first = desk.ask(by=desk.omar)
    desk.wait(5)
    mine = desk.ask()
    assert (place_of(desk, first).place, place_of(desk, mine).place) == ("1st", "2nd")
    desk.withdraw(first, by=desk.omar)
    assert place_of(desk, mine).place == "1st"


def test_whom_only_another_host_could_take_is_in_another_line(desk: Desk) -> None:
    desk.turn_on(desk.ada, desk.ben)
    desk.ask(by=desk.omar, target_host_id=desk.ada)
    desk.wait(5)
    mine = desk.ask(target_host_id=desk.ben)
    assert place_of(desk, mine).ahead == 0
    desk.wait(5)
    asked_of_all = desk.ask(by=desk.omar, clinic=desk.daytime)
    assert place_of(desk, asked_of_all).ahead == 1  # Ada answers there too


def test_whoever_comes_back_takes_their_old_place(desk: Desk) -> None:
    first = desk.ask(by=desk.omar)
    desk.turn_on(desk.ben)
    desk.wait(5)
    mine = desk.ask()
    desk.accept(first)
    assert place_of(desk, mine).ahead == 0
    desk.give_back(first)
    assert place_of(desk, mine).ahead == 1


def test_where_people_are_seen_by_need_nobody_is_told_a_place(desk: Desk) -> None:
    number = desk.ask()
    assert place_of(desk, number).is_in_turn
    desk.change_clinic(desk.evening, sees_in_turn=False)
    assert not place_of(desk, number).is_in_turn


def test_no_range_while_nobody_is_there_to_take_it(desk: Desk) -> None:
    history(desk)
    number = desk.ask()
    assert place_of(desk, number).estimate == Estimate(5, 10)
    desk.turn_off(desk.ben)
    assert place_of(desk, number).estimate is None


def test_what_is_past_three_hours_says_nothing(desk: Desk) -> None:
    history(desk)
    desk.wait(3 * 3600)
    desk.turn_on(desk.ben)
    assert place_of(desk, desk.ask()).estimate is None


def test_a_scheduled_request_stands_in_no_line(desk: Desk) -> None:
    desk.ask(NOON + hours(5))
    assert desk.store.ask(lambda reading: lines(reading, [f"patient:{desk.mia}"], desk.now)) == {}


def test_the_first_range_is_kept_and_outlived_with_an_apology(desk: Desk) -> None:
    history(desk)
    number = desk.ask()
    request, system = desk.request(number), system_actor(ACCOUNT)
    for told in (Estimate(5, 10), Estimate(20, 30)):
        desk.store.run(keep_estimate, KeepEstimate(request.id, told), system)
    assert desk.rung().count("request.told") == 1
    assert place_of(desk, number).told == Estimate(5, 10)
    desk.wait(10 * 60)
    assert not place_of(desk, number).is_late
    desk.wait(60)
    assert place_of(desk, number).is_late
    assert desk.request(number).version == request.version  # nobody's answer is refused for it


def test_nobody_says_how_long_it_takes_by_hand(desk: Desk) -> None:
    command = KeepEstimate(desk.request(desk.ask()).id, Estimate(5, 10))
    with pytest.raises(NotAllowedError):
        desk.does(desk.sam, command)
