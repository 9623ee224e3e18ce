"""What people not known yet asked for, in the database: until they confirm it, or a day is over."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from dispatch.answers import Answered
from dispatch.booking import Booking
from dispatch.vocabulary import (
    AccountId,
    BookingId,
    CalendarId,
    EntityKind,
    RequestNumber,
    ServiceId,
)
from server.storage.form_text import answers_in, answers_text
from server.storage.tables import booking, booking_time, booking_token, outbox

_BY_ID = select(booking).where(booking.c.id == bindparam("id"))
_BY_TOKEN = (
    select(booking)
    .join(booking_token, booking_token.c.booking_id == booking.c.id)
    .where(booking_token.c.token_hash == bindparam("token"))
)
_TIMES = (
    select(booking_time.c.starts_at)
    .where(booking_time.c.booking_id == bindparam("id"))
    .order_by(booking_time.c.rank)
)
_COUNT = (
    select(func.count())
    .select_from(booking)
    .where(
        booking.c.email == bindparam("email"),
        booking.c.account_id == bindparam("account"),
        booking.c.asked_at > bindparam("since"),
    )
)
_ROOM = 0x6469  # of locks by address: two numbers, unlike those that the whole database shares
_HOLD = text("SELECT pg_advisory_xact_lock(:room, hashtext(:email))")
_OLD = select(booking.c.id).where(booking.c.asked_at < bindparam("before")).order_by(booking.c.id)
_PLAIN = ("name", "email", "phone", "zone", "asked_at", "confirmed_at", "number", "was_there")


class SqlBookings:
    """``dispatch.ports.Bookings`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: Booking) -> Booking:
        values = {name: getattr(draft, name) for name in (*_PLAIN, "account_id", "calendar_id")}
        values |= {
            "service_id": draft.service_id,
            "answers_version": draft.answered.version,
            "answers": answers_text(draft.answered.answers),
        }
        made = insert(booking).returning(booking.c.id)
        key = BookingId(self._connection.execute(made, values).scalar_one())
        rows = [
            {"booking_id": key, "rank": rank, "starts_at": at}
            for rank, at in enumerate(draft.times, start=1)
        ]
        self._connection.execute(insert(booking_time), rows)
        return replace(draft, id=key)

    def by_id(self, booking_id: BookingId) -> Booking | None:
        return _one(self._connection, _BY_ID, id=booking_id)

    def by_token(self, token_hash: str) -> Booking | None:
        locked = _BY_TOKEN.with_for_update(of=booking)
        return _one(self._connection, locked, token=token_hash)

    def add_token(self, booking_id: BookingId, token_hash: str) -> None:
        row = {"booking_id": booking_id, "token_hash": token_hash}
        self._connection.execute(insert(booking_token), row)

    def save(self, changed: Booking) -> None:
        self._connection.execute(
            update(booking)
            .where(booking.c.id == changed.id)
            .values(
                confirmed_at=changed.confirmed_at,
                number=changed.number,
                was_there=changed.was_there,
            )
        )

    def count_since(self, account: AccountId, email: str, since: datetime) -> int:
        if self._connection.dialect.name != "sqlite":  # whose one writer holds everything
            self._connection.execute(_HOLD, {"room": _ROOM, "email": email})
        asked = {"account": account, "email": email, "since": since}
        return self._connection.execute(_COUNT, asked).scalar_one()


def booking_of(connection: Connection, token_hash: str) -> Booking | None:
    """Return what a link leads to."""
    return _one(connection, _BY_TOKEN, token=token_hash)


def times_of_booking(connection: Connection, booking_id: int) -> tuple[datetime, ...]:
    """Return the times that were asked for, in their rank."""
    return tuple(connection.execute(_TIMES, {"id": booking_id}).scalars())


def purge_bookings(connection: Connection, before: datetime, limit: int) -> int:
    """Forget who asked before that instant, and the messages to them; return how many that was."""
    old = list(connection.execute(_OLD.limit(limit), {"before": before}).scalars())
    if old:
        about = (outbox.c.about_kind == EntityKind.BOOKING, outbox.c.about_id.in_(old))
        connection.execute(delete(outbox).where(*about))
        for table in (booking_time, booking_token):
            connection.execute(delete(table).where(table.c.booking_id.in_(old)))
        connection.execute(delete(booking).where(booking.c.id.in_(old)))
    return len(old)


def _one(
    connection: Connection, statement: "Select[tuple[object, ...]]", **asked: object
) -> Booking | None:
    row = connection.execute(statement, asked).first()
    if row is None:
        return None
    return _booking(row, times_of_booking(connection, row.id))


def _booking(row: "Row[tuple[object, ...]]", times: tuple[datetime, ...]) -> Booking:
    return Booking(
        id=BookingId(row.id),
        account_id=AccountId(row.account_id),
        calendar_id=CalendarId(row.calendar_id),
        service_id=ServiceId(row.service_id),
        times=times,
        name=row.name,
        email=row.email,
        phone=row.phone,
        zone=row.zone,
        answered=Answered(row.answers_version, answers_in(row.answers)),
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        number=None if row.number is None else RequestNumber(row.number),
        was_there=row.was_there,
    )
