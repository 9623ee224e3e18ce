"""Knows the folder that commands run in, and how far it is set up."""

import os
from pathlib import Path

import pytest

from tests.server.shell import CLINIC, Shell
from tests.servers.sqlite import ready_file


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DISPATCH_")]:
        monkeypatch.delenv(name)
    return Shell(capsys, monkeypatch)


@pytest.fixture
def account(shell: Shell) -> Shell:
    ready_file(Path("var/dispatch.db"))  # as the first command would have left it
    code, out, _ = shell.run("account", "create", "--name", "Fell Health")
    assert code == 0
    assert "Account 1, Fell Health, is open." in out
    return shell


@pytest.fixture
def clinic(account: Shell) -> Shell:
    assert account.run(*CLINIC)[0] == 0
    return account
