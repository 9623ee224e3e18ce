"""The account at a glance, for its administrators: clinics, people, and who may sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.people import Actor, Person
from dispatch.ports import Reading
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.vocabulary import PersonId, Role
from server.web.forms import read_form
from server.web.login import signed_in
from server.web.places import LARGEST_NUMBER
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

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
class ClinicAtAGlance:
    """A clinic with the people who work for it."""

    clinic: Clinic
    schedulers: Sequence[str]
    hosts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with what they can be, or could be again once they are not disabled."""

    person: Person
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Account:
    """What the page shows."""

    clinics: Sequence[ClinicAtAGlance]
    people: Sequence[Somebody]
    matching: int  # how many people the search found, shown or not
    total: int


async def show(request: Request[WebState], problem: str = "", status: int = 200) -> Response:
    """Show the account, and look for people by a name that was posted: no address holds one."""
    actor = await _administrator(request)
    wanted = ""
    if request.method == "POST":
        wanted = " ".join((await read_form(request)).cut("name", limit=SEARCH_LIMIT).split())
    account = await request.state["store"].read(lambda reading: _account(reading, actor, wanted))
    return page(
        request, "admin/account.html", status, account=account, wanted=wanted, problem=problem
    )


async def disable(request: Request[WebState]) -> Response:
    """Disable a person, whose sign-ins end at once, or enable them again."""
    actor = await _administrator(request)
    form = await read_form(request)
    number: int = request.path_params["id"]
    if number > LARGEST_NUMBER:
        raise NotFoundError("person")
    command = SetDisabled(PersonId(number), form.text("disabled") == "1")
    try:
        outcome = await request.state["store"].perform(set_disabled, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await show(request, refused.sentence, 422)
    return done(request, outcome, "/admin#people")


async def _administrator(request: Request[WebState]) -> Actor:
    actor = (await signed_in(request)).actor
    if not actor.is_administrator:
        raise NotAllowedError("This page is for administrators.")
    return actor


def _account(reading: Reading, actor: Actor, wanted: str) -> Account:
    account = actor.account_id
    people = reading.people(account, wanted, MOST_SHOWN)
    roles = reading.roles(account, [person.id for person in people])
    clinics = [
        ClinicAtAGlance(
            clinic,
            [scheduler.name for scheduler in reading.schedulers_of(clinic.id)],
            [host.name for host in reading.hosts_of(clinic.host_group.id)],
        )
        for clinic in reading.clinics_of(actor)
    ]
    return Account(
        clinics,
        [Somebody(person, _words(roles[person.id])) for person in people],
        matching=reading.count_people(account, wanted),
        total=reading.count_people(account, ""),
    )


def _words(roles: frozenset[Role]) -> list[str]:
    return [_WORDS[role] for role in _ORDER if role in roles]


routes = [
    Route("/admin", show, methods=["GET", "POST"]),
    Route("/admin/people/{id:number}/disabled", disable, methods=["POST"]),
]
