"""What no browser of ours sends gets a refusal, never an accident."""

from collections.abc import Iterator

import pytest

from tests.web.house import FROM_US, House, open_house, words

JSON = {"accept": "application/json"}
LONG_NUMBER = "9" * 5000  # more digits than Python turns into a number


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("crafted")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def nobody(house: House) -> None:
    house.leave()


@pytest.mark.parametrize("referer", ["http://[evil", "http://[::1", "//]"])
def test_a_referer_that_is_no_address_leads_home(house: House, referer: str) -> None:
    missing = house.post("/nowhere", referer=referer)
    assert missing.status_code == 404
    assert 'href="/"' in missing.text
    signed_out = house.post("/requests/1001/withdrawal", referer=referer)
    assert signed_out.status_code == 303
    assert signed_out.headers["location"] == "/sign-in?next=%2F"
    foreign = {"referer": referer, "sec-fetch-site": "cross-site"}
    assert house.client.post("/sign-in", headers=foreign).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/requests/{}"),
        ("GET", "/requests/{}/assignment"),
        ("POST", "/requests/{}/acceptance"),
        ("POST", "/requests/{}/decline"),
        ("POST", "/requests/{}/decline/undo"),
        ("POST", "/requests/{}/claim"),
        ("POST", "/requests/{}/claim/release"),
        ("POST", "/requests/{}/withdrawal"),
        ("POST", "/requests/{}/return"),
        ("POST", "/requests/{}/pass"),
        ("POST", "/dashboard/requests/{}/acceptance"),
        ("POST", "/dashboard/requests/{}/decline"),
        ("POST", "/admin/people/{}/disabled"),
    ],
)
def test_a_number_of_any_length_is_no_request(house: House, method: str, path: str) -> None:
    reply = house.client.request(method, path.format(LONG_NUMBER), headers=FROM_US)
    assert reply.status_code == 404
    house.enter("Sam Ortiz")
    reply = house.client.request(method, path.format(LONG_NUMBER), headers=FROM_US | JSON)
    assert reply.status_code == 404


@pytest.mark.parametrize(
    ("charset", "value"), [("unicode_escape", b"\\ud800"), ("utf-7", b"+2AA-")]
)
@pytest.mark.parametrize("field", ["email", "password", "next"])
def test_half_a_letter_is_no_text(house: House, charset: str, value: bytes, field: str) -> None:
    # The sender of a multipart form names the encoding, and some of them yield lone surrogates.
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode()
    body = head + value + b"\r\n--b--\r\n"
    reply = house.client.post("/sign-in", content=body, headers=FROM_US | {"content-type": kind})
    assert reply.status_code == 422
    assert "not readable text" in words(reply)


@pytest.mark.parametrize("length", [101, 55_000])
def test_a_name_too_long_to_look_for_is_said_at_the_field(house: House, length: int) -> None:
    house.enter("Sam Ortiz")
    reply = house.post("/scheduling/requests/new", {"patient": "a" * length, "note": "kept words"})
    assert reply.status_code == 422
    assert "Keep this under 100 characters." in words(reply)
    assert "kept words" in reply.text
    found = {"patient": "a" * length, "do": "find", "note": "kept words"}
    looked_for = house.post("/scheduling/requests/new", found)
    assert looked_for.status_code == 422
    assert "Keep this under 100 characters." in words(looked_for)
    assert "kept words" in looked_for.text
