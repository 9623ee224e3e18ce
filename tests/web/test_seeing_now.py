"""A patient sees who is there, asks for one of them by name, and picks a service where there are several."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.vocabulary import DeclineReason, RequestStatus, RequestType
from tests.web.house import House, open_house, words
from tests.web.pages import Element, read

BUTTON = "Request Session Now"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.enter("Jordan Park")
        yield opened


def cards(house: House) -> dict[str, Element]:
    """Return the providers of Northside with what stands under their names."""
    page = read(house.get("/requests/now").text)
    north = house.desk.clinics["Northside"].id
    section = page.one("section", aria_labelledby=f"clinic-{north}")
    return {card.one("h3").words: card for card in section.all("li", class_="card")}


def test_the_button_stands_under_the_name_of_who_is_available(house: House) -> None:
    # V1 S39
    house.run(house.desk.toggle, "Max Roy")
    shown = cards(house)
    assert list(shown) == ["Max Roy", "Ana Ruiz", "Lee Chen"]
    assert shown["Max Roy"].words == f"Max Roy Available {BUTTON} with Max Roy"
    assert shown["Lee Chen"].words == "Lee Chen Not Available"
    assert "Eastside" not in words(house.get("/requests/now"))  # by calendar: nobody is there "now"


def test_it_leads_to_the_form_with_the_provider_and_now_chosen_and_a_service_to_pick(
    house: House,
) -> None:
    # V1
    house.run(house.desk.toggle, "Max Roy")
    link = cards(house)["Max Roy"].one("a").attrs["href"]
    form = read(house.get(link).text).one("form", class_="ask")
    max_roy = str(house.desk.people["Max Roy"].person_id)
    assert form.one("option", value=max_roy).attrs.get("selected") is not None
    assert form.one("input", id="type-now").attrs.get("checked") is not None
    services = form.all("input", name="service")
    assert [each.attrs.get("checked") for each in services] == [None, None]
    sent = {e.attrs["name"]: e.attrs["value"] for e in form.all("input", type="hidden")}
    sent |= {"service": services[1].attrs["value"], "type": "Now", "host": max_roy}
    reply = house.post("/requests/new", sent)
    number = int(reply.headers["location"].rpartition("/")[2])
    request = house.request(number)
    assert (request.type, request.status) == (RequestType.NOW, RequestStatus.PENDING)
    assert str(request.target_host_id) == max_roy


def test_who_went_meanwhile_is_declined_at_once_with_the_offer_to_ask_the_group(
    house: House,
) -> None:
    # V4
    house.run(house.desk.toggle, "Max Roy")
    link = cards(house)["Max Roy"].one("a").attrs["href"]
    form = read(house.get(link).text).one("form", class_="ask")
    house.run(house.desk.toggle, "Max Roy", False)
    sent = {e.attrs["name"]: e.attrs["value"] for e in form.all("input", type="hidden")}
    sent |= {
        "service": form.all("input", name="service")[0].attrs["value"],
        "type": "Now",
        "host": str(house.desk.people["Max Roy"].person_id),
    }
    where = house.post("/requests/new", sent).headers["location"]
    decision = house.request(int(where.rpartition("/")[2])).decision
    assert decision
    assert decision.reason is DeclineReason.HOST_UNAVAILABLE
    page = house.get(where)
    assert "Max Roy is not available, but others may be." in words(page)
    assert "Ask the whole group instead" in words(page)


def test_the_page_is_for_patients(house: House) -> None:
    for name in ("Rosa Lind", "Lee Chen"):
        house.enter(name)
        assert house.get("/requests/now").status_code == 403
