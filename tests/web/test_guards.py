"""Every answer carries its protection, and nothing from another site changes anything."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.house import House, open_house

SECRET = "Jordan has a rash"


async def explode(request: Request[Any]) -> Response:
    raise RuntimeError(SECRET)


async def swallow(request: Request[Any]) -> Response:
    return Response(str(len(await request.body())))


ROUTES = (
    Route("/explode", explode, methods=["GET", "POST"]),
    Route("/swallow", swallow, methods=["POST"]),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("guards"), routes=ROUTES) as opened:
        yield opened


@pytest.fixture(autouse=True)
def nobody(house: House) -> None:
    house.leave()


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/", "/explode", "/static/x/none.css"])
def test_every_answer_forbids_foreign_and_inline_code(house: House, path: str) -> None:
    headers = house.get(path).headers
    policy = headers["content-security-policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_are_not_kept_and_released_files_are_kept_for_ever(house: House) -> None:
    page = house.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in house.get(sheet).headers["cache-control"]
    release = sheet.split("/")[2]
    older = house.get(sheet.replace(release, "anolderone"))
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-cache")


def test_who_is_signed_in_finds_their_way_on_from_a_page_that_is_not_there(house: House) -> None:
    assert "Sign out" not in house.get("/nowhere").text
    house.enter("Lee Chen")
    lost = house.get("/nowhere")
    assert lost.status_code == 404
    assert 'href="/dashboard"' in lost.text


def test_a_patients_page_tells_no_other_site_where_it_was(house: House) -> None:
    house.enter("Jordan Park")
    seen = house.get("/requests", **{"sec-fetch-site": "none"})
    assert seen.headers["referrer-policy"] == "no-referrer"
    # A browser that says no Sec-Fetch-Site needs its Origin, which no-referrer would turn to null.
    assert house.get("/requests").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "https://testserver"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_change_comes_from_our_own_page_or_not_at_all(
    house: House, headers: dict[str, str], status: int
) -> None:
    assert house.client.post("/swallow", content=b"x", headers=headers).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_unsafe_method_passes_from_elsewhere(house: House, method: str) -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    reply = house.client.request(method, "/sign-in", headers=foreign)
    assert reply.status_code == 403
    assert "did not come from one of our own pages" in reply.text


def test_too_long_is_refused_by_its_length_and_by_counting(house: House) -> None:
    from_us = {"sec-fetch-site": "same-origin"}
    limit = 64 * 1024
    whole = house.client.post("/swallow", content=b"x" * limit, headers=from_us)
    assert (whole.status_code, whole.text) == (200, str(limit))
    longer = house.client.post("/swallow", content=b"x" * (limit + 1), headers=from_us)
    assert longer.status_code == 413

    def pieces() -> Iterator[bytes]:  # no Content-Length at all
        for _ in range(65):
            yield b"x" * 1024

    counted = house.client.post("/swallow", content=pieces(), headers=from_us)
    assert counted.status_code == 413
    assert "Make it shorter" in counted.text


@pytest.mark.parametrize("host", ["evil.example/", "a b", "", "testserver:99999999", "[::1", "x@y"])
def test_a_host_that_is_no_host_reaches_nothing(house: House, host: str) -> None:
    assert house.get("/sign-in", host=host).status_code == 421


def test_with_an_origin_set_only_that_name_is_answered(tmp_path: Path) -> None:
    with open_house(tmp_path, origin="https://console.example.org") as house:
        assert house.get("/sign-in", host="console.example.org").status_code == 200
        assert house.get("/sign-in", host="127.0.0.1:8000").status_code == 200  # a health check
        assert house.get("/sign-in", host="rebound.example").status_code == 421
        changed = {"host": "console.example.org", "origin": "https://console.example.org"}
        reply = house.client.post("/sign-out", headers=changed, follow_redirects=False)
        assert reply.status_code == 303


def test_an_accident_says_sorry_and_tells_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = house.get("/explode")
        told = house.get("/explode", accept="application/json")
    assert reply.status_code == 500
    assert "something went wrong on our side. Try again in a moment." in reply.text
    assert told.json()["code"] == "accident"
    sent = house.client.post("/explode", headers={"sec-fetch-site": "same-origin"})
    assert "What you sent may not have been saved." in sent.text
    reference = reply.text.partition("(Ref ")[2][:6]
    assert reference in caplog.text
    for said in (reply.text, told.text, caplog.text):
        assert SECRET not in said
    assert "Traceback" not in reply.text + caplog.text
    assert "test_guards.py" in caplog.text  # where it happened is said


def test_a_missing_page_offers_a_way_back(house: House) -> None:
    reply = house.get("/nowhere")
    assert reply.status_code == 404
    assert 'href="/"' in reply.text
    wrong = house.post("/")
    assert (wrong.status_code, "Go back" in wrong.text) == (405, True)
