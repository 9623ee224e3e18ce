"""How a request is put on the board, whoever let it come that far: looked at, stored, told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.answers import NOTHING_GIVEN, Answered, Given, check, note_of, with_note
from dispatch.clinic import Clinic
from dispatch.clinic_rules import closed_for_good, on_closed_day, while_closed
from dispatch.docket import available_hosts, end_if_due, refuse_if_archived, wished_for
from dispatch.errors import FormChangedError, InvalidError
from dispatch.events import EntityRef, request_changed
from dispatch.local_time import zone_named
from dispatch.patience import reminder_at
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.request import MOST_TIMES, OWN_HISTORY, SessionRequest, expiry
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    EntityKind,
    NoticeKind,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
    ServiceId,
)

NOTE_LIMIT = 2000  # characters
HORIZON = timedelta(days=366)  # no requested time lies further ahead


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """Ask to be seen; ``requester_id`` is set when a scheduler asks on a patient's behalf."""

    clinic_id: ClinicId
    service_id: ServiceId
    type: RequestType
    times: tuple[datetime, ...] = ()  # ranked
    target_host_id: PersonId | None = None
    note: str = ""
    zone: str = "UTC"
    requester_id: PersonId | None = None
    given: Given = NOTHING_GIVEN  # for the clinic's own questions


def put_on_the_board(
    command: SubmitRequest,
    requester_id: PersonId,
    clinic: Clinic,
    actor: Actor,
    unit: Unit,
    now: datetime,
    answered: Answered | None = None,
) -> Done:
    """Store the request and tell who answers; an open one by this person in this clinic is
    returned instead. Whether they may ask there was decided before; ``answered`` is given where
    the answers were looked at before too, and the form may be another by now.

    Raises:
        InvalidError: times, service, host, note or an answer cannot be used (S4, S5, S6), or the
            clinic has closed for good.
        FormChangedError: the clinic asks other questions than those that were answered.
    """
    already = unit.requests.open_of(requester_id, clinic.id)
    ended = end_if_due(already, clinic, unit, now) if already is not None else ()
    if already is not None and not ended:
        return Done(_ref(already), already.number, was_there=True)
    if (closed := closed_for_good(clinic)) is not None:
        raise closed
    if requester_id == actor.person_id:  # a scheduler who asks for somebody has read it for them
        _refuse_unread(requester_id, clinic, unit, now)
    _check(command, clinic, unit, now)
    if answered is None:
        answered = answers_to_form(command, clinic, unit)
    draft = _draft(command, actor, requester_id, clinic, now)
    request = unit.requests.add(replace(draft, note=note_of(answered.answers)))
    refuse_if_archived(clinic, unit)
    if answered.version:
        unit.forms.keep(request.id, answered)
    if _is_directed_in_vain(request, clinic, unit, now):
        declined = request.auto_decline(clinic.unavailable_text, now)
        unit.requests.save(declined, was=request)
        unit.notify(NoticeKind.DECLINED, [requester_id], _ref(request))
        unit.record(actor, request_changed("auto_declined", declined, clinic), *ended)
    else:
        unit.notify(NoticeKind.NEW_REQUEST, _told(request, clinic, unit, now), _ref(request))
        unit.notify(NoticeKind.RECEIVED, [requester_id], _ref(request))
        wished = wished_for("wished_for", request, unit)
        unit.record(actor, request_changed("submitted", request, clinic), *wished, *ended)
    return Done(_ref(request), request.number)


def answers_to_form(command: SubmitRequest, clinic: Clinic, unit: Unit) -> Answered:
    """Return what a request says in answer to the clinic's form, the free note last (S9).

    Raises:
        InvalidError: an answer or the note cannot be taken; the field is the question's.
        FormChangedError: the clinic asks other questions than those that were answered.
    """
    form = unit.forms.current(clinic.id)
    if command.given.version != form.version:
        raise FormChangedError
    checked = check(form, dict(command.given.values))
    for field, sentence in checked.problems.items():
        raise InvalidError(sentence, field=field)
    note = command.note.strip()
    if note and not form.has_note:
        raise InvalidError("This clinic takes no note beside its questions.", field="note")
    return Answered(form.version, with_note(checked.answers, note))


def _refuse_unread(requester_id: PersonId, clinic: Clinic, unit: Unit, now: datetime) -> None:
    """Have an answer read before the next request: it may say why another is of no use (V3)."""
    for request in unit.requests.recent_of(requester_id, now - OWN_HISTORY):
        if request.clinic_id == clinic.id and request.awaits_dismissal:
            raise InvalidError(
                f"The clinic has answered your request {request.number}. Read the answer and "
                "dismiss it, then ask again."
            )


def _check(command: SubmitRequest, clinic: Clinic, unit: Unit, now: datetime) -> None:
    zone_named(command.zone)
    if clinic.service(command.service_id) is None:
        raise InvalidError("Choose one of the services of this clinic.", field="service")
    check_note(command.note)
    match command.type:
        case RequestType.NOW:
            if not clinic.accepts_now:
                raise InvalidError("This clinic sees people at set times only.", field="type")
            if command.times:
                raise InvalidError("A request for now has no times.", field="time1")
            if (closed := while_closed(clinic, now)) is not None:
                raise closed
        case RequestType.SCHEDULED:
            if not clinic.accepts_scheduled:
                raise InvalidError("This clinic sees people right away only.", field="type")
            check_times(command.times, clinic, now)
    _check_host(command.target_host_id, clinic, unit)


def _check_host(target: PersonId | None, clinic: Clinic, unit: Unit) -> None:
    if target is not None:
        hosts = {person.id for person in unit.people.in_host_group(clinic.host_group.id)}
        if target not in hosts:
            raise InvalidError("Choose a provider of this clinic.", field="host")


def check_note(note: str) -> str:
    """Return a note that is not too long.

    Raises:
        InvalidError: it is.
    """
    if len(note) > NOTE_LIMIT:
        raise InvalidError(f"Keep the note under {NOTE_LIMIT} characters.", field="note")
    return note


def check_times(times: tuple[datetime, ...], clinic: Clinic, now: datetime) -> None:
    """Refuse none, too many, the same twice, and what lies behind, too far
    ahead or on a day that the clinic is closed (S6).

    Raises:
        InvalidError: the field is the first wrong one's, by rank.
    """
    if not times:
        raise InvalidError("Choose at least one time.", field="time1")
    if len(times) > MOST_TIMES:
        raise InvalidError(f"Choose up to {MOST_TIMES} times.", field="time1")
    if len(set(times)) != len(times):
        raise InvalidError("Choose different times.", field="time1")
    for rank, at in enumerate(times, start=1):
        if at <= now:
            raise InvalidError("Choose a time that is still to come.", field=f"time{rank}")
        if at > now + HORIZON:
            raise InvalidError("Choose a time within a year.", field=f"time{rank}")
        if (closed := on_closed_day(clinic, at, rank)) is not None:
            raise closed


def _draft(
    command: SubmitRequest, actor: Actor, requester_id: PersonId, clinic: Clinic, now: datetime
) -> SessionRequest:
    ends_at = expiry(command.type, command.times, clinic.now_limit_seconds, now)
    draft = SessionRequest(
        id=RequestId(0),
        account_id=actor.account_id,
        number=RequestNumber(0),
        clinic_id=command.clinic_id,
        service_id=command.service_id,
        requester_id=requester_id,
        type=command.type,
        times=command.times,
        zone=command.zone,
        target_host_id=command.target_host_id,
        note="",
        submitted_at=now,
        submitted_by_id=actor.person_id,
        expires_at=ends_at,
        reminds_at=reminder_at(command.type, now, ends_at),
    )
    return draft.watched(clinic, now)


def _is_directed_in_vain(
    request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime
) -> bool:
    """Tell whether V4 applies: Now, for one host, whose toggle is off."""
    if request.type is not RequestType.NOW or request.target_host_id is None:
        return False
    if clinic.mode is not ClinicMode.ON_DEMAND or not clinic.declines_unavailable:
        return False
    return not unit.hosts.availability(request.target_host_id).is_available_at(now)


def _told(
    request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime
) -> frozenset[PersonId]:
    """Return who is told of a new request: schedulers and the hosts concerned (S15, S16, S20)."""
    schedulers = unit.clinics.schedulers(clinic.id)
    if request.type is RequestType.NOW:  # being unavailable silences Now requests only (V5)
        hosts = available_hosts(request, clinic, unit, now)
    else:
        hosts = frozenset(p.id for p in unit.people.in_host_group(clinic.host_group.id))
    if request.target_host_id is not None:
        hosts &= {request.target_host_id}
    return hosts | frozenset(schedulers)


def _ref(request: SessionRequest) -> EntityRef:
    return EntityRef(EntityKind.REQUEST, request.id)
