"""Whatever is sent to whichever route: never a 500, a status that fits, and nothing changed that was refused."""

import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy.engine import make_url

from tests.journeys.console import Console
from tests.journeys.corpus import (
    BODIES,
    CROSS_SITE,
    IN_PATHS,
    LINES,
    NUMBERS,
    READERS,
    is_right,
    routes_of_the_app,
)
from tests.journeys.line import NOT_THERE, Line

REFUSED = {400, 401, 403, 404, 405, 409, 413, 421, 422}
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


class Prober:
    """Sends things as somebody, and notices whether the database changed."""

    def __init__(self, console: Console, file: Path, at_last: str) -> None:
        self.console, self.at_last = console, at_last
        self.clients: dict[str, httpx2.AsyncClient] = {}
        self.database = sqlite3.connect(file)
        self.sent = 0
        self._seen = -1, ""

    async def client(self, role: str) -> httpx2.AsyncClient:
        if role not in self.clients:
            self.clients[role] = await self.console.client(role)
        return self.clients[role]

    async def send(
        self, role: str, method: str, address: str, what: str = "", **more: Any
    ) -> httpx2.Response:
        """Send it; whatever is refused must have changed nothing."""
        client = await self.client(role)
        before, kept = self._now_kept()
        answer = await client.request(method, address, **more)
        self.sent += 1
        case = f"{method} {address[:80]} {what[:80]}: {answer.status_code}"
        assert answer.status_code < 500, case
        if answer.status_code in REFUSED:
            is_same = self._version() == before or self._now_kept()[1] == kept
            assert is_same, f"{case} changed something"
        assert "x-evil" not in answer.headers, case
        assert "Traceback" not in answer.text, case
        return answer

    def _version(self) -> int:
        """Return a number that moves with every commit of anybody else."""
        version: int = self.database.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _now_kept(self) -> tuple[int, str]:
        """Return the version with a digest of all that is kept, but for tries.

        Those are counted before anybody knows what comes of them (decision 28).
        """
        if (version := self._version()) != self._seen[0]:
            lines = (line for line in self.database.iterdump() if 'INTO "tries"' not in line[:30])
            self._seen = version, sha256("\n".join(lines).encode()).hexdigest()
        return self._seen

    async def close(self) -> None:
        self.database.close()
        for client in self.clients.values():
            await client.aclose()


@pytest.fixture
async def prober(console: Console) -> AsyncIterator[Prober]:
    """A desk with two requests that wait, the second one for Lee, and everybody's browser."""
    at_last = console.clock.now().replace(microsecond=0) + timedelta(days=3)
    await console.desk.ask("Jordan Park", at_last)
    await console.desk.ask("Noah Brook", at_last, host="Lee Chen")
    file = make_url(console.server.settings.database_url).database
    assert file
    prober = Prober(console, Path(file), at_last.isoformat())
    for line in {line.role for line in LINES.values()} | {*READERS.values()}:
        await prober.client(line)
    yield prober
    await prober.close()


def filled(prober: Prober, line: Line) -> dict[str, str]:
    """Return the fields of a line as they would be right."""
    desk = prober.console.desk
    north = desk.clinics["Northside"]
    stands = {
        "CLINIC": str(north.id),
        "SERVICE": str(north.services[0].id),
        "HOST": str(desk.people["Lee Chen"].person_id),
        "TIME": prober.at_last,
        "PATIENT": str(desk.people["Zoe Hart"].person_id),
    }
    return {name: stands.get(value, value) for name, value in line.fields.items()}


def at(path: str, key: str = "1001") -> str:
    return re.sub(r"\{\w+\}", key, path)


def names_nothing(path: str, line: Line) -> bool:
    """Tell whether a path leads to what is not there: no link, no slot, nothing of the office."""
    named = {*path.split("/")}
    return (
        path == "/welcome/{token}"
        or bool({"{rule}", "{reply}"} & named)
        or (path.startswith("/admin/") and "{id}" in named and line.number == NOT_THERE)
    )


def test_every_route_has_its_line() -> None:
    lines = {*LINES, *(("GET", path) for path in READERS)}
    assert routes_of_the_app() == lines


async def test_a_body_that_is_no_form_is_refused_on_every_route(prober: Prober) -> None:
    for (method, path), line in LINES.items():
        for name, body, headers, statuses in BODIES:
            answer = await prober.send(
                line.role, method, at(path, line.number), name, content=body, headers=headers
            )
            wanted = statuses if line.reads_form or answer.status_code == 413 else {303}
            if name == "half an escape" or (name == "no type at all" and not line.reads_form):
                wanted = {*wanted, 200, 303, 404, 409}  # a percent sign alone is text
            if name in ("a file", "a broken multipart"):
                wanted = {*wanted, 200, 303, 404, 409}  # what did not come whole counts as missing
            if names_nothing(path, line):
                wanted = {*wanted, 404}  # what the path names is looked for before the form is read
            if path == "/sign-in":
                wanted = {*wanted, 429}  # tries are counted, readable or not
            assert answer.status_code in wanted, (path, name, answer.status_code)


async def test_a_form_from_elsewhere_is_refused_on_every_route(prober: Prober) -> None:
    for (method, path), line in LINES.items():
        fields = filled(prober, line)
        for headers in CROSS_SITE:
            client = await prober.client(line.role)
            del client.headers["sec-fetch-site"]
            answer = await prober.send(
                line.role, method, at(path, line.number), str(headers), data=fields, headers=headers
            )
            client.headers["sec-fetch-site"] = "same-origin"
            assert answer.status_code == 403, (path, headers)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_what_is_no_number_no_time_and_no_choice_is_refused(
    prober: Prober, accept: str
) -> None:
    # S49 S50 S54 S55 S92
    for (method, path), line in LINES.items():
        right = filled(prober, line)
        for name in line.numbers:
            for value in NUMBERS:
                if is_right(path, name, value):
                    continue
                answer = await prober.send(
                    line.role,
                    method,
                    at(path, line.number),
                    f"{name}={value}",
                    data=right | {name: value},
                    headers={"accept": accept},
                )
                assert answer.status_code in (404, 409, 422), (
                    path,
                    name,
                    value,
                    answer.status_code,
                )
        await _still_waiting(prober, path)


async def test_a_field_that_is_too_long_is_refused_with_the_words_kept(prober: Prober) -> None:
    # S26 S48: and line ends of every kind are line ends
    for (method, path), line in LINES.items():
        right = filled(prober, line)
        for name, limit in line.words.items():
            for length in (limit + 1, 30_000):
                sent = right | {name: "n" * length}
                answer = await prober.send(
                    line.role, method, at(path, line.number), name, data=sent
                )
                assert answer.status_code == 422, (path, name, length, answer.status_code)
        await _still_waiting(prober, path)


async def test_past_times_and_times_without_end_are_refused(prober: Prober) -> None:
    # S6 S92
    north = prober.console.desk.clinics["Northside"]
    asking = {"clinic": str(north.id), "service": str(north.services[0].id), "type": "Scheduled"}
    days = (
        "1969-12-31",
        "2020-01-01",
        "9999-12-31",
        "2026-02-30",
        "0001-01-01",
        "tomorrow",
        "\u0662027-01-01",
    )
    zoe = str(prober.console.desk.people["Zoe Hart"].person_id)
    for role, path in (("Mia Wells", "/requests/new"), ("Rosa Lind", "/scheduling/requests/new")):
        for day in days:
            for clock in ("10:00", "24:00", "10:00:00Z", "-1:00", "x"):
                sent = asking | {"requester": zoe, "time1_date": day, "time1_time": clock}
                answer = await prober.send(role, "POST", path, f"{day} {clock}", data=sent)
                assert answer.status_code == 422, (path, day, clock)
        answer = await prober.send(role, "POST", path, "no time", data=asking | {"requester": zoe})
        assert answer.status_code == 422


async def test_a_path_that_names_nothing_is_not_found(prober: Prober) -> None:
    # S55
    paths = [
        (method, path, line.role, filled(prober, line)) for (method, path), line in LINES.items()
    ]
    paths += [("GET", path, role, {}) for path, role in READERS.items()]
    for method, path, role, fields in paths:
        if not {"{number}", "{id}", "{rule}"} & {*path.split("/")}:
            continue
        for key in IN_PATHS:
            data = fields if method == "POST" else None
            answer = await prober.send(role, method, at(path, key), key, data=data)
            assert answer.status_code in (404, 405), (method, path, key, answer.status_code)


async def test_wrong_methods_are_refused_on_every_route(prober: Prober) -> None:
    known = routes_of_the_app()
    for path in {path for _, path in known}:
        role = next(
            (line.role for (_, p), line in LINES.items() if p == path), READERS.get(path, "")
        )
        if path != "/live":
            missing = [m for m in ("GET", "POST") if (m, path) not in known]
            for method in (*METHODS, *missing):
                answer = await prober.send(role, method, at(path))
                assert answer.status_code in (405, 404), (method, path, answer.status_code)


async def test_addresses_and_queries_of_nonsense_are_answered_in_words(prober: Prober) -> None:
    values = [*NUMBERS, "n" * 5000, "\x00", "\udcff", "//evil.example", "\\evil"]
    names = ("clinic", "q", "next", "again", "name", "service", "already")
    for path, role in READERS.items():
        for value in values:
            query = urlencode(dict.fromkeys(names, value), errors="surrogateescape")
            answer = await prober.send(role, "GET", f"{at(path)}?{query}", value)
            target = answer.headers.get("location", "/").removeprefix(prober.console.address)
            assert target.startswith("/"), (path, value, target)
            assert not target.startswith("//"), (path, value, target)
    for path in ("/nothing", "//", "/%00", "/%ff", "/static/x/../../pyproject.toml",
                 "/static/x/%2e%2e/%2e%2e/pyproject.toml", "/static/x/js/%00", "/requests/" + "9" * 9000):  # fmt: skip
        answer = await prober.send("", "GET", path)
        assert answer.status_code in (303, 400, 404, 405), path
    headers = ({"host": "evil.example/"}, {"cookie": "dispatch_login=\xff"}, {"accept": "\xff" * 100},
               {"x-fragment": "dialog\xff"}, {"cookie": "a=" + "b" * 8000})  # fmt: skip
    for header in headers:
        encoded = {name: value.encode("latin-1") for name, value in header.items()}
        await prober.send("", "GET", "/sign-in", str(header)[:60], headers=encoded)


async def _still_waiting(prober: Prober, path: str) -> None:
    """A line that was answered by chance would make what follows prove nothing."""
    for number in (1001, 1002):
        request = await prober.console.request(number)
        assert request.version == 1, path
