"""What pages, frames and background work ask of storage: rows as one instant knew them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

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
from dispatch.line import Estimate, PastWait, Waiting
from dispatch.oversight import Oversight
from dispatch.people import Actor, Person
from dispatch.reply import SavedReply
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.slots import CalendarRule, Slot
from dispatch.status_link import Linked
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
    Role,
    SessionId,
)

DueKind = Literal[
    "decline",
    "expiry",
    "claim",
    "toggle",
    "break",
    "reminder",
    "escalation",
    "connected",
    "absence",
    "visit",
]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that time alone has made due; ``absence`` is of a patient from a waiting room,
    ``visit`` a session that nobody ended.
    """

    kind: DueKind
    account_id: AccountId
    id: int  # of the request, of the host for a toggle and a break, or of the session


class Reading(Oversight, Protocol):
    """Rows as one instant knew them; scope (account, clinics, person) is part of each query."""

    def cursor(self, stream: str) -> Cursor:
        """Return the head of a stream; seq 0 and an empty tag before its first event."""

    def cursors(self, streams: Collection[str]) -> Mapping[str, Cursor]:
        """Return the head of each stream, as ``cursor`` does."""

    def heads(self, streams: Collection[str]) -> Mapping[str, int]:
        """Return the number of the last event of each stream; 0 before the first."""

    def tag_at(self, stream: str, seq: int) -> str | None:
        """Return the tag of an event, or None below the floor or above the head."""

    def events(self, stream: str, after: int, limit: int) -> Sequence[LoggedEvent]:
        """Return what comes after a place, in order."""

    def read_ahead(self, places: Mapping[str, int], limit: int) -> None:
        """Take note that heads, and events after these places, will be asked for: of every one.

        No answer is another for it; they may be had together where asking takes long.
        """

    def views(
        self, stream: str, projection: Projection, only: Collection[EntityRef] | None, now: datetime
    ) -> Sequence[View]:
        """Return the stream's current views, or those of ``only`` that are still in it."""

    def leases(
        self, streams: Collection[str]
    ) -> Mapping[str, Mapping[EntityRef, Claim | Attendance]]:
        """Return each claim by its request, and on a patient's stream their attendance by its
        session: renewals make no event, so the heartbeat carries the leases. A stream without any
        is there, and empty: nobody renews for it.
        """

    def due(self, now: datetime, limit: int) -> Sequence[Due]: ...
    def due_notices(self, now: datetime, limit: int) -> Sequence[tuple[AccountId, NoticeId]]:
        """Return the notices to be tried, those that are due longest first."""

    def letter(self, notice_id: NoticeId) -> Letter | None:
        """Return what a notice says now, to whom."""

    def posted(self, account: AccountId, *, only_failed: bool, limit: int) -> Sequence[Posted]:
        """Return the account's notices, the youngest first."""

    def outcomes(self, requests: Collection[RequestId]) -> Mapping[RequestId, Outcome]: ...
    def actor(self, person_id: PersonId) -> Actor | None: ...
    def login(self, token_hash: str, now: datetime) -> tuple[LoginId, Actor] | None:
        """Return the sign-in of a token and who it is, unless ended, expired or disabled."""

    def logins_by_token(
        self, token_hashes: Collection[str], now: datetime
    ) -> Mapping[str, tuple[LoginId, Actor]]:
        """Return the same as ``login`` for each of the tokens that is one, in one go."""

    def logins(self, ids: Collection[LoginId], now: datetime) -> Mapping[LoginId, Actor]:
        """Return who it is for those of the sign-ins that are not ended, expired or disabled."""

    def by_email(self, email: str) -> Actor | None:
        """Return whose address it is, password or not; None also for who is disabled."""

    def credentials(self, email: str) -> tuple[PersonId, str] | None:
        """Return the person and password hash of a sign-in name."""

    def tries(self, of: Collection[str]) -> Mapping[str, Sequence[datetime]]:
        """Return when each was tried in the last hour or longer, earliest first."""

    def waiting_now(self) -> Sequence[Waiting]:
        """Return every Now request that waits, oldest first."""

    def past_waits(self, clinics: Collection[ClinicId], since: datetime) -> Sequence[PastWait]:
        """Return the Now requests of the clinics whose wait has ended since then."""

    def told_waits(self, requests: Collection[RequestId]) -> Mapping[RequestId, Estimate]:
        """Return the range that each requester was shown first."""

    def link_secret(self) -> bytes:
        """Return the key that makes status links unguessable; it is as old as the database."""

    def linked(self, requests: Collection[RequestId]) -> Mapping[RequestId, Linked]:
        """Return what there is to the links of each; none where who asked is disabled."""

    def clinic(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None: ...
    def booking_settings(self, account: AccountId) -> BookingSettings: ...
    def public_calendar(self, slug: str) -> PublicCalendar | None:
        """Return a public calendar of any account, open or not."""

    def public_calendar_by_id(self, calendar_id: CalendarId) -> PublicCalendar | None: ...
    def public_calendars(self, clinic_id: ClinicId) -> Sequence[PublicCalendar]:
        """Return the clinic's own, if there is one, and those of its hosts."""

    def booking(self, token_hash: str) -> Booking | None:
        """Return what a link that was mailed leads to."""

    def clinics_of(self, actor: Actor) -> Sequence[Clinic]:
        """Return the clinics they schedule, host or ask in; all of the account's for an
        administrator.
        """

    def saved_replies(self, clinic_id: ClinicId) -> Sequence[SavedReply]:
        """Return the clinic's replies in its own order."""

    def decline_sentences(self, clinic_id: ClinicId) -> Mapping[DeclineReason, str]:
        """Return the sentences for declines that the clinic has worded itself."""

    def request(self, account: AccountId, number: RequestNumber) -> SessionRequest | None: ...
    def sitting(
        self, account: AccountId, session_id: SessionId
    ) -> tuple[VideoSession, SessionRequest] | None:
        """Return a session and the request that it was made of."""

    def session_row(self, session_id: SessionId) -> SessionRow | None:
        """Return a session as its people see it, whatever became of it."""

    def video(self, clinic_id: ClinicId) -> VideoSetting:
        """Return how the clinic's visits get their link, the secret included."""

    def host_link(self, host_id: PersonId) -> str: ...
    def answered(self, request_id: RequestId) -> Answered | None:
        """Return what was answered with a request; None where the clinic had no form."""

    def form(self, clinic_id: ClinicId) -> Form:
        """Return the clinic's form; version 0, without questions, where none was saved."""

    def form_at(self, clinic_id: ClinicId, version: int) -> Form | None: ...

    def form_versions(self, clinic_id: ClinicId) -> Sequence[FormVersion]:
        """Return the versions that were saved, the last one first."""

    def hosts_of(self, group: GroupId) -> Sequence[Person]: ...
    def schedulers_of(self, clinic_id: ClinicId) -> Sequence[Person]:
        """Return the clinic's schedulers who are not disabled, by name."""

    def availabilities(self, hosts: Collection[PersonId]) -> Mapping[PersonId, Availability]: ...
    def connected(self, hosts: Collection[PersonId]) -> Collection[PersonId]:
        """Return those of the hosts who have a live page open."""

    def slots(self, hosts: Collection[PersonId], start: datetime, end: datetime) -> Sequence[Slot]:
        """Return the hosts' slots that touch ``[start, end]``, by host and start, less time off."""

    def calendar_rules(self, hosts: Collection[PersonId]) -> Sequence[CalendarRule]:
        """Return the rules of the hosts' calendars in the order in which they were made."""

    def sessions_of(
        self, hosts: Collection[PersonId], start: datetime, end: datetime
    ) -> Sequence[VideoSession]: ...
    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]: ...
    def rivals(self, request: SessionRequest) -> Sequence[Rival]:
        """Return other pending requests that want the same host at one of the same times.

        Of whichever clinic of the account: a host of several is asked for in each.
        """

    def patients(self, clinic_id: ClinicId, matching: str, limit: int) -> Sequence[Person]:
        """Return members of the clinic's patient group whose name holds the text, by name."""

    def people(self, account: AccountId, matching: str, limit: int) -> Sequence[Person]:
        """Return the first people whose name holds the text, by name; empty text finds all."""

    def invitee(self, person_id: PersonId) -> Person | None:
        """Return somebody who was invited and has not answered, of whichever account."""

    def count_people(self, account: AccountId, matching: str) -> int:
        """Return how many people there are whose name holds the text."""

    def roles(
        self, account: AccountId, people: Collection[PersonId]
    ) -> Mapping[PersonId, frozenset[Role]]:
        """Return the roles of each, also of who is disabled; of other accounts' people none."""
