"""The on-demand toggle: one switch with an end, and who hears of it."""

import pytest

from dispatch.availability import LONGEST
from dispatch.errors import InvalidError, NotAllowedError
from dispatch.usecases.availability import SetAvailability
from tests.builders import NOON, an_availability, hours, minutes, seconds
from tests.dispatch.desk import Desk


def test_on_until_turned_off_ends_by_itself_after_twelve_hours() -> None:
    # S39
    on = an_availability().turn_on(None, NOON)
    assert on.until_at == NOON + hours(12)
    assert on.is_available_at(NOON + hours(12) - seconds(0.001))
    assert not on.is_available_at(NOON + hours(12))


@pytest.mark.parametrize(
    ("after", "works"),
    [(1, True), (12 * 3600, True), (12 * 3600 + 1, False), (0, False), (-1, False)],
)
def test_an_end_lies_ahead_and_within_twelve_hours(after: float, works: bool) -> None:
    # S39
    if works:
        assert an_availability().turn_on(NOON + seconds(after), NOON).is_available_at(NOON)
    else:
        with pytest.raises(InvalidError) as error:
            an_availability().turn_on(NOON + seconds(after), NOON)
        assert error.value.field == "until"


def test_a_later_end_can_be_set_while_it_is_on() -> None:
    on = an_availability().turn_on(NOON + hours(1), NOON)
    assert on.turn_on(NOON + hours(12), NOON + minutes(1)).until_at == NOON + hours(12)
    assert on.turn_on(None, NOON + minutes(1)).until_at == NOON + minutes(1) + LONGEST


def test_off_is_off_and_has_no_end() -> None:
    off = an_availability().turn_on(None, NOON).turn_off(NOON + minutes(1))
    assert (off.is_on, off.until_at, off.version) == (False, None, 2)
    assert not off.is_available_at(NOON)
    assert not off.has_lapsed(NOON + hours(99))


def test_it_has_lapsed_from_its_end_until_somebody_writes_that_down() -> None:
    on = an_availability().turn_on(NOON + hours(1), NOON)
    assert not on.has_lapsed(NOON + hours(1) - seconds(1))
    assert on.has_lapsed(NOON + hours(1))


def test_every_board_with_that_provider_and_their_own_page_hear_of_it(desk: Desk) -> None:
    # S39 S41 S87 V5
    before = dict(desk.store.rows.heads)
    desk.turn_on(desk.ada)
    rung = {stream for stream, head in desk.store.rows.heads.items() if head != before.get(stream)}
    assert rung == {f"clinic:{desk.evening.id}", f"clinic:{desk.daytime.id}", f"host:{desk.ada}"}
    assert desk.rung()[-2:] == ["provider.available", "availability.available"]
    desk.turn_off(desk.ada)
    assert desk.rung()[-2:] == ["provider.unavailable", "availability.unavailable"]


def test_nobody_but_a_provider_has_a_toggle(desk: Desk) -> None:
    for person in (desk.mia, desk.sam, desk.root):
        with pytest.raises(NotAllowedError):
            desk.does(person, SetAvailability(True))


def test_an_end_said_by_its_distance_is_counted_from_the_decision(desk: Desk) -> None:
    # S39
    for lasts in (hours(1), hours(12)):
        desk.does(desk.ada, SetAvailability(True, lasts=lasts))
        assert desk.store.rows.toggle(desk.ada).until_at == desk.now + lasts
    for lasts in (hours(0), -minutes(1), hours(12) + seconds(1)):
        with pytest.raises(InvalidError):
            desk.does(desk.ada, SetAvailability(True, lasts=lasts))


def test_a_refused_end_leaves_the_toggle_as_it_was(desk: Desk) -> None:
    desk.turn_on(desk.ada, until=desk.now + hours(1))
    rows = desk.store.rows
    with pytest.raises(InvalidError):
        desk.turn_on(desk.ada, until=desk.now + hours(13))
    assert desk.store.rows is rows


def test_a_lapsed_toggle_is_switched_off_once(desk: Desk) -> None:
    # S39 S87
    desk.turn_on(desk.ada, until=desk.now + minutes(5))
    desk.wait(299.999)
    assert desk.sweep() == []
    desk.wait(0.001)
    assert desk.sweep() == ["toggle"]
    assert desk.rung()[-2:] == ["provider.lapsed", "availability.lapsed"]
    assert not desk.store.rows.toggle(desk.ada).is_on
    assert desk.sweep() == []
