"""Files of people are taken in the browser, from administrators, and nothing of them is shown again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.server.test_importing import patient, practitioner
from tests.web.house import FROM_US, House, words
from tests.web.office import open_office

PATH = "/admin/people/import"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def clinic_of(house: House) -> int:
    page = house.get(PATH).text
    return int(page.partition('id="clinic-hint')[2].partition('id="clinic-')[2].partition('"')[0])


def send(house: House, *lines: object, do: str = "import", name: str = "Patient.ndjson") -> Any:
    whole = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    fields = {"do": do, "clinic": str(clinic_of(house))}
    return house.client.post(PATH, data=fields, files={"files": (name, whole)}, headers=FROM_US)


def count(house: House) -> int:
    return house.read(lambda reading: reading.count_people(house.desk.account, ""))


def test_people_come_in_once(house: House) -> None:
    before = count(house)
    reply = send(house, patient(1), patient(2), practitioner(4), b"{broken")
    assert reply.status_code == 200
    assert "They are in New patients 2 New providers 1 Here already 0" in words(reply)
    assert "Patient.ndjson 4 not a line of JSON" in words(reply)
    assert "Ent-A" not in reply.text
    assert count(house) == before + 3
    again = send(house, patient(1), patient(2), practitioner(4))
    assert "Nobody new came in" in words(again)
    assert count(house) == before + 3


def test_a_look_changes_nothing(house: House) -> None:
    before = count(house)
    reply = send(house, patient(1), do="check")
    assert "What an import would do Nothing was changed. New patients 1" in words(reply)
    assert count(house) == before


def test_without_files_or_without_a_clinic_it_says_so(house: House) -> None:
    none = house.client.post(PATH, data={"do": "import"}, files={}, headers=FROM_US)
    assert none.status_code == 422
    assert "Choose one or more NDJSON files." in words(none)
    nowhere = house.client.post(
        PATH,
        data={"do": "import", "clinic": "9" * 5000},
        files={"files": ("a", orjson.dumps(patient(1)))},
        headers=FROM_US,
    )
    assert nowhere.status_code == 422
    assert "Choose at least one clinic" in words(nowhere)


def test_a_name_of_a_file_is_only_a_name(house: House) -> None:
    reply = send(house, b"{broken", name="..\\evil\\<b>x</b>.ndjson")
    assert "<b>x</b>" not in reply.text
    assert "evil" not in reply.text


def test_only_administrators_and_nobody_elses_bytes_are_read(house: House) -> None:
    assert send(house, patient(1)).status_code == 200
    before = count(house)
    for who in ("Sam Ortiz", "Lee Chen", "Jordan Park"):
        house.enter(who)
        fields = {"do": "import", "clinic": "1"}
        files = {"files": ("a", orjson.dumps(patient(5)))}
        refused = house.client.post(PATH, data=fields, files=files, headers=FROM_US)
        assert refused.status_code == 403
    assert count(house) == before


def test_files_are_large_and_forms_are_not(house: House) -> None:
    assert send(house, b" " * 100_000, patient(1)).status_code == 200
    assert send(house, b" " * (9 * 1024 * 1024)).status_code == 413
    fields = {"note": "n" * 100_000}
    assert house.post(PATH, fields).status_code == 413
