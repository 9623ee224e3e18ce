"""An administrator sets clinics, services and groups up in the browser; others find no door."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import ClinicId, GroupKind
from tests.web.house import House, open_house, words
from tests.web.pages import read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        opened.enter("Ruth Gold")
        yield opened


def form_of(house: House, path: str, action: str) -> dict[str, str]:
    """Return what a form of a page holds, as a browser would send it."""
    form = read(house.get(path).text).one("form", action=action)
    fields: dict[str, str] = {}
    for element in form.walk():
        name = element.attrs.get("name", "")
        if element.tag == "textarea":
            fields[name] = unescape(element.words)
        elif element.tag == "select":
            chosen = [o for o in element.all("option") if "selected" in o.attrs]
            options = chosen or element.all("option")
            fields[name] = options[0].attrs["value"]
        elif element.tag == "input":
            is_box = element.attrs.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in element.attrs:
                fields[name] = unescape(element.attrs.get("value", ""))
    return fields


def north(house: House) -> Any:
    account, key = house.desk.account, house.desk.clinics["Northside"].id
    return house.read(lambda reading: reading.clinic(account, key))


def test_the_account_gets_another_name_and_zone(house: House) -> None:
    sent = form_of(house, "/admin", "/admin") | {"name": "Lakeside", "zone": "America/New York"}
    assert house.post("/admin", sent).headers["location"] == "/admin?saved"
    page = words(house.get("/admin?saved"))
    assert "Saved. Lakeside" in page
    account = house.read(lambda reading: reading.account(house.desk.account))
    assert (account.name, account.zone) == ("Lakeside", "America/New_York")
    for wrong in ({"name": " "}, {"zone": "America/Nowhere"}, {"name": "n" * 201}):
        refused = house.post("/admin", sent | wrong)
        assert refused.status_code == 422
        assert "There is a problem" in words(refused)
    assert house.read(lambda reading: reading.account(house.desk.account)) == account


def test_every_setting_of_a_clinic_is_changed_on_its_page(house: House) -> None:
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}"
    sent = form_of(house, path, path)
    assert house.post(path, sent).status_code == 303
    assert north(house) == clinic, "the form holds what is so"
    changed = sent | {
        "name": "Northside  by night",
        "zone": "Europe/Paris",
        "mode": "calendar",
        "target": "2:30",
        "nearly": "2",
        "now_limit": "60",
        "phone": "555-0199",
        "emergency_text": "Call 112.",
        "declined_text": "Not today.",
        "unavailable_text": "Not here.",
        "host_group": str(house.desk.clinics["Southside"].host_group.id),
    }
    del changed["accepts_now"]
    assert house.post(path, changed).headers["location"] == f"{path}?saved"
    now_is = north(house)
    assert (now_is.name, now_is.zone, now_is.mode) == (
        "Northside by night",
        "Europe/Paris",
        "calendar",
    )
    assert (now_is.target_seconds, now_is.nearly_seconds, now_is.now_limit_seconds) == (
        150,
        120,
        3600,
    )
    assert (now_is.accepts_now, now_is.accepts_scheduled, now_is.phone) == (False, True, "555-0199")
    assert (now_is.emergency_text, now_is.declined_text) == ("Call 112.", "Not today.")
    assert now_is.host_group == house.desk.clinics["Southside"].host_group
    assert now_is.services == clinic.services


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Give the clinic a name."),
        ("name", "Southside", "Another clinic is called that already."),
        ("name", "n" * 201, "Keep this under 200 characters."),
        ("zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("mode", "sometimes", "Choose on demand or calendar."),
        ("target", "soon", "Enter minutes, like 5 or 5:00."),
        ("target", "", "Enter minutes, like 5 or 5:00."),
        ("target", "0", "Give a target between 10 seconds and 24 hours."),
        ("nearly", "6", "The amber step comes before the target."),
        ("now_limit", "1", "Give a limit between 5 minutes and 24 hours."),
        ("now_limit", "5", "Requests end after the target wait, not before."),
        ("emergency_text", " ", "Give the words that patients read."),
        ("declined_text", "d" * 501, "Keep this under 500 characters."),
        ("phone", "5\u202e5", "Use letters, digits and ordinary signs only."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_everything_kept(
    house: House, field: str, value: str, sentence: str
) -> None:
    clinic = north(house)
    path = f"/admin/clinics/{clinic.id}"
    sent = form_of(house, path, path) | {"phone": "555-0111", field: value}
    refused = house.post(path, sent)
    assert refused.status_code == 422
    assert sentence in words(refused)
    assert field == "phone" or 'value="555-0111"' in refused.text
    assert north(house) == clinic


def test_who_can_see_a_clinic_is_written_out(house: House) -> None:
    page = words(house.get(f"/admin/clinics/{north(house).id}"))
    assert "6 people in Northside patients can ask here." in page
    assert "Rosa Lind, Sam Ortiz, Tom Vale schedule here and see every request" in page
    assert "3 providers in Northside nurses : Ana Ruiz, Lee Chen, Max Roy." in page


def test_a_new_clinic_makes_its_groups_and_its_service_once(house: House) -> None:
    path = "/admin/clinics/new"
    sent = form_of(house, path, path) | {"name": "Westside", "new_service": "Advice"}
    reply = house.post(path, sent)
    again = house.post(path, sent)
    assert reply.status_code == again.status_code == 303
    assert reply.headers["location"] == again.headers["location"]
    key = int(re.findall(r"\d+", reply.headers["location"])[0])
    clinic = house.read(lambda reading: reading.clinic(house.desk.account, ClinicId(key)))
    assert clinic
    assert (clinic.name, clinic.patient_group.name, clinic.host_group.name) == (
        "Westside",
        "Westside patients",
        "Westside providers",
    )
    assert [service.name for service in clinic.services] == ["Advice"]
    assert len(house.get("/admin/clinics").text.split('<li class="card">')) == 5
    other = house.post(path, sent | {"name": "Highside"})
    assert other.status_code == 409
    assert "already sent" in words(other)


def test_a_new_clinic_shares_groups_and_services_that_are_there(house: House) -> None:
    path, clinic = "/admin/clinics/new", north(house)
    sent = form_of(house, path, path) | {
        "name": "Westside",
        "patient_group": str(clinic.patient_group.id),
        "host_group": str(clinic.host_group.id),
        "services": str(clinic.services[0].id),
    }
    reply = house.post(path, sent)
    key = int(re.findall(r"\d+", reply.headers["location"])[0])
    made = house.read(lambda reading: reading.clinic(house.desk.account, ClinicId(key)))
    assert made
    assert made.patient_group == clinic.patient_group
    assert made.services == clinic.services[:1]
    for wrong in (
        {"services": ""},
        {"services": "999999"},
        {"patient_group": "999999"},
        {"name": ""},
        {"name": "Northside"},
        {"services": "", "new_service": "Advice", "minutes": "0"},
        {"services": "", "new_service": "Advice", "minutes": "soon"},
    ):
        fresh = form_of(house, path, path)["key"]
        refused = house.post(path, sent | {"name": "Other", "key": fresh} | wrong)
        assert refused.status_code == 422, wrong


def test_services_move_go_and_come(house: House) -> None:
    clinic = north(house)
    first, second = (service.id for service in clinic.services)
    path = f"/admin/clinics/{clinic.id}/services"

    def press(do: str, service: int) -> Any:
        was = " ".join(str(each.id) for each in north(house).services)
        return house.post(path, {"do": do, "service": str(service), "was": was})

    def order() -> list[int]:
        return [service.id for service in north(house).services]

    assert press("down", first).status_code == 303
    assert order() == [second, first]
    press("up", first)
    assert order() == [first, second]
    press("up", first)
    assert order() == [first, second], "the first one stays"
    press("remove", first)
    assert order() == [second]
    assert "A clinic offers at least one service." in words(press("remove", second))
    press("add", first)
    assert order() == [second, first]
    assert "offers that service already" in words(press("add", first))
    stale = house.post(path, {"do": "remove", "service": str(first), "was": f"{first} {second}"})
    assert "The services changed since you looked." in words(stale)
    assert press("add", 999_999).status_code == 404
    assert press("shuffle", first).status_code == 422
    assert order() == [second, first]


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
    assert "Advice By night. 15 $5 No clinic yet" in page
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
    assert house.post(f"{path}/name", {"name": "Late"}).headers["location"] == f"{path}?saved"
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


PAGES = ("", "/hours", "/services", "/schedulers", "/preview")


def every_page(house: House) -> list[str]:
    clinic = north(house)
    return [
        "/admin",
        "/admin/clinics",
        "/admin/clinics/new",
        *(f"/admin/clinics/{clinic.id}{tail}" for tail in PAGES),
        "/admin/services",
        f"/admin/services/{clinic.services[0].id}",
        "/admin/groups",
        *(f"/admin/groups/{kind}/{clinic.host_group.id}" for kind in GroupKind),
        "/admin/audit",
    ]


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
    foreign = house.run(house.desk.store.create_account, "Elsewhere")
    house.add_with_password("Olga Far", "olga@example.org", is_administrator=True)

    async def move() -> None:
        def work(connection: Any) -> None:
            connection.exec_driver_sql(
                f"UPDATE person SET account_id = {foreign} WHERE name = 'Olga Far'"
            )

        with house.desk.store._writing.begin() as connection:
            work(connection)

    house.run(move)
    pages = [path for path in every_page(house) if re.search(r"\d", path)]
    house.enter("Olga Far")
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
