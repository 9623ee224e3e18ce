"""Where everybody stands who waits to be seen now; and the first range that somebody was shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clinic import Clinic
from dispatch.docket import clinic_of
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import EntityRef, patient_stream, request_changed, request_stream
from dispatch.line import LOOKS_BACK, Estimate, Waiting, ahead_of, estimate
from dispatch.people import Actor
from dispatch.ports import Done, Reading, Unit
from dispatch.roster import available_times
from dispatch.views import LineView
from dispatch.vocabulary import EntityKind, GroupId, PersonId, RequestId, RequestStatus


@dataclass(frozen=True, slots=True)
class KeepEstimate:
    """Note the range that somebody was shown, if it is their first."""

    request_id: RequestId
    estimate: Estimate


def keep_estimate(command: KeepEstimate, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep it for the schedulers to see, and to apologise by; a later one changes nothing.

    Raises:
        NotAllowedError: the actor is a person.
        NotFoundError: no such request.
    """
    if not actor.is_system:
        raise NotAllowedError("Only the system says how long it takes.")
    about = EntityRef(EntityKind.REQUEST, command.request_id)
    request = unit.requests.by_id(command.request_id)
    if request is None:
        raise NotFoundError
    waits = request.status is RequestStatus.PENDING
    if not waits or not unit.requests.keep_told(request.id, command.estimate, now):
        return Done(about, request.number, was_there=True)
    unit.record(actor, request_changed("told", request, clinic_of(request, unit)))
    return Done(about, request.number)


def lines(
    reading: Reading, streams: Collection[str], now: datetime
) -> Mapping[str, tuple[LineView, ...]]:
    """Return, for each stream of somebody who asked, the place and range of what waits there."""
    line = reading.waiting_now()
    wanted = {one.request_id: one for one in line if streams_of(one) & set(streams)}
    if not wanted:
        return {}
    hosts = _hosts(reading, line)
    past = reading.past_waits({one.clinic_id for one in wanted.values()}, now - LOOKS_BACK)
    told = reading.told_waits(wanted)
    there = {(one.account_id, one.clinic_id) for one in line}
    clinics = {clinic: reading.clinic(account, clinic) for account, clinic in there}
    shown: dict[str, tuple[LineView, ...]] = {}
    for one in wanted.values():
        clinic = clinics[one.clinic_id]
        if clinic is None:
            continue
        mine, rivals = hosts[one.request_id], [(w, hosts[w.request_id]) for w in line]
        ahead = ahead_of(one, mine, rivals)
        waited = max(now - one.submitted_at, timedelta())
        alike = [w for w in past if _is_like(w.clinic_id, w.host_id, one)]
        since = [w.submitted_at for w, theirs in rivals if theirs & mine]
        found = None
        if _is_somebody_there(reading, clinic, mine, now):
            found = estimate(len(ahead), waited, alike, since)
        near = [clinics[w.clinic_id] for w, theirs in rivals if theirs & mine]
        view = LineView(
            id=one.request_id,
            account_id=one.account_id,
            ahead=len(ahead),
            is_in_turn=all(each is not None and each.sees_in_turn for each in near),
            waited_minutes=int(waited.total_seconds()) // 60,
            estimate=found,
            told=told.get(one.request_id),
            clinic=clinic.name,
            clinic_phone=clinic.phone,
        )
        for stream in streams_of(one) & set(streams):
            shown[stream] = (*shown.get(stream, ()), view)
    return shown


def streams_of(one: Waiting) -> frozenset[str]:
    """Return the streams of those who wait for it: whoever asked, and whoever holds its link."""
    return frozenset({patient_stream(one.requester_id), request_stream(one.request_id)})


def _hosts(reading: Reading, line: Collection[Waiting]) -> Mapping[RequestId, frozenset[PersonId]]:
    """Return who could take each of them."""
    groups: dict[GroupId, frozenset[PersonId]] = {
        group: frozenset(host.id for host in reading.hosts_of(group))
        for group in {one.group_id for one in line}
    }
    return {
        one.request_id: groups[one.group_id]
        if one.target_host_id is None
        else frozenset({one.target_host_id})
        for one in line
    }


def _is_like(clinic_id: int, host_id: PersonId | None, one: Waiting) -> bool:
    """Tell whether a wait of the past says something about this one: same clinic, same hosts."""
    if clinic_id != one.clinic_id:
        return False
    return one.target_host_id is None or host_id in (None, one.target_host_id)


def _is_somebody_there(
    reading: Reading, clinic: Clinic, hosts: Collection[PersonId], now: datetime
) -> bool:
    toggles = reading.availabilities(hosts)
    slots = reading.slots(hosts, now, now)
    nothing = timedelta()
    return any(
        available_times(clinic.mode, toggle, slots, (now,), nothing, now)
        for toggle in toggles.values()
    )
