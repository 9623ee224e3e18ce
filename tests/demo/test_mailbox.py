"""The demo's mailbox shows what would have been sent, to this machine alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from server.__main__ import main
from server.app import create_app
from server.cli import serving
from server.cli.trying import mailbox, routes
from server.settings import Settings
from tests.journeys.corpus import IN_PATHS
from tests.web.house import words

HERE, ELSEWHERE = ("127.0.0.1", 50000), ("192.0.2.7", 50000)


@pytest.fixture
def settings(tmp_path: Path, first_start: Path) -> Settings:
    (tmp_path / "demo.db").write_bytes(first_start.read_bytes())
    return Settings(database_url=f"sqlite:///{tmp_path}/demo.db", is_demo=True)


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, routes=mailbox("http://127.0.0.1:8000").routes)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=HERE) as opened:
        yield opened


def test_messages_are_listed_and_read(browser: TestClient) -> None:
    deadline = monotonic() + 60
    links: list[str] = []
    while not links and monotonic() < deadline:  # the post comes by once a second
        listed = browser.get("/demo/mailbox")
        assert listed.status_code == 200
        links = [part.partition('"')[0] for part in listed.text.split('href="/demo/mailbox/')[1:]]
    message = browser.get(f"/demo/mailbox/{links[0]}")
    assert message.status_code == 200
    assert "Hello " in words(message)
    for nobody in ("999999", *IN_PATHS, "9" * 5000):
        assert browser.get(f"/demo/mailbox/{nobody}").status_code == 404, nobody


def test_nobody_elsewhere_reads_it(settings: Settings) -> None:
    app = create_app(settings, routes=mailbox("http://127.0.0.1:8000").routes)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=ELSEWHERE) as away:
        assert away.get("/demo/mailbox").status_code == 403
        assert away.get("/demo/mailbox/1").status_code == 403


def test_it_is_there_only_while_no_mail_leaves_the_house(settings: Settings) -> None:
    here = "http://127.0.0.1:8000"
    mailed = replace(
        settings, smtp_url="smtp://127.0.0.1:9", mail_from="desk@clinic.example", origin=here
    )
    for chosen, status, said in (
        (settings, 200, "Nothing is sent."),
        (mailed, 404, "Messages go out by e-mail."),
    ):
        app = create_app(chosen, routes=routes(chosen, here))
        with TestClient(app, base_url=here, client=HERE) as browser:
            assert browser.get("/demo/mailbox").status_code == status
            bar = browser.get("/sign-in").text
            assert said in bar
            assert ('href="/demo/mailbox"' in bar) is (status == 200)


@pytest.mark.parametrize("smtp", ["", "smtp://127.0.0.1:9"])
def test_the_real_thing_has_none_for_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtp: str
) -> None:
    monkeypatch.setenv("DISPATCH_DATABASE_URL", f"sqlite:///{tmp_path}/dispatch.db")
    if smtp:
        monkeypatch.setenv("DISPATCH_SMTP_URL", smtp)
        monkeypatch.setenv("DISPATCH_MAIL_FROM", "desk@clinic.example")
        monkeypatch.setenv("DISPATCH_ORIGIN", "http://127.0.0.1:8000")
    served: list[Starlette] = []
    monkeypatch.setattr(serving, "run", lambda app, *_: served.append(app))
    assert main(["serve", "--port", "0"]) == 0
    paths = {route.path for route in served[0].routes if isinstance(route, Route)}
    assert "/sign-in" in paths
    assert not [path for path in paths if path.startswith("/demo")]
