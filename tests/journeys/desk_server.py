"""Knows how to run the whole console on a free port for a journey, with the desk of Northside in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import uvicorn
from playwright.async_api import Browser, BrowserContext

from dispatch.ports import Store
from server.app import create_app
from server.clock import Clock, SystemClock
from server.live.serving import uvicorn_options
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from server.web.login import cookie_name
from tests.web.furnished import furnished
from tests.web.northside import Northside


async def _started(server: uvicorn.Server) -> None:
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)


class DeskServer:
    """A running console: its address, its desk, and a browser for each person."""

    def __init__(
        self, desk: Northside, settings: Settings, address: str, browser: Browser | None
    ) -> None:
        self.desk = desk
        self.address = address
        self.settings = settings
        self._browser = browser

    async def enter(self, name: str, **options: object) -> BrowserContext:
        """Return a browser that is signed in as a person of the desk."""
        assert self._browser
        context = await self._browser.new_context(base_url=self.address, **options)  # type: ignore[arg-type]
        token = await self.desk.sign_in(name)
        name_of_cookie = cookie_name(self.settings)
        await context.add_cookies([{"name": name_of_cookie, "value": token, "url": self.address}])
        return context


@asynccontextmanager
async def desk_server(
    folder: Path, browser: Browser | None = None, *, clock: Clock | None = None
) -> AsyncIterator[DeskServer]:
    """Run the console while the block lasts, on SQLite in this process."""
    ready = furnished(folder / "dispatch.db", SystemClock)
    settings = Settings(database_url=ready.database_url, port=0)
    opened: asyncio.Future[SqliteStore] = asyncio.get_running_loop().create_future()

    async def look_on(store: Store, _: Clock) -> None:
        opened.set_result(cast("SqliteStore", store))
        await asyncio.Event().wait()

    app = create_app(settings, [look_on], clock=clock)
    config = uvicorn.Config(app, port=0, log_config=None, **uvicorn_options(settings))
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        desk = ready.desk(await opened)
        await _started(server)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield DeskServer(desk, settings, f"http://127.0.0.1:{port}", browser)
    finally:
        server.should_exit = True
        await serving
