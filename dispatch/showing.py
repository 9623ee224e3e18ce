"""Every row that shows a clinic, a group or a service: what must be told when one of them changes.

Open rows are told: who waits, who has a session to come, and what was decided in the last day. Of
what is older, patients have cards on their own pages; those are told who are signed in. The open
page behind an old link is given its card anew, since nothing is rung for it
(``server/live/old_links.py``).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from dispatch.clinic import Clinic
from dispatch.events import (
    Change,
    EntityRef,
    clinic_stream,
    hosts_stream,
    passes_changed,
    patient_stream,
    request_changed,
    request_stream,
    session_changed,
)
from dispatch.ports import Unit
from dispatch.request import DECIDED_FOR, OWN_HISTORY, SessionRequest
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    EntityKind,
    GroupId,
    GroupKind,
    PersonId,
    RequestStatus,
    ServiceId,
)

# What ``control`` may say and no requester's card shows; whatever else it says may be on one.
OFF_CARDS = frozenset(
    {
        "account.changed",
        "clinic.alerts_set",
        "clinic.closed",
        "clinic.created",
        "clinic.declines_worded",
        "clinic.hours_changed",
        "clinic.opened",
        "clinic.reply_moved",
        "clinic.reply_removed",
        "clinic.reply_saved",
        "clinic.services_changed",
        "form.saved",
        "group.created",
        "login.ended",
        "person.disabled",
        "person.enabled",
        "person.joined_hosts",
        "person.joined_schedulers",
        "person.left_hosts",
        "person.left_schedulers",
        "person.password_chosen",
        "person.signed_out",
        "person.zone_changed",
        "service.created",
    }
)

# What ``control`` may say of a clinic that gives somebody a place to ask, or takes their last one.
WHERE_TO_ASK = frozenset({"clinic.archived", "clinic.changed", "clinic.created", "clinic.restored"})


def rows_showing(
    kind: str,
    account: AccountId,
    unit: Unit,
    now: datetime,
    *,
    clinics: Collection[ClinicId] | None = None,
    service: ServiceId | None = None,
) -> list[Change]:
    """Return the change ``kind`` of each request and session of the clinics or the service that an
    open page may show.
    """
    changes: list[Change] = []
    there = {clinic.id: clinic for clinic in unit.clinics.of_account(account)}
    for request in unit.requests.shown(account, now - DECIDED_FOR):
        if _is_meant(request.clinic_id, request.service_id, clinics, service):
            changes.append(request_changed(kind, request, there[request.clinic_id]))
            changes += passes_changed(kind, request.id, unit.requests.passed_by(request.id))
    decided_by = now - DECIDED_FOR
    for request in unit.requests.looked_back_on(account, now - OWN_HISTORY, decided_by, now):
        if _is_meant(request.clinic_id, request.service_id, clinics, service):
            changes.append(_card_changed(kind, request))
    sessions = [
        session
        for session in unit.sessions.shown(account, now)
        if _is_meant(session.clinic_id, session.service_id, clinics, service)
    ]
    answers_in = unit.clinics.with_hosts({session.host_id for session in sessions})
    for session in sessions:
        boards = answers_in[session.host_id] | {session.clinic_id}
        changes.append(session_changed(kind, session, boards))
    return changes


def cards_of(
    kind: str,
    people: Collection[PersonId],
    groups: Iterable[GroupId],
    unit: Unit,
    now: datetime,
) -> list[Change]:
    """Return the change of each card of these people that says whether they may ask again where
    the patient groups ask: of what was answered, for what waits says nothing of it yet.
    """
    found = (unit.groups.clinics(GroupKind.PATIENTS, group) for group in sorted(set(groups)))
    asked_by = sorted({clinic.id for each in found for clinic in each})
    if not people or not asked_by:
        return []
    since, decided_after = now - OWN_HISTORY, now - DECIDED_FOR
    cards = unit.requests.answered_to(people, asked_by, since, decided_after, now)
    return [_card_changed(kind, request) for request in cards]


def rows_directed_to(
    kind: str,
    hosts: Collection[PersonId],
    clinics: Mapping[ClinicId, Clinic],
    account: AccountId,
    unit: Unit,
    now: datetime,
) -> list[Change]:
    """Return the change of each request that waits in the clinics for one of the hosts."""
    return [
        request_changed(kind, request, clinics[request.clinic_id])
        for request in unit.requests.shown(account, now - DECIDED_FOR)
        if request.target_host_id in hosts
        and request.clinic_id in clinics
        and request.status is RequestStatus.PENDING
    ]


def providers_on(
    kind: str, hosts: Iterable[PersonId], clinics: Iterable[ClinicId]
) -> Iterable[Change]:
    """Return the change of each host as the boards of the clinics show them."""
    boards = frozenset(map(clinic_stream, clinics))
    for host in sorted(set(hosts)):
        yield Change(f"provider.{kind}", EntityRef(EntityKind.PROVIDER, host), boards)


def groups_shown(kind: str, groups: Iterable[GroupId]) -> Iterable[Change]:
    """Return the change of each host group as its hosts' own pages show it: what it is called, and
    whether their toggle counts there or their slots.
    """
    for group in sorted(set(groups)):
        about = EntityRef(EntityKind.HOST_GROUP, group)
        yield Change(f"host_group.{kind}", about, frozenset({hosts_stream(group)}))


def also_seen_from(changes: Iterable[Change], was: Clinic, now_is: Clinic) -> list[Change]:
    """Return the changes of requests told to the hosts of both groups: before, and after."""
    both = {hosts_stream(was.host_group.id), hosts_stream(now_is.host_group.id)}
    return [
        Change(change.kind, change.entity, change.streams | both)
        if change.streams & both
        else change
        for change in changes
    ]


def _card_changed(kind: str, request: SessionRequest) -> Change:
    own = {patient_stream(request.requester_id), request_stream(request.id)}
    return Change(f"request.{kind}", EntityRef(EntityKind.REQUEST, request.id), frozenset(own))


def _is_meant(
    clinic: ClinicId,
    of: ServiceId,
    clinics: Collection[ClinicId] | None,
    service: ServiceId | None,
) -> bool:
    return (clinics is None or clinic in clinics) and (service is None or of == service)
