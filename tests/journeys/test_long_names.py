"""Names as long as they are elsewhere: no page is wider for them, and no place in the bar is two lines."""

from playwright.async_api import Page, expect

from dispatch.people import system_actor
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.vocabulary import PersonId, RequestNumber
from tests.builders import a_person, hours
from tests.journeys.console import LIVE, Console

CLINIC = "Gemeinschaftspraxis Krankenpflegebereitschaftsdienst Nordfriesland"
PATIENT = "Maximiliane-Charlotte Schwarzenberger-Hohenstein"
HOST = "Prof. Dr. Friedrich-Wilhelm Schottenstedt-Oberleitner"
EVERYTHING = "Bartholomew Donaudampfschifffahrtsgesellschaftskapitän"
WIDTHS = (320, 390, 720, 1440)
BOARD = "/scheduling/requests"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def a_long_day(console: Console) -> None:
    """A clinic of long names, with a request that waits and is looked at, and a session."""
    desk = console.desk
    clinic = await desk.open_clinic(CLINIC)
    asks, hosts = frozenset({clinic.patient_group.id}), frozenset({clinic.host_group.id})
    await desk.add(PATIENT, asks_in=asks)
    await desk.add(HOST, hosts_in=hosts)
    person = a_person(EVERYTHING, account_id=desk.account, is_administrator=True)
    command = CreatePerson(person, schedules=frozenset({clinic.id}), hosts_in=hosts, asks_in=asks)
    done = await desk.store.perform(create_person, command, system_actor(desk.account))
    await desk.look_up(EVERYTHING, PersonId(done.entity.id))
    await desk.toggle(HOST)
    await desk.ask(PATIENT, clinic=CLINIC)
    host = desk.people[HOST].person_id
    accept = AcceptRequest(RequestNumber(1001), 1, host, confirmed=frozenset({UNAVAILABLE}))
    await desk.does(EVERYTHING, accept_request, accept)
    await desk.ask(PATIENT, console.clock.now() + hours(30), clinic=CLINIC, host=HOST)
    await desk.does(EVERYTHING, claim_request, ClaimRequest(RequestNumber(1002), "a-tab"))


async def opened(console: Console, page: Page, path: str) -> None:
    await page.goto(path)
    if await page.locator("main[data-live]").count():
        await expect(page.locator(LIVE).first).to_be_attached()


async def test_no_page_of_the_desk_is_wider_than_its_screen(console: Console) -> None:
    await a_long_day(console)
    clinic = console.desk.clinics[CLINIC].id
    page = await (await console.enter(EVERYTHING)).new_page()
    found = []
    for path in (
        BOARD,
        f"{BOARD}?clinic={clinic}",
        "/scheduling/decided",
        "/scheduling/sessions",
        "/scheduling/requests/new",
        "/requests/1002/assignment",
        "/dashboard",
        "/admin/people",
    ):
        await opened(console, page, path)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            over = await page.evaluate(TOO_WIDE)
            found += [f"{path} at {width}: {over} px"] * (over > 0)
    assert found == []


async def test_whoever_has_every_role_reads_each_place_in_one_line(console: Console) -> None:
    # S85: how live the page is stands beside the first of them
    await a_long_day(console)
    page = await (await console.enter(EVERYTHING)).new_page()
    await opened(console, page, "/dashboard")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    await expect(links).to_have_count(5)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        live = await page.locator(LIVE).first.bounding_box()
        assert live is not None
        for link in await links.all():
            box = await link.bounding_box()
            assert box is not None
            assert box["height"] < 40, f"{await link.text_content()} at {width}"
            is_beside = (
                box["x"] + box["width"] <= live["x"] or live["x"] + live["width"] <= box["x"]
            )
            is_apart = (
                box["y"] + box["height"] <= live["y"] or live["y"] + live["height"] <= box["y"]
            )
            assert is_beside or is_apart, f"{await link.text_content()} at {width}"
