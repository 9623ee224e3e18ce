"""Knows where a Chromium is on this machine and how to get one; refuses to know what is tested with it.

`python -m tests.browser` finds or fetches one and always exits 0: whether a missing browser is
an error is decided at the end of the test run, where it is seen (tests/conftest.py).
"""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

LAUNCH_ARGS = (
    "--no-sandbox",  # CI runs as root, where Chromium's own sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # a test browser calls nobody but the server under test
    "--disable-component-update",
    "--disable-sync",
)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""

MISSING = (
    "NO CHROMIUM: the browser tests did not run, so nothing is known about the pages.",
    "Put a chromium, chromium-browser or google-chrome on the PATH, or run",
    "`.venv/bin/python -m playwright install chromium`, then `make test` again.",
)


@functools.cache
def chromium_path() -> Path | None:
    """Find a Chromium that starts: one on the PATH, else the one Playwright has downloaded."""
    return next((path for path in _candidates() if _answers(path)), None)


def required() -> bool:
    """Tell whether a run without a browser is a failure, as it is under CI."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def obtain() -> Path | None:
    """Find a Chromium, else install the system's as root, else let Playwright download one."""
    for attempt in (_install_system_package, _let_playwright_download):
        if chromium_path() is not None:
            break
        attempt()
        chromium_path.cache_clear()
    return chromium_path()


def _candidates() -> Iterator[Path]:
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found)
    # In a process of its own: Playwright's blocking interface refuses to run inside an event loop.
    asked = _run([sys.executable, "-c", _ASK_PLAYWRIGHT], limit_seconds=60)
    if asked is not None and asked.returncode == 0:
        yield Path(asked.stdout.strip())


def _answers(path: Path) -> bool:
    # Some systems put a script of that name on the PATH that only says how to install the browser.
    said = _run([str(path), "--version"], limit_seconds=30)
    return said is not None and said.returncode == 0 and "Chrom" in said.stdout


def _install_system_package() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("No Chromium yet: installing the system's package ...", flush=True)
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    wait_for_others = "-o DPkg::Lock::Timeout=120"
    for command in ("apt-get -qq update", f"apt-get -qq -y {wait_for_others} install chromium"):
        _run(command.split(), limit_seconds=900, show=True)


def _let_playwright_download() -> None:
    print("No Chromium yet: asking Playwright for its own ...", flush=True)
    _run([sys.executable, "-m", "playwright", "install", "chromium"], limit_seconds=600, show=True)


def _run(
    command: Sequence[str], *, limit_seconds: float, show: bool = False
) -> subprocess.CompletedProcess[str] | None:
    # An installation shows its output: when it fails, those words are the only explanation.
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=not show,
            text=True,
            timeout=limit_seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    if obtain() is None:
        print("\n".join(("", *MISSING, "")), file=sys.stderr, flush=True)
