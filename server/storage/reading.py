"""Rows as one instant knew them, for pages and frames: ``dispatch.ports.Reading``."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, or_, select

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
from dispatch.stream import Projection
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
)
from server.storage import (
    board_views,
    bookings,
    decided_views,
    directory,
    dues,
    forms,
    host_views,
    letters,
    notices,
    patient_views,
    public_calendars,
    replies,
    session_views,
)
from server.storage.actors import actor_by_id
from server.storage.calendars import rules_of, slots_between
from server.storage.clinics import clinic_by_id, clinics_where
from server.storage.connected import connected_among
from server.storage.hosts import availabilities
from server.storage.leases import leases_of
from server.storage.log_reading import SqlLog
from server.storage.logins import credentials_of, login_of, logins_by_token, logins_of
from server.storage.oversight import SqlOversight
from server.storage.patients import SqlPatients
from server.storage.people import hosts_of
from server.storage.request_rows import loaded
from server.storage.sessions import live_sessions, session_by_id
from server.storage.tables import clinic, request, request_pass, requested_time
from server.storage.tries import tries_of
from server.storage.videos import link_of, video_of

Only = Collection[EntityRef] | None
_VIEWS: dict[tuple[str, Projection], Callable[[Connection, int, Only, datetime], list[View]]] = {
    ("clinic", Projection.BOARD): board_views.board,
    ("clinic", Projection.DECIDED): decided_views.decided,
    ("clinic", Projection.SESSIONS): session_views.sessions,
    ("hosts", Projection.HOST): host_views.group,
    ("host", Projection.HOST): host_views.own,
    ("patient", Projection.PATIENT): patient_views.own,
    ("patient", Projection.ROOM): session_views.rooms,
    ("request", Projection.LINK): patient_views.linked,
}


class SqlReading(SqlLog, SqlPatients, SqlOversight):
    """One read transaction."""

    def views(
        self, stream: str, projection: Projection, only: Only, now: datetime
    ) -> Sequence[View]:
        """Return the stream's current views, or those of ``only`` that are still in it."""
        kind, _, key = stream.partition(":")
        return _VIEWS[kind, projection](self._connection, int(key), only, now)

    def outcomes(self, requests: Collection[RequestId]) -> Mapping[RequestId, Outcome]:
        return decided_views.outcomes(self._connection, requests)

    def leases(
        self, streams: Collection[str]
    ) -> Mapping[str, Mapping[EntityRef, Claim | Attendance]]:
        return leases_of(self._connection, streams)

    def due(self, now: datetime, limit: int) -> Sequence[Due]:
        return dues.due(self._connection, now, limit)

    def due_notices(self, now: datetime, limit: int) -> Sequence[tuple[AccountId, NoticeId]]:
        return notices.due_notices(self._connection, now, limit)

    def letter(self, notice_id: NoticeId) -> Letter | None:
        return letters.letter_of(self._connection, notice_id)

    def posted(self, account: AccountId, *, only_failed: bool, limit: int) -> Sequence[Posted]:
        return letters.posted(self._connection, account, only_failed=only_failed, limit=limit)

    def actor(self, person_id: PersonId) -> Actor | None:
        return actor_by_id(self._connection, person_id)

    def login(self, token_hash: str, now: datetime) -> tuple[LoginId, Actor] | None:
        return login_of(self._connection, token_hash, now)

    def logins_by_token(
        self, token_hashes: Collection[str], now: datetime
    ) -> Mapping[str, tuple[LoginId, Actor]]:
        return logins_by_token(self._connection, token_hashes, now)

    def logins(self, ids: Collection[LoginId], now: datetime) -> Mapping[LoginId, Actor]:
        return logins_of(self._connection, ids, now)

    def tries(self, of: Collection[str]) -> Mapping[str, Sequence[datetime]]:
        return tries_of(self._connection, of)

    def credentials(self, email: str) -> tuple[PersonId, str] | None:
        return credentials_of(self._connection, email)

    def clinic(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None:
        return clinic_by_id(self._connection, account, clinic_id)

    def booking_settings(self, account: AccountId) -> BookingSettings:
        return public_calendars.settings_of(self._connection, account)

    def public_calendar(self, slug: str) -> PublicCalendar | None:
        return public_calendars.by_slug(self._connection, slug)

    def public_calendar_by_id(self, calendar_id: CalendarId) -> PublicCalendar | None:
        return public_calendars.by_id(self._connection, calendar_id)

    def public_calendars(self, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
        return public_calendars.of_clinic(self._connection, clinic_id)

    def booking(self, token_hash: str) -> Booking | None:
        return bookings.booking_of(self._connection, token_hash)

    def clinics_of(self, actor: Actor) -> Sequence[Clinic]:
        """Return the clinics they schedule, host or ask in; all of them for an administrator."""
        theirs = or_(
            clinic.c.id.in_(actor.schedules),
            clinic.c.host_group_id.in_(actor.hosts_in),
            clinic.c.patient_group_id.in_(actor.asks_in),
            *([clinic.c.id > 0] if actor.is_administrator else []),
        )
        return clinics_where(self._connection, (clinic.c.account_id == actor.account_id) & theirs)

    def saved_replies(self, clinic_id: ClinicId) -> Sequence[SavedReply]:
        return replies.replies_of(self._connection, [clinic_id])[clinic_id]

    def decline_sentences(self, clinic_id: ClinicId) -> Mapping[DeclineReason, str]:
        return replies.sentences_of(self._connection, [clinic_id])[clinic_id]

    def request(self, account: AccountId, number: RequestNumber) -> SessionRequest | None:
        statement = select(request).where(
            request.c.account_id == account, request.c.number == number
        )
        rows = self._connection.execute(statement).mappings().all()
        return next(iter(loaded(self._connection, rows)), None)

    def sitting(
        self, account: AccountId, session_id: SessionId
    ) -> tuple[VideoSession, SessionRequest] | None:
        session = session_by_id(self._connection, account, session_id)
        if session is None:
            return None
        of_it = select(request).where(request.c.id == session.request_id)
        rows = self._connection.execute(of_it).mappings().all()
        return session, loaded(self._connection, rows)[0]

    def session_row(self, session_id: SessionId) -> SessionRow | None:
        return session_views.row_of(self._connection, session_id)

    def video(self, clinic_id: ClinicId) -> VideoSetting:
        return video_of(self._connection, clinic_id)

    def host_link(self, host_id: PersonId) -> str:
        return link_of(self._connection, host_id)

    def answered(self, request_id: RequestId) -> Answered | None:
        return forms.answered(self._connection, request_id)

    def form(self, clinic_id: ClinicId) -> Form:
        return forms.current_form(self._connection, clinic_id)

    def form_at(self, clinic_id: ClinicId, version: int) -> Form | None:
        return forms.form_at(self._connection, clinic_id, version)

    def form_versions(self, clinic_id: ClinicId) -> Sequence[FormVersion]:
        return forms.versions_of(self._connection, clinic_id)

    def hosts_of(self, group: GroupId) -> Sequence[Person]:
        return hosts_of(self._connection, group)

    def schedulers_of(self, clinic_id: ClinicId) -> Sequence[Person]:
        return directory.schedulers_of(self._connection, clinic_id)

    def availabilities(self, hosts: Collection[PersonId]) -> Mapping[PersonId, Availability]:
        return availabilities(self._connection, hosts)

    def connected(self, hosts: Collection[PersonId]) -> Collection[PersonId]:
        return connected_among(self._connection, hosts)

    def slots(self, hosts: Collection[PersonId], start: datetime, end: datetime) -> Sequence[Slot]:
        return slots_between(self._connection, hosts, start, end)

    def calendar_rules(self, hosts: Collection[PersonId]) -> Sequence[CalendarRule]:
        return rules_of(self._connection, hosts)

    def sessions_of(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> Sequence[VideoSession]:
        return live_sessions(self._connection, hosts, start, end)

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]:
        hosts = select(request_pass.c.host_id).where(request_pass.c.request_id == request_id)
        return frozenset(self._connection.execute(hosts).scalars())

    def rivals(self, of: SessionRequest) -> Sequence[Rival]:
        if of.target_host_id is None or not of.times:
            return []
        statement = (
            select(request.c.number, request.c.clinic_id)
            .join(requested_time, requested_time.c.request_id == request.c.id)
            .where(
                request.c.account_id == of.account_id,
                request.c.id != of.id,
                request.c.status == RequestStatus.PENDING,
                request.c.target_host_id == of.target_host_id,
                requested_time.c.starts_at.in_(of.times),
            )
            .distinct()
            .order_by(request.c.number)
        )
        found = self._connection.execute(statement)
        return [Rival(RequestNumber(row.number), ClinicId(row.clinic_id)) for row in found]

    def patients(self, clinic_id: ClinicId, matching: str, limit: int) -> Sequence[Person]:
        return directory.patients_of(self._connection, clinic_id, matching, limit)

    def people(self, account: AccountId, matching: str, limit: int) -> Sequence[Person]:
        return directory.people_of(self._connection, account, matching, limit)

    def invitee(self, person_id: PersonId) -> Person | None:
        return directory.invitee(self._connection, person_id)

    def count_people(self, account: AccountId, matching: str) -> int:
        return directory.count_of(self._connection, account, matching)

    def roles(
        self, account: AccountId, people: Collection[PersonId]
    ) -> Mapping[PersonId, frozenset[Role]]:
        return directory.roles_of(self._connection, account, people)
