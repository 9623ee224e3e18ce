"""Knows how to be everybody at once: each role's browser without scripts, its live socket, all it was told."""

import asyncio
import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import httpx2
import websockets
from websockets.asyncio.client import ClientConnection

from dispatch.people import system_actor
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.boards import joinable
from dispatch.vocabulary import PersonId
from tests.builders import a_person
from tests.journeys.console import ADMINISTRATOR, FROM_US, Console
from tests.web.northside import Northside

NAME, NOTE, RESPONSE, REASON = "Zqnamezq", "Zqnotezq", "Zqresponsezq", "Zqreasonzq"
SIGN, ANSWER = "Zqsignzq", "Zqanswerzq"  # to the clinic's form: on its board, and not on it
PHONE, EMAIL, RECORD = "+15550137713", "zqmailzq@example.org", "Zqrecordzq"
BORN = date(1931, 7, 13)
SCHEDULER = "Zqschedulerzq"
_ADDRESSES = re.compile(r'(?:href|action|src|formaction)="([^"]*)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)

# Who is who; the first eight are signed in.
ROLES = {
    "scheduler": f"Rosa {SCHEDULER}",
    "other clinic's scheduler": "Una South",
    "other account's scheduler": "Far Rosa Lind",
    "host of the group": "Lee Chen",
    "other host": "Kim Sand",
    "requester": f"Jordan {NAME}",
    "other requester": "Mia Wells",
    "administrator": ADMINISTRATOR,
    "nobody": "",
}
PAGES = (
    "/",
    "/sign-in",
    "/scheduling/requests",
    "/scheduling/decided",
    "/scheduling/sessions",
    "/scheduling/requests/new",
    "/requests",
    "/requests/new",
    "/dashboard",
    "/admin",
    "/admin/clinics",
    "/admin/people",
)
OF_ONE = ("/requests/{}", "/requests/{}/assignment")


class Listener:
    """One role: everything that its browser was sent."""

    def __init__(self, role: str, client: httpx2.AsyncClient) -> None:
        self.role, self.client = role, client
        self.bodies: list[str] = []
        self.frames: list[str] = []
        self.titles: list[str] = []
        self.headers: list[str] = []
        self.addresses: list[str] = []
        self.refused_with: int | None = None
        self._reading: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return self._keep(await self.client.get(path, headers=headers))

    async def post(self, path: str, **fields: Any) -> httpx2.Response:
        return self._keep(await self.client.post(path, data=fields))

    async def look_around(self, numbers: Iterable[int]) -> None:
        for path in (*PAGES, *(path.format(n) for path in OF_ONE for n in numbers)):
            await self.get(path)
        for number in numbers:
            await self.get(f"/requests/{number}/assignment", **{"x-fragment": "dialog"})
            await self.get(f"/requests/{number}/assignment", accept="application/json")

    async def listen(self, console: Console, streams: Iterable[tuple[str, str]]) -> None:
        """Follow these on the live socket."""
        views = [
            {"view": "page", "stream": stream, "projection": projection, "seq": None, "tag": ""}
            for stream, projection in streams
        ]
        address = console.address.replace("http", "ws") + "/live"
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        self._socket = await websockets.connect(
            address,
            origin=console.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie, **FROM_US},
            compression=None,
        )
        tab = re.sub(r"\W", "-", f"tab-of-{self.role}")
        await self._socket.send(json.dumps({"type": "hello", "tab": tab, "views": views}))
        self._reading = asyncio.get_running_loop().create_task(self._read(self._socket))

    async def hang_up(self) -> None:
        if self._socket and self._reading:
            await self._socket.close()
            await self._reading
        await self.client.aclose()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for said in socket:
                self.frames.append(str(said))
        except websockets.ConnectionClosed:
            pass
        self.refused_with = socket.close_code

    def _keep(self, answer: httpx2.Response) -> httpx2.Response:
        assert answer.status_code < 500, (self.role, answer.request.url)
        self.bodies.append(answer.text)
        self.titles += _TITLE.findall(answer.text)
        self.addresses += _ADDRESSES.findall(answer.text)
        self.addresses += [str(answer.request.url), answer.headers.get("location", "")]
        self.headers += [f"{name}: {value}" for name, value in answer.headers.items()]
        return answer


async def populate(console: Console) -> None:
    """Bring in the people whose every field is a mark, and those who must not see it."""
    desk = console.desk
    north, south = desk.clinics["Northside"], desk.clinics["Southside"]
    person = a_person(
        ROLES["requester"],
        account_id=desk.account,
        phone=PHONE,
        email=EMAIL,
        birth_date=BORN,
        source_identifier=RECORD,
    )
    command = CreatePerson(person, asks_in=frozenset({north.patient_group.id}))
    done = await desk.store.perform(create_person, command, system_actor(desk.account))
    await desk.look_up(ROLES["requester"], PersonId(done.entity.id))
    await desk.add(ROLES["scheduler"], schedules={north.id})
    await desk.add("Una South", schedules={south.id})
    far = await Northside.build(desk.store)
    desk.people["Far Rosa Lind"] = far.people["Rosa Lind"]


async def everybody(console: Console) -> dict[str, Listener]:
    """Return each role with its browser and, where it may have one, its live socket."""
    listeners = {}
    for role, name in ROLES.items():
        listener = listeners[role] = Listener(role, await console.client(name))
        if name:
            streams = joinable(console.desk.people[name])
            views = [(stream, str(kind)) for stream, kinds in streams.items() for kind in kinds]
            if views:
                await listener.listen(console, views)
    return listeners
