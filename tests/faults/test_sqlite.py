"""SQLite that cannot be written for a while: 503, nothing half done, and it goes on by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.ports import Reading
from server.storage.tables import audit, event, idempotency, outbox, request, stream_head
from tests.web.house import House, open_house

NOTE = "It began on Tuesday evening and has not become better since then. " * 30
_FULL = "PRAGMA max_page_count = 1"  # SQLite takes the size that there is, if that is more
_ROOM = "PRAGMA max_page_count = 1073741823"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def ask(house: House, key: str) -> Any:
    north = house.desk.clinics["Northside"]
    form = {"clinic": north.id, "service": north.services[0].id, "type": "Now", "host": ""}
    sent = {**form, "note": NOTE, "key": key}
    return house.post("/requests/new", sent, accept="application/json")


def on_the_writer(house: House, statement: str) -> None:
    """Set something on the one connection that writes."""
    with house.desk.store._writing.connect() as connection:
        connection.exec_driver_sql(statement)


def counts(house: House) -> tuple[int, ...]:
    """Return how many rows each table of a transaction holds, and that the log is dense."""
    with house.desk.store._reading.connect() as connection:
        for stream, seq in connection.execute(select(stream_head.c.stream, stream_head.c.seq)):
            numbers = select(event.c.seq).where(event.c.stream == stream).order_by(event.c.seq)
            assert [*connection.execute(numbers).scalars()] == [*range(1, seq + 1)], stream
        tables = (request, event, audit, outbox, idempotency)
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        )


def file_of(house: House) -> Path:
    return Path(house.settings.database_url.removeprefix("sqlite:///"))


def test_while_somebody_else_holds_the_file_nothing_is_half_done(house: House) -> None:
    # F28 I4
    before = counts(house)
    on_the_writer(house, "PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(file_of(house), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = ask(house, "k" * 22)
        assert (refused.status_code, refused.json()["code"]) == (503, "away")
        assert refused.headers["retry-after"]
        assert house.get("/requests/new").status_code == 200, "reading needs no lock"
        other.execute("ROLLBACK")
    assert counts(house) == before
    done = ask(house, "k" * 22)
    assert (done.status_code, done.json()["was_there"]) == (200, False)
    assert ask(house, "k" * 22).json()["was_there"], "the same key is the same request"
    assert counts(house)[0] == before[0] + 1


def test_when_the_disk_is_full_nothing_is_half_done(house: House) -> None:
    # F28 I4
    on_the_writer(house, _FULL)
    kept = 0
    for number in range(60):  # what is free in the pages that there are is used up first
        before = counts(house)
        key = f"key-of-request-{number:010}"
        reply = ask(house, key)
        if reply.status_code == 503:
            break
        assert reply.status_code == 200
        kept = reply.json()["number"]
        withdrawn = house.post(f"/requests/{kept}/withdrawal", accept="application/json")
        if withdrawn.status_code == 503:
            before, key = counts(house), ""
            break
    else:
        raise AssertionError("void: the disk was never full")
    assert kept, "void: it was full from the start"
    assert counts(house) == before
    on_the_writer(house, _ROOM)
    again = ask(house, key or "k" * 22)
    assert again.status_code == 200
    here: Any = house.read(_heads)
    assert here[f"patient:{house.desk.people['Jordan Park'].person_id}"] > 0
    assert counts(house)[0] >= before[0]


def _heads(reading: Reading) -> dict[str, int]:
    return dict(reading.heads([f"patient:{number}" for number in range(1, 40)]))
