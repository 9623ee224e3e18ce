"""The background work in processes of its own: any number of them, and nothing is done twice."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import RequestNumber, RequestStatus
from server.clock import SystemClock
from server.settings import ROOT, Settings
from server.storage.postgres_store import PostgresStore
from tests.builders import FrozenClock
from tests.cluster.conftest import Cluster, free_port
from tests.servers.postgres import Postgres
from tests.storage.town import Town

DECLINED = 12


def start_work(**settings: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCH_")}
    command = [sys.executable, "-m", "server", "work"]
    return subprocess.Popen(
        command, env={**kept, **settings}, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    try:
        return process.wait(60)
    finally:
        process.kill()
        if process.stdout is not None:
            process.stdout.close()


async def test_three_processes_that_sweep_decline_each_request_once(
    cluster: Cluster, postgres: Postgres
) -> None:
    """Ten seconds after each decline nobody is there; an hour later three come at once."""
    numbers = await decline_an_hour_ago(cluster)
    before = await cluster.town.cursor()
    # One of them has no bell: what it did the others find all the same.
    bells = (cluster.redis.url, cluster.redis.url, "memory://")
    working = [
        start_work(DISPATCH_DATABASE_URL=cluster.url, DISPATCH_BUS_URL=bell) for bell in bells
    ]
    try:
        for process in working:
            assert process.stdout is not None
            said = await asyncio.to_thread(process.stdout.readline)
            assert said == "The background work is done here.\n"
        async with asyncio.timeout(60):
            while {(await cluster.town.request(each)).status for each in numbers} != {
                RequestStatus.DECLINED
            }:
                await cluster.town.cursor()
    finally:
        ends = [await asyncio.to_thread(stop, process) for process in working]
    assert ends == [0, 0, 0]
    assert await cluster.town.cursor() == before + DECLINED
    name = cluster.url.rpartition("?")[0].rpartition("/")[2]
    said = postgres.ask(name, "SELECT entity_id, count(*) FROM audit WHERE actor_id = 0 "
                              "AND entity_kind = 'request' GROUP BY 1")  # fmt: skip
    assert [line.partition("|")[2] for line in said.splitlines()] == ["1"] * DECLINED


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_on_sqlite_it_says_so_in_one_line_and_waits(number: signal.Signals) -> None:
    process = start_work()
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said == "SQLite: the web process does the background work; this one waits.\n"
    assert stop(process, number) == 0


def test_without_its_database_it_says_so_in_one_sentence() -> None:
    address = f"postgresql+asyncpg://nobody:secret@127.0.0.1:{free_port()}/dispatch"
    command = [sys.executable, "-m", "server", "work"]
    environment = {**os.environ, "DISPATCH_DATABASE_URL": address}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be reached" in done.stderr
    assert "secret" not in done.stderr


async def decline_an_hour_ago(cluster: Cluster) -> list[RequestNumber]:
    """Have people ask and be declined by a console that then went away; return their requests."""
    clock = FrozenClock(SystemClock().now() - timedelta(hours=1))
    store = PostgresStore(Settings(database_url=cluster.url), clock)
    town = Town(**{**vars(cluster.town), "store": store})
    asks = frozenset({town.clinic.patient_group.id})
    numbers = []
    try:
        for count in range(DECLINED):
            request = await town.ask(await town.newcomer(f"Patient {count}", asks_in=asks))
            command = DeclineRequest(request.number, request.version)
            await store.perform(decline_request, command, town.sam)
            numbers.append(request.number)
    finally:
        await store.close()
    return numbers
