"""A status link says which request it is about, and lives exactly as long as it should."""

from dataclasses import replace
from datetime import datetime

from dispatch.status_link import Linked, StatusLink, read_token, write_token
from dispatch.vocabulary import PersonId, RequestId, RequestNumber
from tests.builders import ACCOUNT, NOON, hours, seconds

SECRET = bytes(range(32))
OPEN = Linked(
    request_id=RequestId(12),
    account_id=ACCOUNT,
    number=RequestNumber(1042),
    requester_id=PersonId(1),
    clinic="Northside",
    clinic_phone="555 0100",
    decided_at=None,
    session_ends_at=None,
)
DAY = hours(24)


def test_a_link_says_which_request_and_since_when() -> None:
    token = write_token(RequestId(12), NOON, SECRET)
    assert read_token(token, SECRET) == StatusLink(RequestId(12), NOON)


def lives(linked: Linked, now: datetime, issued_at: datetime = NOON) -> bool:
    return linked.lives_at(StatusLink(RequestId(12), issued_at), now)


def test_what_was_mailed_to_the_last_address_ends_with_it() -> None:
    moved = replace(OPEN, moved_at=NOON + seconds(60))
    assert not lives(moved, NOON + DAY)
    assert lives(moved, NOON + DAY, issued_at=NOON + seconds(60))
    assert not lives(replace(moved, session_ends_at=NOON + 9 * DAY), NOON + DAY)


def test_it_lives_as_long_as_the_request_is_open() -> None:
    assert lives(OPEN, NOON + 300 * DAY)


def test_it_lives_seven_days_after_the_answer_and_not_a_second_more() -> None:
    declined = replace(OPEN, decided_at=NOON + DAY)
    assert lives(declined, NOON + 8 * DAY - seconds(1))
    assert not lives(declined, NOON + 8 * DAY)


def test_it_lives_until_a_session_far_ahead_is_over() -> None:
    accepted = replace(OPEN, decided_at=NOON, session_ends_at=NOON + 30 * DAY)
    assert lives(accepted, NOON + 30 * DAY + hours(1))  # a visit that takes longer
    assert not lives(accepted, NOON + 31 * DAY)
    soon = replace(OPEN, decided_at=NOON, session_ends_at=NOON + hours(1))
    assert lives(soon, NOON + 6 * DAY)


def test_a_new_link_lives_a_week_whatever_became_of_the_request() -> None:
    declined, asked_again_at = replace(OPEN, decided_at=NOON), NOON + 40 * DAY
    assert not lives(declined, asked_again_at)
    assert lives(declined, asked_again_at, issued_at=asked_again_at)
    assert not lives(declined, asked_again_at + 7 * DAY, issued_at=asked_again_at)
