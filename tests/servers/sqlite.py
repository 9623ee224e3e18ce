"""A SQLite file that has today's schema already: running every migration takes half a second, a copy none.

Whoever tests the migrations themselves, or a first start, begins without a file instead.
"""

import functools
import shutil
import tempfile
from pathlib import Path

from server.clock import SystemClock
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore


@functools.cache
def _original() -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    folder = tempfile.TemporaryDirectory(prefix="sqlite-")  # gone with the process
    path = Path(folder.name) / "original.db"
    SqliteStore(Settings(database_url=f"sqlite:///{path}"), SystemClock()).close()
    return path, folder


def ready_file(path: Path) -> str:
    """Lay an empty database there, unless there is one; return its address."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        shutil.copyfile(_original()[0], path)
    return f"sqlite:///{path}"
