"""Knows how a command is run in a folder of its own, and what a refusal looks like."""

import pytest

from server.__main__ import main

CLINIC = (
    "clinic", "create", "--name", "Evening Clinic", "--zone", "America/New_York",
    "--service", "Urgent visit:20", "--service", "First visit:45:$40 before the visit",
)  # fmt: skip
USER = ("user", "create", "--name", "Ada Fell", "--email", "ada@example.com", "--password-stdin")
PASSWORD = "a long enough password"


class Shell:
    """Commands in this process, in a folder of their own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin.readline", lambda: typed, raising=False)
        code = main(arguments)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def refused(self, *arguments: str, typed: str = "") -> str:
        """Run what cannot be done; return its one sentence."""
        code, out, err = self.run(*arguments, typed=typed)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err.strip()
