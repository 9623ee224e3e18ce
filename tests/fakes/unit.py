"""One transaction in memory: the ports of a use case, and what it will say once it is kept."""

from collections.abc import Iterable
from datetime import datetime

from dispatch.events import Change, EntityRef
from dispatch.notice import Addressee, Notice
from dispatch.people import Actor
from dispatch.stream import Cursor
from dispatch.vocabulary import AccountId, NoticeId, NoticeKind, PersonId
from tests.fakes.account_rows import FakeAccounts, FakeGroups, FakeServices
from tests.fakes.booking_rows import FakeBookings, FakePublicCalendars
from tests.fakes.calendar_rows import FakeCalendars
from tests.fakes.connected_rows import FakeConnected
from tests.fakes.desk_rows import FakeRequests, FakeSessions
from tests.fakes.form_rows import FakeForms
from tests.fakes.leases import FakeLeases
from tests.fakes.memory import Audit, Event, Memory
from tests.fakes.post_rows import FakeNotices
from tests.fakes.reply_rows import FakeReplies
from tests.fakes.staff_rows import FakeClinics, FakeHosts, FakeLogins, FakePeople
from tests.fakes.tries import FakeTries
from tests.fakes.video_rows import FakeVideos


class FakeUnit:
    """The rows of one transaction; its events get their numbers last."""

    def __init__(self, rows: Memory, now: datetime) -> None:
        self._rows, self._now = rows, now
        self.requests = FakeRequests(rows)
        self.sessions = FakeSessions(rows)
        self.accounts = FakeAccounts(rows)
        self.groups = FakeGroups(rows)
        self.services = FakeServices(rows)
        self.clinics = FakeClinics(rows)
        self.people = FakePeople(rows)
        self.hosts = FakeHosts(rows)
        self.calendars = FakeCalendars(rows)
        self.claims = FakeLeases(rows.claims)
        self.connected = FakeConnected(rows)
        self.logins = FakeLogins(rows)
        self.forms = FakeForms(rows)
        self.replies = FakeReplies(rows)
        self.notices = FakeNotices(rows)
        self.attendances = FakeLeases(rows.attendances)
        self.videos = FakeVideos(rows)
        self.public_calendars = FakePublicCalendars(rows)
        self.bookings = FakeBookings(rows)
        self.tries = FakeTries(rows.tries)
        self._changes: list[Change] = []

    def record(self, actor: Actor, *changes: Change) -> None:
        for rank, change in enumerate(changes):
            row = Audit(
                actor.person_id,
                change.kind,
                change.entity,
                self._now,
                actor.account_id,
                names_it=not rank and not self._changes,
            )
            self._rows.audit.append(row)
        self._changes.extend(changes)

    def notify(
        self,
        kind: NoticeKind,
        recipients: Iterable[PersonId],
        about: EntityRef,
        occasion: int = 0,
    ) -> None:
        for recipient in sorted(set(recipients)):
            account = self._rows.people[recipient].account_id
            self._put(account, kind, recipient, None, about, occasion)

    def notify_address(
        self, kind: NoticeKind, addressee: Addressee, about: EntityRef, occasion: int = 0
    ) -> None:
        self._put(addressee.account_id, kind, None, addressee, about, occasion)

    def _put(
        self,
        account: AccountId,
        kind: NoticeKind,
        recipient: PersonId | None,
        addressee: Addressee | None,
        about: EntityRef,
        occasion: int,
    ) -> None:
        notice = Notice(
            id=NoticeId(self._rows.next_id("outbox")),
            account_id=account,
            kind=kind,
            recipient_id=recipient,
            about=about,
            created_at=self._now,
            wanted_at=self._now,
            next_at=self._now,
            occasion=occasion,
            addressee=addressee,
        )
        if not any(_is_repeat(notice, one) for one in self._rows.outbox.values()):
            self._rows.outbox[notice.id] = notice

    def token(self) -> str:
        return f"token-{self._rows.next_id('token')}"

    def number_events(self) -> None:
        """Give every change the next number of each of its streams."""
        for change in self._changes:
            for stream in sorted(change.streams):
                head = self._rows.heads.get(stream, Cursor(0, ""))
                cursor = Cursor(head.seq + 1, f"{self._rows.next_id('tag'):08x}")
                event = Event(cursor.seq, cursor.tag, change.kind, change.entity, self._now)
                self._rows.heads[stream] = cursor
                self._rows.log[stream] = (*self._rows.log.get(stream, ()), event)


def _is_repeat(one: Notice, other: Notice) -> bool:
    def said(notice: Notice) -> tuple[object, ...]:
        email = notice.addressee.email if notice.addressee else ""
        return notice.recipient_id, email, notice.kind, notice.about, notice.occasion

    return said(one) == said(other)
