"""The people of the account: who is there, and who may sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError
from dispatch.people import Actor, Person
from dispatch.ports import Reading
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.vocabulary import PersonId, Role
from server.web.admin.access import administrator, id_in_path
from server.web.forms import read_form
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

PATH = "/admin/people"
MOST_SHOWN = 100
SEARCH_LIMIT = 100  # characters
_ORDER = (Role.ADMINISTRATOR, Role.SCHEDULER, Role.HOST, Role.REQUESTER)
_WORDS = {
    Role.ADMINISTRATOR: "Administrator",
    Role.SCHEDULER: "Scheduler",
    Role.HOST: "Provider",
    Role.REQUESTER: "Patient",
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with what they can be, or could be again once they are not disabled."""

    person: Person
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows."""

    people: Sequence[Somebody]
    matching: int  # how many people the search found, shown or not
    total: int


async def show(request: Request[WebState], problem: str = "", status: int = 200) -> Response:
    """Show people, those of a name that was posted: no address holds one."""
    actor = await administrator(request)
    wanted = ""
    if request.method == "POST":
        wanted = " ".join((await read_form(request)).cut("name", limit=SEARCH_LIMIT).split())
    found = await request.state["store"].read(lambda reading: _found(reading, actor, wanted))
    return page(request, "admin/people.html", status, found=found, wanted=wanted, problem=problem)


async def disable(request: Request[WebState]) -> Response:
    """Disable a person, whose sign-ins end at once, or enable them again."""
    actor = await administrator(request)
    form = await read_form(request)
    person = PersonId(id_in_path(request, "person"))
    command = SetDisabled(person, form.text("disabled") == "1")
    try:
        outcome = await request.state["store"].perform(set_disabled, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await show(request, refused.sentence, 422)
    return done(request, outcome, PATH)


def _found(reading: Reading, actor: Actor, wanted: str) -> Found:
    account = actor.account_id
    people = reading.people(account, wanted, MOST_SHOWN)
    roles = reading.roles(account, [person.id for person in people])
    return Found(
        [Somebody(person, _words(roles[person.id])) for person in people],
        matching=reading.count_people(account, wanted),
        total=reading.count_people(account, ""),
    )


def _words(roles: frozenset[Role]) -> list[str]:
    return [_WORDS[role] for role in _ORDER if role in roles]


routes = [
    Route(PATH, show, methods=["GET", "POST"]),
    Route("/admin/people/{id:number}/disabled", disable, methods=["POST"]),
]
