"""Queries over memory, scoped as the ports say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dispatch.answers import Answered
from dispatch.attendance import Attendance
from dispatch.availability import Availability
from dispatch.booking import Booking, BookingSettings, PublicCalendar
from dispatch.choice import Rival
from dispatch.claim import Claim
from dispatch.clinic import Clinic
from dispatch.events import EntityRef
from dispatch.form import Form
from dispatch.letter import Letter, Posted
from dispatch.people import Actor, Person
from dispatch.ports import Due
from dispatch.reply import SavedReply
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.slots import CalendarRule, Slot
from dispatch.stream import Cursor, LoggedEvent, Projection
from dispatch.video import VideoSetting
from dispatch.views import FormVersion, Outcome, SessionRow, View
from dispatch.vocabulary import (
    AccountId,
    CalendarId,
    ClinicId,
    DeclineReason,
    GroupId,
    LoginId,
    NoticeId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
    Role,
    SessionId,
    SessionStatus,
)
from tests.fakes import booking_rows, dues, form_rows, post_rows, reply_rows
from tests.fakes.memory import Event, Memory
from tests.fakes.oversight import FakeOversight
from tests.fakes.patients import FakePatients
from tests.fakes.shown import outcome_of, views_of
from tests.fakes.shown_sessions import session_row_of, with_their_requests


class FakeReading(FakePatients, FakeOversight):
    """The rows of one instant."""

    def __init__(self, rows: Memory) -> None:
        self._rows = rows

    def cursor(self, stream: str) -> Cursor:
        return self._rows.heads.get(stream, Cursor(0, ""))

    def cursors(self, streams: Collection[str]) -> Mapping[str, Cursor]:
        return {stream: self.cursor(stream) for stream in streams}

    def heads(self, streams: Collection[str]) -> Mapping[str, int]:
        return {stream: self.cursor(stream).seq for stream in streams}

    def tag_at(self, stream: str, seq: int) -> str | None:
        return next((e.tag for e in self._kept(stream) if e.seq == seq), None)

    def events(self, stream: str, after: int, limit: int) -> Sequence[LoggedEvent]:
        found = [
            LoggedEvent(e.seq, e.tag, e.entity, e.at, e.kind)
            for e in self._kept(stream)
            if e.seq > after
        ]
        return found[:limit]

    def read_ahead(self, places: Mapping[str, int], limit: int) -> None: ...

    def _kept(self, stream: str) -> list[Event]:
        floor = self._rows.floors.get(stream, 0)
        return [event for event in self._rows.log.get(stream, ()) if event.seq > floor]

    def views(
        self, stream: str, projection: Projection, only: Collection[EntityRef] | None, now: datetime
    ) -> Sequence[View]:
        shown = views_of(self._rows, stream, projection, now)
        if only is None:
            return shown
        wanted = with_their_requests(self._rows, projection, only)
        return [view for view in shown if view.entity in wanted]

    def leases(
        self, streams: Collection[str]
    ) -> Mapping[str, Mapping[EntityRef, Claim | Attendance]]:
        return dues.leases(self._rows, streams)

    def due(self, now: datetime, limit: int) -> Sequence[Due]:
        return dues.due(self._rows, now, limit)

    def outcomes(self, requests: Collection[RequestId]) -> Mapping[RequestId, Outcome]:
        decided = [self._rows.requests[r] for r in requests if self._rows.requests[r].decision]
        return {request.id: outcome_of(self._rows, request) for request in decided}

    def due_notices(self, now: datetime, limit: int) -> Sequence[tuple[AccountId, NoticeId]]:
        return post_rows.due_notices(self._rows, now, limit)

    def letter(self, notice_id: NoticeId) -> Letter | None:
        return post_rows.letter_of(self._rows, notice_id)

    def posted(self, account: AccountId, *, only_failed: bool, limit: int) -> Sequence[Posted]:
        return post_rows.posted(self._rows, account, only_failed=only_failed, limit=limit)

    def actor(self, person_id: PersonId) -> Actor | None:
        return self._rows.actor(person_id)

    def login(self, token_hash: str, now: datetime) -> tuple[LoginId, Actor] | None:
        for login in self._rows.logins.values():
            if login.token_hash == token_hash and login.ended_at is None and now < login.until:
                actor = self._rows.actor(login.person)
                return (login.id, actor) if actor else None
        return None

    def logins_by_token(
        self, token_hashes: Collection[str], now: datetime
    ) -> Mapping[str, tuple[LoginId, Actor]]:
        found = {token_hash: self.login(token_hash, now) for token_hash in token_hashes}
        return {token_hash: login for token_hash, login in found.items() if login}

    def logins(self, ids: Collection[LoginId], now: datetime) -> Mapping[LoginId, Actor]:
        found = (self._rows.logins[key] for key in ids if key in self._rows.logins)
        lasting = (login for login in found if login.ended_at is None and now < login.until)
        actors = {login.id: self._rows.actor(login.person) for login in lasting}
        return {key: actor for key, actor in actors.items() if actor}

    def tries(self, of: Collection[str]) -> Mapping[str, Sequence[datetime]]:
        return {one: self._rows.tries.get(one, ()) for one in of}

    def credentials(self, email: str) -> tuple[PersonId, str] | None:
        for person in self._rows.people.values():
            if person.email and person.email.lower() == email.lower():
                return person.id, self._rows.passwords[person.id]
        return None

    def clinic(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None:
        clinic = self._rows.clinics.get(clinic_id)
        return clinic if clinic and clinic.account_id == account else None

    def booking_settings(self, account: AccountId) -> BookingSettings:
        return booking_rows.settings_of(self._rows, account)

    def public_calendar(self, slug: str) -> PublicCalendar | None:
        return booking_rows.by_slug(self._rows, slug)

    def public_calendar_by_id(self, calendar_id: CalendarId) -> PublicCalendar | None:
        return booking_rows.by_id(self._rows, calendar_id)

    def public_calendars(self, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
        return booking_rows.of_clinic(self._rows, clinic_id)

    def booking(self, token_hash: str) -> Booking | None:
        return booking_rows.booking_of(self._rows, token_hash)

    def clinics_of(self, actor: Actor) -> Sequence[Clinic]:
        return [
            c
            for c in self._rows.clinics.values()
            if c.account_id == actor.account_id
            and (
                actor.is_administrator
                or c.id in actor.schedules
                or c.host_group.id in actor.hosts_in
                or c.patient_group.id in actor.asks_in
            )
        ]

    def saved_replies(self, clinic_id: ClinicId) -> Sequence[SavedReply]:
        return reply_rows.replies_of(self._rows, clinic_id)

    def decline_sentences(self, clinic_id: ClinicId) -> Mapping[DeclineReason, str]:
        return reply_rows.sentences_of(self._rows, clinic_id)

    def request(self, account: AccountId, number: RequestNumber) -> SessionRequest | None:
        wanted = (account, number)
        rows = self._rows.requests.values()
        return next((r for r in rows if (r.account_id, r.number) == wanted), None)

    def sitting(
        self, account: AccountId, session_id: SessionId
    ) -> tuple[VideoSession, SessionRequest] | None:
        found = self._rows.sessions.get(session_id)
        if found is None or found.account_id != account:
            return None
        return found, self._rows.requests[found.request_id]

    def session_row(self, session_id: SessionId) -> SessionRow | None:
        found = self._rows.sessions.get(session_id)
        return session_row_of(self._rows, found) if found else None

    def video(self, clinic_id: ClinicId) -> VideoSetting:
        return self._rows.video(clinic_id)

    def host_link(self, host_id: PersonId) -> str:
        return self._rows.host_links.get(host_id, "")

    def answered(self, request_id: RequestId) -> Answered | None:
        return self._rows.answers.get(request_id)

    def form(self, clinic_id: ClinicId) -> Form:
        return form_rows.current_form(self._rows, clinic_id)

    def form_at(self, clinic_id: ClinicId, version: int) -> Form | None:
        return form_rows.form_at(self._rows, clinic_id, version)

    def form_versions(self, clinic_id: ClinicId) -> Sequence[FormVersion]:
        return form_rows.versions_of(self._rows, clinic_id)

    def hosts_of(self, group: GroupId) -> Sequence[Person]:
        return self._rows.host_group(group)

    def schedulers_of(self, clinic_id: ClinicId) -> Sequence[Person]:
        held = (self._rows.people[who] for c, who in self._rows.schedulers if c == clinic_id)
        return sorted((p for p in held if not p.is_disabled), key=lambda p: (p.name, p.id))

    def availabilities(self, hosts: Collection[PersonId]) -> Mapping[PersonId, Availability]:
        return {host: self._rows.toggle(host) for host in hosts}

    def connected(self, hosts: Collection[PersonId]) -> Collection[PersonId]:
        return set(hosts) & self._rows.connected.keys()

    def slots(self, hosts: Collection[PersonId], start: datetime, end: datetime) -> Sequence[Slot]:
        return self._rows.slots_touching(hosts, start, end)

    def calendar_rules(self, hosts: Collection[PersonId]) -> Sequence[CalendarRule]:
        return self._rows.rules(hosts)

    def sessions_of(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> Sequence[VideoSession]:
        return [
            s
            for s in self._rows.sessions.values()
            if s.host_id in hosts
            and s.status is not SessionStatus.CANCELLED
            and s.starts_at <= end
            and start <= s.ends_at
        ]

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]:
        return self._rows.passed_by(request_id)

    def rivals(self, request: SessionRequest) -> Sequence[Rival]:
        found = [
            Rival(r.number, r.clinic_id)
            for r in self._rows.requests.values()
            if r.id != request.id
            and r.status is RequestStatus.PENDING
            and r.target_host_id is not None
            and r.target_host_id == request.target_host_id
            and set(r.times) & set(request.times)
        ]
        return sorted(found, key=lambda rival: rival.number)

    def patients(self, clinic_id: ClinicId, matching: str, limit: int) -> Sequence[Person]:
        group = self._rows.clinics[clinic_id].patient_group.id
        members = (self._rows.people[who] for held, who in self._rows.patients if held == group)
        found = [p for p in members if matching.lower() in p.name.lower()]
        return sorted(found, key=lambda p: (p.name, p.id))[:limit]

    def people(self, account: AccountId, matching: str, limit: int) -> Sequence[Person]:
        return self._named(account, matching)[:limit]

    def invitee(self, person_id: PersonId) -> Person | None:
        found = self._rows.people.get(person_id)
        return found if found and found.invited_at else None

    def count_people(self, account: AccountId, matching: str) -> int:
        return len(self._named(account, matching))

    def roles(
        self, account: AccountId, people: Collection[PersonId]
    ) -> Mapping[PersonId, frozenset[Role]]:
        rows = self._rows
        held = {
            Role.SCHEDULER: {who for _, who in rows.schedulers},
            Role.HOST: {who for _, who in rows.hosts},
            Role.REQUESTER: {who for _, who in rows.patients},
            Role.ADMINISTRATOR: {p.id for p in rows.people.values() if p.is_administrator},
        }
        return {
            who: frozenset(role for role, holders in held.items() if who in holders)
            for who in people
            if who in rows.people and rows.people[who].account_id == account
        }

    def _named(self, account: AccountId, matching: str) -> list[Person]:
        people = (p for p in self._rows.people.values() if p.account_id == account)
        found = [p for p in people if matching.lower() in p.name.lower()]
        return sorted(found, key=lambda p: (p.name, p.id))
