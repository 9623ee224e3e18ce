"""The pages on which a clinic keeps its words ready and says whom to alert."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.vocabulary import DeclineReason
from tests.builders import minutes
from tests.web.house import House, words
from tests.web.office import open_office, seen_on
from tests.web.pages import Element, read

ROSA, RUTH = "Rosa Lind", "Ruth Gold"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def page(house: House, name: str, clinic: str = "Northside") -> str:
    return f"/admin/clinics/{house.desk.clinics[clinic].id}/{name}"


def add(house: House, title: str, text: str = "Call us any time.") -> Any:
    return house.post(page(house, "replies"), {"title": title, "text": text})


def forms(house: House) -> list[Element]:
    """Return the forms of the saved replies, in their order."""
    return read(house.get(page(house, "replies")).text).one("ol", class_="replies").all("form")


def press(house: House, name: str, do: str, /, **typed: str) -> Any:
    [form] = [one for one in forms(house) if one.one("input", name="title").attrs["value"] == name]
    sent = {"title": name, "text": form.one("textarea").words, "do": do}
    sent["seen"] = form.one("input", name="seen").attrs["value"]
    return house.post(form.attrs["action"], {**sent, **typed})


def titles(house: House) -> list[str]:
    return [form.one("input", name="title").attrs["value"] for form in forms(house)]


def alert(house: House, email: str, after: str) -> Any:
    path = page(house, "alerts")
    sent = {"email": email, "minutes": after} | seen_on(house, path, path)
    return house.post(path, sent)


def sheet(house: House, number: int) -> Element:
    house.enter(ROSA)
    found = read(house.get(f"/requests/{number}/assignment").text)
    house.enter(RUTH)
    return found


def test_replies_are_added_changed_ordered_and_deleted_in_the_browser(house: House) -> None:
    assert "No saved replies yet" in words(house.get(page(house, "replies")))
    for title in ("One", "Two", "Three"):
        reply = add(house, title)
        assert (reply.status_code, reply.headers["location"]) == (303, page(house, "replies"))
    assert titles(house) == ["One", "Two", "Three"]
    press(house, "Three", "up")
    press(house, "One", "down")
    assert titles(house) == ["Three", "One", "Two"]
    press(house, "Three", "save", title="Third", text="Other words.")
    press(house, "Two", "remove")
    assert titles(house) == ["Third", "One"]
    assert forms(house)[0].one("textarea").words == "Other words."
    assert house.get(page(house, "replies", "Southside")).text.count("<ol") == 0


def test_what_cannot_be_a_reply_is_given_back_with_a_sentence(house: House) -> None:
    add(house, "One")
    reply = add(house, "one", "Words that\nnobody should lose")
    assert reply.status_code == 422
    assert "Another reply has that name" in words(reply)
    assert "Words that\nnobody should lose</textarea>" in reply.text
    reply = press(house, "One", "save", text=" ")
    assert (reply.status_code, "Write what requesters will read." in words(reply)) == (422, True)
    assert len(forms(house)) == 1


def test_markup_in_a_reply_stays_text(house: House) -> None:
    add(house, "<script>x</script>", '"><img src=x onerror=alert(1)>')
    number = house.ask("Jordan Park")
    option = sheet(house, number).one("select", name="saved").all("option")[1]
    assert option.words == "<script>x</script>"
    assert option.attrs["data-text"] == '"><img src=x onerror=alert(1)>'


def test_a_chosen_reply_is_sent_without_a_script_too(house: House) -> None:
    # S48
    add(house, "Call", "Call us any time.")
    number = house.ask("Jordan Park")
    option = sheet(house, number).one("select", name="saved").all("option")[1]
    house.enter(ROSA)
    sent = {"version": "1", "reason": "other", "saved": option.attrs["value"]}
    typed = "Sorry, Jordan. "
    reply = house.post(f"/requests/{number}/decline", {**sent, "response": typed})
    assert reply.status_code == 303
    declining = house.request(number).declining
    assert declining
    assert declining.response == "Sorry, Jordan.\nCall us any time."


def test_a_provider_chooses_from_their_card(house: House) -> None:
    # S26
    add(house, "Soon", "I am with you in a minute.")
    number = house.ask("Jordan Park", host="")
    house.enter("Lee Chen")
    card = read(house.get("/dashboard").text).one("article", data_number=str(number))
    option = card.one("select", name="saved").all("option")[1]
    sent = {"version": "1", "time": "now", "saved": option.attrs["value"]}
    house.post(f"/dashboard/requests/{number}/acceptance", sent)
    decision = house.request(number).decision
    assert decision
    assert decision.response == "I am with you in a minute."


def test_a_reply_of_another_clinic_or_none_is_refused_and_nothing_is_decided(house: House) -> None:
    # S54
    house.post(page(house, "replies", "Southside"), {"title": "Theirs", "text": "Not ours."})
    number = house.ask("Jordan Park")
    house.enter(ROSA)
    for saved in ("1", "404", "x"):
        sent = {"version": "1", "reason": "other", "saved": saved}
        assert house.post(f"/requests/{number}/decline", sent).status_code == 422
    assert house.request(number).declining is None


def test_a_request_that_is_not_theirs_is_not_found_whatever_reply_they_choose(
    house: House,
) -> None:
    # S55
    add(house, "Ours")
    house.post(page(house, "replies", "Southside"), {"title": "Theirs", "text": "x"})
    number = house.ask("Jordan Park", clinic="Southside")
    house.enter(ROSA)
    for saved in ("", "1", "2", "404"):
        sent = {"version": "1", "reason": "other", "saved": saved}
        for accept in ("text/html", "application/json"):
            reply = house.post(f"/requests/{number}/decline", sent, accept=accept)
            assert reply.status_code == 404


def test_the_dialog_says_for_each_reason_what_the_patient_will_read(house: House) -> None:
    # S51 S57
    number = house.ask("Jordan Park")
    saved = {"no_one_available": "Nobody is free tonight.", "other": ""}
    declines = page(house, "replies/declines")
    sent = saved | seen_on(house, page(house, "replies"), declines)
    assert house.post(declines, sent).status_code == 303
    dialog = sheet(house, number)
    [free] = dialog.all("p", data_part="sentence-no_one_available")
    [other] = dialog.all("p", data_part="sentence-other")
    assert free.words.startswith("Jordan Park reads: “Nobody is free tonight.” and then your")
    assert other.words.startswith("Jordan Park reads: “We can't take this request.” and then your")
    radio = dialog.one("input", name="reason", value="no_one_available")
    assert radio.attrs["aria-describedby"] == free.attrs["id"]
    house.enter(ROSA)
    house.post(f"/requests/{number}/decline", {"version": "1", "reason": "no_one_available"})
    declining = house.request(number).declining
    assert declining
    assert (declining.reason, declining.sentence) == (
        DeclineReason.NO_ONE_AVAILABLE,
        "Nobody is free tonight.",
    )


def test_a_sentence_that_is_too_long_is_given_back(house: House) -> None:
    reply = house.post(page(house, "replies/declines"), {"other": "x" * 501, "duplicate": "Hm."})
    assert reply.status_code == 422
    assert "Keep this under 500 characters." in words(reply)
    assert re.search(r"x{501}</textarea>", reply.text)
    assert "Hm.</textarea>" in reply.text


def test_whom_to_alert_is_set_in_the_browser(house: House) -> None:
    reply = alert(house, "on-call@clinic.example", "10")
    assert (reply.status_code, reply.headers["location"]) == (303, page(house, "alerts"))
    form = read(house.get(page(house, "alerts")).text)
    assert form.one("input", name="email").attrs["value"] == "on-call@clinic.example"
    assert form.one("input", name="minutes").attrs["value"] == "10"
    assert "No e-mail is sent." in words(house.get(page(house, "alerts")))


@pytest.mark.parametrize(
    ("email", "after", "sentence"),
    [
        ("nobody", "5", "Enter an e-mail address"),
        ("a@b", "5", "Enter an e-mail address"),
        ("a@b.example\nBcc: c@d.example", "5", "Enter an e-mail address"),
        ("a@b.example, c@d.example", "5", "Enter an e-mail address"),
        ("<a@b.example>", "5", "Enter an e-mail address"),
        ("a@b.example", "", "Enter how many minutes."),
        ("a@b.example", "241", "Give 0 to 240 minutes."),
        ("a@b.example", "-1", "Enter a whole number."),
        (f"{'a' * 250}@b.example", "5", "Keep this under 254 characters."),
    ],
)
def test_an_address_that_mail_cannot_go_to_is_a_sentence_and_changes_nothing(
    house: House, email: str, after: str, sentence: str
) -> None:
    reply = alert(house, email, after)
    assert reply.status_code == 422
    assert sentence in words(reply)
    clinic = house.desk.clinics["Northside"]
    kept = house.read(lambda reading: reading.clinic(clinic.account_id, clinic.id))
    assert kept
    assert (kept.escalation_email, kept.escalation_minutes) == ("", 5)


def test_nobody_but_an_administrator_of_the_account_sees_or_changes_them(house: House) -> None:
    # S55
    for name in (ROSA, "Lee Chen", "Jordan Park"):
        house.enter(name)
        for path in ("replies", "alerts"):
            assert house.get(page(house, path)).status_code == 403
            assert house.post(page(house, path), {"title": "x", "text": "y"}).status_code == 403
    house.enter(RUTH)
    for path in ("/admin/clinics/404/replies", "/admin/clinics/404/alerts"):
        assert house.get(path).status_code == 404


def test_a_row_says_that_its_clinic_was_alerted_and_not_whom(house: House) -> None:
    alert(house, "on-call@clinic.example", "2")
    house.ask("Jordan Park")
    house.clock.advance(minutes(7))
    for due in house.read(lambda reading: reading.due(house.clock.now(), 9)):
        house.run(house.desk.settles, due)
    house.enter(ROSA)
    board = house.get("/scheduling/requests")
    assert "Escalated 7:07am EST to the clinic's on-call address" in words(board)
    assert "on-call@clinic.example" not in board.text
