"""A message says what it may, to one person, and no name can break out of a header or a file."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from icalendar import Calendar

from dispatch.letter import Letter, MailProblemError, Meeting
from dispatch.vocabulary import NoticeId, NoticeKind, RequestNumber, RequestType, SessionId
from server.mail.envelope import envelope
from server.rendering.letters import Letters
from tests.builders import NOON, hours, minutes

ORIGIN = "https://console.example.org"
SENDER = "Evening Clinic <no-reply@clinic.example>"
LETTERS = Letters(ORIGIN)
ABOUT_SESSION = {
    NoticeKind.INVITATION,
    NoticeKind.ASSIGNED,
    NoticeKind.CANCELLED,
    NoticeKind.CALLED_OFF,
    NoticeKind.RESCHEDULED,
    NoticeKind.HOST_CHANGED,
    NoticeKind.UNASSIGNED,
    NoticeKind.REMINDER,
}
TO_HOST = {NoticeKind.ASSIGNED, NoticeKind.UNASSIGNED}
TO_STAFF = {NoticeKind.ALL_PASSED, NoticeKind.EXPIRING, NoticeKind.ESCALATED}


def a_meeting(**changes: Any) -> Meeting:
    given: dict[str, Any] = {
        "id": SessionId(31),
        "revision": 1,
        "host": "Dr. Ada Berg",
        "starts_at": NOON + hours(3),
        "ends_at": NOON + hours(3) + minutes(20),
        "is_cancelled": False,
    }
    return Meeting(**given | changes)


def a_letter(kind: NoticeKind = NoticeKind.INVITATION, **changes: Any) -> Letter:
    about_session = kind in ABOUT_SESSION
    given: dict[str, Any] = {
        "notice_id": NoticeId(5),
        "key": "notice-5-1",
        "tries": 1,
        "written_at": NOON,
        "kind": kind,
        "name": "Mia Chen",
        "address": "mia@example.org",
        "zone": "America/New_York",
        "clinic": "Evening Clinic",
        "clinic_phone": "555-0150",
        "service": "Urgent care visit",
        "number": RequestNumber(1042),
        "type": RequestType.SCHEDULED,
        "times": (NOON + hours(3), NOON + hours(5)),
        "is_to_requester": kind not in {NoticeKind.NEW_REQUEST, *TO_HOST},
        "submitted_at": NOON - minutes(9),
        "expires_at": NOON + hours(5),
        "meeting": a_meeting() if about_session else None,
    }
    return Letter(**given | changes)


def sent(letter: Letter) -> EmailMessage:
    """Return the message as the mail server gets it."""
    written = envelope(letter, LETTERS.words(letter), sender=SENDER, origin=ORIGIN, now=NOON)
    read = message_from_bytes(written.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def calendar_of(message: EmailMessage) -> Calendar:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 2  # beside the text for programs that show it, and as a file
    assert parts[0].get_content() == parts[1].get_content()
    (method,) = {str(part.get_param("method")) for part in parts}
    calendar = Calendar.from_ical(parts[0].get_content())
    assert isinstance(calendar, Calendar)
    assert calendar["METHOD"] == method
    return calendar


def test_the_subject_of_a_new_request_is_exactly_that_and_the_body_names_the_service() -> None:
    # S15 S16 S17
    message = sent(a_letter(NoticeKind.NEW_REQUEST))
    assert message["Subject"] == "Video Session Request"
    text = text_of(message)
    assert "Service: Urgent care visit" in text
    assert "- Mon 23 Nov 2026, 10:00am EST\n- Mon 23 Nov 2026, 12:00pm EST" in text
    assert "See the request: https://console.example.org/" in text
    now = sent(a_letter(NoticeKind.NEW_REQUEST, type=RequestType.NOW, times=()))
    assert "They ask to be seen now." in text_of(now)
    assert "one of these times" not in text_of(now)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_message_has_a_greeting_a_link_and_two_forms_that_say_the_same(
    kind: NoticeKind,
) -> None:
    message = sent(a_letter(kind))
    text, html = text_of(message), text_of(message, "html")
    # whoever gave an address that is not confirmed yet puts no word into what is sent there
    name = "" if kind is NoticeKind.CONFIRM_BOOKING else " Mia Chen"
    assert text.startswith(f"Hello{name},\n\n")
    assert f"{ORIGIN}/" in text
    assert f'href="{ORIGIN}/' in html
    assert "\n\n\n" not in text
    for word in text.replace(f": {ORIGIN}", " ").split():
        if not word.startswith(("/", "-")):
            assert word.strip("'") in html.replace("&#39;", "'")
    assert message["From"] == SENDER
    assert message["To"] == "Mia Chen <mia@example.org>"
    assert message["Message-ID"] == "<notice-5-1@clinic.example>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_what_a_patient_reads_names_no_service() -> None:
    for kind in NoticeKind:
        letter = a_letter(kind)
        if letter.is_to_requester and kind not in TO_STAFF:
            assert "Urgent care" not in sent(letter).as_string(), kind


def test_an_accepted_time_comes_with_a_calendar_file() -> None:
    # S24 S58 S91
    message = sent(a_letter())
    assert "Mon 23 Nov 2026, 10:00am EST" in text_of(message)
    calendar = calendar_of(message)
    assert calendar["METHOD"] == "REQUEST"
    (event,) = calendar.walk("VEVENT")
    assert "METHOD" not in event
    assert event["UID"] == "session-31@clinic.example"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 11, 23, 15, 20, tzinfo=UTC)
    assert event["ATTENDEE"] == "mailto:mia@example.org"
    assert event["ORGANIZER"] == "mailto:no-reply@clinic.example"
    assert event["SUMMARY"] == "Video session"


def test_a_cancellation_is_the_same_event_with_a_higher_sequence() -> None:
    before: Any = calendar_of(sent(a_letter())).walk("VEVENT")[0]
    cancelled = a_letter(NoticeKind.CANCELLED, meeting=a_meeting(revision=2, is_cancelled=True))
    calendar = calendar_of(sent(cancelled))
    event: Any
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == before["UID"]
    assert event["SEQUENCE"] == before["SEQUENCE"] + 1


@pytest.mark.parametrize(
    "kind",
    [
        NoticeKind.INVITATION,
        NoticeKind.REMINDER,
        NoticeKind.HOST_CHANGED,
        NoticeKind.ASSIGNED,
        NoticeKind.RESCHEDULED,
    ],
)
def test_a_message_that_comes_after_the_cancellation_calls_nobody(kind: NoticeKind) -> None:
    said = text_of(sent(a_letter(kind, meeting=a_meeting(is_cancelled=True))))
    assert "cancelled" in said
    assert "will see you" not in said
    assert "ready to see you" not in said


@pytest.mark.parametrize("is_to_requester", [True, False])
@pytest.mark.parametrize("kind", sorted(ABOUT_SESSION))
def test_whoever_reads_it_has_the_time_of_a_session_in_their_own_zone_and_its_name(
    kind: NoticeKind, is_to_requester: bool
) -> None:
    # S91
    off = kind in {NoticeKind.CANCELLED, NoticeKind.CALLED_OFF}
    for zone, said in (
        ("America/New_York", "Mon 23 Nov 2026, 10:00am EST"),
        ("Europe/Berlin", "Mon 23 Nov 2026, 4:00pm CET"),
    ):
        letter = a_letter(kind, zone=zone, meeting=a_meeting(is_cancelled=off))
        message = sent(replace(letter, is_to_requester=is_to_requester))
        for form in ("plain", "html"):
            assert said in " ".join(text_of(message, form).split())


@pytest.mark.parametrize("kind", NoticeKind)
def test_nothing_goes_into_a_calendar_while_a_request_waits(kind: NoticeKind) -> None:
    letter = a_letter(kind, meeting=None) if a_letter(kind).meeting is None else a_letter(kind)
    has_file = any(p.get_content_type() == "text/calendar" for p in sent(letter).walk())
    assert has_file == (letter.meeting is not None)


def test_a_visit_that_begins_now_needs_no_calendar() -> None:
    meeting = a_meeting(is_planned=False)
    message = sent(a_letter(type=RequestType.NOW, times=(), meeting=meeting))
    assert not any(part.get_content_type() == "text/calendar" for part in message.walk())
    assert "ready to see you by video now" in text_of(message)


def test_a_visit_of_now_that_was_moved_goes_into_the_calendar() -> None:
    # V11
    letter = a_letter(NoticeKind.RESCHEDULED, type=RequestType.NOW, times=())
    assert calendar_of(sent(letter))["METHOD"] == "REQUEST"


@pytest.mark.parametrize("kind", [NoticeKind.UNASSIGNED, NoticeKind.ASSIGNED])
def test_whose_session_another_host_has_now_is_told_to_forget_it(kind: NoticeKind) -> None:
    # V12: also where the message about having got it comes only after it went on
    calendar = calendar_of(sent(a_letter(kind, meeting=a_meeting(revision=3, is_theirs=False))))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == ("session-31@clinic.example", 2)


def test_who_got_it_back_before_the_message_went_keeps_it() -> None:
    # V12
    message = sent(a_letter(NoticeKind.UNASSIGNED, meeting=a_meeting(revision=3)))
    assert calendar_of(message)["METHOD"] == "REQUEST"
    assert "back to you" in text_of(message)


@pytest.mark.parametrize("kind", sorted(ABOUT_SESSION))
def test_no_message_holds_the_way_into_the_video(kind: NoticeKind) -> None:
    # V10: whoever has a mail has the page's address, and signs in there
    assert "/video" not in sent(a_letter(kind)).as_string()
    assert "room" not in sent(a_letter(kind)).as_string().replace("waiting room", "")


HOSTILE = (
    "Mia\r\nBcc: thief@example.org",
    "Mia\nSubject: another",
    "Mia\x00\x0b\u2028Bcc: thief@example.org",
    '"Mia" <thief@example.org>',
    "Mia, thief@example.org",
    "<script>alert(1)</script>",
    "Mia;CN=x:mailto:thief@example.org\r\nEND:VEVENT",
    "Ünïcode 李 \u202egnp.exe",
    "M" * 500,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_out(name: str) -> None:
    letter = a_letter(name=name, clinic=name, meeting=a_meeting(host=name))
    message = sent(letter)
    assert message["To"].addresses[0].addr_spec == "mia@example.org"
    assert len(message["To"].addresses) == 1
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    assert "\n" not in message["Subject"]
    assert "<script>" not in text_of(message, "html")
    (event,) = calendar_of(message).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:mia@example.org"


@pytest.mark.parametrize("service", ["A;B,C:D", "END:VEVENT\r\nBEGIN:VALARM", 'x"y\\n'])
def test_no_service_breaks_a_calendar_file(service: str) -> None:
    calendar = calendar_of(sent(replace(a_letter(NoticeKind.ASSIGNED), service=service)))
    assert [each.name for each in calendar.walk()] == ["VCALENDAR", "VEVENT"]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "a b@example.org", "a@example.org\r\nX"]
)
def test_an_address_that_is_none_is_a_final_problem(address: str) -> None:
    with pytest.raises(MailProblemError) as problem:
        sent(a_letter(address=address))
    assert problem.value.is_final
    assert "example" not in problem.value.reason
