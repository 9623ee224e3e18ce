"""Services, groups, schedulers and the audit are an administrator's; others find no door."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from server.web.admin.spoken_audit import KINDS
from tests.web.house import House, words
from tests.web.office import administrator_elsewhere, every_page, form_of, north, open_office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def test_a_service_is_made_and_described(house: House) -> None:  # S5
    new = "/admin/services/new"
    sent = form_of(house, new, new) | {
        "name": "Advice",
        "description": "By night.",
        "minutes": "15",
        "payment": "$5",
    }
    assert house.post(new, sent).headers["location"] == "/admin/services?saved"
    house.post(new, sent)
    page = words(house.get("/admin/services"))
    assert page.count("Advice") == 1, "sent twice, made once"
    assert "Advice By night. 15 min $5 No clinic yet" in page
    service = north(house).services[0]
    path = f"/admin/services/{service.id}"
    changed = form_of(house, path, path) | {"name": "Walk-in", "minutes": "25"}
    assert house.post(path, changed).status_code == 303
    assert (north(house).services[0].name, north(house).services[0].duration_minutes) == (
        "Walk-in",
        25,
    )
    for wrong in ({"name": ""}, {"minutes": "0"}, {"minutes": "481"}, {"minutes": "x"}):
        assert house.post(path, changed | wrong).status_code == 422
    assert house.get("/admin/services/999999").status_code == 404
    assert house.post("/admin/services/999999", changed).status_code == 404


def test_a_group_is_made_renamed_filled_and_emptied(house: House) -> None:  # V9
    sent = form_of(house, "/admin/groups", "/admin/groups") | {"kind": "hosts", "name": "Night"}
    path = house.post("/admin/groups", sent).headers["location"]
    assert house.post("/admin/groups", sent).headers["location"] == path
    again = {**sent, "key": "k" * 20, "name": "NIGHT"}
    assert "There is a group Night already." in words(house.post("/admin/groups", again))
    assert house.post("/admin/groups", {"name": "No kind"}).status_code == 422
    assert "Nobody is in this group yet" in words(house.get(path))
    found = house.post(path, {"name": "kim"})
    assert "Kim Sand" in found.text
    kim = house.desk.people["Kim Sand"].person_id
    assert house.post(f"{path}/added", {"person": str(kim)}).headers["location"] == path
    assert "Kim Sand" in words(house.get(path))
    assert "1 member" in words(house.get(path))
    assert "Remove Kim Sand" in words(house.post(path, {"name": "kim"}))
    house.post(f"{path}/removed", {"person": str(kim)})
    assert "Nobody is in this group yet" in words(house.get(path))
    late = form_of(house, path, f"{path}/name") | {"name": "Late"}
    assert house.post(f"{path}/name", late).headers["location"] == f"{path}?saved"
    assert "Late" in words(house.get(path))
    assert house.post(f"{path}/name", {"name": "northside NURSES"}).status_code == 422
    assert house.post(f"{path}/added", {"person": "999999"}).status_code == 404
    assert house.get("/admin/groups/hosts/999999").status_code == 404


def test_whoever_leaves_a_group_loses_its_rights_with_it(house: House) -> None:  # S3 S28
    group = house.desk.clinics["Northside"].host_group.id
    max_roy = house.desk.people["Max Roy"].person_id
    house.post(f"/admin/groups/hosts/{group}/removed", {"person": str(max_roy)})
    house.enter("Max Roy")
    assert house.get("/dashboard").status_code in {403, 404}


def test_schedulers_come_and_go_on_the_page_of_their_clinic(house: House) -> None:
    clinic = house.desk.clinics["Eastside"]
    path = f"/admin/clinics/{clinic.id}/schedulers"
    rosa = house.desk.people["Rosa Lind"].person_id
    assert "Tom Vale" in words(house.get(path))
    assert "Make a scheduler Rosa Lind" in words(house.post(path, {"name": "rosa"}))
    house.post(f"{path}/added", {"person": str(rosa)})
    assert "2 schedulers" in words(house.get(path))
    house.post(f"{path}/removed", {"person": str(rosa)})
    assert "1 scheduler" in words(house.get(path))
    for wrong in ("999999", "nobody", ""):
        assert house.post(f"{path}/added", {"person": wrong}).status_code in {404, 422}


def test_the_preview_is_what_patients_see(house: House) -> None:
    clinic = north(house)
    page = words(house.get(f"/admin/clinics/{clinic.id}/preview"))
    assert clinic.emergency_text in page
    assert "Urgent care visit" in page
    assert "Anyone in Northside nurses" in page


def test_the_audit_says_who_did_what_and_nobody_s_words(house: House) -> None:
    number = house.ask("Jordan Park", note="A rash since Monday")
    path = f"/admin/clinics/{north(house).id}"
    house.post(path, form_of(house, path, path) | {"phone": "555-0142"})
    page = house.get("/admin/audit")
    assert "Ruth Gold Changed the clinic's settings Northside" in words(page)
    assert f"Jordan Park Asked to be seen Request {number}" in words(page)
    assert "rash" not in page.text
    only = words(house.get("/admin/audit?kind=clinic"))
    assert "Changed the clinic's settings" in only
    assert "Asked to be seen" not in only
    jordan = house.desk.people["Jordan Park"].person_id
    of_one = words(house.get(f"/admin/audit?person={jordan}"))
    assert "What Jordan Park did." in of_one
    assert "Ruth Gold" not in of_one
    assert "Nothing like that happened" in words(house.get("/admin/audit?person=999999"))


def test_the_audit_is_paged_by_what_was_last_seen(house: House) -> None:
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}"
    for turn in range(55):
        house.post(path, form_of(house, path, path) | {"phone": f"555-01{turn:02}"})
    first = house.get("/admin/audit?kind=clinic")
    assert first.text.count("Changed the clinic") == 50
    [older] = re.findall(r'href="([^"]*before=\d+)"', first.text)
    second = house.get(unescape(older))
    assert second.text.count("Changed the clinic") == 5
    assert "The latest" in words(second)


@pytest.mark.parametrize("name", ["Sam Ortiz", "Lee Chen", "Jordan Park"])
def test_nobody_else_looks_or_changes(house: House, name: str) -> None:
    pages = every_page(house)
    clinic = north(house)
    house.enter(name)
    for path in pages:
        assert house.get(path).status_code == 403, path
        if not path.endswith(("/preview", "/audit", "/clinics")):
            reply = house.post(path, {"name": "x", "person": "1", "kind": "hosts"})
            assert reply.status_code in {403, 405}, path
    assert north(house) == clinic


def test_what_another_account_has_is_not_there(house: House) -> None:  # S55
    olga = administrator_elsewhere(house)
    pages = [path for path in every_page(house) if re.search(r"\d", path)]
    house.enter(olga)
    for path in pages:
        assert house.get(path).status_code == 404, path
    clinic = house.desk.clinics["Northside"]
    for path, fields in (
        (f"/admin/clinics/{clinic.id}", {"name": "Mine"}),
        (f"/admin/clinics/{clinic.id}/hours", {"week": "always"}),
        (f"/admin/clinics/{clinic.id}/services", {"do": "remove", "service": "1"}),
        (f"/admin/clinics/{clinic.id}/schedulers/added", {"person": "1"}),
        (f"/admin/groups/hosts/{clinic.host_group.id}/name", {"name": "Mine"}),
        (f"/admin/groups/hosts/{clinic.host_group.id}/removed", {"person": "4"}),
    ):
        assert house.post(path, fields).status_code == 404, path
    assert words(house.get("/admin/audit")).count("Northside") == 0


def test_no_question_to_the_audit_is_answered_with_another_accounts_lines(
    house: House,
) -> None:  # S55
    number = house.ask("Jordan Park")
    path = f"/admin/clinics/{north(house).id}"
    house.post(path, form_of(house, path, path) | {"phone": "555-0142"})
    account = house.desk.account
    last = house.read(lambda reading: reading.audit(account, limit=1))[0].id
    people = house.desk.people
    queries = [
        "",
        *(f"?kind={kind}" for kind in KINDS),
        *(f"?person={people[name].person_id}" for name in ("Ruth Gold", "Jordan Park")),
        f"?before={last + 1}",
        f"?kind=request&before={last + 1}",
        f"?kind=request&person={people['Jordan Park'].person_id}&before={last + 1}",
    ]
    for query in queries:  # what is theirs is there
        assert house.get(f"/admin/audit{query}").status_code == 200, query
    assert f"Request {number}" in words(house.get(f"/admin/audit{queries[-1]}"))
    house.enter(administrator_elsewhere(house))
    for query in queries:
        page = house.get(f"/admin/audit{query}")
        assert page.status_code == 200, query
        for theirs in ("Jordan", "Ruth", "Northside", f"Request {number}"):
            assert theirs not in page.text, (query, theirs)
