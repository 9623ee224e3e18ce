"""Two administrators have the same page open: the second to send it is shown what the first one did."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.web.house import House, title, words
from tests.web.office import form_of, held_by, north, open_office
from tests.web.pages import read

OTHER = "Otto Gold"
JSON = "application/json"


@dataclass(frozen=True)
class Form:
    """One form of administration: where it is, what the first and what the second type."""

    name: str
    page: Callable[[House], str]
    first: dict[str, str]
    second: dict[str, str]
    stored: str  # how the page says what the first one left
    action: str = ""  # after the page's path
    held: Callable[[House], dict[str, str]] = field(default=lambda _: {})


def clinic(tail: str = "") -> Callable[[House], str]:
    return lambda house: f"/admin/clinics/{north(house).id}{tail}"


def mia(house: House) -> str:
    return f"/admin/people/{house.desk.people['Mia Wells'].person_id}"


def host(house: House) -> str:
    return str(house.desk.people["Lee Chen"].person_id)


FORMS = (
    Form("account", lambda _: "/admin", {"name": "One"}, {"name": "Two"}, "One"),
    Form("person", mia, {"name": "Mia One"}, {"phone": "222"}, "Mia One"),
    Form("clinic", clinic(), {"target": "7:00"}, {"phone": "222"}, "7:00"),
    Form("clinic's mode", clinic(), {"mode": "calendar"}, {"phone": "222"}, "Calendar"),
    Form("clinic's box", clinic(), {"accepts_now": ""}, {"phone": "222"}, "off"),
    Form(
        "service",
        lambda house: f"/admin/services/{north(house).services[0].id}",
        {"minutes": "31"},
        {"name": "Two"},
        "31",
    ),
    Form(
        "group",
        lambda house: f"/admin/groups/hosts/{north(house).host_group.id}",
        {"name": "One"},
        {"name": "Two"},
        "One",
        "/name",
    ),
    Form(
        "hours",
        clinic("/hours"),
        {"week": "set", "opens0_1": "09:00", "closes0_1": "17:00"},
        {"week": "set", "opens1_1": "10:00", "closes1_1": "11:00"},
        "09:00 to 17:00",
    ),
    Form("alerts", clinic("/alerts"), {"minutes": "11"}, {"email": "a@b.example"}, "11"),
    Form(
        "declines",
        clinic("/replies"),
        {"other": "One."},
        {"duplicate": "Two."},
        "One.",
        "/declines",
    ),
    Form("reply", clinic("/replies"), {"text": "One."}, {"title": "Two"}, "One.", "/1"),
    Form(
        "video",
        clinic("/video"),
        {"kind": "address", "address": "https://one.example/{room}"},
        {"kind": "host_link"},
        "A room of its own for each visit",
    ),
    Form(
        "provider's link",
        clinic("/video"),
        {"link": "https://one.example/lee"},
        {"link": "https://two.example/lee"},
        "https://one.example/lee",
        "/links",
        lambda house: {"host": host(house)},
    ),
    Form("bookings", lambda _: "/admin/booking", {"services": "1"}, {"services": "2"}, "Urgent"),
    Form(
        "calendar",
        lambda _: "/admin/booking",
        {"slug": "one"},
        {"is_on": "1"},
        "one",
        "/calendar",
        lambda house: {"clinic": str(north(house).id), "host": ""},
    ),
    Form(
        "provider's calendar",
        lambda _: "/admin/booking",
        {"slug": "one", "is_on": "1"},
        {"slug": "two"},
        "one",
        "/calendar",
        lambda house: {"clinic": str(north(house).id), "host": host(house)},
    ),
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        opened.add_with_password(OTHER, "otto@example.org", is_administrator=True)
        opened.post(
            f"{clinic('/replies')(opened)}",
            {"title": "Hello", "text": "Good day.", "key": "k" * 20},
        )
        yield opened


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_whoever_sends_second_is_shown_what_is_stored_and_sends_again_knowing_it(
    house: House, form: Form
) -> None:
    page, held = form.page(house), form.held(house)
    action = f"{page}{form.action}"
    opened = form_of(house, page, action, **held)  # by both
    house.enter(OTHER)
    assert house.post(action, opened | form.first).status_code == 303
    stored = form_of(house, page, action, **held)
    house.enter("Ruth Gold")
    typed = opened | form.second
    refused = house.post(action, typed)
    assert refused.status_code == 409
    assert title(refused).startswith("Error: ")
    assert "Somebody changed this since you opened it." in words(refused)
    led = [a.attrs["href"][1:] for a in read(refused.text).one(class_="error-summary").all("a")]
    assert all(read(refused.text).all(id=target) for target in led), "to what is there"
    assert form_of(house, page, action, **held) == stored, "nothing was changed"
    beside = " ".join(note.words for note in read(refused.text).all(class_="field__stored"))
    assert f"Stored now: {form.stored}" in beside
    again = held_by(refused.text, action, **held)
    assert again["seen"] == stored["seen"]
    assert again | {"seen": ""} == typed | {"seen": ""}, "everything typed is still there"
    assert house.post(action, again).status_code == 303
    assert form_of(house, page, action, **held).items() >= form.second.items()


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_what_is_stored_already_is_no_change_and_a_form_that_says_nothing_is_asked_back(
    house: House, form: Form
) -> None:
    page, held = form.page(house), form.held(house)
    action = f"{page}{form.action}"
    opened = form_of(house, page, action, **held)
    first = opened | form.first
    assert house.post(action, first).status_code == 303
    assert house.post(action, first).status_code == 303, "somebody did the same: nothing is lost"
    second = first | form.second
    for nothing in ({"seen": ""}, {"seen": "x" * 5000}, {"seen": opened["seen"]}):
        told = house.post(action, second | nothing, accept=JSON)
        assert (told.status_code, told.json()["code"]) == (409, "changed_meanwhile")
    del second["seen"]
    asked = house.post(action, second)
    assert asked.status_code == 409
    assert "This page is from before an update" in words(asked)
    assert house.post(action, held_by(asked.text, action, **held)).status_code == 303


def test_a_right_that_was_taken_is_not_given_back_by_a_page_left_open(house: House) -> None:
    house.add_with_password("Ada Rey", "ada@example.org", is_administrator=True)
    key = house.desk.people["Ada Rey"].person_id
    path = f"/admin/people/{key}"
    opened = form_of(house, path, path)
    assert opened["is_administrator"] == "1"
    house.enter(OTHER)
    assert house.post(path, opened | {"is_administrator": ""}).status_code == 303
    house.enter("Ruth Gold")
    refused = house.post(path, opened | {"phone": "555"})
    assert refused.status_code == 409
    assert "Stored now: off" in words(refused)
    person = house.read(lambda reading: reading.person(house.desk.account, key))
    assert person
    assert (person.is_administrator, person.phone) == (False, None)


def test_a_mistake_is_corrected_without_losing_what_the_form_was_filled_from(house: House) -> None:
    opened = form_of(house, "/admin", "/admin")
    house.enter(OTHER)
    house.post("/admin", opened | {"zone": "Asia/Tokyo"})
    house.enter("Ruth Gold")
    wrong = house.post("/admin", opened | {"name": ""})
    assert wrong.status_code == 422
    corrected = held_by(wrong.text, "/admin") | {"name": "Lakeside"}
    assert house.post("/admin", corrected).status_code == 409


def test_hours_are_changed_after_a_closure_could_not_be(house: House) -> None:
    path = clinic("/hours")(house)
    wrong = house.post(f"{path}/closed", {"first": "2020-01-01"})
    assert wrong.status_code == 422
    week = {"week": "set", "opens0_1": "09:00", "closes0_1": "17:00"}
    assert house.post(path, held_by(wrong.text, path) | week).status_code == 303


def test_hours_were_meant_in_the_zone_that_the_form_said(house: House) -> None:
    path, settings = clinic("/hours")(house), clinic()(house)
    week = form_of(house, path, path) | {"week": "set", "opens0_1": "09:00", "closes0_1": "17:00"}
    house.enter(OTHER)
    moved = form_of(house, settings, settings) | {"zone": "America/Los Angeles"}
    assert house.post(settings, moved).status_code == 303
    house.enter("Ruth Gold")
    assert house.post(path, week).status_code == 409


def test_a_link_for_somebody_who_left_leaves_the_clinics_own_form_as_it_is(house: House) -> None:
    path = clinic("/video")(house)
    before = form_of(house, path, path)
    refused = house.post(f"{path}/links", {"host": "404", "link": "http://no", "seen": "x"})
    assert refused.status_code == 404, "nobody of this account"
    unread = house.post(f"{path}/links", {"host": "Lee", "link": "https://example.org/lee"})
    assert unread.status_code == 422
    assert held_by(unread.text, path) == before


def test_a_reply_that_somebody_deleted_is_offered_as_a_new_one(house: House) -> None:
    path = clinic("/replies")(house)
    opened = form_of(house, path, f"{path}/1")
    house.enter(OTHER)
    assert house.post(f"{path}/1", opened | {"do": "remove"}).status_code == 303
    house.enter("Ruth Gold")
    assert house.post(f"{path}/1", opened | {"do": "remove"}).status_code == 303, "gone is gone"
    refused = house.post(f"{path}/1", opened | {"text": "Mine."})
    assert refused.status_code == 409
    assert "Somebody deleted this reply" in words(refused)
    assert house.post(f"{path}/1", opened | {"text": "Mine."}, accept=JSON).status_code == 404
    again = held_by(refused.text, path)
    assert (again["title"], again["text"]) == ("Hello", "Mine.")
    assert house.post(path, again).status_code == 303


def test_a_secret_that_was_typed_is_asked_for_again_and_never_shown(house: House) -> None:
    path = clinic("/video")(house)
    jitsi = {"kind": "jitsi", "domain": "meet.example.org", "app_id": "a", "secret": "s" * 40}
    opened = form_of(house, path, path)
    house.enter(OTHER)
    assert house.post(path, opened | {"kind": "host_link"}).status_code == 303
    house.enter("Ruth Gold")
    refused = house.post(path, opened | jitsi)
    assert refused.status_code == 409
    assert "Enter the secret once more" in words(refused)
    assert "s" * 40 not in refused.text
