"""The one browser that tests share, the event loop that goes with it, and a loud word when it is missing.

`browser` lives for the whole run and belongs to the session's event loop. So every test under
tests/journeys and tests/js, and every test that uses `browser`, runs on that loop, and so do the
async fixtures they ask for; nobody needs to mark anything. All other tests get a fresh loop each.
"""

import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import LAUNCH_ARGS, MISSING, chromium_path, required
from tests.compiled import compile_once

# Several folders import these, and whichever comes first must find that they explain themselves.
pytest.register_assert_rewrite("tests.health.scrape", "tests.health.ward", "tests.live.rig")

_SHARED_LOOP_FOLDERS = tuple(Path(__file__).parent / name for name in ("journeys", "js"))
_WITHOUT_BROWSER = pytest.StashKey[int]()
_SHOWN_MS = 20_000  # ends what hangs: what is promised in seconds is measured, not waited for


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the run; a test opens its own context in it: `await browser.new_context()`."""
    expect.set_options(timeout=_SHOWN_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(LAUNCH_ARGS)
        )
        yield chromium
        await chromium.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        uses_browser = "browser" in getattr(item, "fixturenames", ())
        if uses_browser:
            item.add_marker(pytest.mark.browser)
        if (uses_browser or _shares_the_loop(item.path)) and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set aside the browser tests when there is no browser; the end of the run says so loudly."""
    # After deselection: a run that asked for no browser test does not look for a browser.
    wanting = [item for item in session.items if item.get_closest_marker("browser")]
    if not wanting or chromium_path() is not None:
        return
    session.config.stash[_WITHOUT_BROWSER] = len(wanting)
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason="no Chromium: see the end of this report"))


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Run the async fixtures of a test on the loop of that test: two loops would wait for each other."""
    function = fixturedef.func
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    if not is_async or hasattr(function, "_loop_scope") or not _on_the_shared_loop(request.node):
        return (yield)
    function._loop_scope = "session"  # type: ignore[union-attr]  # where pytest-asyncio looks for an explicit loop_scope
    try:
        return (yield)
    finally:
        del function._loop_scope  # type: ignore[union-attr]  # the same fixture may serve a test with a loop of its own next


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last, and in red, what was not tested."""
    missing = terminalreporter.config.stash.get(_WITHOUT_BROWSER, 0)
    if not missing:
        return
    terminalreporter.section("browser tests missing", red=True, bold=True)
    for line in (*MISSING, f"Tests that did not run: {missing}."):
        terminalreporter.write_line(line, red=True, bold=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail under CI when the browser tests could not run."""
    missing = session.config.stash.get(_WITHOUT_BROWSER, 0)
    if missing and required() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _on_the_shared_loop(node: pytest.Item | pytest.Collector) -> bool:
    if not isinstance(node, pytest.Item):
        return _shares_the_loop(node.path)
    marker = node.get_closest_marker("asyncio")
    return marker is not None and marker.kwargs.get("loop_scope") == "session"


def _shares_the_loop(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _SHARED_LOOP_FOLDERS)
