"""Knows an honest example of every noun of the desk; a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatch.availability import Availability
from dispatch.clinic import Clinic, Group, Service
from dispatch.decision import Decision, Declining
from dispatch.form import Condition, Question, QuestionKey, QuestionKind
from dispatch.people import Actor, Person
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.slots import Slot
from dispatch.usecases.clinics import ClinicDetails
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    ClinicMode,
    DeclineReason,
    GroupId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    ServiceId,
    SessionId,
    SessionStatus,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday; every example happens around it
ACCOUNT, OTHER_ACCOUNT = AccountId(1), AccountId(2)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class FrozenClock:
    """A clock that moves only when a test says so."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move on; return the new now."""
        self._now += by
        return self._now

    def set(self, to: datetime) -> datetime:
        self._now = to
        return to


def a_service(**changes: Any) -> Service:
    given: dict[str, Any] = {
        "id": ServiceId(1),
        "account_id": ACCOUNT,
        "name": "Medication check",
        "description": "Twenty minutes about what you take.",
        "duration_minutes": 20,
    }
    return Service(**given | changes)


def a_question(key: int = 1, **changes: Any) -> Question:
    """A short text, optional and on the board; ``only_if=(1, "Yes")`` makes it depend on another."""
    if only_if := changes.pop("only_if", None):
        changes["condition"] = Condition(QuestionKey(only_if[0]), only_if[1])
    given: dict[str, Any] = {"kind": QuestionKind.SHORT_TEXT, "label": f"Question {key}"}
    return Question(QuestionKey(key), **given | changes)


def a_group(name: str = "Evening Patients", **changes: Any) -> Group:
    given: dict[str, Any] = {"id": GroupId(1), "account_id": ACCOUNT, "name": name}
    return Group(**given | changes)


def a_clinic(**changes: Any) -> Clinic:
    given: dict[str, Any] = {
        "id": ClinicId(1),
        "account_id": ACCOUNT,
        "name": "Evening Video Clinic",
        "patient_group": a_group("Evening Patients", id=GroupId(10)),
        "host_group": a_group("Evening Providers", id=GroupId(11)),
        "mode": ClinicMode.ON_DEMAND,
        "zone": "America/New_York",
        "services": (a_service(),),
        "video_url": "https://video.example.org/{room}",
    }
    return Clinic(**given | changes)


def a_person(name: str = "Mia Chen", **changes: Any) -> Person:
    given: dict[str, Any] = {"id": PersonId(0), "account_id": ACCOUNT, "zone": "America/New_York"}
    return Person(**given | {"name": name} | changes)


def an_actor(person_id: int = 1, **changes: Any) -> Actor:
    given: dict[str, Any] = {
        "person_id": PersonId(person_id),
        "account_id": ACCOUNT,
        "name": f"Person {person_id}",
    }
    for relation in ("schedules", "hosts_in", "asks_in"):
        changes[relation] = frozenset(changes.get(relation, ()))
    return Actor(**given | changes)


def a_request(**changes: Any) -> SessionRequest:
    """A Now request of person 1 to the whole group; ``times`` make it a Scheduled one."""
    given: dict[str, Any] = {
        "id": RequestId(1),
        "account_id": ACCOUNT,
        "number": RequestNumber(1001),
        "clinic_id": ClinicId(1),
        "service_id": ServiceId(1),
        "requester_id": PersonId(1),
        "type": RequestType.SCHEDULED if changes.get("times") else RequestType.NOW,
        "times": (),
        "zone": "America/New_York",
        "target_host_id": None,
        "note": "My rash came back.",
        "submitted_at": NOON,
        "submitted_by_id": PersonId(1),
        "expires_at": NOON + hours(4),
    }
    return SessionRequest(**given | changes)


def a_request_that_is(status: RequestStatus, **changes: Any) -> SessionRequest:
    """A request in that status, with the decision that such a one has."""
    decided = Decision(PersonId(9), NOON + minutes(3))
    if status is RequestStatus.ACCEPTED:
        decided = replace(decided, host_id=PersonId(7), chosen_at=NOON)
    if status is not RequestStatus.PENDING:
        changes = {"decision": decided, "version": 2} | changes
    return a_request(status=status, **changes)


def a_decline(**changes: Any) -> Declining:
    given: dict[str, Any] = {
        "by_id": PersonId(9),
        "reason": DeclineReason.NOT_SUITABLE,
        "response": "Please call the clinic.",
        "due_at": NOON + seconds(10),
    }
    return Declining(**given | changes)


def a_session(starts_at: datetime = NOON, lasts: timedelta | None = None, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "id": SessionId(1),
        "account_id": ACCOUNT,
        "clinic_id": ClinicId(1),
        "request_id": RequestId(1),
        "service_id": ServiceId(1),
        "host_id": PersonId(7),
        "requester_id": PersonId(1),
        "starts_at": starts_at,
        "ends_at": starts_at + (lasts or minutes(20)),
        "room": "room-1",
        "status": SessionStatus.SCHEDULED,
    }
    return VideoSession(**given | changes)


def an_availability(**changes: Any) -> Availability:
    return Availability(**{"host_id": PersonId(7), "account_id": ACCOUNT} | changes)


def a_slot(starts_at: datetime = NOON, lasts: timedelta | None = None, host: int = 7) -> Slot:
    return Slot(PersonId(host), starts_at, starts_at + (lasts or hours(1)))


def details_of(clinic: Clinic, **changes: Any) -> ClinicDetails:
    """Return the settings of a clinic, some of them changed."""
    kept = {
        name: getattr(clinic, name)
        for name in ClinicDetails.__slots__
        if not name.endswith("group_id")
    }
    groups = {
        "patient_group_id": clinic.patient_group.id,
        "host_group_id": clinic.host_group.id,
    }
    return ClinicDetails(**{**kept, **groups, **changes})
