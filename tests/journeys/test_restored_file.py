"""The clinic's file is put back from a copy: whoever had a page open reads so, and sees what is so."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from dispatch.people import Actor
from dispatch.usecases.logins import BeginLogin, begin_login
from server.clock import SystemClock
from server.settings import ROOT, Settings
from server.storage.sqlite_store import SqliteStore
from server.web.login import hash_of, new_token
from tests.servers.redis import free_port
from tests.storage.town import Town, settle


class Console:
    """The product as a process of its own, on a file and a port that stay the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "--port", str(self.port)],
            env={**os.environ, "DISPATCH_DATABASE_URL": f"sqlite:///{self.path}"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        self._process = process
        said = process.stdout.readline()
        assert "is ready" in said, said
        return self

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)  # as Ctrl-C
            process.wait(30)
            assert process.stdout is not None
            process.stdout.close()

    def copy_to(self, copy: Path) -> None:
        with closing(sqlite3.connect(self.path)) as there, closing(sqlite3.connect(copy)) as here:
            there.backup(here)

    def put_back(self, copy: Path) -> None:
        for beside in ("-wal", "-shm"):
            self.path.with_name(self.path.name + beside).unlink(missing_ok=True)
        self.path.write_bytes(copy.read_bytes())


@pytest_asyncio.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    console = Console(tmp_path / "clinic.db")
    yield console
    await asyncio.to_thread(console.stop)


async def enter(browser: Browser, console: Console, token: str, path: str) -> Page:
    context = await browser.new_context(base_url=console.origin)
    await context.add_cookies([{"name": "dispatch_login", "value": token, "url": console.origin}])
    page = await context.new_page()
    await page.goto(path)
    return page


async def ask(page: Page, town: Town) -> None:
    """Fill in the form as a patient does."""
    await page.goto(f"/requests/new?clinic={town.clinic.id}")
    await page.get_by_label("Evening visit").check()
    await page.locator("#type-now").check()
    await page.get_by_role("button", name="Send request").click()
    await page.wait_for_url("**/requests/1002")


async def test_open_pages_read_that_the_records_went_back_and_show_them_as_they_are(
    browser: Browser, console: Console, tmp_path: Path
) -> None:
    # S90 F12
    store = SqliteStore(Settings(database_url=f"sqlite:///{console.path}"), SystemClock())
    town = await settle(store, await store.create_account("One"))

    async def sign_in(actor: Actor) -> str:
        token = new_token()
        await store.perform(begin_login, BeginLogin(hash_of(token)), actor)
        return token

    tokens = {name: await sign_in(getattr(town, name)) for name in ("sam", "mia", "omar")}
    await town.ask()  # Mia's: it is in the copy
    await asyncio.to_thread(store.close)
    await asyncio.to_thread(console.start)
    copy = tmp_path / "copy.db"
    console.copy_to(copy)
    board = await enter(browser, console, tokens["sam"], "/scheduling/requests")
    rows = board.locator('[data-entity^="request:"]')
    await expect(rows).to_have_count(1)
    omar = await enter(browser, console, tokens["omar"], "/requests")
    await ask(omar, town)
    await expect(omar.get_by_text("Please ask again.")).to_be_hidden()
    await expect(rows).to_have_count(2)

    await asyncio.to_thread(console.stop)
    console.put_back(copy)
    await asyncio.to_thread(console.start)

    notice = board.locator("#anew")
    await expect(notice).to_contain_text("the clinic’s records went back", timeout=30_000)
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Mia Chen")
    await expect(board.locator("#main live-status")).to_have_text("Live")
    await expect(omar.locator("#anew")).to_contain_text("please check them", timeout=30_000)
    await expect(omar.locator("main")).to_contain_text("The clinic no longer has this request")
    await omar.get_by_role("link", name="Ask again").click()
    await ask(omar, town)  # the number is given out once more
    await expect(rows).to_have_count(2)
    await expect(notice).to_be_visible()
    for page in (board, omar):
        await page.context.close()
