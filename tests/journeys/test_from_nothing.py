"""From an empty database to a visit that is over: four people, their browsers, and the mail they get."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from icalendar import Calendar
from playwright.async_api import Browser, Page, expect

from server.__main__ import main
from server.app import create_app
from server.live.serving import uvicorn_options
from server.settings import Settings
from tests.journeys.console import SteeredClock
from tests.servers.mail import Sink, sink

ZONE = ZoneInfo("America/New_York")
PASSWORD = "a long enough password"
VIDEO = "/healthz?visit="  # a page of this site stands for the clinic's video


@dataclass
class Opened:
    """A console with nothing in it but an administrator, and the mail server it sends by."""

    address: str
    mail: Sink
    clock: SteeredClock
    browser: Browser

    async def page(self) -> Page:
        """Return a page of somebody who is not signed in."""
        context = await self.browser.new_context(
            base_url=self.address, viewport={"width": 1280, "height": 900}
        )
        return await context.new_page()

    async def letter(self, to: str, subject: str) -> EmailMessage:
        """Return the youngest message of that subject to somebody, once it has come."""
        async with asyncio.timeout(60):
            while True:
                for message in reversed(self.mail.messages):
                    if to in message["To"] and message["Subject"] == subject:
                        self.mail.messages.remove(message)
                        return message
                await asyncio.sleep(0.05)


def words(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def link(message: EmailMessage) -> str:
    """Return the one address in it."""
    (found,) = set(re.findall(r"https?://\S+", words(message)))
    return found


def event(message: EmailMessage) -> tuple[str, dict[str, object]]:
    """Return method and contents of its calendar file."""
    files = {p.get_content() for p in message.walk() if p.get_content_type() == "text/calendar"}
    (file,) = files  # beside the text and as an attachment: the same
    calendar = Calendar.from_ical(file)
    found: Any
    (found,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), {
        "uid": str(found["UID"]),
        "sequence": int(found["SEQUENCE"]),
        "starts_at": found["DTSTART"].dt.astimezone(UTC),
        "ends_at": found["DTEND"].dt.astimezone(UTC),
    }


@asynccontextmanager
async def opened_console(
    folder: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Opened]:
    """Make the account on the command line, then run the console with a mail server."""
    database = f"sqlite:///{folder / 'dispatch.db'}"
    monkeypatch.setenv("DISPATCH_DATABASE_URL", database)
    monkeypatch.setattr("sys.stdin.readline", lambda: f"{PASSWORD}\n", raising=False)
    for command in (
        ("account", "create", "--name", "Northside Health"),
        ("user", "create", "--name", "Ruth Gold", "--email", "ruth@example.org",
         "--administrator", "--zone", "America/New_York", "--password-stdin"),
    ):  # fmt: skip
        assert await asyncio.to_thread(main, command) == 0
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock = SteeredClock()
    async with sink() as mail:
        settings = Settings(
            database_url=database,
            smtp_url=mail.url,
            mail_from="Northside Health <no-reply@example.org>",
            origin=address,
        )
        app = create_app(settings, clock=clock)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, **uvicorn_options(settings)))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(30):
                while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
                    await asyncio.sleep(0.02)
            yield Opened(address, mail, clock, browser)
        finally:
            server.should_exit = True
            await serving


async def sign_in(page: Page, email: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


async def add(office: Page, name: str, email: str, place: str, *more: str) -> None:
    """Add somebody who belongs there; they are invited by mail."""
    await office.goto("/admin/people/new")
    await office.get_by_label("Name", exact=True).fill(name)
    await office.get_by_label("E-mail address").fill(email)
    for each in (place, *more):
        await (
            office.get_by_role("group", name=each.partition(":")[0])
            .get_by_label(each.partition(":")[2])
            .check()
        )
    await office.get_by_role("button", name="Add", exact=True).click()
    await expect(office.get_by_role("heading", name=name)).to_be_visible()


async def come_in(console: Opened, email: str) -> Page:
    """Open the link of the invitation and choose a password."""
    page = await console.page()
    await page.goto(link(await console.letter(email, "Northside Health has invited you")))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("The same again").fill(PASSWORD)
    await page.get_by_role("button", name="Save and sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


async def test_from_an_empty_database_to_a_completed_visit(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # S1 S15 S16 S17 S21 S24 S48 S49 S58 S59 S60 S61 V2 V9 V10 V11
    async with opened_console(tmp_path, browser, monkeypatch) as console:
        office = await console.page()
        await sign_in(office, "ruth@example.org")
        await make_the_clinic(office)
        await add(office, "Dana Whit", "dana@example.org", "Scheduler of:Westside")
        await add(office, "Dr. Amara Okafor", "amara@example.org", "Provider in:Westside providers")
        await add(office, "Rosa Delgado", "rosa@example.org", "Patient of:Westside patients")
        dana, amara, rosa = [
            await come_in(console, f"{name}@example.org") for name in ("dana", "amara", "rosa")
        ]

        wished = (datetime.now(ZONE) + timedelta(days=2)).replace(
            hour=14, minute=30, second=0, microsecond=0
        )
        await ask(rosa, wished)
        for email in ("dana@example.org", "amara@example.org"):
            told = await console.letter(email, "Video Session Request")
            assert "Advice" in words(told)
            assert "sore throat" not in told.as_string()

        await accept(dana, "See you then.")
        invitation = await console.letter("rosa@example.org", "Your video session with Westside")
        method, first = event(invitation)
        assert method == "REQUEST"
        assert first["starts_at"] == wished.astimezone(UTC)
        assert first["ends_at"] == wished.astimezone(UTC) + timedelta(minutes=25)
        await expect(rosa.get_by_text("See you then.")).to_be_visible()

        later = wished + timedelta(hours=1)
        await move(dana, later)
        moved = await console.letter("rosa@example.org", "Video session moved to another time")
        method, second = event(moved)
        assert method == "REQUEST"
        assert second["uid"] == first["uid"]
        assert int(str(second["sequence"])) > int(str(first["sequence"]))
        assert second["starts_at"] == later.astimezone(UTC)

        early = later - timedelta(minutes=4)  # by UTC: the clocks may be changed meanwhile
        console.clock.put_on((early - datetime.now(UTC)).total_seconds())
        await meet(console, link(moved), amara)


async def make_the_clinic(office: Page) -> None:
    await office.goto("/admin/clinics")
    await office.get_by_role("link", name="New clinic").first.click()
    await office.get_by_label("Name", exact=True).fill("Westside")
    await office.get_by_label("Time zone").fill("America/New York")
    await office.get_by_label("Its first service").fill("Advice")
    await office.get_by_label("Minutes of the new service").fill("25")
    await office.get_by_role("button", name="Create clinic").click()
    await expect(office.get_by_role("heading", name="Westside", level=1)).to_be_visible()
    await office.get_by_role("link", name="Video").click()
    await office.locator("input[value=address]").check()
    await office.locator("input[name=address]").fill(f"{VIDEO}{{room}}")
    await office.get_by_role("button", name="Save").first.click()


async def ask(rosa: Page, wished: datetime) -> None:
    await rosa.goto("/requests/new")
    await rosa.locator("#type-scheduled").check()
    await rosa.locator("#time1_date").fill(f"{wished:%Y-%m-%d}")
    await rosa.locator("#time1_time").fill(f"{wished:%H:%M}")
    await rosa.locator("#note").fill("A sore throat since Monday")
    await rosa.get_by_role("button", name="Send request").click()
    await expect(rosa.locator("[data-status=pending]")).to_be_visible()


async def accept(dana: Page, reply: str) -> None:
    await dana.goto("/scheduling/requests")
    await expect(dana.get_by_text("A sore throat since Monday").first).to_be_visible()
    await dana.locator("[data-action=assign]").click()
    dialog = dana.locator("[data-assign-dialog][open]")
    await dialog.locator("textarea[name=response]").fill(reply)
    await dialog.get_by_role("radio", name="Dr. Amara Okafor").check()
    await dialog.get_by_role("button", name=re.compile("^Accept for Dr. Amara Okafor")).click()
    anyway = dialog.get_by_role("button", name=re.compile("anyway", re.IGNORECASE))
    await anyway.click()  # she has not turned herself on
    await expect(dana.locator("[data-assign-dialog][open]")).to_have_count(0)


async def move(dana: Page, later: datetime) -> None:
    await dana.goto("/scheduling/sessions")
    await dana.get_by_role("link", name=re.compile("^Manage session")).click()
    form = dana.locator("form[action$='/time']")
    await form.get_by_label("Day").fill(f"{later:%Y-%m-%d}")
    await form.get_by_label("Time").fill(f"{later:%H:%M}")
    await form.get_by_role("button", name="Move the session").click()
    await expect(dana.locator("[role=status]").first).to_be_visible()


async def meet(console: Opened, status_link: str, amara: Page) -> None:
    """Have the patient come by the link in their mail, and the provider see it, join and end."""
    rosa = await console.page()
    await rosa.goto(status_link)
    await rosa.get_by_role("button", name="Enter waiting room").click()
    await expect(rosa.get_by_text("You are in the waiting room")).to_be_visible()
    await sign_in(amara, "amara@example.org")  # two days later
    await amara.goto("/dashboard")
    await expect(amara.locator("[data-waiting]")).to_contain_text("Rosa Delgado")
    await amara.get_by_role("button", name="Join session").click()
    await amara.wait_for_url(lambda url: VIDEO in url)
    await rosa.get_by_role("link", name="Join your visit").click()
    await rosa.wait_for_url(lambda url: VIDEO in url)
    assert rosa.url == amara.url
    await amara.goto("/dashboard")
    await amara.get_by_role("button", name="End visit").click()
    await expect(amara.get_by_text("No sessions yet")).to_be_visible()
    await rosa.goto(status_link)
    await expect(rosa.locator("main")).to_contain_text("over")
