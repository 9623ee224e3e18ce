"""Several machines on one database have one time: the database's, however wrong their own clocks are."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.errors import StoreAwayError
from dispatch.usecases.intake import submit_request
from server.clock import CorrectedClock, SystemClock
from server.settings import Settings
from server.storage.shared_time import ahead_of
from server.wiring import opened, running
from server.worker.timekeeping import PAUSE_SECONDS, keep_time, keep_time_for_ever
from tests.builders import NOON, FrozenClock, minutes, seconds
from tests.servers.postgres import Postgres
from tests.storage.town import settle

CLOSE = timedelta(seconds=1)


class Wrong:
    """A machine whose clock nobody has set."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    yield server.ready("shared_time")
    server.drop("shared_time")


@pytest.mark.postgres
async def test_machines_with_wrong_clocks_write_and_show_one_time(url: str) -> None:
    # F24
    settings = Settings(database_url=url)
    async with (
        opened(settings, Wrong(minutes(7))) as fast,
        opened(settings, Wrong(-minutes(11))) as slow,
    ):
        right = datetime.now(UTC)  # the database runs on this very machine
        assert abs(fast.clock.now() - right) < CLOSE
        assert abs(slow.clock.now() - right) < CLOSE
        town = await settle(fast, await fast.create_account("One"))
        done = await slow.perform(submit_request, town.asking(), town.mia)
        assert done.number is not None
        number = done.number
        told = await fast.read(lambda reading: reading.request(town.mia.account_id, number))
        assert told is not None
        assert abs(told.submitted_at - fast.clock.now()) < CLOSE * 5


@pytest.mark.postgres
async def test_a_process_goes_by_the_databases_time_in_everything(url: str) -> None:
    # what its pages are told as "now" decides which counters are red (S81)
    settings = Settings(database_url=url)
    async with running(settings, edge=Wrong(minutes(20))) as state:
        assert abs(state["clock"].now() - datetime.now(UTC)) < CLOSE
        assert abs(state["live"].clock.now() - datetime.now(UTC)) < CLOSE


@pytest.mark.postgres
async def test_a_clock_that_goes_wrong_later_is_corrected_and_one_that_is_set_right_too(
    url: str,
) -> None:
    edge = Wrong(timedelta(0))
    async with opened(Settings(database_url=url), edge) as store:
        for edge.by in (minutes(3), timedelta(0)):
            await keep_time(store)  # type: ignore[arg-type]  # PostgreSQL's
            assert abs(store.clock.now() - datetime.now(UTC)) < CLOSE


async def test_one_file_has_one_machine_whose_clock_is_the_clock(tmp_path: Path) -> None:
    edge = FrozenClock()
    async with opened(Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}"), edge) as store:
        assert store.clock is edge


class Asked:
    """A connection whose answers take as long, and say as much, as a test wants."""

    def __init__(self, *answers: tuple[float, timedelta]) -> None:
        self._answers = [*answers]
        self.at = 0.0  # s that went by

    def elapsed(self) -> float:
        return self.at

    async def execution_options(self, **_: object) -> None: ...

    async def execute(self, _: object) -> "Asked":
        journey, self._ahead = self._answers.pop(0)
        self.at += journey
        return self

    def scalar_one(self) -> datetime:
        return NOON + self._ahead


async def measured(*answers: tuple[float, timedelta]) -> timedelta:
    asked = Asked(*answers)
    return await ahead_of(FrozenClock(), asked, asked.elapsed)  # type: ignore[arg-type]


async def test_the_quickest_answer_is_believed_and_half_its_journey_counted() -> None:
    quick, slow = (0.2, seconds(30.1)), (3.0, seconds(90))
    assert await measured(slow, slow, quick, slow, slow) == seconds(30)


async def test_what_the_journey_explains_is_no_difference() -> None:
    assert await measured(*[(0.5, seconds(0.4))] * 5) == timedelta(0)
    assert await measured(*[(0.5, seconds(-0.3))] * 5) == seconds(-0.55)


class Database:
    """A store that can say how far ahead it is, unless it is away."""

    def __init__(self, *said: timedelta | None) -> None:
        self._said = [*said]
        self.clock = CorrectedClock(SystemClock())

    async def set_clock(self) -> timedelta:
        said = self._said.pop(0)
        if said is None:
            raise StoreAwayError("away")
        self.clock.ahead = said
        return said


async def test_it_is_measured_each_minute_and_a_database_that_is_away_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, slept, seen = Database(minutes(2), None, minutes(2), seconds(1)), [], []

    async def sleep(length: float) -> None:
        slept.append(length)
        seen.append(database.clock.ahead)
        if len(slept) == 5:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await keep_time_for_ever(database, timedelta(0), sleep)
    assert slept == [PAUSE_SECONDS] * 5
    assert seen == [timedelta(0), minutes(2), minutes(2), minutes(2), seconds(1)]
    warnings = [each.getMessage() for each in caplog.records]
    assert [words.partition(" s ")[0] for words in warnings] == [
        "this machine's clock is -120.0",
        "the database's clock cannot be read: StoreAwayError",
        "this machine's clock is -1.0",
    ]
