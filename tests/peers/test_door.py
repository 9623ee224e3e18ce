"""How many of one place are here is counted, and a seat that was left is free."""

import pytest

from server.peers.door import Door


def test_a_place_has_so_many_seats_and_another_place_has_its_own() -> None:
    door = Door(2)
    first, second = door.enter("here"), door.enter("here")
    assert first is not None
    assert second is not None
    assert door.enter("here") is None
    assert door.enter("there") is not None
    first.leave()
    assert door.enter("here") is not None
    assert door.enter("here") is None


def test_a_seat_is_left_once() -> None:
    door = Door(2)
    first, _ = door.enter("here"), door.enter("here")
    assert first is not None
    first.leave()
    first.leave()
    assert door.count("here") == 1


def test_a_refusal_takes_no_seat_and_nobody_is_remembered_who_left() -> None:
    door = Door(1)
    seat = door.enter("here")
    assert seat is not None
    assert door.enter("here") is None
    seat.leave()
    assert door.count("here") == 0
    assert not door._here


def test_a_door_without_a_limit_lets_everybody_in() -> None:
    door = Door(0)
    assert all(door.enter("here") for _ in range(5000))


@pytest.mark.parametrize(("is_kept", "here"), [(False, 0), (True, 1)])
def test_with_leaves_a_seat_that_nobody_keeps(is_kept: bool, here: int) -> None:
    door = Door(1)
    seat = door.enter("here")
    assert seat is not None
    with seat:
        if is_kept:
            seat.keep()
    assert door.count("here") == here
