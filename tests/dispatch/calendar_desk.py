"""Knows a desk with open public calendars, and what members, strangers and an administrator do there."""

from datetime import datetime
from typing import Any

from dispatch.people import system_actor
from dispatch.ports import Done
from dispatch.usecases.booking import AskForTimes, AskUnknown, ask_unconfirmed
from dispatch.usecases.booking_confirmation import (
    ConfirmBooking,
    GiveLink,
    confirm_booking,
    give_link,
)
from dispatch.usecases.booking_setup import SetBooking, SetCalendar
from dispatch.vocabulary import EntityKind, NoticeId
from tests.builders import ACCOUNT, NOON, hours, minutes
from tests.dispatch.desk import Desk

TEN = NOON + hours(22)  # tomorrow at ten
TIMES = (TEN + minutes(40), TEN)


def a_desk() -> Desk:
    """The daytime clinic's calendar and Ada's are open to everybody; she is there from ten to twelve."""
    desk = Desk()
    opened(desk)
    desk.open_slot(desk.ada, TEN, hours(2))
    return desk


def opened(desk: Desk, *, takes_unknown: bool = True) -> None:
    service = desk.daytime.services[0].id
    desk.does(desk.root, SetBooking(True, frozenset({service})))
    own = SetCalendar(desk.daytime.id, None, "daytime", True, takes_unknown)
    desk.does(desk.root, own)
    desk.does(desk.root, SetCalendar(desk.daytime.id, desk.ada, "ada", True))


def member(desk: Desk, *times: datetime, by: int | None = None, **more: Any) -> Done:
    given: dict[str, Any] = {
        "slug": "daytime",
        "service_id": desk.daytime.services[0].id,
        "times": times or TIMES,
        "zone": "America/New_York",
    }
    return desk.does(by or desk.mia, AskForTimes(**given | more))


def stranger(desk: Desk, *times: datetime, key: str | None = None, **more: Any) -> Done:
    given: dict[str, Any] = {
        "slug": "daytime",
        "service_id": desk.daytime.services[0].id,
        "times": times or TIMES,
        "zone": "Europe/Berlin",
        "name": "Vera New",
        "email": "Vera@example.net",
        "phone": "+49 30 5550 1234",
        "note": "My knee.",
    }
    return desk.store.run(
        ask_unconfirmed, AskUnknown(**given | more), system_actor(ACCOUNT), key=key
    )


def link(desk: Desk, token: str = "h" * 64) -> str:
    """Give the youngest booking's message a link; return the hash of its word."""
    notice = max(
        n.id for n in desk.store.rows.outbox.values() if n.about.kind == EntityKind.BOOKING
    )
    desk.store.run(give_link, GiveLink(NoticeId(notice), token), system_actor(ACCOUNT))
    return token


def confirm(desk: Desk, token: str) -> Done:
    return desk.store.run(confirm_booking, ConfirmBooking(token), system_actor(ACCOUNT))


def person_of(desk: Desk, number: int) -> Any:
    return desk.store.rows.people[desk.request(number).requester_id]


def off_for_the_account(desk: Desk) -> None:
    desk.does(desk.root, SetBooking(False, frozenset({desk.daytime.services[0].id})))


def off_for_the_clinic(desk: Desk) -> None:
    desk.does(desk.root, SetCalendar(desk.daytime.id, None, "daytime", False, True))


def off_for_the_host(desk: Desk) -> None:
    desk.does(desk.root, SetCalendar(desk.daytime.id, desk.ada, "ada", False))
