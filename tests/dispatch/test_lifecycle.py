"""Every status against every verb: what the table allows happens, and everything else is refused."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from dispatch.errors import DecidedError, DispatchError
from dispatch.lifecycle import TRANSITIONS, next_status
from dispatch.request import SessionRequest
from dispatch.vocabulary import (
    DeclineReason,
    PersonId,
    RequestStatus,
    RequestType,
    SessionStatus,
    Verb,
)
from tests.builders import (
    NOON,
    a_clinic,
    a_decline,
    a_request,
    a_request_that_is,
    a_session,
    hours,
    minutes,
    seconds,
)
from tests.dispatch.desk import Desk

HOST, SAM, LATER = PersonId(7), PersonId(9), NOON + minutes(1)

# The mission's table, written out again: source, verb, target.
MISSION = {
    ("", "submit", "pending"),
    ("pending", "claim", "pending"),
    ("pending", "pass", "pending"),
    ("pending", "accept", "accepted"),
    ("pending", "decline", "pending"),
    ("pending", "undo_decline", "pending"),
    ("pending", "complete_decline", "declined"),
    ("pending", "auto_decline", "declined"),
    ("pending", "withdraw", "withdrawn"),
    ("pending", "expire", "expired"),
    ("accepted", "return_to_queue", "pending"),
    ("declined", "dismiss", "declined"),
}

AN_HOUR = a_clinic(now_limit_seconds=3600)
STEPS: dict[Verb, Callable[[SessionRequest], SessionRequest]] = {
    Verb.ACCEPT: lambda r: r.accept(HOST, None, "See you", SAM, LATER),
    Verb.DECLINE: lambda r: r.decline(DeclineReason.OTHER, "Sorry", SAM, LATER),
    Verb.UNDO_DECLINE: lambda r: r.undo_decline(NOON),
    Verb.COMPLETE_DECLINE: lambda r: r.complete_decline(LATER),
    Verb.AUTO_DECLINE: lambda r: r.auto_decline("Off", LATER),
    Verb.WITHDRAW: lambda r: r.withdraw(r.requester_id, LATER),
    Verb.EXPIRE: lambda r: r.expire(LATER),
    Verb.RETURN_TO_QUEUE: lambda r: r.return_to_queue(AN_HOUR, LATER),
    Verb.DISMISS: lambda r: r.dismiss(LATER),
}
BESIDE_THE_REQUEST = {Verb.SUBMIT, Verb.CLAIM, Verb.PASS}  # rows of their own, see below
NEEDS_A_DECLINE = {Verb.UNDO_DECLINE, Verb.COMPLETE_DECLINE}
CELLS = list(product(RequestStatus, STEPS))


def subject(status: RequestStatus, verb: Verb) -> SessionRequest:
    """Return a request on which nothing but its status can stand in the verb's way."""
    declining = a_decline() if verb in NEEDS_A_DECLINE else None
    return a_request_that_is(status, declining=declining)


def test_the_table_is_the_missions() -> None:
    told = {
        (source or "", str(verb), str(target)) for (source, verb), target in TRANSITIONS.items()
    }
    assert told == MISSION


def test_every_verb_is_tried() -> None:
    assert set(STEPS) | BESIDE_THE_REQUEST == set(Verb)


@pytest.mark.parametrize(("status", "verb"), [cell for cell in CELLS if cell in TRANSITIONS])
def test_an_allowed_step_leads_where_the_table_says(status: RequestStatus, verb: Verb) -> None:
    # S64
    before = subject(status, verb)
    after = STEPS[verb](before)
    assert after.status is TRANSITIONS[status, verb] is next_status(status, verb)
    assert after.version == before.version + 1
    assert (after.submitted_at, after.number, after.note) == (NOON, before.number, before.note)
    assert before.status is status, "the one before is left as it was"


@pytest.mark.parametrize(("status", "verb"), [cell for cell in CELLS if cell not in TRANSITIONS])
def test_any_other_step_is_refused(status: RequestStatus, verb: Verb) -> None:
    # S65
    assert next_status(status, verb) is None
    with pytest.raises(DecidedError):
        STEPS[verb](subject(status, verb))


@pytest.mark.parametrize("how", ["accepted", "declined", "withdrawn", "expired"])
@pytest.mark.parametrize("verb", ["claim", "pass"])
def test_nobody_claims_or_passes_what_is_decided(desk: Desk, how: str, verb: str) -> None:
    number = desk.ask()
    desk.turn_on(desk.ben)
    match how:
        case "accepted":
            desk.accept(number)
        case "declined":
            desk.decline(number)
            desk.wait(10)
        case "withdrawn":
            desk.withdraw(number)
        case _:
            desk.wait(4 * 3600)
    desk.sweep()
    assert desk.request(number).status == how
    with pytest.raises(DecidedError) as refused:
        desk.claim(number) if verb == "claim" else desk.pass_on(number, desk.ada)
    assert refused.value.at == desk.decision(number).at


def test_a_request_that_was_not_accepted_has_no_session() -> None:
    # S62
    for status in RequestStatus:
        if status is not RequestStatus.ACCEPTED:
            with pytest.raises(DecidedError):
                a_request_that_is(status).session_for(minutes(20), "room")


def test_returning_clears_the_decision_keeps_the_place_and_gives_time_to_answer() -> None:
    # S31 S83
    accepted = a_request_that_is(RequestStatus.ACCEPTED, session_id=3)
    returned = accepted.return_to_queue(AN_HOUR, LATER)
    assert (returned.decision, returned.session_id) == (None, None)
    assert (returned.submitted_at, returned.expires_at) == (NOON, LATER + hours(1))
    times = (NOON + hours(9), NOON + hours(5))
    scheduled = replace(accepted, times=times, type=RequestType.SCHEDULED)
    assert scheduled.return_to_queue(AN_HOUR, LATER).expires_at == times[0]


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.WITHDRAW, Verb.AUTO_DECLINE, Verb.EXPIRE])
def test_whatever_ends_the_wait_clears_a_decline_in_its_ten_seconds(verb: Verb) -> None:
    assert STEPS[verb](a_request(declining=a_decline())).declining is None


def test_a_decline_is_undone_at_9_999_seconds_and_not_at_10() -> None:
    declining = a_request().decline(DeclineReason.OTHER, "", SAM, NOON)
    assert declining.undo_decline(NOON + seconds(9.999)).declining is None
    with pytest.raises(DecidedError):
        declining.undo_decline(NOON + seconds(10))
    with pytest.raises(DecidedError):
        declining.complete_decline(NOON + seconds(9.999))
    assert declining.complete_decline(NOON + seconds(10)).status is RequestStatus.DECLINED


def test_without_a_decline_there_is_nothing_to_undo_or_complete() -> None:
    for step in (STEPS[Verb.UNDO_DECLINE], STEPS[Verb.COMPLETE_DECLINE]):
        with pytest.raises(DecidedError):
            step(a_request())


def test_a_scheduled_session_can_be_cancelled_until_it_starts() -> None:
    session = a_session(NOON + hours(1))
    assert session.cancel(NOON + hours(1) - seconds(0.001)).status is SessionStatus.CANCELLED
    with pytest.raises(DispatchError):
        session.cancel(NOON + hours(1))
    with pytest.raises(DispatchError):
        session.cancel(NOON).cancel(NOON)
