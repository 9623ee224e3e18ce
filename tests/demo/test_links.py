"""The demo's doors: open on this machine, shut for every other name and site."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.cli.trying import doors
from server.demo.links import is_loopback
from server.settings import Settings

HERE = ("127.0.0.1", 50000)
PLACE = "/demo/sign-in/scheduler"


@pytest.fixture
def settings(tmp_path: Path, first_start: Path) -> Settings:
    (tmp_path / "demo.db").write_bytes(first_start.read_bytes())
    return Settings(database_url=f"sqlite:///{tmp_path}/demo.db", is_demo=True)


def browser(
    settings: Settings, *, host: str = "127.0.0.1:8000", client: tuple[str, int] = HERE
) -> TestClient:
    app = create_app(settings, routes=doors().routes)
    return TestClient(app, base_url=f"http://{host}", client=client, follow_redirects=False)


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("scheduler", "/scheduling/requests"),
        ("provider", "/dashboard"),
        ("host", "/dashboard"),
        ("patient", "/requests"),
        ("requester", "/requests"),
        ("administrator", "/admin"),
    ],
)
def test_a_link_signs_in_where_that_role_works(settings: Settings, role: str, start: str) -> None:
    with browser(settings) as here:
        reply = here.get(f"/demo/sign-in/{role}")
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert here.get("/").headers["location"] == start
        assert here.get(start).status_code == 200


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:8000", "127.0.0.1"])
def test_every_name_of_this_machine_will_do(settings: Settings, host: str) -> None:
    with browser(settings) as here:
        assert here.get(PLACE, headers={"host": host}).status_code == 303


@pytest.mark.parametrize(
    "host", ["rebound.example.org:8000", "127.0.0.1.example.org", "192.168.1.7:8000", "[:::1"]
)
def test_a_foreign_name_is_refused(settings: Settings, host: str) -> None:
    with browser(settings) as here:
        reply = here.get(PLACE, headers={"host": host})
        assert reply.status_code in (403, 421)
        assert "set-cookie" not in reply.headers


def test_a_foreign_machine_is_refused(settings: Settings) -> None:
    with browser(settings, client=("192.168.1.7", 50000)) as there:
        reply = there.get(PLACE)
        assert reply.status_code == 403
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_page_cannot_send_a_browser_through(settings: Settings, site: str) -> None:
    with browser(settings) as here:
        assert here.get(PLACE, headers={"sec-fetch-site": site}).status_code == 403
        assert here.get(PLACE, headers={"sec-fetch-site": "none"}).status_code == 303


def test_a_role_that_nobody_has_is_not_found(settings: Settings) -> None:
    with browser(settings) as here:
        assert here.get("/demo/sign-in/owner").status_code == 404


def test_changing_roles_ends_the_sign_in_before(settings: Settings) -> None:
    with browser(settings) as here:
        here.get(PLACE)
        before = here.cookies["dispatch_login"]
        here.get("/demo/sign-in/patient")
        assert here.get("/").headers["location"] == "/requests"
        here.cookies.clear()
        here.cookies.set("dispatch_login", before)
        assert here.get("/").headers["location"].startswith("/sign-in")


def test_the_room_says_what_would_open(settings: Settings) -> None:
    with browser(settings) as here:
        page = here.get("/demo/visit/0123456789abcdef")
        assert page.status_code == 200
        assert "video visit would open here" in page.text


def test_without_the_demo_there_are_no_such_doors(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1", client=HERE) as real:
        assert real.get(PLACE).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_what_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "example.org", "localhost.evil"])
def test_what_is_not_this_machine(host: str) -> None:
    assert not is_loopback(host)
