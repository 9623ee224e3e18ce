"""Another PostgreSQL takes the place of the one that the workers read, and lacks what came last."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed

from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from tests.cluster.conftest import Cluster, Page
from tests.cluster.test_two_workers import ask_for_a_page
from tests.servers.postgres import Postgres, running_postgres


class Address:
    """A place where a PostgreSQL is found, whichever it is: a link to the folder of its socket."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.link = server.folder.parent / "now"
        self.link.symlink_to(server.folder)

    def ready(self, name: str) -> str:
        return self.server.ready(name).replace(str(self.server.folder), str(self.link))

    def drop(self, name: str) -> None:
        """Leave it: the server goes, with all that is in it."""

    def lead_to(self, server: Postgres) -> None:
        self.server = server
        self.link.unlink()
        self.link.symlink_to(server.folder)


@pytest.fixture
def postgres() -> Iterator[Address]:
    with running_postgres(durable=True) as server:
        yield Address(server)


@contextmanager
def copied(server: Postgres, *words: str) -> Iterator[Postgres]:
    """Make a copy of a running server, in a folder of its own; it is not started."""
    folder = server.folder.with_name("copy")
    folder.mkdir(mode=0o700)
    if server.user:
        shutil.chown(folder, "nobody")
    taken = ("-h", str(server.folder), "-U", "postgres", "-D", str(folder), "-c", "fast")
    server.run("pg_basebackup", *taken, "--no-sync", *words)
    settings = server.settings.replace(str(server.folder), str(folder))
    copy = replace(server, folder=folder, settings=settings)
    (folder / f"{copy.socket.name}.lock").unlink(missing_ok=True)  # the other's
    try:
        yield copy
    finally:
        if (folder / "postmaster.pid").exists():
            copy.crash()


async def in_thread(work: Callable[[], object]) -> None:
    await asyncio.to_thread(work)


async def boards(cluster: Cluster, count: int) -> list[Page]:
    """Open a board on each of so many workers."""
    workers = [await asyncio.to_thread(cluster.start) for _ in range(count)]
    sam = cluster.town.sam
    return [await cluster.board(each, sam, f"tab-number-{n}") for n, each in enumerate(workers)]


def shows(count: int) -> Callable[[Page], bool]:
    return lambda page: sum(name.startswith("request:") for name in page.entities) == count


def is_anew(count: int) -> Callable[[Page], bool]:
    return lambda page: page.whys[1:] != [] and shows(count)(page)


async def answered(cluster: Cluster, token: str) -> int:
    """Return what a worker answers to somebody who asks, by a sign-in that there is."""
    return await cluster.send(cluster.workers[0], token, "/requests/new", **cluster.form)


async def test_a_promoted_standby_that_lacks_the_last_changes_is_told_as_such(
    cluster: Cluster, postgres: Address
) -> None:
    # F12 S90
    primary, town = postgres.server, cluster.town
    pages = await boards(cluster, 2)
    first = cluster.workers[0]
    assert await cluster.ask(first, town.mia) in {200, 201}
    omars = await cluster.signed_in(town.omar)
    with copied(primary, "-R") as standby:
        late = await cluster.board(first, town.sam, "tab-of-the-late")  # unknown to the standby
        assert await answered(cluster, omars) in {200, 201}
        for page in [*pages, late]:
            await page.until(shows(2), 60)
        await in_thread(primary.crash)
        await in_thread(standby.start)
        postgres.lead_to(standby)
        for page in pages:
            await page.until(is_anew(1), 60)
            assert page.whys == ["new", "history"]
        assert await answered(cluster, omars) == 503, "it can only be read as yet: no accident"
        await in_thread(lambda: standby.run("pg_ctl", "-D", str(standby.folder), "-w", "promote"))
        with pytest.raises(ConnectionClosed) as closed:
            await late.until(lambda _: False, 60)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        assert late.whys == ["new"], "nothing is told by a sign-in that is lost"
        async with asyncio.timeout(60):
            while await answered(cluster, omars) == 503:
                await asyncio.to_thread(ask_for_a_page, first)
        for page in pages:
            await page.until(shows(2), 60)
            assert page.whys == ["new", "history"]
            await page.socket.close()
        await stop(cluster)


async def test_a_restored_copy_that_has_come_further_by_another_way_is_told_as_such(
    cluster: Cluster, postgres: Address
) -> None:
    # F12 S90: its numbers are beyond those that were read; only the tags differ
    original, town = postgres.server, cluster.town
    pages = await boards(cluster, 2)
    asking = frozenset({town.clinic.patient_group.id})
    others = [await town.newcomer(f"Patient {number}", asks_in=asking) for number in range(4)]
    first = cluster.workers[0]
    assert await cluster.ask(first, town.mia) in {200, 201}
    with copied(original) as copy:
        assert await cluster.ask(first, town.omar) in {200, 201}
        for page in pages:
            await page.until(shows(2), 60)
        read = await town.cursor()
        await in_thread(original.crash)
        await in_thread(copy.start)
        url = cluster.url.replace(str(postgres.link), str(copy.folder))
        elsewhere = PostgresStore(Settings(database_url=url), SystemClock())
        there = replace(town, store=elsewhere)
        for person in others:
            await there.ask(person)
        assert await there.cursor() > read
        postgres.lead_to(copy)
        for page in pages:
            await page.until(is_anew(5), 60)
            assert page.whys == ["new", "history"]
        fresh = await cluster.board(first, town.sam, "tab-of-a-fresh-one")
        assert [page.entities for page in pages] == [fresh.entities] * 2
        for page in [*pages, fresh]:
            await page.socket.close()
        await elsewhere.close()
        await stop(cluster)


async def stop(cluster: Cluster) -> None:
    """Stop all that reads the database, before the database goes."""
    for worker in cluster.workers:
        await asyncio.to_thread(worker.stop)
    await cluster.store.close()
