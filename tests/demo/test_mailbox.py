"""The demo's mailbox shows what would have been sent, to this machine alone."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.cli.trying import mailbox
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
    deadline = monotonic() + 20
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
