"""What a form of administration was filled from, as a word that the form carries and gives back.

Two administrators may have the same page open. Whoever sends theirs second would put back what the
first has just changed, a right that was taken away among it. So each form says what it showed, and
the use case looks whether that is still so once it holds the row. The word stands for the values
and tells nobody what they are; a secret is not among them, for no form ever shows one.
"""

from collections.abc import Mapping
from hashlib import sha256

from dispatch.account import Account
from dispatch.booking import BookingSettings, PublicCalendar
from dispatch.clinic import Clinic, Group, Service
from dispatch.errors import StaleError
from dispatch.people import Person
from dispatch.reply import CHOICES, SavedReply
from dispatch.video import VideoSetting
from dispatch.vocabulary import DeclineReason

_LETTERS = 16  # 64 bits: it tells apart what one page could have shown
_LOOK = (
    "Below is what you typed, and beside it what is stored now. Save again if yours should count."
)


def refuse_unseen(seen: str | None, there: str) -> None:
    """Let a change pass that was made in sight of what it overwrites; None: by no form at all.

    Raises:
        StaleError: something else is there now, or the form does not say what it showed.
    """
    if seen is None or seen == there:
        return
    if not seen:
        raise StaleError(f"This page is from before an update, or did not come whole. {_LOOK}")
    raise StaleError(f"Somebody changed this since you opened it. {_LOOK}")


def account_seen(account: Account) -> str:
    """Return the word for an account's name and zone."""
    return _word(account.name, account.zone)


def person_seen(person: Person) -> str:
    """Return the word for who somebody is, and whether they are an administrator."""
    return _word(person.name, person.email, person.phone, person.zone, person.is_administrator)


def clinic_seen(clinic: Clinic) -> str:
    """Return the word for a clinic's settings; its hours and its alerts have words of their own."""
    return _word(
        clinic.name,
        clinic.patient_group.id,
        clinic.host_group.id,
        clinic.mode,
        clinic.zone,
        clinic.target_seconds,
        clinic.nearly_seconds,
        clinic.now_limit_seconds,
        clinic.accepts_now,
        clinic.accepts_scheduled,
        clinic.declines_unavailable,
        clinic.sees_in_turn,
        clinic.unavailable_text,
        clinic.declined_text,
        clinic.phone,
        clinic.emergency_text,
    )


def hours_seen(clinic: Clinic) -> str:
    """Return the word for a clinic's week, which means what it says in the clinic's zone."""
    return _word(clinic.zone, *((each.weekday, each.opens, each.closes) for each in clinic.hours))


def alerts_seen(clinic: Clinic) -> str:
    """Return the word for whom a clinic alerts, and when."""
    return _word(clinic.escalation_email, clinic.escalation_minutes)


def video_seen(setting: VideoSetting) -> str:
    """Return the word for where a clinic's visits take place."""
    return _word(setting.kind, setting.address, setting.domain, setting.app_id, setting.key_id)


def link_seen(link: str) -> str:
    """Return the word for a provider's own link."""
    return _word(link)


def service_seen(service: Service) -> str:
    """Return the word for how a service is described."""
    return _word(
        service.name, service.description, service.duration_minutes, service.payment_required
    )


def group_seen(group: Group) -> str:
    """Return the word for a group's name."""
    return _word(group.name)


def reply_seen(reply: SavedReply) -> str:
    """Return the word for a saved reply."""
    return _word(reply.title, reply.text)


def sentences_seen(sentences: Mapping[DeclineReason, str]) -> str:
    """Return the word for what requesters read of declines."""
    return _word(*(sentences.get(reason, "") for reason in CHOICES))


def booking_seen(settings: BookingSettings) -> str:
    """Return the word for an account's switch, and for what can be booked."""
    return _word(settings.is_on, *sorted(settings.services))


def calendar_seen(calendar: PublicCalendar | None) -> str:
    """Return the word for a public calendar, or for none yet; ``takes_unknown`` is a clinic's."""
    if calendar is None:
        return _word()
    takes_unknown = calendar.takes_unknown and calendar.host_id is None
    return _word(calendar.slug, calendar.is_on, takes_unknown)


def _word(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()[:_LETTERS]
