"""A SQLite file in which Northside stands already: building it takes twenty transactions, a copy none."""

import asyncio
import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from server.clock import Clock
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.servers.sqlite import ready_file
from tests.web.northside import Northside


@dataclass(frozen=True)
class Furnished:
    """The file's address, and who and what is in it."""

    database_url: str
    _built: Northside

    def desk(self, store: SqliteStore) -> Northside:
        """Return the desk of whoever opened the file; it may be changed."""
        built = self._built
        return Northside(store, built.account, dict(built.clinics), dict(built.people))


def furnished(path: Path, clock: Callable[[], Clock]) -> Furnished:
    """Lay a copy there, built by such a clock."""
    original, built, _ = _original(clock)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert not path.exists()
    shutil.copyfile(original, path)
    return Furnished(f"sqlite:///{path}", built)


@functools.cache
def _original(
    clock: Callable[[], Clock],
) -> tuple[Path, Northside, tempfile.TemporaryDirectory[str]]:
    folder = tempfile.TemporaryDirectory(prefix="northside-")  # gone with the process
    path = Path(folder.name) / "original.db"
    store = SqliteStore(Settings(database_url=ready_file(path)), clock())
    desks: list[Northside] = []

    async def build() -> None:
        desks.append(await Northside.build(store))

    building = Thread(target=asyncio.run, args=(build(),))
    building.start()  # whoever asks may have a loop that runs
    building.join()
    store.close()
    return path, desks[0], folder
