"""Knows the scenes of public calendars: opened and closed, asked on, and confirmed by mail."""

from collections.abc import AsyncGenerator
from typing import Any

from dispatch.people import system_actor
from dispatch.usecases.booking import AskForTimes, AskUnknown, ask_for_times, ask_unconfirmed
from dispatch.usecases.booking_confirmation import (
    ConfirmBooking,
    GiveLink,
    confirm_booking,
    give_link,
)
from dispatch.usecases.booking_setup import (
    SetBooking,
    SetCalendar,
    SetEveryHost,
    set_booking,
    set_calendar,
    set_every_host,
)
from dispatch.vocabulary import NoticeId, NoticeKind
from tests.builders import hours
from tests.house.convergence_stage import LATER, scene
from tests.house.convergence_world import ADMINISTRATOR, World

TOKEN = "h" * 64


async def _open(w: World) -> None:
    east = w.desk.clinics["Eastside"]
    booking = SetBooking(True, frozenset(service.id for service in east.services))
    await w.does(ADMINISTRATOR, set_booking, booking)
    await w.does(ADMINISTRATOR, set_calendar, SetCalendar(east.id, None, "east", True, True))
    await w.does(ADMINISTRATOR, set_every_host, SetEveryHost(east.id, True))
    await w.desk.slot("Eva Stone", LATER[0], LATER[0] + hours(1))
    await w.tell()


async def _system(w: World, usecase: Any, command: object) -> None:
    await w.store.perform(usecase, command, system_actor(w.desk.account))
    await w.tell()


def _unknown(w: World, email: str = "vera@example.net") -> AskUnknown:
    service = w.desk.clinics["Eastside"].services[0].id
    return AskUnknown("east", service, (LATER[0],), "Europe/Berlin", "Vera <b>New</b>", email)


async def _linked(w: World, email: str = "vera@example.net") -> None:
    await _system(w, ask_unconfirmed, _unknown(w, email))
    account = w.desk.account
    posted = await w.store.read(lambda r: r.posted(account, only_failed=False, limit=9))
    notice = next(each.id for each in posted if each.kind is NoticeKind.CONFIRM_BOOKING)
    await _system(w, give_link, GiveLink(NoticeId(notice), TOKEN))


@scene(set_booking)
async def an_account_shows_calendars(w: World) -> AsyncGenerator[None, None]:
    yield
    services = frozenset({w.desk.clinics["Eastside"].services[0].id})
    await w.does(ADMINISTRATOR, set_booking, SetBooking(True, services))


@scene(set_calendar)
async def a_clinics_calendar_is_opened_and_closed(w: World) -> AsyncGenerator[None, None]:
    east = w.desk.clinics["Eastside"].id
    yield
    await w.does(ADMINISTRATOR, set_calendar, SetCalendar(east, None, "east", True, True))
    await w.does(ADMINISTRATOR, set_calendar, SetCalendar(east, None, "east", False))


@scene(set_every_host)
async def every_host_is_on_a_calendar(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does(ADMINISTRATOR, set_every_host, SetEveryHost(w.desk.clinics["Northside"].id, True))


@scene(ask_for_times)
async def a_member_asks_on_a_calendar(w: World) -> AsyncGenerator[None, None]:
    await _open(w)
    yield
    service = w.desk.clinics["Eastside"].services[0].id
    asks = AskForTimes("east", service, (LATER[0],), "Europe/Berlin", "A <note>.")
    await w.does("Jordan Park", ask_for_times, asks)


@scene(ask_unconfirmed)
async def a_stranger_asks_and_no_page_hears_of_it(w: World) -> AsyncGenerator[None, None]:
    await _open(w)
    yield
    await _system(w, ask_unconfirmed, _unknown(w))


@scene(give_link)
async def a_link_is_put_into_a_message(w: World) -> AsyncGenerator[None, None]:
    await _open(w)
    yield
    await _linked(w)


@scene(confirm_booking)
async def a_stranger_confirms_and_is_on_the_board(w: World) -> AsyncGenerator[None, None]:
    await _open(w)
    await _linked(w)
    yield
    await _system(w, confirm_booking, ConfirmBooking(TOKEN))


@scene(confirm_booking)
async def a_stranger_confirms_a_second_time(w: World) -> AsyncGenerator[None, None]:
    await _open(w)
    await _linked(w)
    await _system(w, confirm_booking, ConfirmBooking(TOKEN))
    yield
    await _system(w, confirm_booking, ConfirmBooking(TOKEN))
