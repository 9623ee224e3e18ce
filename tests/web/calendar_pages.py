"""Knows a house with an open public calendar, and how somebody goes through its pages without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dispatch.people import system_actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.booking_confirmation import GiveLink, give_link
from dispatch.usecases.booking_setup import (
    SetBooking,
    SetCalendar,
    SetEveryHost,
    set_booking,
    set_calendar,
    set_every_host,
)
from dispatch.vocabulary import NoticeKind, RequestNumber
from server.tokens import hash_of
from tests.builders import NOON, hours, minutes
from tests.web.house import House, open_house, words
from tests.web.pages import Element, read

TEN = NOON + hours(
    21
)  # tomorrow at ten in Chicago is four in the afternoon UTC; here nine UTC is 4am EST
FIRST, SECOND, THIRD = TEN, TEN + minutes(20), TEN + minutes(40)
KEY = "k" * 22
TOKEN = "a-token-that-nobody-guesses-0123456789abcdef"


@contextmanager
def open_calendar(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.run(open_east, opened)
        opened.run(opened.desk.slot, "Eva Stone", TEN, TEN + hours(2))
        yield opened


async def open_east(house: House, *, services: int = 1, takes_unknown: bool = True) -> None:
    east, store = house.desk.clinics["Eastside"], house.desk.store
    system = system_actor(house.desk.account)
    named = frozenset(service.id for service in east.services[:services])
    await store.perform(set_booking, SetBooking(True, named), system)
    own = SetCalendar(east.id, None, "east", True, takes_unknown)
    await store.perform(set_calendar, own, system)
    await store.perform(set_every_host, SetEveryHost(east.id, True), system)


def text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wish(house: House, *times: datetime, **more: Any) -> list[tuple[str, str]]:
    service = house.desk.clinics["Eastside"].services[0].id
    chosen = [("service", str(service)), *(("t", text(at)) for at in times or (FIRST,))]
    return [*chosen, *((name, str(value)) for name, value in more.items())]


def who(**changes: str) -> dict[str, str]:
    return {"name": "Vera New", "email": "vera@example.net", "phone": "", "zone": "UTC"} | changes


def post(
    house: House, step: str, fields: list[tuple[str, str]] | dict[str, str], slug: str = "east"
) -> Any:
    if isinstance(fields, dict):
        fields = [*fields.items()]
    pairs: dict[str, list[str]] = {}
    for name, value in fields:
        pairs.setdefault(name, []).append(value)
    return house.post(f"/book/{slug}/{step}", pairs)


def send(house: House, *times: datetime, key: str = KEY, **changes: str) -> Any:
    return post(house, "requests", wish(house, *times, **who(**changes), key=key))


def page_of(house: House, path: str) -> Element:
    reply = house.get(path)
    while reply.status_code == 303:
        reply = house.get(reply.headers["location"])
    assert reply.status_code == 200, reply.text
    return read(reply.text)


def offered(page: Element) -> list[str]:
    """Return the times that can be added, as they read."""
    links = page.all("a", class_="time")
    return [link.words.partition(", ")[2] or link.words for link in links if "Add" in link.words]


def linked(house: House, token: str = TOKEN) -> str:
    """Let the youngest booking's message have gone out with a link; return its path."""
    account = house.desk.account
    posted = house.read(lambda r: r.posted(account, only_failed=False, limit=50))
    notice = next(each.id for each in posted if each.kind is NoticeKind.CONFIRM_BOOKING)
    command = GiveLink(notice, hash_of(token))
    house.run(house.desk.store.perform, give_link, command, system_actor(account))
    return f"/booking/{token}"


def letters(house: House) -> int:
    account = house.desk.account
    posted = house.read(lambda r: r.posted(account, only_failed=False, limit=99))
    return sum(each.kind is NoticeKind.CONFIRM_BOOKING for each in posted)


def ranked(page: Element) -> list[str]:
    found = [item.one("strong").words for item in page.all("li", class_="chosen__time")]
    return [words.rpartition(", ")[2] for words in found]


def accept(house: House, number: RequestNumber) -> None:
    eva = house.desk.people["Eva Stone"]
    request = house.request(number)
    command = AcceptRequest(number, request.version, eva.person_id, request.times[0])
    house.run(house.desk.store.perform, accept_request, command, eva)


def go_on(house: House, page: Element, button: str, **typed: str) -> Element:
    """Fill the form that has the button, press it, and return the page that follows."""
    form = next(f for f in page.all("form") if any(button in b.words for b in f.all("button")))
    fields: dict[str, list[str]] = {}
    for each in form.all("input"):
        fields.setdefault(each.attrs["name"], []).append(each.attrs.get("value", ""))
    for name, value in typed.items():
        fields[name] = [value]
    reply = house.post(form.attrs["action"], fields)
    if reply.status_code == 303:
        return page_of(house, reply.headers["location"])
    assert reply.status_code == 200, words(reply)
    return read(reply.text)
