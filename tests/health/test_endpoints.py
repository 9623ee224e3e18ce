"""What anybody may ask the whole application, over a real file, and what they are told."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from dispatch.errors import StoreAwayError
from server.health import watch
from tests.web.house import House, open_house

PROBE: dict[str, Any] = {"host": "10.1.2.3:8000"}  # Kubernetes asks by address, whatever the origin
ORIGIN = "https://console.example.org"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("health")


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "LOOK_SECONDS", 0.02)
        with open_house(folder, origin=ORIGIN) as house:
            yield house


@pytest.fixture
def house(opened: House) -> House:
    assert until(opened, 200)["ready"] is True
    return opened


def until(house: House, status: int) -> dict[str, Any]:
    """Ask until it is so; return what was said."""
    for _ in range(2000):  # each takes some milliseconds
        said = house.get("/readyz", **PROBE)
        if said.status_code == status:
            found: dict[str, Any] = said.json()
            return found
    raise AssertionError(said.text)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_asks_by_address_though_the_console_answers_to_its_name_only(
    house: House, path: str
) -> None:
    assert house.get(path, **PROBE).status_code == 200
    assert house.get("/sign-in", **PROBE).status_code == 421
    assert house.get(f"{path}/", **PROBE).status_code == 421
    assert house.get(path, host="two words").status_code == 421


def test_a_probe_changes_nothing_and_is_never_kept(house: House) -> None:
    for path in ("/healthz", "/readyz"):
        assert house.client.head(path, headers=PROBE).status_code == 200
        assert house.post(path, **PROBE).status_code == 405
        assert house.get(path, **PROBE).headers["cache-control"] == "no-store"


def test_the_public_port_tells_nobody_how_many_wait(house: House) -> None:
    house.ask("Jordan Park")
    said = house.get("/metrics", host="console.example.org")
    assert said.status_code == 404
    assert not re.search(r"\d", said.text)
    assert "DISPATCH_METRICS_PORT" in said.text


def test_a_database_that_is_away_turns_ready_red_and_leaves_alive_green(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreAwayError("password=hunter2 host=10.0.0.9")

    with monkeypatch.context() as patch:
        patch.setattr("server.storage.sqlite_store.SqliteStore._ask", away)
        said = until(house, 503)
        assert said["ready"] is False
        assert said["checks"]["database"] == "no answer"
        assert "hunter2" not in str(said)
        assert house.get("/healthz", **PROBE).status_code == 200
    assert until(house, 200)["ready"] is True


def test_another_schema_turns_ready_red(house: House, folder: Path) -> None:
    def say(statement: str) -> None:
        with closing(connect(folder / "dispatch.db", timeout=10)) as file, file:
            file.execute(statement)

    say("UPDATE alembic_version SET version_num = 'x' || version_num")
    said = until(house, 503)
    assert [name for name, found in said["checks"].items() if found != "ok"] == ["schema"]
    say("UPDATE alembic_version SET version_num = substr(version_num, 2)")
    until(house, 200)


def test_a_process_that_was_asked_to_end_is_alive_and_not_ready(house: House) -> None:
    live = house.client.app_state["live"]
    live.is_draining = True
    assert until(house, 503)["checks"]["draining"] == "asked to end"
    assert house.get("/healthz", **PROBE).status_code == 200
    live.is_draining = False
    until(house, 200)
