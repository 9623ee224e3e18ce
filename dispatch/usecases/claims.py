"""Who is assigning what, so that two people do not do the same work; never in the way of accept."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import claim as claims
from dispatch import permissions
from dispatch.docket import find_request, note_touch, refuse_if_decided
from dispatch.errors import DecidedError
from dispatch.events import EntityRef, request_changed
from dispatch.lease import K
from dispatch.people import Actor
from dispatch.ports import Done, Leases, Unit
from dispatch.vocabulary import EntityKind, PersonId, RequestNumber, RequestStatus, Verb


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Show the others that one is deciding; ``tab`` is the open page whose socket keeps it."""

    number: RequestNumber
    tab: str
    take_over: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseClaim:
    """Stop deciding."""

    number: RequestNumber
    tab: str


@dataclass(frozen=True, slots=True)
class RenewClaims:
    """Keep what an open page holds, claims and its place in a waiting room; sent by the worker that
    holds its socket, every 10 s.
    """

    tab: str


@dataclass(frozen=True, slots=True)
class EndClaims:
    """A page's socket closed: what it holds ends in five seconds, unless it comes back.

    ``renewed_at`` is when that socket's worker last renewed; None: it never did.
    """

    tab: str
    renewed_at: datetime | None = None


def claim_request(command: ClaimRequest, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take the claim, or renew it; a live claim of somebody else needs ``take_over``.

    Raises:
        DecidedError: somebody else is assigning, or the request is decided.
    """
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.CLAIM, request, clinic)
    refuse_if_decided(request, unit, now)
    about = EntityRef(EntityKind.REQUEST, request.id)
    held = unit.claims.of(request.id)
    if held is not None and held.is_live(now):
        if held.person_id == actor.person_id and held.tab == command.tab:
            unit.claims.put(claims.take(request.id, actor.person_id, command.tab, now))
            return Done(about, request.number, was_there=True)
        if held.person_id != actor.person_id and not command.take_over:
            raise DecidedError(f"{unit.people.name(held.person_id)} is assigning this request.")
    unit.claims.put(claims.take(request.id, actor.person_id, command.tab, now))
    is_other = held is not None and held.is_live(now) and held.person_id != actor.person_id
    kind = "taken_over" if is_other else "claimed"
    unit.record(actor, request_changed(kind, request, clinic))
    return Done(about, request.number)


def release_claim(command: ReleaseClaim, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Give the claim up; one that is not held by this page is left alone."""
    request, clinic = find_request(command.number, actor, unit)
    permissions.require(actor, Verb.CLAIM, request, clinic)
    about = EntityRef(EntityKind.REQUEST, request.id)
    held = unit.claims.of(request.id)
    if held is None or held.person_id != actor.person_id or held.tab != command.tab:
        return Done(about, request.number, was_there=True)
    unit.claims.drop(request.id)
    if request.status is RequestStatus.PENDING:
        note_touch(request, clinic, unit, now)
    unit.record(actor, request_changed("released", request, clinic))
    return Done(about, request.number)


def renew_claims(command: RenewClaims, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Give each claim and attendance of the page a fresh lease, without an event.

    One that has lapsed stays so: pages no longer show it, and the sweep makes its one event.
    """
    _renew(unit.claims, command, actor, now)
    _renew(unit.attendances, command, actor, now)
    return _person(actor.person_id)


def end_claims(command: EndClaims, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Shorten each claim and attendance of the page to its grace; the sweep makes the event.

    One that another socket of the page has renewed since is left alone: the page is back.
    """
    _end(unit.claims, command, actor, now)
    _end(unit.attendances, command, actor, now)
    return _person(actor.person_id)


def _renew(leases: Leases[K], command: RenewClaims, actor: Actor, now: datetime) -> None:
    for held in leases.held_by_tab(command.tab):
        if held.person_id == actor.person_id and held.is_live(now):
            leases.renew(held.renewed(now), now)


def _end(leases: Leases[K], command: EndClaims, actor: Actor, now: datetime) -> None:
    for held in leases.held_by_tab(command.tab):
        is_here = not held.is_kept_elsewhere(command.renewed_at)
        if held.person_id == actor.person_id and is_here:
            leases.shorten(held.ending(now), was=held)


def _person(person_id: PersonId) -> Done:
    return Done(EntityRef(EntityKind.PERSON, person_id))
