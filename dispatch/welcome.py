"""The link by which somebody who was invited chooses a password: it works once, for seven days.

Nothing of it is stored: its word names the person and when they were invited. An invitation that is
answered, or sent again, makes it worthless.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.keyed_word import read_word, write_word
from dispatch.people import Person
from dispatch.vocabulary import PersonId

LASTS = timedelta(days=7)

_PURPOSE = b"welcome"


@dataclass(frozen=True, slots=True)
class WelcomeLink:
    """What a link says: who was invited, and when."""

    person_id: PersonId
    invited_at: datetime  # whole seconds


def is_open(person: Person, invited_at: datetime, now: datetime) -> bool:
    """Return whether the invitation of that time still waits for its answer."""
    if person.is_disabled or person.invited_at is None or not person.email:
        return False
    return person.invited_at == invited_at and now < invited_at + LASTS


def write_token(person_id: PersonId, invited_at: datetime, secret: bytes) -> str:
    """Return the word of a link: the same for the same person, second and secret."""
    return write_word(_PURPOSE, person_id, invited_at, secret)


def read_token(token: str, secret: bytes) -> WelcomeLink | None:
    """Return what the word says; None: nobody here ever gave it out."""
    said = read_word(_PURPOSE, token, secret)
    return WelcomeLink(PersonId(said[0]), said[1]) if said is not None else None
