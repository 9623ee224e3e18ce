"""Calendar files and letters about the nights when the clocks change, read back by ``icalendar``."""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event

from dispatch.letter import Meeting
from dispatch.vocabulary import NoticeKind
from server.mail.calendar_file import calendar_file
from server.rendering.spoken_time import spoken_datetime
from tests.builders import NOON, minutes
from tests.clock_changes import Nights, clock, each_zone
from tests.mail.test_envelope import SENDER, a_letter, a_meeting, sent, text_of


def read_back(meeting: Meeting, zone: str) -> Any:
    file = calendar_file(a_letter(zone=zone), meeting, "https://x.example/1", SENDER, NOON)
    [event] = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def meeting_at(starts_at: datetime, **changes: object) -> Meeting:
    return a_meeting(starts_at=starts_at, ends_at=starts_at + minutes(40), **changes)


@each_zone
def test_a_calendar_file_means_the_instant_on_both_nights(nights: Nights) -> None:
    # S58 S92: twenty minutes before the change to twenty minutes after it, and both of the two
    for starts_at in (nights.forward_at - minutes(20), nights.first, nights.second):
        event = read_back(meeting_at(starts_at), nights.zone)
        for name, at in (("dtstart", starts_at), ("dtend", starts_at + minutes(40))):
            assert event[name].dt == at
            assert event[name].dt.utcoffset() == at.utcoffset()
        # A file with local times would need the zone's rules to be read rightly; this one does not.
        assert event["dtstart"].to_ical().endswith(b"Z")
        assert "TZID" not in event["dtstart"].params


@each_zone
def test_the_two_of_an_hour_that_comes_twice_are_two_files(nights: Nights) -> None:
    # S58 S92
    first, second = (read_back(meeting_at(at), nights.zone) for at in (nights.first, nights.second))
    assert second["dtstart"].dt - first["dtstart"].dt == nights.moved
    moved = read_back(meeting_at(nights.second, revision=2), nights.zone)
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] == first["sequence"] + 1


@each_zone
def test_a_letter_says_a_time_that_comes_twice_with_its_own_offset(nights: Nights) -> None:
    # S91 S92
    said = {spoken_datetime(at, nights.zone) for at in (nights.first, nights.second)}
    assert len(said) == 2
    for at in (nights.first, nights.second):
        letter = a_letter(NoticeKind.INVITATION, zone=nights.zone, meeting=meeting_at(at))
        text = text_of(sent(letter))
        assert clock(nights.twice) in text
        assert spoken_datetime(at, nights.zone) in " ".join(text.split())


@each_zone
def test_midnight_on_the_day_of_a_change_is_the_right_one(nights: Nights) -> None:
    # S92: where midnight itself is skipped, the day begins with the change
    day = nights.following.replace(hour=0, minute=0)
    start = nights.forward_at - (nights.following - nights.moved - day)
    event = read_back(meeting_at(start), nights.zone)
    assert event["dtstart"].dt == start.astimezone(UTC)
    shown = spoken_datetime(start, nights.zone)
    assert ("1:00am" if nights.skips_midnight else "12:00am") in shown
    assert f"{day.day} {day:%b %Y}" in shown
