"""A message as it travels: headers that cannot be broken out of, two forms, and a calendar file."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from dispatch.letter import Letter, MailProblemError, Words
from dispatch.vocabulary import NoticeKind
from server.mail.calendar_file import calendar_file, method_of
from server.mail.one_line import in_one_line

_WITH_CALENDAR = frozenset(
    {
        NoticeKind.INVITATION,
        NoticeKind.ASSIGNED,
        NoticeKind.CANCELLED,
        NoticeKind.CALLED_OFF,
        NoticeKind.RESCHEDULED,
        NoticeKind.HOST_CHANGED,
        NoticeKind.UNASSIGNED,
        NoticeKind.REMINDER,
    }
)
_SUBJECT_LIMIT = 200  # characters


def envelope(
    letter: Letter, words: Words, *, sender: str, origin: str, now: datetime
) -> EmailMessage:
    """Return the message; its Message-ID is the same for every try.

    Raises:
        MailProblemError: the address is none that mail can be sent to.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(name or letter.clinic, address)
    message["To"] = _address(letter.name, letter.address)
    message["Subject"] = in_one_line(words.subject, _SUBJECT_LIMIT)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes, please
    message.set_content(words.text)
    message.add_alternative(words.html, subtype="html")
    if letter.kind in _WITH_CALENDAR and letter.meeting is not None and letter.meeting.is_planned:
        method = method_of(letter.meeting)
        file = calendar_file(letter, letter.meeting, f"{origin}{letter.path}", sender, now)
        message.add_alternative(file.decode(), subtype="calendar", params={"method": method})
        message.add_attachment(
            file,
            maintype="text",
            subtype="calendar",
            filename="session.ics",
            params={"method": method, "charset": "utf-8"},
        )
    return message


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=in_one_line(name), addr_spec=address)
    except Exception as error:
        # the parser of addresses raises whatever it stumbles over
        raise MailProblemError("not an e-mail address", is_final=True) from error
