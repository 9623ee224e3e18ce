"""Knows every row, as plain collections; a transaction works on a copy and is kept or thrown away."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from dispatch.account import Account
from dispatch.answers import Answered
from dispatch.attendance import Attendance
from dispatch.availability import Availability
from dispatch.booking import Booking, BookingSettings, PublicCalendar
from dispatch.claim import Claim
from dispatch.clinic import Clinic, Group, Service
from dispatch.events import EntityRef
from dispatch.form import Form
from dispatch.line import Estimate
from dispatch.notice import Notice
from dispatch.people import Actor, Person
from dispatch.ports import Done
from dispatch.reply import SavedReply
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.slots import CalendarRule, Slot, expand
from dispatch.stream import Cursor
from dispatch.video import VideoSetting
from dispatch.views import Unfinished
from dispatch.vocabulary import (
    AccountId,
    BookingId,
    CalendarId,
    CalendarRuleId,
    ClinicId,
    DeclineReason,
    GroupId,
    GroupKind,
    LoginId,
    NoticeId,
    PersonId,
    ReplyId,
    RequestId,
    RequestStatus,
    ServiceId,
    SessionId,
    VideoKind,
)


class Audit(NamedTuple):
    """Who did what to which, once for each change."""

    actor: PersonId
    kind: str
    entity: EntityRef
    at: datetime
    account: AccountId
    names_it: bool  # the first of its transaction, which is the one that is kept


class Event(NamedTuple):
    """One line of a stream."""

    seq: int
    tag: str
    kind: str
    entity: EntityRef
    at: datetime


class SavedForm(NamedTuple):
    """One version of a clinic's form."""

    form: Form
    by: PersonId
    at: datetime


class Login(NamedTuple):
    """One sign-in."""

    id: LoginId
    token_hash: str
    person: PersonId
    until: datetime
    ended_at: datetime | None = None


@dataclass
class Memory:
    """The tables. Rows are frozen, so that copying the collections copies everything."""

    given: Counter[str] = field(default_factory=Counter)  # the last id of each table
    people: dict[PersonId, Person] = field(default_factory=dict)
    passwords: dict[PersonId, str] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    patient_groups: dict[GroupId, Group] = field(default_factory=dict)
    host_groups: dict[GroupId, Group] = field(default_factory=dict)
    services: dict[ServiceId, Service] = field(default_factory=dict)
    clinics: dict[ClinicId, Clinic] = field(default_factory=dict)
    schedulers: set[tuple[ClinicId, PersonId]] = field(default_factory=set)
    hosts: set[tuple[GroupId, PersonId]] = field(default_factory=set)
    patients: set[tuple[GroupId, PersonId]] = field(default_factory=set)
    numbers: Counter[AccountId] = field(default_factory=Counter)
    requests: dict[RequestId, SessionRequest] = field(default_factory=dict)
    passes: dict[tuple[RequestId, PersonId], str] = field(default_factory=dict)
    replies: dict[ReplyId, SavedReply] = field(default_factory=dict)  # in their clinics' order
    sentences: dict[tuple[ClinicId, DeclineReason], str] = field(default_factory=dict)
    forms: dict[ClinicId, tuple[SavedForm, ...]] = field(default_factory=dict)
    answers: dict[RequestId, Answered] = field(default_factory=dict)
    sessions: dict[SessionId, VideoSession] = field(default_factory=dict)
    toggles: dict[PersonId, Availability] = field(default_factory=dict)
    calendars: dict[CalendarRuleId, CalendarRule] = field(default_factory=dict)
    connected: dict[PersonId, datetime] = field(default_factory=dict)
    claims: dict[RequestId, Claim] = field(default_factory=dict)
    told: dict[RequestId, Estimate] = field(default_factory=dict)
    attendances: dict[SessionId, Attendance] = field(default_factory=dict)
    videos: dict[ClinicId, VideoSetting] = field(default_factory=dict)
    host_links: dict[PersonId, str] = field(default_factory=dict)
    logins: dict[LoginId, Login] = field(default_factory=dict)
    booking_settings: dict[AccountId, BookingSettings] = field(default_factory=dict)
    public_calendars: dict[CalendarId, PublicCalendar] = field(default_factory=dict)
    bookings: dict[BookingId, Booking] = field(default_factory=dict)
    booking_tokens: dict[str, BookingId] = field(default_factory=dict)
    tries: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    heads: dict[str, Cursor] = field(default_factory=dict)
    floors: dict[str, int] = field(default_factory=dict)
    log: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    outbox: dict[NoticeId, Notice] = field(default_factory=dict)
    audit: list[Audit] = field(default_factory=list)
    keys: dict[tuple[PersonId, str], tuple[Any, Done]] = field(default_factory=dict)

    def copy(self) -> "Memory":
        return Memory(**{column.name: getattr(self, column.name).copy() for column in fields(self)})

    def next_id(self, table: str) -> int:
        self.given[table] += 1
        return self.given[table]

    def actor(self, person_id: PersonId) -> Actor | None:
        """Return them with every relation, or None when disabled or unknown."""
        person = self.people.get(person_id)
        if person is None or person.is_disabled:
            return None
        asks_in = frozenset(group for group, who in self.patients if who == person_id)
        asked = (c for c in self.clinics.values() if c.patient_group.id in asks_in)
        return Actor(
            person.id,
            person.account_id,
            person.name,
            person.zone,
            is_administrator=person.is_administrator,
            schedules=frozenset(clinic for clinic, who in self.schedulers if who == person_id),
            hosts_in=frozenset(group for group, who in self.hosts if who == person_id),
            asks_in=asks_in,
            may_ask=any(not clinic.is_archived for clinic in asked),
            has_asked=any(r.requester_id == person_id for r in self.requests.values()),
        )

    def host_group(self, group: GroupId) -> list[Person]:
        """Return its hosts by name, without those who are disabled."""
        members = (self.people[who] for held, who in self.hosts if held == group)
        return sorted((p for p in members if not p.is_disabled), key=lambda p: (p.name, p.id))

    def signed_in(self, now: datetime) -> set[PersonId]:
        logins = self.logins.values()
        return {x.person for x in logins if x.ended_at is None and now < x.until}

    def groups(self, kind: GroupKind) -> dict[GroupId, Group]:
        return self.patient_groups if kind is GroupKind.PATIENTS else self.host_groups

    def members(self, kind: GroupKind) -> set[tuple[GroupId, PersonId]]:
        return self.patients if kind is GroupKind.PATIENTS else self.hosts

    def in_use(self, kind: GroupKind, group: GroupId) -> list[Clinic]:
        """Return the clinics of a group, by name."""
        side = "patient_group" if kind is GroupKind.PATIENTS else "host_group"
        found = (clinic for clinic in self.clinics.values() if getattr(clinic, side).id == group)
        return sorted(found, key=lambda clinic: (clinic.name, clinic.id))

    def unfinished(self, clinic: ClinicId) -> Unfinished:
        waiting = (r for r in self.requests.values() if r.status is RequestStatus.PENDING)
        to_come = (s for s in self.sessions.values() if s.is_open)
        return Unfinished(
            sum(request.clinic_id == clinic for request in waiting),
            sum(session.clinic_id == clinic for session in to_come),
        )

    def account(self, account: AccountId) -> Account:
        return self.accounts.get(account) or Account(account, "Lakeshore Health")

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]:
        return frozenset(host for request, host in self.passes if request == request_id)

    def toggle(self, host: PersonId) -> Availability:
        person = self.people[host]
        return self.toggles.get(host) or Availability(host, person.account_id)

    def video(self, clinic: ClinicId) -> VideoSetting:
        address = self.clinics[clinic].video_url
        return self.videos.get(clinic) or VideoSetting(clinic, VideoKind.ADDRESS, address)

    def has_room(self, clinic: ClinicId, host: PersonId) -> bool:
        setting = self.video(clinic)
        rooms = {
            VideoKind.NONE: "",
            VideoKind.ADDRESS: setting.address,
            VideoKind.HOST_LINK: self.host_links.get(host, ""),
            VideoKind.JITSI: setting.domain,
        }
        return bool(rooms[setting.kind])

    def rules(self, hosts: Collection[PersonId]) -> list[CalendarRule]:
        return [rule for rule in self.calendars.values() if rule.host_id in hosts]

    def slots_touching(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> tuple[Slot, ...]:
        return expand(self.rules(hosts), start, end)
