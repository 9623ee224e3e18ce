"""A clinic whose mail goes out under its own name: whatever that is, it stays a name."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from server.mail.envelope import envelope
from tests.builders import NOON
from tests.mail.test_envelope import HOSTILE, LETTERS, ORIGIN, a_letter, calendar_of


@pytest.mark.parametrize("clinic", HOSTILE)
def test_no_clinic_that_signs_with_its_own_name_breaks_out(clinic: str) -> None:
    # where the sender is an address alone, From and the organizer are called as the clinic is
    letter = a_letter(clinic=clinic)
    address = "no-reply@clinic.example"
    written = envelope(letter, LETTERS.words(letter), sender=address, origin=ORIGIN, now=NOON)
    message = message_from_bytes(written.as_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert [each.addr_spec for each in message["From"].addresses] == [address]
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    calendar = calendar_of(message)
    assert [each.name for each in calendar.walk()] == ["VCALENDAR", "VEVENT"]
    (event,) = calendar.walk("VEVENT")
    assert event["ORGANIZER"] == f"mailto:{address}"
    assert len(event["ORGANIZER"].params["CN"].splitlines()) == 1
