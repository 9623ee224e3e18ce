"""From an empty folder to a signed-in administrator, by commands; each error is one sentence."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from server.__main__ import main
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock
from tests.house.checkout import ROOT
from tests.server.shell import CLINIC, PASSWORD, USER, Shell


def test_from_an_empty_folder_on_each_command_says_what_comes_next(shell: Shell) -> None:
    code, out, _ = shell.run("account", "create", "--name", "Fell Health")
    assert code == 0
    assert "Account 1, Fell Health, is open." in out
    assert '-m server user create --account 1 --name "..." --email ... --administrator' in out
    assert "clinic create --account 1" in out
    code, out, _ = shell.run(*CLINIC)
    assert code == 0
    assert "Clinic 1: Evening Clinic, on-demand, America/New_York" in out
    assert "host group 1: Evening Clinic providers" in out
    assert "patient group 1: Evening Clinic patients" in out
    assert "user create --account 1" in out
    code, out, _ = shell.run(*USER, "--administrator", "--schedules", "1", typed=PASSWORD)
    assert code == 0
    assert "Now sign in at http://127.0.0.1:8000/sign-in as ada@example.com." in out


def test_clinics_are_listed_with_the_numbers_that_other_commands_want(clinic: Shell) -> None:
    _, out, _ = clinic.run("clinic", "list")
    assert "Clinic 1: Evening Clinic" in out
    assert "Urgent visit (20 min), First visit (45 min)" in out
    assert "has no clinic yet" in clinic.run("clinic", "list", "--account", "2")[1]


def test_a_second_clinic_can_share_a_group(clinic: Shell) -> None:
    code, out, _ = clinic.run(
        *CLINIC, "--name", "Day Clinic", "--host-group", "1", "--mode", "calendar"
    )
    assert code == 0
    assert "Clinic 2: Day Clinic, calendar" in out
    assert "host group 1: Evening Clinic providers" in out
    assert "patient group 2:" in out


def test_a_patient_without_email_needs_no_password(clinic: Shell) -> None:
    code, out, _ = clinic.run("user", "create", "--name", "Sam Osei", "--asks", "1")
    assert (code, out) == (0, "Sam Osei is in.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("account", "create", "--name", " "), "Give a name"),
        ((*CLINIC, "--zone", "Mars/Olympus"), "such as America/New_York"),
        ((*CLINIC, "--name", "evening clinic"), "Clinic 1 is called Evening Clinic already"),
        ((*CLINIC, "--service", "Visit"), 'as "Name:20"'),
        ((*CLINIC, "--service", "Visit:soon"), 'as "Name:20"'),
        ((*CLINIC, "--service", ":20"), 'as "Name:20"'),
        ((*CLINIC, "--service", "Visit:0"), "1 to 480 minutes"),
        ((*CLINIC, "--name", "Day Clinic", "--host-group", "9"), "no such group: 9"),
        ((*CLINIC, "--account", "7"), "no account 7"),
        ((*USER, "--schedules", "9"), "no clinic 9"),
        ((*USER, "--hosts", "9"), "no host group 9"),
        ((*USER, "--asks", "9"), "no patient group 9"),
        ((*USER, "--account", "7"), "no account 7"),
        ((*USER, "--zone", "Mars/Olympus"), "such as America/New_York"),
        ((*USER, "--email", "ada"), "name@example.com"),
        (("user", "create", "--name", "Ada", "--administrator"), "--email"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    clinic: Shell, arguments: Sequence[str], sentence: str
) -> None:
    assert sentence in clinic.refused(*arguments, typed=PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_a_password_has_a_sensible_length(clinic: Shell, password: str) -> None:
    assert "12 to 256 characters" in clinic.refused(*USER, typed=password + "\n")


def test_a_typed_password_is_asked_for_twice(
    clinic: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [PASSWORD, PASSWORD + "!"]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: answers.pop(0))
    assert "differ" in clinic.refused(*USER[:-1])
    answers.extend([PASSWORD, PASSWORD])
    assert clinic.run(*USER[:-1])[0] == 0


def test_an_email_signs_one_person_in(clinic: Shell) -> None:
    assert clinic.run(*USER, typed=PASSWORD)[0] == 0
    assert "already signs somebody in" in clinic.refused(*USER, typed=PASSWORD)


def test_a_setting_that_is_none_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_PROT", "8000")
    assert "Did you mean DISPATCH_PORT?" in shell.refused("serve")


def test_the_demo_setting_does_not_open_the_real_thing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCH_IS_DEMO", "true")
    assert "python -m server demo" in shell.refused("serve")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org"])
def test_the_demo_answers_on_this_machine_only(shell: Shell, host: str) -> None:
    assert "this machine only" in shell.refused("demo", "--host", host, "--port", "0")


def test_a_roster_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    assert "missing.ndjson cannot be read" in shell.refused("demo", "--roster", "missing.ndjson")
    assert "holds no Patient.ndjson" in shell.refused("demo", "--roster", str(tmp_path))


def test_a_database_in_use_is_told_in_one_sentence(clinic: Shell) -> None:
    running = SqliteStore(Settings(), FrozenClock())
    assert "in use by another running server" in clinic.refused("serve", "--port", "0")
    for arguments in (CLINIC, USER, ("account", "create", "--name", "B")):
        said = clinic.refused(*arguments, typed=PASSWORD)
        assert said == "Stop the console first: people and clinics are added while it is stopped."
    running.close()


def test_reset_deletes_the_demos_database_and_nothing_else(clinic: Shell) -> None:
    for name in ("demo.db", "demo.db-wal", "demo.db-shm", "notes.txt"):
        Path("var", name).write_bytes(b"")
    code, out, _ = clinic.run("demo", "--reset")
    assert code == 0
    assert "Deleted var/demo.db" in out
    left = {path.name for path in Path("var").iterdir() if not path.name.endswith(".lock")}
    assert left == {"dispatch.db", "notes.txt"}
    assert "nothing to delete" in clinic.run("demo", "--reset")[1]


def test_reset_deletes_a_file_that_is_no_database(shell: Shell) -> None:
    Path("var").mkdir()
    Path("var/demo.db").write_text("not a database" * 1000)
    assert shell.run("demo", "--reset")[0] == 0
    assert not Path("var/demo.db").exists()


def test_reset_leaves_a_running_demo_alone(shell: Shell) -> None:
    running = SqliteStore(Settings(database_url="sqlite:///var/demo.db"), FrozenClock())
    assert "in use" in shell.refused("demo", "--reset")
    assert Path("var/demo.db").exists()
    running.close()


def test_reset_deletes_no_database_of_ones_own(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCH_DATABASE_URL", "sqlite:///var/precious.db")
    assert "delete that database yourself" in shell.refused("demo", "--reset")


def test_the_demo_leaves_a_real_database_alone(
    clinic: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCH_DATABASE_URL", "sqlite:///var/dispatch.db")
    assert "leaves it alone" in clinic.refused("demo", "--port", "0")


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        (), ("serve",), ("demo",), ("account",), ("account", "create"), ("clinic",),
        ("clinic", "create"), ("clinic", "list"), ("user",), ("user", "create"),
        ("user", "list"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as left:
            main([*words, "--help"])
        assert left.value.code == 0
        assert "usage: python -m server" in capsys.readouterr().out


# The rest needs a process of its own: it listens, and it is stopped by Ctrl-C.


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Start a server; yield it, the line that says that it is ready, and its address in it."""
    environment = {name: at for name, at in os.environ.items() if not name.startswith("DISPATCH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "server", *arguments, "--port", "0"],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            ready = process.stdout.readline()
            found = re.search(r"http://[\d.]+:\d+", ready)
            assert found, ready + process.stdout.read()
            yield process, ready, found[0]
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C; return the exit code and all that was said since the first line."""
    process.send_signal(signal.SIGINT)
    assert process.stdout
    said = process.stdout.read()
    return process.wait(timeout=60), said


def test_serve_answers_and_stops_at_ctrl_c(clinic: Shell, tmp_path: Path) -> None:
    clinic.run(*USER, "--administrator", "--schedules", "1", typed=PASSWORD)
    with running(tmp_path, "serve") as (process, ready, address):
        page = httpx2.get(f"{address}/sign-in")
        assert page.status_code == 200
        assert "/demo/" not in page.text
        reply = httpx2.post(
            f"{address}/sign-in",
            data={"email": "ada@example.com", "password": PASSWORD, "next": "/"},
            headers={"Origin": address},
        )
        assert reply.status_code == 303
        assert "in use by another running server" in clinic.refused("serve", "--port", "0")
        assert "cannot be used" in _taken_port(clinic, address)
        assert ready == f"The console is ready: {address}/sign-in\n"
        assert stopped(process) == (0, "")


def _taken_port(shell: Shell, address: str) -> str:
    return shell.refused("demo", "--port", address.rpartition(":")[2])


def test_the_demo_starts_twice_and_keeps_what_happened(tmp_path: Path) -> None:
    for state in ("new", "as it was left"):
        with running(tmp_path, "demo") as (process, ready, address):
            assert f"({state}" in ready
            reply = httpx2.get(f"{address}/demo/sign-in/scheduler")
            assert reply.status_code == 303
            code, said = stopped(process)
        assert code == 0
        assert f"Dana Whitfield    {address}/demo/sign-in/scheduler" in said
        assert said.endswith("What happened stays in sqlite:///var/demo.db.\n")
    left = {path.name for path in (tmp_path / "var").iterdir()}
    assert left == {"demo.db", "demo.db.lock"}
