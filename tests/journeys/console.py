"""Knows a running console as a test walks into it: by browser, by plain HTTP, by its clock and its account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine, text

from dispatch.people import system_actor
from dispatch.request import SessionRequest
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.vocabulary import PersonId, RequestNumber, RequestStatus
from server.web.login import cookie_name
from tests.builders import a_person
from tests.journeys.desk_server import DeskServer, desk_server
from tests.web.northside import Northside

ADMINISTRATOR = "Ruth Gold"
FROM_US = {"sec-fetch-site": "same-origin"}  # what a browser says of our own pages
LIVE = "live-status[data-state=live]"


class SteeredClock:
    """The machine's clock, so many seconds ahead; it goes on by itself, and a test may put it on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def put_on(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class Console:
    """One running server with the desk of Northside, and everybody's browser."""

    def __init__(self, server: DeskServer, clock: SteeredClock) -> None:
        self.server, self.clock = server, clock
        self.accidents: list[str] = []
        self._contexts: list[BrowserContext] = []

    @property
    def desk(self) -> Northside:
        return self.server.desk

    @property
    def address(self) -> str:
        return self.server.address

    async def enter(self, name: str, **options: object) -> BrowserContext:
        """Return a browser that is signed in as a person of the desk; its troubles are collected."""
        context = await self.server.enter(
            name, **{"viewport": {"width": 1440, "height": 900}} | options
        )
        context.on("weberror", lambda trouble: self.accidents.append(str(trouble.error)))
        self._contexts.append(context)
        return context

    async def open(self, name: str, path: str, **options: object) -> Page:
        """Return a live page of a person, in a browser of its own."""
        page = await (await self.enter(name, **options)).new_page()
        await page.goto(path)
        await expect(page.locator(LIVE).first).to_be_attached()
        return page

    async def client(self, name: str = "") -> httpx2.AsyncClient:
        """Return a browser without scripts, signed in as somebody, or as nobody."""
        cookies = {}
        if name:
            cookies[cookie_name(self.server.settings)] = await self.desk.sign_in(name)
        return httpx2.AsyncClient(
            base_url=self.address,
            cookies=cookies,
            headers=FROM_US,
            trust_env=False,
            timeout=30,
            verify=False,
        )

    async def request(self, number: int) -> SessionRequest:
        account = self.desk.account
        found = await self.desk.store.read(lambda r: r.request(account, RequestNumber(number)))
        assert found
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Look into the database itself."""
        engine = create_engine(self.server.settings.database_url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    async def until_settled(self, number: int) -> None:
        """Wait until the sweep has ended what is due."""
        async with asyncio.timeout(30):
            while (await self.request(number)).status is RequestStatus.PENDING:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def leave(self) -> None:
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def running_console(folder: Path, browser: Browser) -> AsyncIterator[Console]:
    """Run a console while the block lasts."""
    clock = SteeredClock()
    async with desk_server(folder, browser, clock=clock) as server:
        desk = server.desk
        person = a_person(ADMINISTRATOR, account_id=desk.account, is_administrator=True)
        command = CreatePerson(person)
        done = await desk.store.perform(create_person, command, system_actor(desk.account))
        await desk.look_up(ADMINISTRATOR, PersonId(done.entity.id))
        console = Console(server, clock)
        try:
            yield console
        finally:
            await console.leave()
