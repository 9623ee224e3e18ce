"""Looking for people to let into something, or to take out of it: one table for both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from dispatch.people import Actor, Person
from dispatch.ports import Reading
from dispatch.vocabulary import PersonId
from server.web.forms import Form, read_form
from server.web.state import WebState

MOST_SHOWN = 100
SEARCH_LIMIT = 100  # characters


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, and whether they are in."""

    person: Person
    is_in: bool


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is in; while somebody is looked for, everybody of that name."""

    shown: Sequence[Candidate]
    wanted: str
    matching: int  # how many there are, shown or not


def roll_of_everybody(
    reading: Reading, actor: Actor, wanted: str, inside: Collection[PersonId]
) -> Roll:
    """Return the people of the account whose name holds the text."""
    found = reading.people(actor.account_id, wanted, MOST_SHOWN)
    return Roll(
        [Candidate(person, person.id in inside) for person in found],
        wanted,
        reading.count_people(actor.account_id, wanted),
    )


async def name_wanted(request: Request[WebState]) -> str:
    """Return the name that was posted: no address and no log holds one."""
    if request.method != "POST":
        return ""
    return " ".join((await read_form(request)).cut("name", limit=SEARCH_LIMIT).split())


def person_of(form: Form) -> PersonId:
    """Return whom a button is about."""
    return PersonId(form.integer("person", otherwise="Choose a person."))
