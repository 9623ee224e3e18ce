"""Each kind of video leads one person to one room; a Jitsi token says who, where, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from dispatch.errors import InvalidError
from dispatch.video import Entrance, VideoSetting, checked, checked_link
from dispatch.vocabulary import ClinicId, VideoKind
from server.video.rooms import VideoRooms
from tests.builders import minutes, seconds

NOW = datetime.now(UTC)  # what the library compares expiry with is the machine's own clock
SECRET = "a-secret-of-at-least-thirty-two-letters"
JITSI = VideoSetting(
    ClinicId(1), VideoKind.JITSI, domain="meet.example.org", app_id="clinic", secret=SECRET
)
ROOM = "4f1a2b3c4d5e6f708192a3b4c5d6e7f8"


def entrance(setting: VideoSetting, *, is_host: bool = False, host_link: str = "") -> Entrance:
    return Entrance(setting, host_link, ROOM, "Mia Chen", is_host)


def link(setting: VideoSetting, **more: Any) -> str:
    return VideoRooms().link(entrance(setting, **more), NOW)


def test_where_the_clinic_meets_elsewhere_there_is_no_link() -> None:
    assert link(VideoSetting(ClinicId(1), VideoKind.NONE)) == ""


def test_an_address_gets_the_room_that_nobody_can_guess() -> None:
    setting = VideoSetting(ClinicId(1), VideoKind.ADDRESS, "https://video.example.org/v/{room}?x=1")
    assert link(setting) == f"https://video.example.org/v/{ROOM}?x=1"


def test_a_providers_own_link_is_as_it_was_given() -> None:
    setting = VideoSetting(ClinicId(1), VideoKind.HOST_LINK)
    assert link(setting, host_link="https://v.example/ada") == "https://v.example/ada"
    assert link(setting) == ""


@pytest.mark.parametrize("is_host", [True, False])
def test_a_jitsi_token_is_for_one_room_one_name_and_five_minutes(is_host: bool) -> None:
    parts = urlsplit(link(JITSI, is_host=is_host))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "meet.example.org", f"/{ROOM}")
    (token,) = parse_qs(parts.query)["jwt"]
    said = jwt.decode(
        token,
        SECRET,
        algorithms=["HS256"],
        audience="jitsi",
        issuer="clinic",
        options={"verify_exp": False, "verify_nbf": False},  # by the clock of the test: see below
    )
    assert (said["room"], said["sub"]) == (ROOM, "meet.example.org")
    assert said["context"]["user"]["name"] == "Mia Chen"
    assert said["moderator"] is is_host
    assert said["context"]["user"]["moderator"] is is_host
    assert said["context"]["user"]["affiliation"] == ("owner" if is_host else "member")
    assert said["exp"] == int((NOW + minutes(5)).timestamp())
    assert said["nbf"] == int((NOW - seconds(30)).timestamp())
    assert "kid" not in jwt.get_unverified_header(token)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, SECRET[::-1], algorithms=["HS256"], audience="jitsi")


def test_a_key_id_is_in_the_header_and_a_port_in_the_address_only() -> None:
    setting = replace(JITSI, key_id="key/1", domain="meet.example.org:8443")
    parts = urlsplit(link(setting))
    (token,) = parse_qs(parts.query)["jwt"]
    assert parts.netloc == "meet.example.org:8443"
    assert jwt.get_unverified_header(token)["kid"] == "key/1"
    said = jwt.decode(token, options={"verify_signature": False})
    assert said["sub"] == "meet.example.org"


def test_the_secret_is_in_no_link_and_no_description() -> None:
    assert SECRET not in link(JITSI, is_host=True)
    assert SECRET not in repr(JITSI)
    assert SECRET not in repr(entrance(JITSI))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": ""}, "domain"),
        ({"domain": "https://meet.example.org"}, "domain"),
        ({"domain": "meet.example.org/x"}, "domain"),
        ({"domain": "meet example.org"}, "domain"),
        ({"domain": "meet"}, "domain"),
        ({"domain": "evil.example\r\nSet-Cookie: a=b"}, "domain"),
        ({"app_id": ""}, "app_id"),
        ({"app_id": "a b"}, "app_id"),
        ({"secret": ""}, "secret"),
        ({"secret": "x" * 31}, "secret"),
        ({"secret": "x" * 501}, "secret"),
        ({"key_id": "a\nb"}, "key_id"),
        ({"kind": VideoKind.ADDRESS}, "address"),
        ({"kind": VideoKind.ADDRESS, "address": "https://video.example.org/fixed"}, "address"),
        ({"kind": VideoKind.ADDRESS, "address": "javascript:alert({room})"}, "address"),
    ],
)
def test_what_nobody_could_join_by_is_refused_at_its_field(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        checked(replace(JITSI, **changes))
    assert refused.value.field == field
    assert SECRET not in refused.value.sentence


def test_what_is_kept_is_what_its_kind_needs() -> None:
    assert checked(replace(JITSI, domain=" Meet.Example.org ")).domain == "meet.example.org"
    for kind in (VideoKind.NONE, VideoKind.HOST_LINK):
        assert checked(replace(JITSI, kind=kind)) == VideoSetting(ClinicId(1), kind)
    address = replace(JITSI, kind=VideoKind.ADDRESS, address="https://v.example/{room}")
    assert checked(address).secret == ""


@pytest.mark.parametrize(
    "wrong",
    [
        "http://v.example/ada",
        "//v.example/ada",
        "javascript:alert(1)",
        "https://",
        "https://me:pass@v.example/",
        "https://v.example/a b",
        "https://v.example\\@evil.example/",
        "https://[v.example/",
        "https://v.example:port/",
        "https://v.example/{room}",
        "https://v.example/" + "x" * 500,
    ],
)
def test_a_providers_link_leads_to_the_web_and_nowhere_else(wrong: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_link(wrong)
    assert refused.value.field == "link"
    assert checked_link("  https://v.example/ada ") == "https://v.example/ada"
    assert checked_link("  ") == ""
