"""`python -m server cluster`: everything is brought up, the demo is played on it, and nothing is left."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from server.settings import ROOT, SettingError
from server.trial import postgres, redis
from tests.cluster.conftest import children_of

LAST_LINE = "its pages go on elsewhere"


@contextmanager
def trial(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start it with a folder of its own for whatever it leaves behind."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "cluster", "--port", "0"],
        env={**kept, "TMPDIR": str(folder)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:  # only a test that failed leaves it running
            process.send_signal(signal.SIGINT)
            process.wait(40)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not under pytest's own, which nobody else may enter: as root, PostgreSQL is somebody else.
    with tempfile.TemporaryDirectory(prefix="trial-") as given:
        Path(given).chmod(0o755)
        yield Path(given)


def read_to(process: subprocess.Popen[str], word: str) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if word in line:
            return said
    raise AssertionError(said)


@pytest.mark.postgres
@pytest.mark.redis
def test_a_cluster_is_tried_with_one_command_and_leaves_nothing(folder: Path) -> None:
    with trial(folder) as process:
        said = read_to(process, LAST_LINE)
        door = re.search(r"http://127\.0\.0\.1:\d+/demo/sign-in/scheduler", said)
        assert door
        with httpx2.Client(follow_redirects=True, timeout=20) as browser:
            assert 'data-page="board"' in browser.get(door[0]).text
        there = [command_of(one) for one in children_of(process.pid)]
        assert sum("--listener" in one for one in there) == 2
        assert sum("redis-server" in one for one in there) == 1
        redis_id = next(
            one for one in children_of(process.pid) if "redis-server" in command_of(one)
        )
        os.kill(redis_id, signal.SIGKILL)
        read_to(process, "Redis is gone")
        process.send_signal(signal.SIGINT)  # also while Redis is away
        assert process.wait(40) == 0
        assert process.stdout is not None
        *meanwhile, last = process.stdout.read().splitlines()
        assert last == "Stopped."
        # A worker that noticed before it ended says so, and nothing else does.
        assert all("bell: hints between workers are missing" in line for line in meanwhile)
    assert list(folder.iterdir()) == []


@pytest.mark.postgres
def test_one_that_is_ended_while_it_starts_leaves_nothing_either(folder: Path) -> None:
    with trial(folder) as process:
        read_to(process, "Starting PostgreSQL")
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert list(folder.iterdir()) == []


def test_a_machine_without_the_servers_is_told_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_DEBIAN", tmp_path)
    with pytest.raises(SettingError, match="apt install postgresql"):
        postgres.find_programs()
    with pytest.raises(SettingError, match="apt install redis-server"), redis.made_redis():
        pass


def command_of(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
