"""Available or Not Available: the toggle on demand, slots that cover in a calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roster import available_times, everyone_passed
from dispatch.slots import covered_times
from dispatch.vocabulary import ClinicMode, PersonId
from tests.builders import NOON, a_slot, an_availability, hours, minutes, seconds

LENGTH = minutes(20)
ON = an_availability().turn_on(NOON + hours(1), NOON)
OFF = an_availability()


@pytest.mark.parametrize(
    ("starts", "lasts", "covers"),
    [
        (0, 20, True),
        (-60, 80, True),
        (-60, 79, False),
        (1, 60, False),
        (-20, 20, False),
        (0, 19, False),
    ],
    ids=["just", "to its end", "a minute short", "begins late", "before", "too short"],
)
def test_a_slot_covers_a_time_when_the_whole_session_fits(
    starts: int, lasts: int, covers: bool
) -> None:
    # S40
    slot = a_slot(NOON + minutes(starts), minutes(lasts))
    assert slot.covers(NOON, LENGTH) is covers
    assert not slot.covers(NOON, LENGTH + hours(9))


def test_two_of_three_requested_times_are_covered_and_keep_their_rank() -> None:
    # S40: the dialog says available for 2 of 3
    times = (NOON + hours(5), NOON, NOON + hours(2))
    slots = [a_slot(NOON + hours(4), hours(2)), a_slot(NOON, minutes(30))]
    assert covered_times(slots, times, LENGTH) == (times[0], times[1])
    assert available_times(ClinicMode.CALENDAR, OFF, slots, times, LENGTH, NOON) == times[:2]


def test_two_slots_side_by_side_do_not_add_up() -> None:
    # S40: each time needs one slot that covers it
    slots = [a_slot(NOON, minutes(10)), a_slot(NOON + minutes(10), minutes(10))]
    assert covered_times(slots, (NOON,), LENGTH) == ()


def test_in_a_calendar_clinic_the_toggle_says_nothing_and_others_slots_neither() -> None:
    # S40
    assert available_times(ClinicMode.CALENDAR, ON, [], (NOON,), LENGTH, NOON) == ()
    theirs = a_slot(NOON, hours(1), host=8)
    assert available_times(ClinicMode.CALENDAR, ON, [theirs], (NOON,), LENGTH, NOON) == ()


def test_on_demand_the_toggle_decides_for_every_time_and_slots_say_nothing() -> None:
    # S39
    times = (NOON + hours(3), NOON + hours(9))
    mode, slot = ClinicMode.ON_DEMAND, a_slot(NOON, hours(24))
    assert available_times(mode, ON, [], times, LENGTH, NOON) == times
    assert available_times(mode, ON, [], times, LENGTH, NOON + hours(1) - seconds(1)) == times
    assert available_times(mode, ON, [slot], times, LENGTH, NOON + hours(1)) == ()
    assert available_times(mode, OFF, [slot], times, LENGTH, NOON) == ()


PEOPLE = st.frozensets(st.integers(1, 5).map(PersonId))


@given(PEOPLE, PEOPLE)
def test_all_have_passed_when_somebody_did_and_nobody_available_is_left(
    available: frozenset[PersonId], passed: frozenset[PersonId]
) -> None:
    expected = len(passed) > 0 and all(host in passed for host in available)
    assert everyone_passed(available, passed) is expected
