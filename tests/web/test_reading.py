"""To ask for a page changes nothing: on every route, for whoever may read it, however it is asked for."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dispatch.usecases.people import InvitePerson, invite_person
from dispatch.vocabulary import SessionId
from dispatch.welcome import write_token
from tests.journeys.corpus import READERS
from tests.web.calendar_pages import TEN, linked, open_calendar, send, wish
from tests.web.house import FROM_US, House
from tests.web.sittings import planned
from tests.web.slot_pages import rules
from tests.web.test_link_page import link_to

SOCKETS = {"/live", "/r/{token}/live"}
NOT_HERE = {"/metrics"}  # it has a port of its own


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_calendar(tmp_path) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        yield opened


def addresses(house: House) -> dict[str, list[str]]:
    """Return each page with what it is really about, and with what its address may say besides."""
    desk = house.desk
    session = planned(house)
    waits = house.ask("Jordan Park", TEN, clinic="Southside")
    assert send(house).status_code == 303
    booking = linked(house)
    eva, ruth = (desk.people[name].person_id for name in ("Eva Stone", "Ruth Gold"))
    house.run(house.desk.does, "Ruth Gold", invite_person, InvitePerson(ruth))
    invited = house.read(lambda reading: reading.invitee(ruth))
    secret = house.read(lambda reading: reading.link_secret())
    assert invited
    assert invited.invited_at
    north, rule = desk.clinics["Northside"], rules(house)[0].id
    link = link_to(house, waits)
    query = "&".join(f"{name}={value}" for name, value in wish(house))
    service = wish(house)[0][1]
    own: dict[str, list[str]] = {
        "/welcome/{token}": [f"/welcome/{write_token(ruth, invited.invited_at, secret)}"],
        "/r/{token}": [link, f"{link}?video", f"{link}?do=withdraw"],
        "/booking/{token}": [booking],
        "/requests/new": [
            f"/requests/new?clinic={north.id}",
            f"/requests/new?again={waits}",
            f"/requests/new?clinic={north.id}&type=Now&service={north.services[0].id}",
        ],
        "/static/{release}/{path}": [],
    }
    found: dict[str, list[str]] = {}
    for path in READERS:
        ids = {"number": waits, "rule": rule, "slug": "east"}
        if path.startswith("/sessions/"):
            ids["id"] = session
        elif path.startswith("/admin/people/"):
            ids["id"] = eva
        elif path.startswith("/admin/clinics/"):
            ids["id"] = north.id
        elif path.startswith("/admin/groups/"):
            ids["id"] = north.host_group.id
        elif path.startswith("/admin/services/"):
            ids["id"] = north.services[0].id
        if "assignment" in path:
            ids["number"] = house.ask("Mia Wells")
        plain = re.sub(r"\{(\w+)\}", lambda name: str(ids.get(name[1], "")), path)
        said = f"{plain}?{query}" if "/book/" in path else plain
        found[path] = own.get(path, [said])
    found["/book/{slug}/times"].append(f"/book/east/times?service={service}")
    return found


def test_to_ask_for_a_page_changes_nothing_on_any_route(house: House) -> None:
    # S90: nothing is told to anybody either, for what is told is written first
    where = addresses(house)
    assert {*where} == {*READERS}
    file = house.settings.database_url.removeprefix("sqlite:///")
    answered: dict[str, set[int]] = {}
    with closing(sqlite3.connect(file)) as database:

        def version() -> int:
            return int(database.execute("PRAGMA data_version").fetchone()[0])

        for path, asked in where.items():
            if path in SOCKETS:
                continue
            house.leave()
            if READERS[path]:
                house.enter(READERS[path])
            for address in asked:
                before = version()
                for method in ("GET", "HEAD"):
                    for headers in (FROM_US, {"sec-fetch-site": "cross-site"}):
                        answer = house.client.request(
                            method, address, headers=headers, follow_redirects=False
                        )
                        assert version() == before, f"{method} {address} changed something"
                        answered.setdefault(path, set()).add(answer.status_code)
    missed = {path for path, codes in answered.items() if not codes & {200, 303}}
    assert missed == NOT_HERE, "who is not let in proves nothing"


def test_a_door_that_is_asked_for_begins_nothing(house: House) -> None:
    # V10: a link in a mail, or a browser that looks ahead, brings nobody into the waiting room
    session = planned(house)
    for who in ("Lee Chen", "Jordan Park"):
        house.enter(who)
        for path in (f"/sessions/{session}", f"/sessions/{session}/video"):
            assert house.get(path).status_code in (200, 303)
    found = house.read(lambda r: r.sitting(house.desk.account, SessionId(session)))
    assert found
    assert (found[0].version, found[0].arrived_at, found[0].started_at) == (1, None, None)
