"""What every use case on a request begins with: find it, and say who was first."""

from datetime import datetime, timedelta

from dispatch.clinic import Clinic
from dispatch.errors import DecidedError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Unit
from dispatch.request import SessionRequest
from dispatch.roster import available_times
from dispatch.vocabulary import PersonId, RequestNumber, RequestStatus

RESPONSE_LIMIT = 500  # characters of a response to the requester


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
    """Return the clinic of a stored request."""
    clinic = unit.clinics.get(request.account_id, request.clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic


def refuse_if_decided(request: SessionRequest, unit: Unit) -> None:
    """Let a pending request pass.

    Raises:
        DecidedError: somebody was first: who, what, for whom and when (S65).
    """
    decision = request.decision
    if request.status is RequestStatus.PENDING or decision is None:
        return
    who = unit.people.name(decision.by_id)
    provider = unit.people.name(decision.host_id) if decision.host_id else ""
    suffix = f" for {provider}" if provider else ""
    irregular = {RequestStatus.EXPIRED: "let this expire", RequestStatus.WITHDRAWN: "withdrew this"}
    verb = irregular.get(request.status, f"{request.status} this")
    raise DecidedError(f"{who} {verb}{suffix} at {{at}}.", at=decision.at)


def available_hosts(
    request: SessionRequest, clinic: Clinic, unit: Unit, now: datetime
) -> frozenset[PersonId]:
    """Return the hosts of the clinic's group who are Available for at least one of its times."""
    service = clinic.service(request.service_id)
    duration = service.duration if service else timedelta()
    times = request.times or (now,)
    hosts = [person.id for person in unit.people.in_host_group(clinic.host_group.id)]
    slots = unit.hosts.slots(hosts, min(times), max(times) + duration)
    return frozenset(
        host
        for host in hosts
        if available_times(clinic.mode, unit.hosts.availability(host), slots, times, duration, now)
    )
