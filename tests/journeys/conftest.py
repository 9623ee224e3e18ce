"""A console that runs: a real server on a real socket, and real browsers in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

pytest.register_assert_rewrite(
    "tests.journeys.console", "tests.journeys.stopwatch", "tests.journeys.scripted_day"
)

from tests.journeys.console import Console, running_console  # noqa: E402


@pytest.fixture
async def console(tmp_path: Path, browser: Browser) -> AsyncIterator[Console]:
    async with running_console(tmp_path, browser) as running:
        yield running
    assert running.accidents == []
