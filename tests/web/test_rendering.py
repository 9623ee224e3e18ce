"""Instants say their zone, markup stays inert, and each view has its one partial."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from dispatch.stream import Projection
from dispatch.views import PatientCard
from dispatch.vocabulary import (
    RequestId,
    RequestNumber,
    RequestStatus,
    RequestType,
    SessionId,
    SessionStatus,
)
from server.rendering import OUTCOME_PARTIAL, PARTIALS, SESSION_PARTIALS, Rendering
from server.rendering.shipping import Shipped
from server.rendering.spoken_time import iso, spoken_at, spoken_datetime, spoken_day, spoken_time
from server.settings import ROOT
from server.web.addresses import local_path
from tests.builders import NOON, minutes

AFTERNOON = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    return Rendering()


def a_card(status: RequestStatus = RequestStatus.PENDING, **changes: Any) -> PatientCard:
    given: dict[str, Any] = {
        "id": RequestId(12),
        "version": 3,
        "number": RequestNumber(1042),
        "status": status,
        "clinic": "Northside",
        "clinic_phone": "555-0100",
        "emergency_text": "Call 911.",
        "service": "Urgent care visit",
        "type": RequestType.NOW,
        "request_to": "Nurses North",
        "submitted_at": NOON,
        "times": (NOON,),
        "zone": "America/New_York",
        "note": "",
        "looked_at_until": None,
        "response": "",
        "declined_text": "We can't take this request.",
        "decided_at": None if status is RequestStatus.PENDING else NOON + minutes(3),
        "awaits_dismissal": False,
        "provider": "",
        "session_at": None,
        "session_status": None,
        "session_id": None,
        "session_version": 0,
        "session_opens_at": None,
        "session_closes_at": None,
        "has_video": True,
        "may_ask_again": True,
    }
    return PatientCard(**(given | changes))


def accepted(**changes: Any) -> PatientCard:
    given: dict[str, Any] = {
        "provider": "Lee Chen, RN",
        "session_at": NOON + minutes(60),
        "session_status": SessionStatus.SCHEDULED,
        "session_id": SessionId(31),
        "session_version": 1,
        "session_opens_at": NOON + minutes(50),
        "session_closes_at": NOON + minutes(75),
        "type": RequestType.SCHEDULED,
    }
    return a_card(RequestStatus.ACCEPTED, **given | changes)


@pytest.mark.parametrize(
    ("say", "zone", "words"),
    [  # S91
        (spoken_time, "America/New_York", "2:30pm EST"),
        (spoken_datetime, "America/New_York", "Tue 24 Nov 2026, 2:30pm EST"),
        (spoken_datetime, "Asia/Kathmandu", "Wed 25 Nov 2026, 1:15am UTC+0545"),
        (spoken_day, "America/New_York", "Tuesday 24 November 2026"),
        (spoken_time, "Europe/London", "7:30pm GMT"),
        (spoken_time, "Nowhere/Gone", "7:30pm UTC"),
    ],
)
def test_a_time_is_said_with_its_zone(
    say: Callable[[datetime, str], str], zone: str, words: str
) -> None:
    assert say(AFTERNOON, zone) == words


def test_noon_midnight_and_the_same_hour_twice() -> None:  # S92
    assert spoken_time(datetime(2026, 7, 1, 16, tzinfo=UTC), "America/New_York") == "12:00pm EDT"
    assert spoken_time(datetime(2026, 7, 1, 4, 5, tzinfo=UTC), "America/New_York") == "12:05am EDT"
    twice = [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]
    said = [spoken_time(at, "America/New_York") for at in twice]
    assert said == ["1:30am EDT", "1:30am EST"]


def test_a_sentence_names_the_day_unless_it_is_today() -> None:  # S65
    zone = "America/New_York"
    assert spoken_at(AFTERNOON, zone, AFTERNOON + minutes(60)) == "2:30pm EST"
    assert spoken_at(AFTERNOON, zone, AFTERNOON + minutes(1440)) == "Tue 24 Nov 2026, 2:30pm EST"
    # 11pm in New York is tomorrow in UTC: the day is the viewer's.
    assert spoken_at(AFTERNOON, zone, datetime(2026, 11, 25, 4, tzinfo=UTC)) == "2:30pm EST"


def test_an_instant_is_an_element_that_scripts_can_rewrite(rendering: Rendering) -> None:
    html = rendering.view(Projection.PATIENT, a_card())
    wanted = '<time datetime="2026-11-23T12:00:00.000Z" data-format="datetime">'
    assert f"{wanted}Mon 23 Nov 2026, 7:00am EST</time>" in html
    assert iso(AFTERNOON) == "2026-11-24T19:30:00.000Z"


def test_what_people_typed_stays_text(rendering: Rendering) -> None:
    typed = "<img src=x onerror=alert(1)> & {{ 7*7 }}"
    html = rendering.view(
        Projection.PATIENT, a_card(RequestStatus.DECLINED, note=typed, response=typed)
    )
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt; &amp; {{ 7*7 }}") == 2


def test_a_forgotten_variable_is_an_accident_not_a_gap(rendering: Rendering) -> None:
    with pytest.raises(UndefinedError):
        rendering.page("errors/error.html", heading="x")
    with pytest.raises(TypeError):
        rendering.fragment("patient/_card.html", card=a_card(), now=NOON)


def test_every_view_has_a_partial_that_is_there() -> None:
    named = {*PARTIALS.values(), *SESSION_PARTIALS.values(), (OUTCOME_PARTIAL, "outcome")}
    for template, variable in named:
        first = (ROOT / "templates" / template).read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(f"{{# {variable}: dispatch.views."), template


@pytest.mark.parametrize("status", list(RequestStatus))
def test_a_card_names_its_entity_and_starts_its_title_with_the_state(
    rendering: Rendering, status: RequestStatus
) -> None:
    card = accepted() if status is RequestStatus.ACCEPTED else a_card(status)
    html = rendering.view(Projection.PATIENT, card)
    assert html.startswith("<article")
    assert 'data-entity="request:12"' in html
    assert 'data-version="3"' in html
    assert f'data-status="{status}"' in html
    title = html.partition('data-title="')[2].partition('"')[0]
    assert title.endswith("· Request 1042")
    assert "Urgent" not in title


def test_no_words_no_bubble(rendering: Rendering) -> None:  # S27, S57, S59
    for status in (RequestStatus.DECLINED, RequestStatus.EXPIRED):
        assert "bubble" not in rendering.view(Projection.PATIENT, a_card(status))
    for card in (
        a_card(RequestStatus.DECLINED, response="Call us."),
        accepted(response="Call us."),
    ):
        html = rendering.view(Projection.PATIENT, card)
        assert "Northside wrote" in html
        assert "Call us." in html


def test_the_waiting_room_opens_ten_minutes_before_a_visit(rendering: Rendering) -> None:
    # S88 V2 V10
    html = rendering.view(Projection.PATIENT, accepted())
    assert 'at="2026-11-23T12:50:00.000Z">You can enter the waiting room 10 minutes' in html
    assert 'action="/sessions/31/arrival" data-else' in html
    assert 'class="visit__join" at="2026-11-23T13:15:00.000Z"' in html
    ready = accepted(type=RequestType.NOW, session_status=SessionStatus.READY)
    at_once = rendering.view(Projection.PATIENT, ready)
    assert "You can enter the waiting room" not in at_once
    assert "Enter waiting room" in at_once
    assert "Lee Chen, RN" in at_once


@pytest.mark.parametrize(
    ("status", "words", "way"),
    [
        (SessionStatus.PATIENT_WAITING, "You are in the waiting room.", 'href="/sessions/31"'),
        (SessionStatus.PATIENT_AWAY, "Enter waiting room", 'action="/sessions/31/arrival"'),
        (SessionStatus.IN_PROGRESS, "has started your visit", 'href="/sessions/31/video"'),
        (SessionStatus.COMPLETED, "Your visit is over", ""),
        (SessionStatus.CANCELLED, "Your visit was cancelled", "/requests/new?again=1042"),
        (SessionStatus.NO_SHOW_PATIENT, "You were not there", "/requests/new?again=1042"),
        (SessionStatus.NO_SHOW_HOST, "Sorry, nobody came", "/requests/new?again=1042"),
    ],
)
def test_a_card_says_how_the_visit_stands_and_the_way_on(
    rendering: Rendering, status: SessionStatus, words: str, way: str
) -> None:
    # S59 S88
    html = rendering.view(Projection.PATIENT, accepted(session_status=status))
    assert words in html
    assert way in html
    assert ("/sessions/31" in html) == (way.count("/sessions/31") > 0)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (SessionStatus.READY, "Accepted"),
        (SessionStatus.IN_PROGRESS, "Accepted"),
        (SessionStatus.COMPLETED, "Over"),
        (SessionStatus.CANCELLED, "Cancelled"),
        (SessionStatus.NO_SHOW_PATIENT, "Did not take place"),
        (SessionStatus.NO_SHOW_HOST, "Did not take place"),
    ],
)
def test_the_word_in_a_cards_corner_is_what_became_of_the_visit(
    rendering: Rendering, status: SessionStatus, word: str
) -> None:
    # S88
    html = rendering.view(Projection.PATIENT, accepted(session_status=status))
    corner = html.partition("</header>")[0]
    assert word in corner
    assert ("chip--accepted" in corner) == (word == "Accepted")
    assert ('data-visit="over"' in html) == (word != "Accepted")


def test_being_looked_at_says_that_and_never_by_whom(rendering: Rendering) -> None:  # S88
    html = rendering.view(Projection.PATIENT, a_card(looked_at_until=NOON + minutes(0.5)))
    assert 'data-lease-until="2026-11-23T12:00:30.000Z"' in html
    assert "Being looked at now" in html
    assert "Being looked at" not in rendering.view(Projection.PATIENT, a_card())


def test_only_a_pending_request_can_be_withdrawn(rendering: Rendering) -> None:
    def offers(card: PatientCard) -> bool:
        return "/requests/1042/withdrawal" in rendering.view(Projection.PATIENT, card)

    assert offers(a_card())
    assert not offers(accepted())
    assert not any(offers(a_card(s)) for s in (RequestStatus.DECLINED, RequestStatus.WITHDRAWN))


def test_a_changed_file_is_another_release(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    sheet = tmp_path / "css" / "a.css"
    sheet.write_text("a {}")
    first = Shipped(tmp_path).release
    assert Shipped(tmp_path).release == first
    sheet.rename(tmp_path / "css" / "b.css")
    assert Shipped(tmp_path).release != first


def test_the_sprite_holds_each_icon_that_a_template_names_once_and_no_others() -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
    there = re.findall(r'<symbol id="([^"]+)"', sprite)
    templates = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"""icon\(\s*["']([^"']+)["']""", templates))
    assert named
    assert named <= {*there}, sorted(named - {*there})
    assert len(there) == len({*there})
    assert not [name for name in there if f'"{name}"' not in templates]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/requests/1042?already=1", "/requests/1042?already=1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_only_a_local_path_is_followed(address: str, path: str) -> None:
    assert local_path(address) == path
