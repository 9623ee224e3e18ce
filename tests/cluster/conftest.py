"""Two workers on one PostgreSQL and one Redis, each a real process on a port of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from dispatch.people import Actor
from dispatch.usecases.logins import BeginLogin, begin_login
from server.clock import SystemClock
from server.settings import ROOT, Settings
from server.storage.postgres_store import PostgresStore
from server.web.login import hash_of, new_token
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.redis import RedisServer, redis_server
from tests.storage.town import Town, settle


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """Return the processes that a running one started; none once it is gone."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return sorted(map(int, listed.read_text().split())) if listed.exists() else []


@dataclass
class Worker:
    """One process of the console."""

    port: int
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


@dataclass
class Page:
    """A board on one worker's socket: what it was told, and how the line stands."""

    socket: ClientConnection
    entities: dict[str, str] = field(default_factory=dict)
    modes: list[str] = field(default_factory=list)
    is_asked_to_move: bool = False
    whys: list[str] = field(default_factory=list)  # why it was shown anew, each time

    async def until(self, holds: Any, seconds: float) -> None:
        """Read frames until the page holds what is asked for."""
        async with asyncio.timeout(seconds):
            while not holds(self):
                self.take(json.loads(await self.socket.recv()))

    def take(self, said: dict[str, Any]) -> None:
        if said["type"] == "heartbeat":
            self.modes.append(said["mode"])
        if said["type"] == "frame" and said["after"] is None:
            self.entities.clear()
            self.whys.append(said["why"])
        self.is_asked_to_move |= said["type"] == "move"
        for op in said.get("ops", ()):
            if op["op"] == "put":
                self.entities[op["entity"]] = op["html"]
            else:
                self.entities.pop(op["entity"], None)


class Cluster:
    """The database, the bell, and the workers between them."""

    def __init__(self, url: str, redis: RedisServer, store: PostgresStore, town: Town) -> None:
        self.url = url
        self.redis = redis
        self.store = store
        self.town = town
        self.workers: list[Worker] = []

    def start(self, *arguments: str, **settings: object) -> Worker:
        """Start ``serve`` and wait until it says that it is ready."""
        port = free_port()
        environment = {
            **os.environ,
            "DISPATCH_DATABASE_URL": self.url,
            "DISPATCH_BUS_URL": self.redis.url,
            **{f"DISPATCH_{name.upper()}": str(value) for name, value in settings.items()},
        }
        command = [sys.executable, "-m", "server", "serve", "--port", str(port), *arguments]
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        worker = Worker(port, process)
        self.workers.append(worker)
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "is ready" in said, said
        return worker

    async def signed_in(self, actor: Actor) -> str:
        token = new_token()
        await self.store.perform(begin_login, BeginLogin(hash_of(token)), actor)
        return token

    async def board(self, worker: Worker, actor: Actor, tab: str = "a-tab-of-a-test") -> Page:
        """Open a board on that worker, and read until it is up to date."""
        opened = await websockets.connect(
            f"ws://127.0.0.1:{worker.port}/live",
            origin=websockets.Origin(worker.origin),
            additional_headers={"Cookie": f"dispatch_login={await self.signed_in(actor)}"},
            compression=None,
        )
        shown = {"view": "page", "stream": self.town.stream, "projection": "board"}
        await opened.send(json.dumps({"type": "hello", "tab": tab, "views": [shown]}))
        page = Page(opened)
        await page.until(lambda seen: seen.whys, 10)  # the snapshot; a heartbeat may come before it
        return page

    async def post(self, worker: Worker, actor: Actor, path: str, **fields: object) -> int:
        """Send a form to that worker as that person; return the status."""
        return await self.send(worker, await self.signed_in(actor), path, **fields)

    async def send(self, worker: Worker, token: str, path: str, **fields: object) -> int:
        """Send a form by a sign-in that there is; return the status."""
        request = urllib.request.Request(
            worker.origin + path,
            data=urllib.parse.urlencode(fields).encode(),
            headers={
                "Cookie": f"dispatch_login={token}",
                "Sec-Fetch-Site": "same-origin",
                "Accept": "application/json",
            },
        )

        def send() -> int:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as refused:
                with refused:
                    return int(refused.code)

        return await asyncio.to_thread(send)

    @property
    def form(self) -> dict[str, object]:
        """Return what a patient fills in who asks to be seen now."""
        clinic = self.town.clinic
        return {"clinic": clinic.id, "service": clinic.services[0].id, "type": "Now", "note": "Hi"}

    async def ask(self, worker: Worker, actor: Actor) -> int:
        return await self.post(worker, actor, "/requests/new", **self.form)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for the whole folder; each test has a database of its own in it."""
    with running_postgres() as running:
        yield running


@pytest.fixture
async def cluster(postgres: Postgres, request: pytest.FixtureRequest) -> AsyncIterator[Cluster]:
    name = f"cluster_{abs(hash(request.node.name)) % 10**8}"
    url = postgres.ready(name)
    store = PostgresStore(Settings(database_url=url), SystemClock())
    await store.open()
    with redis_server() as redis:
        opened = Cluster(url, redis, store, await settle(store, await store.create_account("One")))
        try:
            yield opened
        finally:
            for worker in opened.workers:
                worker.stop(signal.SIGINT)  # nobody is left whom it could move
            await store.close()
            postgres.drop(name)
