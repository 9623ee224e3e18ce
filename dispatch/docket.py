"""What use cases on a request share: find it, say who was first, and follow up on its passes."""

from collections.abc import Collection
from datetime import datetime

from dispatch.clinic import Clinic, Service
from dispatch.clinic_rules import closed_for_good
from dispatch.errors import DecidedError, NotFoundError
from dispatch.events import Change, EntityRef, clinic_stream, passes_changed, request_changed
from dispatch.people import Actor
from dispatch.ports import Unit
from dispatch.request import SessionRequest
from dispatch.roster import available_times, everyone_passed
from dispatch.slots import spans
from dispatch.vocabulary import (
    ClinicId,
    EntityKind,
    NoticeKind,
    PersonId,
    RequestNumber,
    RequestStatus,
)


def find_request(number: RequestNumber, actor: Actor, unit: Unit) -> tuple[SessionRequest, Clinic]:
    """Return the locked request and its clinic.

    Raises:
        NotFoundError: no such request in the actor's account.
    """
    request = unit.requests.by_number(actor.account_id, number)
    if request is None:
        raise NotFoundError
    return request, clinic_of(request, unit)


def clinic_of(request: SessionRequest, unit: Unit) -> Clinic:
    """Return the clinic of a stored request.

    Raises:
        NotFoundError: the account has no such clinic any more.
    """
    clinic = unit.clinics.get(request.account_id, request.clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic


def service_of(request: SessionRequest, unit: Unit) -> Service:
    """Return what was asked for, whether or not its clinic still offers it to others.

    Raises:
        NotFoundError: the account has no such service any more.
    """
    service = unit.services.get(request.account_id, request.service_id)
    if service is None:
        raise NotFoundError("service")
    return service


def refuse_if_archived(clinic: Clinic, unit: Unit) -> None:
    """Let a request that was just stored stay, unless its clinic was archived meanwhile.

    Whoever archives a clinic holds its row, and to store a request that names the row has waited
    for that. So what is read now is what they left.

    Raises:
        InvalidError: the clinic has closed for good.
    """
    as_it_is = unit.clinics.get(clinic.account_id, clinic.id)
    if as_it_is is not None and (closed := closed_for_good(as_it_is)) is not None:
        raise closed


def refuse_if_decided(
    request: SessionRequest, unit: Unit, now: datetime, *, names_staff: bool = True
) -> None:
    """Let a pending request pass; what is due has happened, whether or not the sweep has come.

    ``names_staff`` is false for the requester, who is never told who of the clinic decides.

    Raises:
        DecidedError: somebody was first: who, what, for whom and when (S65).
    """
    declining, decision = request.declining, request.decision
    if declining is not None and declining.due_at <= now:
        who = unit.people.name(declining.by_id)
        sentence = f"{who} declined this" if names_staff else "This request was declined"
        raise DecidedError(f"{sentence} at {{at}}.", at=declining.due_at)
    if request.status is RequestStatus.PENDING and declining is None and request.expires_at <= now:
        raise DecidedError("Nobody answered this request until {at}.", at=request.expires_at)
    if request.status is RequestStatus.PENDING or decision is None:
        return
    if request.status is RequestStatus.EXPIRED:
        raise DecidedError("Nobody answered this request until {at}.", at=decision.at)
    if not names_staff:
        raise DecidedError(f"This request was {request.status} at {{at}}.", at=decision.at)
    who = unit.people.name(decision.by_id)
    is_own = decision.host_id in {None, decision.by_id}  # a host who accepted for themself
    provider = "" if is_own else unit.people.name(decision.host_id or decision.by_id)
    suffix = f" for {provider}" if provider else ""
    verb = "withdrew" if request.status is RequestStatus.WITHDRAWN else str(request.status)
    raise DecidedError(f"{who} {verb} this{suffix} at {{at}}.", at=decision.at)


def leave_the_line(request: SessionRequest, unit: Unit) -> tuple[Change, ...]:
    """Let go of what hung on a pending request; return the change for those who see only that it
    waits: hosts who passed on it, and other clinics of the host whom it asks for.
    """
    unit.claims.drop(request.id)
    passes = passes_changed("ended", request.id, unit.requests.passed_by(request.id))
    return *passes, *wished_for("let_go", request, unit)


def wished_for(kind: str, request: SessionRequest, unit: Unit) -> tuple[Change, ...]:
    """Return the change of the host whom a request wants at some times, for their other clinics:
    an open dialog there says how many want the same (S66), and sees nothing else of it.

    All of them are rung, for who asks in two clinics at once does not see the other yet.
    """
    host = request.target_host_id
    if host is None or not request.times:
        return ()
    others = {clinic.id for clinic in unit.clinics.with_host(host)} - {request.clinic_id}
    boards = frozenset(map(clinic_stream, others))
    about = EntityRef(EntityKind.PROVIDER, host)
    return (Change(f"provider.{kind}", about, boards),) if boards else ()


def note_touch(request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime) -> None:
    """Note that somebody worked on a waiting request: the clinic's patience begins anew."""
    touched = request.watched(clinic, now)
    if touched != request:
        unit.requests.save(touched, was=request)


def release_claims(
    person: PersonId, clinics: Collection[ClinicId], actor: Actor, unit: Unit, now: datetime
) -> None:
    """Let go of what somebody was deciding in clinics where that is theirs no more.

    Their page may stay open for other work, and would keep it as its own for ever.
    """
    for claim in unit.claims.held_by(person):
        request = unit.requests.by_id(claim.of)  # held: they may be at it
        held = unit.claims.of(claim.of)
        is_theirs = held is not None and held.person_id == person
        if request is None or request.clinic_id not in clinics or not is_theirs:
            continue
        clinic = clinic_of(request, unit)
        unit.claims.drop(request.id)
        note_touch(request, clinic, unit, now)
        unit.record(actor, request_changed("released", request, clinic))


def watch_anew(was: Clinic, clinic: Clinic, unit: Unit) -> None:
    """Have whoever waits in a clinic watched with the patience that it now has."""
    patience = (was.target_seconds, was.escalation_minutes)
    if patience == (clinic.target_seconds, clinic.escalation_minutes):
        return
    for waiting in unit.requests.waiting_in(clinic.id):
        request = unit.requests.by_id(waiting.id)  # held: somebody may be at it
        if request is not None and request.status is RequestStatus.PENDING:
            watched = request.watched_anew(was, clinic)
            if watched != request:
                unit.requests.save(watched, was=request)


def end_if_due(
    request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime
) -> tuple[Change, ...]:
    """End a request whose time is up and tell the requester; return the changes, none if it is not.

    The sweep comes within a second; whoever looks at the request before it does the same.
    """
    ended = request.ended_by_time(now)
    if ended is None:
        return ()
    unit.requests.save(ended, was=request)
    is_declined = ended.status is RequestStatus.DECLINED
    notice = NoticeKind.DECLINED if is_declined else NoticeKind.EXPIRED
    unit.notify(notice, [request.requester_id], EntityRef(EntityKind.REQUEST, request.id))
    return request_changed(str(ended.status), ended, clinic), *leave_the_line(request, unit)


def review_passes(clinics: Collection[ClinicId], actor: Actor, unit: Unit, now: datetime) -> None:
    """Tell the boards of requests that a change of who is available gives, or leaves without,
    somebody to answer; schedulers are alerted once per request (S18).
    """
    for request in unit.requests.passed_on(clinics):
        clinic = clinic_of(request, unit)
        unit.record(actor, request_changed("passes_reviewed", request, clinic))
        available = available_hosts(request, clinic, unit, now)
        if everyone_passed(available, unit.requests.passed_by(request.id)):
            about = EntityRef(EntityKind.REQUEST, request.id)
            unit.notify(NoticeKind.ALL_PASSED, unit.clinics.schedulers(clinic.id), about)


def connection_changed(kind: str, host: PersonId, unit: Unit) -> Change:
    """Return that a host's pages came or went: for the boards that list them, and nobody else."""
    boards = frozenset(clinic_stream(clinic.id) for clinic in unit.clinics.with_host(host))
    return Change(f"provider.{kind}", EntityRef(EntityKind.PROVIDER, host), boards)


def available_hosts(
    request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime
) -> frozenset[PersonId]:
    """Return the hosts of the clinic's group who are Available for at least one of its times."""
    duration = service_of(request, unit).duration
    times = request.times or (now,)
    hosts = [person.id for person in unit.people.in_host_group(clinic.host_group.id)]
    slots = [slot for span in spans(times, duration) for slot in unit.hosts.slots(hosts, *span)]
    return frozenset(
        host
        for host in hosts
        if available_times(clinic.mode, unit.hosts.availability(host), slots, times, duration, now)
    )
