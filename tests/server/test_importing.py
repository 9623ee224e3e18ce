"""A roster comes in from the command line: once, with a report, and never beside a running console."""

import asyncio
import time
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from dispatch.people import Person
from dispatch.vocabulary import AccountId, Role
from server.cli.setting_up import held
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock
from tests.server.shell import CLINIC, Shell

_MR = {"coding": [{"code": "MR"}]}


def patient(number: int, **more: object) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "name": [{"given": ["Pat"], "family": f"Ent-{chr(64 + number)}"}],
        "identifier": [
            {"type": _MR, "value": f"m-{number}"},
            {"type": {"coding": [{"code": "SS"}]}, "value": "999-11-2222"},
        ],
        "telecom": [{"system": "email", "value": f"p{number}@example.org"}],
        **more,
    }


def practitioner(number: int) -> dict[str, object]:
    npi = {"system": "http://hl7.org/fhir/sid/us-npi", "value": f"{number}"}
    name = {"prefix": ["Dr."], "given": ["Doc"], "family": "Tor"}
    return {"resourceType": "Practitioner", "name": [name], "identifier": [npi]}


def write(file: Path, *lines: dict[str, object] | bytes) -> Path:
    whole = (line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    file.write_bytes(b"\n".join(whole) + b"\n")
    return file


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    lines: list[dict[str, object] | bytes] = [
        patient(1),
        patient(2, deceasedBoolean=True),
        b"{broken",
        patient(3),
        patient(1),
    ]
    write(folder / "Patient.ndjson", *lines)
    write(folder / "Practitioner.ndjson", practitioner(7))
    return folder


def everybody() -> dict[str, tuple[Person, frozenset[Role]]]:
    with closing(SqliteStore(Settings(), FrozenClock())) as store:
        people = asyncio.run(store.read(lambda reading: reading.people(AccountId(1), "", 100)))
        ids = [one.id for one in people]
        roles = asyncio.run(store.read(lambda reading: reading.roles(AccountId(1), ids)))
    return {one.name: (one, roles[one.id]) for one in people}


def test_patients_may_ask_and_practitioners_answer(clinic: Shell, roster: Path) -> None:
    code, out, _ = clinic.run("import", "fhir", str(roster))
    assert code == 0
    assert "2 patients and 1 practitioners came in." in out
    assert "1 left out: deceased." in out
    assert "Patient.ndjson, line 3: not a line of JSON" in out
    there = everybody()
    assert {name: roles for name, (_, roles) in there.items()} == {
        "Pat Ent-A": frozenset({Role.REQUESTER}),
        "Pat Ent-C": frozenset({Role.REQUESTER}),
        "Dr. Doc Tor": frozenset({Role.HOST}),
    }
    person = there["Pat Ent-A"][0]
    assert (person.source_identifier, person.email) == ("mrn:m-1", "p1@example.org")
    assert person.zone == "America/New_York"
    assert "999-11" not in repr(there)


def test_twice_is_once(clinic: Shell, roster: Path) -> None:
    clinic.run("import", "fhir", str(roster))
    code, out, _ = clinic.run("import", "fhir", str(roster))
    assert code == 0
    assert "0 patients and 0 practitioners came in." in out
    assert "3 were here already" in out
    assert len(everybody()) == 3


def test_a_check_says_the_same_and_changes_nothing(clinic: Shell, roster: Path) -> None:
    code, out, _ = clinic.run("import", "fhir", str(roster), "--check")
    assert code == 0
    assert "2 patients and 1 practitioners would come in." in out
    assert everybody() == {}


def test_ten_thousand_rows_take_less_than_twenty_seconds_and_a_bar_says_how_far_it_is(
    clinic: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2_000  # a fifth of them, in a fifth of the time: of ours, whoever else is busy
    people = [{**patient(n), "name": [{"text": f"Pat Ent {n}"}]} for n in range(count)]
    file = write(tmp_path / "many.ndjson", *people)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    began = time.process_time()
    code, out, bar = clinic.run("import", "fhir", str(file))
    assert time.process_time() - began < 20 * count / 10_000
    assert code == 0
    assert f"{count} patients and 0 practitioners came in." in out
    drawn = [each for each in bar.split("\r") if each]
    assert len(drawn) > 5
    assert drawn[0] == f"[{'.' * 30}] 0 of {count} people"
    assert drawn[len(drawn) // 2].strip("[").startswith("###")
    assert drawn[-1] == f"[{'#' * 30}] {count} of {count} people\n"


def test_an_address_that_somebody_has_is_no_sign_in_name(clinic: Shell, tmp_path: Path) -> None:
    file = write(tmp_path / "one.ndjson", patient(1))
    clinic.run("import", "fhir", str(file))
    write(file, {**patient(8), "telecom": [{"system": "email", "value": "P1@example.org"}]})
    _, out, _ = clinic.run("import", "fhir", str(file))
    assert "1 share an e-mail address" in out
    assert everybody()["Pat Ent-H"][0].email is None


def test_the_report_names_files_lines_and_reasons_and_nobody(
    clinic: Shell, roster: Path, tmp_path: Path
) -> None:
    report = tmp_path / "left.csv"
    clinic.run("import", "fhir", str(roster), "--report", str(report))
    assert report.read_text(encoding="utf-8").splitlines() == [
        "file,line,reason",
        "Patient.ndjson,2,deceased",
        "Patient.ndjson,3,not a line of JSON that can be read",
        "Patient.ndjson,5,already on an earlier line",
    ]


def test_which_clinics_they_join_is_said_where_there_are_several(
    clinic: Shell, roster: Path
) -> None:
    assert "has no clinic 9" in clinic.refused("import", "fhir", str(roster), "--clinic", "9")
    clinic.run(*CLINIC[:3], "Harbor", *CLINIC[4:])
    assert "--clinic NUMBER" in clinic.refused("import", "fhir", str(roster))
    assert clinic.run("import", "fhir", str(roster), "--clinic", "2")[0] == 0
    assert everybody()["Dr. Doc Tor"][1] == {Role.HOST}


def test_an_account_without_a_clinic_takes_nobody(account: Shell, roster: Path) -> None:
    assert "no clinic yet" in account.refused("import", "fhir", str(roster))


def test_beside_a_running_console_it_says_how_to_do_it_in_the_browser(
    clinic: Shell, roster: Path
) -> None:
    async def with_a_console() -> str:
        async with held():
            return await asyncio.to_thread(clinic.refused, "import", "fhir", str(roster))

    said = asyncio.run(with_a_console())
    assert "http://127.0.0.1:8000/admin/people/import" in said


def test_what_is_no_roster_is_said_in_a_sentence(clinic: Shell, tmp_path: Path) -> None:
    assert "Patient.ndjson" in clinic.refused("import", "fhir", str(tmp_path))
    assert "cannot be read" in clinic.refused("import", "fhir", str(tmp_path / "no.ndjson"))
