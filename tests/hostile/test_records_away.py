"""When the database cannot be reached, nothing is changed and a person is told to try again."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from dispatch.errors import DispatchError, StoreAwayError
from server.storage import engine, reading
from server.storage.reach import TROUBLES
from tests.web.house import House, open_house, words

SENTENCE = "We can't reach our records just now. Nothing was changed. Try again."


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    quick = [pragma.replace("busy_timeout=5000", "busy_timeout=20") for pragma in engine._PRAGMAS]
    monkeypatch.setattr(engine, "_PRAGMAS", tuple(quick))
    with open_house(tmp_path) as opened:
        opened.enter("Lee Chen")
        yield opened


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Hold the file's one place for writers, as a backup tool may."""
    path = house.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_page_says_so_and_a_moment_later_it_works(house: House) -> None:
    wish = {"state": "on", "until": "hour", "key": "k" * 20}
    with locked(house):
        reply = house.post("/availability", wish)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert SENTENCE in words(reply)
    assert house.post("/availability", wish).status_code == 303


def test_a_script_is_told_in_its_own_form(house: House) -> None:
    with locked(house):
        reply = house.post("/availability", {"state": "off"}, accept="application/json")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert (reply.json()["code"], reply.json()["sentence"]) == ("away", SENTENCE)
    assert reply.json()["ok"] is False


def test_reading_that_fails_is_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("SELECT name", None, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(reading, "login_of", broken)
    with caplog.at_level(logging.WARNING):
        reply = house.get("/dashboard")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert SENTENCE in words(reply)
    assert "OperationalError" in caplog.text
    assert "SELECT" not in caplog.text


def test_live_delivery_waits_for_the_same_trouble(house: House) -> None:
    assert set(TROUBLES) == {StoreAwayError}
    assert not issubclass(StoreAwayError, DispatchError)  # no refusal: a caller may try again
