"""Somebody not known yet opens the link that was mailed to them, and says that it was them."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.administered import invite
from dispatch.booking import Booking
from dispatch.errors import DecidedError, NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef
from dispatch.people import Actor, Person
from dispatch.ports import Done, Unit
from dispatch.reception import free_times, join_patients, open_calendar
from dispatch.submission import SubmitRequest, put_on_the_board
from dispatch.vocabulary import BookingId, EntityKind, NoticeId, PersonId, RequestType


@dataclass(frozen=True, slots=True)
class GiveLink:
    """Let one more link lead to what a message is about: its word is in the message only."""

    notice_id: NoticeId
    token_hash: str


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    """Whoever opened the link says that it was them who asked."""

    token_hash: str


def give_link(command: GiveLink, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep the hash of the link that a message is about to carry.

    Raises:
        NotAllowedError: the actor is a person.
        NotFoundError: no such message, or it is about nothing that a link leads to.
    """
    if not actor.is_system:
        raise NotAllowedError("Only the post puts links into messages.")
    notice = unit.notices.by_id(actor.account_id, command.notice_id)
    if notice is None or notice.about.kind is not EntityKind.BOOKING:
        raise NotFoundError("message")
    booking = unit.bookings.by_id(BookingId(notice.about.id))
    if booking is None:
        raise NotFoundError("message")
    unit.bookings.add_token(booking.id, command.token_hash)
    return Done(notice.about)


def confirm_booking(command: ConfirmBooking, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put on the board what waited for this; pressing twice is pressing once.

    Who has the link reads the mail of that address, so the request is of the person who signs in
    with it; somebody new becomes known, and nothing about a known person changes. Times that have
    gone meanwhile are left out, as long as one is left.

    Raises:
        NotFoundError: the link is cut off, or too old, or the calendar was closed meanwhile.
        DecidedError: none of the times is free any more.
        NotAllowedError: that person may not ask here.
    """
    booking = unit.bookings.by_token(command.token_hash)
    if booking is None or booking.until_at <= now or booking.account_id != actor.account_id:
        raise NotFoundError("booking")
    about = EntityRef(EntityKind.BOOKING, booking.id)
    if booking.confirmed_at is not None:
        return Done(about, booking.number, was_there=True)
    shown = open_calendar(unit.public_calendars.by_id(booking.calendar_id), unit)
    if not shown.calendar.takes_unknown:
        raise NotFoundError("calendar")
    service = shown.service(booking.service_id)
    free = free_times(booking.times, shown, service, unit, now)
    if not free:
        raise DecidedError("None of the times is free any more. Choose others in the calendar.")
    person = _person(booking, unit, now)
    requester = join_patients(person, shown, actor, unit, now)
    asked = SubmitRequest(
        clinic_id=shown.clinic.id,
        service_id=service.id,
        type=RequestType.SCHEDULED,
        times=free,
        target_host_id=shown.calendar.host_id,
        zone=booking.zone,
    )
    clinic, answered = shown.clinic, booking.answered
    done = put_on_the_board(asked, person, clinic, requester, unit, now, answered)
    if done.number is None:
        raise NotFoundError
    unit.bookings.save(booking.confirm(done.number, now, was_there=done.was_there))
    unit.record(requester, Change("booking.confirmed", about, frozenset()))
    return Done(about, done.number)


def _person(booking: Booking, unit: Unit, now: datetime) -> PersonId:
    """Return whom the address belongs to; who is new is made known, and may choose a password.

    An address that signs somebody in elsewhere is no sign-in name here, and is kept beside.
    """
    known = unit.people.by_email(booking.account_id, booking.email)
    if known is not None:
        return known.id
    source = f"mailto:{booking.email}"
    found = unit.people.by_source(booking.account_id, [source])
    if source in found:
        return found[source]
    is_taken = bool(unit.people.known_emails([booking.email]))
    person = Person(
        id=PersonId(0),
        account_id=booking.account_id,
        name=booking.name,
        zone=booking.zone,
        email=None if is_taken else booking.email,
        phone=booking.phone or None,
        source_identifier=source if is_taken else None,
    )
    stored = unit.people.add(person)
    if stored.email:
        invite(stored, unit, now)
    return stored.id
