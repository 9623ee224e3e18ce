"""Times are asked for on a public calendar: by a member at once, by others once they confirm."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import permissions
from dispatch.answers import NOTHING_GIVEN, Given
from dispatch.booking import CONFIRM_WITHIN, MOST_LETTERS, Booking
from dispatch.contact import checked_email, checked_name, checked_phone
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef
from dispatch.local_time import zone_named
from dispatch.notice import Addressee
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.reception import join_patients, open_calendar, request_for, require_free
from dispatch.submission import answers_to_form, check_note, put_on_the_board
from dispatch.vocabulary import BookingId, EntityKind, NoticeKind, ServiceId


@dataclass(frozen=True, slots=True)
class AskForTimes:
    """A member asks for times of a public calendar, the most wanted first."""

    slug: str
    service_id: ServiceId
    times: tuple[datetime, ...]
    zone: str
    note: str = ""
    given: Given = NOTHING_GIVEN  # for the clinic's own questions


@dataclass(frozen=True, slots=True)
class AskUnknown:
    """The same by somebody not known yet, who says who they are."""

    slug: str
    service_id: ServiceId
    times: tuple[datetime, ...]
    zone: str
    name: str
    email: str
    phone: str = ""
    note: str = ""
    given: Given = NOTHING_GIVEN  # for the clinic's own questions


def ask_for_times(command: AskForTimes, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put a member's times on the board, for the clinic's hosts or the calendar's one.

    Whoever has a sign-in here and is no patient of the clinic yet becomes one, where the clinic
    takes people that it does not know.

    Raises:
        NotFoundError: there is no such calendar, or none of this account.
        NotAllowedError: it is for patients of the clinic, and the actor is none.
        InvalidError: a time is not free (any more), or something else cannot be used.
        FormChangedError: the clinic asks other questions than those that were answered.
    """
    shown = open_calendar(unit.public_calendars.by_slug(command.slug), unit)
    if shown.clinic.account_id != actor.account_id:
        raise NotFoundError("calendar")
    if not permissions.may_ask(actor, shown.clinic):
        if not shown.calendar.takes_unknown:
            raise NotAllowedError("This calendar is for patients of the clinic.")
        join_patients(actor.person_id, shown, actor, unit, now)
    service = shown.service(command.service_id)
    require_free(command.times, shown, service, unit, now)
    asked = request_for(shown, service, command)
    return put_on_the_board(asked, actor.person_id, shown.clinic, actor, unit, now)


def ask_unconfirmed(command: AskUnknown, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Keep what a stranger asks for, off the board, and mail them a link to confirm it.

    The answer is the same whether or not the address is known, and when enough was sent to it
    lately: then nothing is kept, and the links that were sent still work.

    Raises:
        NotFoundError: there is no such calendar.
        NotAllowedError: it is for patients of the clinic only.
        InvalidError: a time is not free (any more), or something else cannot be used.
        FormChangedError: the clinic asks other questions than those that were answered.
    """
    shown = open_calendar(unit.public_calendars.by_slug(command.slug), unit)
    if not shown.calendar.takes_unknown:
        raise NotAllowedError("This calendar is for patients of the clinic. Sign in to use it.")
    service = shown.service(command.service_id)
    zone_named(command.zone)
    check_note(command.note)
    asked = request_for(shown, service, command)
    draft = Booking(
        id=BookingId(0),
        account_id=shown.calendar.account_id,
        calendar_id=shown.calendar.id,
        service_id=service.id,
        times=command.times,
        name=checked_name(command.name),
        email=checked_email(command.email),
        phone=checked_phone(command.phone),
        zone=command.zone,
        answered=answers_to_form(asked, shown.clinic, unit),
        asked_at=now,
    )
    require_free(command.times, shown, service, unit, now)
    sent = unit.bookings.count_since(draft.account_id, draft.email, now - CONFIRM_WITHIN)
    if sent >= MOST_LETTERS:
        return Done(EntityRef(EntityKind.BOOKING, 0), was_there=True)
    booking = unit.bookings.add(draft)
    about = EntityRef(EntityKind.BOOKING, booking.id)
    # No name: a stranger's words do not go to an address that may be somebody else's.
    addressee = Addressee(booking.account_id, booking.email, "", booking.zone)
    unit.notify_address(NoticeKind.CONFIRM_BOOKING, addressee, about)
    unit.record(actor, Change("booking.asked", about, frozenset()))
    return Done(about)
