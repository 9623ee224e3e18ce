"""A session as a calendar file (RFC 5545, RFC 5546): asked for when accepted, cancelled when not.

It holds no name of a service and no note. A phone shows it on its lock screen.
"""

from datetime import datetime
from email.utils import parseaddr

from icalendar import Calendar, Event, vCalAddress, vText

from dispatch.letter import Letter, Meeting
from server.mail.one_line import in_one_line

SUMMARY = "Video session"


def calendar_file(letter: Letter, meeting: Meeting, link: str, sender: str, now: datetime) -> bytes:
    """Return the file; its UID stays the same for the session's life, its SEQUENCE rises."""
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    event = Event()
    event.add("uid", vText(f"session-{meeting.id}@{domain}"))
    event.add("sequence", meeting.revision - 1)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", SUMMARY)
    event.add("location", "Online")
    event.add("url", link)
    event.add("description", f"Join from this page: {link}")
    event.add("status", "CANCELLED" if method_of(meeting) == "CANCEL" else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(in_one_line(name or letter.clinic))
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{letter.address}")
    attendee.params["CN"] = vText(in_one_line(letter.name))
    attendee.params["RSVP"] = vText("FALSE")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//Dispatch//Video sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(meeting))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def method_of(meeting: Meeting) -> str:
    """Return what the file asks the calendar to do: to forget what is off, or another's now."""
    return "REQUEST" if meeting.is_theirs and not meeting.is_cancelled else "CANCEL"
