"""A roster brings people and never more of them than the desk needs; no line can stop it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from server.demo.founding import OWN_ROSTER
from server.fhir import SkipReason
from server.roster import LONGEST_LINE, Roster, RosterError, read_roster

MR = {"type": {"coding": [{"code": "MR"}]}, "system": "urn:hospital", "value": "A-1"}
SSN = {
    "type": {"coding": [{"code": "SS"}]},
    "system": "http://hl7.org/fhir/sid/us-ssn",
    "value": "999-81-5679",
}
LICENCE = {"type": {"coding": [{"code": "DL"}]}, "value": "S99921"}
PASSPORT = {"type": {"coding": [{"code": "PPN"}]}, "value": "X9921X"}
NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "9999992198"}


def a_patient(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "identifier": [SSN, LICENCE, PASSPORT, MR],
        "name": [
            {"use": "maiden", "family": "Pacocha935", "given": ["Donya787"]},
            {"use": "official", "family": "Yundt842", "given": ["Donya787", "Mikaela760"]},
        ],
        "telecom": [
            {"system": "phone", "value": "555-907-9875"},
            {"system": "email", "value": "donya@example.com"},
        ],
        "birthDate": "1949-11-14",
    } | changes


def a_practitioner(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "identifier": [SSN, NPI],
        "active": True,
        "name": [{"family": "Bergstrom287", "given": ["Randy380"], "prefix": ["Dr."]}],
        "telecom": [{"system": "email", "value": "Randy380.Bergstrom287@example.com"}],
    } | changes


def read(tmp_path: Path, *lines: Any) -> Roster:
    file = tmp_path / "Patient.ndjson"
    file.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    )
    return read_roster(file)


def test_a_patient_comes_with_name_birth_date_and_record_number_only(tmp_path: Path) -> None:
    roster = read(tmp_path, a_patient())
    (person,) = roster.patients
    assert person.name == "Donya Mikaela Yundt"
    assert person.source_identifier == "mrn:A-1"
    assert (person.email, person.phone) == ("donya@example.com", "555-907-9875")
    assert person.birth_date == date(1949, 11, 14)
    everything = repr(roster)
    for private in ("999-81-5679", "S99921", "X9921X", "Pacocha"):
        assert private not in everything


def test_a_practitioner_comes_with_prefix_and_npi(tmp_path: Path) -> None:
    (person,) = read(tmp_path, a_practitioner()).practitioners
    assert person.name == "Dr. Randy Bergstrom"
    assert person.source_identifier == "npi:9999992198"
    assert person.email == "Randy380.Bergstrom287@example.com"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (a_patient(deceasedDateTime="1951-02-20T08:15:54-05:00"), SkipReason.DECEASED),
        (a_patient(deceasedBoolean=True), SkipReason.DECEASED),
        (a_practitioner(active=False), SkipReason.INACTIVE),
        (a_patient(name=[]), SkipReason.NO_NAME),
        (a_patient(name="Donya"), SkipReason.NO_NAME),
        (a_patient(name=[{"use": "maiden", "family": "Pacocha"}]), SkipReason.NO_NAME),
        (a_patient(name=[{"family": "\u202e\u200b"}]), SkipReason.NO_NAME),
        (a_patient(name=[{"family": "x" * 121}]), SkipReason.NO_NAME),
        (a_patient(identifier=[SSN, LICENCE, PASSPORT]), SkipReason.NO_IDENTIFIER),
        (a_patient(identifier=[MR | {"value": " "}]), SkipReason.NO_IDENTIFIER),
        (a_patient(identifier=[MR | {"value": "9" * 65}]), SkipReason.NO_IDENTIFIER),
        (a_patient(identifier={"value": "A-1"}), SkipReason.NO_IDENTIFIER),
        (a_practitioner(identifier=[SSN]), SkipReason.NO_IDENTIFIER),
        ({"resourceType": "Observation"}, SkipReason.OTHER_RESOURCE),
        ({"resourceType": ["Patient"]}, SkipReason.OTHER_RESOURCE),
        ({}, SkipReason.OTHER_RESOURCE),
        ([], SkipReason.BROKEN),
        (b"null", SkipReason.BROKEN),
        (b'{"resourceType": "Patient"', SkipReason.BROKEN),
        (b"\xff\xfe\x00", SkipReason.BROKEN),
        (b"[" * 100_000, SkipReason.BROKEN),
        (b'{"resourceType": "' + b"x" * (2 * LONGEST_LINE) + b'"}', SkipReason.BROKEN),
    ],
)
def test_a_line_that_brings_nobody_says_why_and_stops_nothing(
    tmp_path: Path, line: Any, reason: SkipReason
) -> None:
    other = a_patient(identifier=[MR | {"value": "B-2"}])
    roster = read(tmp_path, other, b"", line, a_practitioner(identifier=[NPI | {"value": "1"}]))
    assert [(one.line, one.reason) for one in roster.skipped] == [(3, reason)]
    assert roster.skipped[0].file == "Patient.ndjson"
    assert (len(roster.patients), len(roster.practitioners)) == (1, 1)


def test_the_same_identifier_twice_is_one_person(tmp_path: Path) -> None:
    roster = read(tmp_path, a_patient(), a_patient(name=[{"family": "Other"}]))
    assert [person.name for person in roster.patients] == ["Donya Mikaela Yundt"]
    assert [one.reason for one in roster.skipped] == [SkipReason.REPEATED]


def test_an_email_used_twice_signs_nobody_in_and_is_reported(tmp_path: Path) -> None:
    second = a_practitioner(telecom=[{"system": "email", "value": "DONYA@example.com"}])
    roster = read(tmp_path, a_patient(), second)
    assert roster.patients[0].email is None
    assert roster.practitioners[0].email is None
    assert roster.shared_emails == 2


@pytest.mark.parametrize(
    "value",
    ["nobody", "a b@example.com", "@", "x@y", "x@y_z.org", "x..y@z.org", 7, None, "e@" * 200],
)
def test_what_is_no_email_is_none(tmp_path: Path, value: object) -> None:
    roster = read(tmp_path, a_patient(telecom=[{"system": "email", "value": value}]))
    assert roster.patients[0].email is None


@pytest.mark.parametrize("value", ["1949", "1949-13-01", "soon", None, 1949])
def test_a_date_that_is_not_whole_is_none(tmp_path: Path, value: object) -> None:
    assert read(tmp_path, a_patient(birthDate=value)).patients[0].birth_date is None


def test_a_name_is_one_line_without_signs_that_nobody_sees(tmp_path: Path) -> None:
    name = [{"family": "O\u0301 Neill\u202e\n2nd", "given": ["  Ann\u0000\tMarie  ", 5, None]}]
    assert read(tmp_path, a_patient(name=name)).patients[0].name == "Ann Marie Ó Neill 2nd"


def test_a_byte_order_mark_is_no_reason_to_lose_somebody(tmp_path: Path) -> None:
    line = b"\xef\xbb\xbf" + json.dumps(a_patient()).encode()
    assert len(read(tmp_path, line).patients) == 1


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").write_text(json.dumps(a_patient()))
    (tmp_path / "Practitioner.ndjson").write_text(json.dumps(a_practitioner()))
    (tmp_path / "Observation.ndjson").write_text("{}")
    roster = read_roster(tmp_path)
    assert (len(roster.patients), len(roster.practitioners), roster.skipped) == (1, 1, ())


def test_no_roster_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"holds no Patient\.ndjson"):
        read_roster(tmp_path)
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path / "missing.ndjson")


def test_the_demos_own_roster_is_whole() -> None:
    roster = read_roster(OWN_ROSTER)
    assert (len(roster.patients), len(roster.practitioners)) == (12, 6)
    assert not roster.skipped
    assert not roster.shared_emails
