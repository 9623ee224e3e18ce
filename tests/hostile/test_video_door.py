"""Whoever holds a request's link gets into the video of that request alone, and only while it goes on."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from jwt.types import Options

from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.sessions import CancelSession, cancel_session
from dispatch.usecases.video import SetVideo, set_video
from dispatch.usecases.visits import FinishVisit, StartVisit, finish_visit, start_visit
from dispatch.video import VideoSetting
from dispatch.vocabulary import SessionId, VideoKind
from tests.builders import hours, minutes
from tests.web.house import House, words
from tests.web.office import ADMINISTRATOR, open_office
from tests.web.sittings import AT, planned
from tests.web.test_link_page import link_to

SECRET = "a-secret-of-at-least-thirty-two-letters"
JITSI = {"domain": "meet.example.org", "app_id": "clinic", "secret": SECRET}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        opened.leave()
        yield opened


def joins(house: House, link: str) -> str:
    """Return where somebody is sent who joins by a link; empty where they are sent nowhere."""
    reply = house.get(f"{link}?video")
    assert reply.status_code in (200, 303, 404, 410)
    return str(reply.headers.get("location", ""))


def begin(house: House, session: int) -> None:
    house.run(house.desk.does, "Lee Chen", start_visit, StartVisit(SessionId(session)))


def test_a_link_leads_into_the_video_while_the_visit_goes_on_and_at_no_other_time(
    house: House,
) -> None:
    # S88 V10
    session = planned(house, AT)
    link, other = link_to(house, 1001), link_to(house, house.ask("Mia Wells"))
    assert joins(house, link) == link
    house.clock.set(AT - minutes(10))
    assert joins(house, link) == link, "the host has not begun"
    begin(house, session)
    door = joins(house, link)
    assert door.startswith("https://video.example.org/")
    assert joins(house, other) == "", "another request has none"
    assert door not in house.get(link).text
    house.run(house.desk.does, "Lee Chen", finish_visit, FinishVisit(SessionId(session)))
    assert joins(house, link) == link
    assert "Your visit is over" in words(house.get(link))


def test_a_link_leads_into_no_video_of_a_visit_that_was_called_off(house: House) -> None:
    # V10 V11
    session = planned(house, AT)
    link = link_to(house, 1001)
    command = CancelSession(SessionId(session), 1)
    house.run(house.desk.does, "Rosa Lind", cancel_session, command)
    house.clock.set(AT)
    assert joins(house, link) == link


def test_the_link_of_somebody_disabled_leads_nowhere_until_they_are_enabled_again(
    house: House,
) -> None:
    begin(house, planned(house))
    link = link_to(house, 1001)
    door = joins(house, link)
    jordan = house.desk.people["Jordan Park"].person_id
    for is_disabled, status in ((True, 404), (False, 200)):
        command = SetDisabled(jordan, is_disabled)
        house.run(house.desk.does, ADMINISTRATOR, set_disabled, command)
        assert house.get(link).status_code == status
        assert joins(house, link) == ("" if is_disabled else door)
        if is_disabled:
            assert "Jordan" not in words(house.get(link))
            assert house.post(link, {"do": "arrive"}).status_code == 404


def test_whoever_comes_by_a_link_is_no_moderator(house: House) -> None:
    # V10
    clinic = house.desk.clinics["Northside"].id
    setting = VideoSetting(clinic, VideoKind.JITSI, **JITSI)
    house.run(house.desk.does, ADMINISTRATOR, set_video, SetVideo(setting))
    session = planned(house)
    begin(house, session)
    house.enter("Lee Chen")
    addresses = [house.get(f"/sessions/{session}/video").headers["location"]]
    house.leave()
    addresses.append(joins(house, link_to(house, 1001)))
    said = []
    for address in addresses:
        (token,) = parse_qs(urlsplit(address).query)["jwt"]
        checks: Options = {"verify_exp": False, "verify_nbf": False, "verify_aud": False}
        said.append(jwt.decode(token, SECRET, algorithms=["HS256"], options=checks))
        assert said[-1]["room"] == urlsplit(address).path[1:]
    assert [one["moderator"] for one in said] == [True, False]
    assert [one["context"]["user"]["name"] for one in said] == ["Lee Chen", "Jordan Park"]
    assert said[0]["room"] == said[1]["room"]


def test_a_link_that_has_ended_leads_into_no_video(house: House) -> None:
    begin(house, planned(house))
    link = link_to(house, 1001)
    house.clock.advance(hours(24 * 9))
    assert joins(house, link) == ""
