"""A request comes in, is taken back by the one who asked, or its answer is put aside by them."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.docket import find_request, leave_the_line, refuse_if_decided
from dispatch.errors import InvalidError, NotFoundError
from dispatch.events import EntityRef, request_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.request import SessionRequest
from dispatch.submission import HORIZON as HORIZON
from dispatch.submission import NOTE_LIMIT as NOTE_LIMIT
from dispatch.submission import SubmitRequest as SubmitRequest
from dispatch.submission import put_on_the_board
from dispatch.vocabulary import EntityKind, NoticeKind, PersonId, RequestNumber, RequestStatus, Verb


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Take a pending request back."""

    number: RequestNumber


@dataclass(frozen=True, slots=True)
class DismissAnswer:
    """Say that the answer of a declined request was read (V3)."""

    number: RequestNumber


def submit_request(command: SubmitRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put a request on the board; an open one by this person in this clinic is returned instead.

    Raises:
        NotFoundError: not a clinic in which the actor can ask (S3, S55).
        InvalidError: times, service, host or note cannot be used (S4, S5, S6).
    """
    clinic = unit.clinics.get(actor.account_id, command.clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    requester_id = _requester(command, actor, unit, clinic)
    return put_on_the_board(command, requester_id, clinic, actor, unit, now)


def withdraw_request(command: WithdrawRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Withdraw it; withdrawing what is already withdrawn changes nothing.

    Raises:
        DecidedError: it was accepted, declined or has expired.
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.WITHDRAW, request, clinic)
    if request.status is RequestStatus.WITHDRAWN:
        return Done(_ref(request), request.number, was_there=True)
    is_own = actor.person_id == request.requester_id
    refuse_if_decided(request, unit, now, names_staff=not is_own)
    withdrawn = request.withdraw(actor.person_id, now)
    unit.requests.save(withdrawn, was=request)
    if not is_own:
        unit.notify(NoticeKind.WITHDRAWN, [request.requester_id], _ref(request))
    unit.record(
        actor, request_changed("withdrawn", withdrawn, clinic), *leave_the_line(request, unit)
    )
    return Done(_ref(request), request.number)


def dismiss_answer(command: DismissAnswer, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put a decline aside, so that its requester can ask again; doing so twice changes nothing.

    Raises:
        DecidedError: it was not declined.
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.DISMISS, request, clinic)
    if request.dismissed_at is not None:
        return Done(_ref(request), request.number, was_there=True)
    dismissed = request.dismiss(now)
    unit.requests.save(dismissed, was=request)
    unit.record(actor, request_changed("dismissed", dismissed, clinic))
    return Done(_ref(request), request.number)


def _requester(command: SubmitRequest, actor: Actor, unit: Unit, clinic: Clinic) -> PersonId:
    if command.requester_id is None or command.requester_id == actor.person_id:
        if not permissions.may_ask(actor, clinic):
            raise NotFoundError("clinic")
        return actor.person_id
    if not permissions.may_ask_for_others(actor, clinic):
        raise NotFoundError("clinic")
    if not unit.people.in_patient_group(clinic.patient_group.id, command.requester_id):
        raise InvalidError("Choose a patient of this clinic.", field="requester")
    return command.requester_id


def _ref(request: SessionRequest) -> EntityRef:
    return EntityRef(EntityKind.REQUEST, request.id)
