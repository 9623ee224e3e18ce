"""One clock at the edge, and no task without an owner."""

import ast

from tests.house.checkout import calls, our_files, spoken, syntax

THE_CLOCK = "server/clock.py"

# What tells an instant. Measuring a duration (monotonic, perf_counter, the loop's time) is free.
TELLS_THE_TIME = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}

# A loose task dies unheard. `async with TaskGroup() as tasks: tasks.create_task(...)` has an owner.
MAKES_A_LOOSE_TASK = (
    "asyncio.create_task",
    "asyncio.ensure_future",
    "loop.create_task",
    "loop().create_task",
)

# The few that own a task by other means than a TaskGroup: file, and how the task's end is noticed.
OWNERS_WITHOUT_A_GROUP: dict[str, str] = {
    "server/bus/redis_bell.py": "its two tasks are awaited where they are made; see the comment there",
    "server/storage/postgres_store.py": "a transaction outlives the request that began it; close() waits for all",
}


def test_only_the_clock_tells_the_time() -> None:
    found = [
        f"{spoken(path)}:{line} calls {name}"
        for path in our_files(".py", under=("dispatch", "server"))
        if spoken(path) != THE_CLOCK
        for line, name in calls(syntax(path))
        if name in TELLS_THE_TIME
    ]
    assert not found, "ask the clock, or take `now` as an argument:\n" + "\n".join(found)


def test_every_task_has_an_owner() -> None:
    found = [
        f"{spoken(path)}:{line} calls {name}"
        for path in our_files(".py", under=("dispatch", "server"))
        if spoken(path) not in OWNERS_WITHOUT_A_GROUP
        for line, name in calls(syntax(path))
        if name.endswith(MAKES_A_LOOSE_TASK)
    ]
    assert not found, "start it in its owner's TaskGroup:\n" + "\n".join(found)


def test_every_listed_owner_still_makes_a_task() -> None:
    makers = {
        spoken(path)
        for path in our_files(".py", under=("dispatch", "server"))
        for _, name in calls(syntax(path))
        if name.endswith(MAKES_A_LOOSE_TASK)
    }
    assert set(OWNERS_WITHOUT_A_GROUP) <= makers


def test_the_finder_sees_through_imports_and_aliases() -> None:
    source = """
from datetime import datetime as moment, UTC
import time as t
from asyncio import create_task
moment.now(UTC); t.time(); create_task(x()); asyncio.get_running_loop().create_task(y())
tasks.create_task(z()); t.monotonic(); clock.now()
"""
    names = [name for _, name in calls(ast.parse(source))]
    assert TELLS_THE_TIME.intersection(names) == {"datetime.datetime.now", "time.time"}
    assert sorted(name for name in names if name.endswith(MAKES_A_LOOSE_TASK)) == [
        "asyncio.create_task",
        "asyncio.get_running_loop().create_task",
    ]
