"""One person: who they are, where they belong, and how they come to sign in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.contact import EMAIL_LIMIT, PHONE_LIMIT, newly_typed_email
from dispatch.errors import InvalidError, NotFoundError
from dispatch.people import Actor, Person
from dispatch.ports import Reading
from dispatch.seen import person_seen
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.people import (
    ChangePerson,
    EndSignIns,
    InvitePerson,
    change_person,
    end_sign_ins,
    invite_person,
)
from dispatch.views.oversight import GroupInUse
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId
from dispatch.welcome import is_open, write_token
from server.web.addresses import own_origin
from server.web.admin.access import administrator, id_in_path
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, Problems, read_form
from server.web.replies import done, page, see_other
from server.web.state import WebState
from server.web.zones import ZONES, zone_typed

PATH = "/admin/people"
_PLACES = ("schedules", "hosts_in", "asks_in")
_LONGEST_ZONE = 64  # characters
_NUMBER = re.compile(r"[0-9]{1,15}")
_ALIKE = 1000  # people of one name in one group


@dataclass(frozen=True, slots=True)
class Places:
    """Where somebody can belong."""

    clinics: Sequence[Clinic]
    groups: Sequence[GroupInUse]

    def of(self, kind: str) -> list[GroupInUse]:
        """Return the groups of a kind."""
        return [each for each in self.groups if each.kind == kind]


@dataclass(frozen=True, slots=True)
class Look:
    """One person with where they belong, and their invitation while it is open."""

    person: Person
    places: Places  # only theirs
    others: Places  # where they could belong too
    link: str


async def blank(
    request: Request[WebState], sheet: Sheet | None = None, form: Form | None = None
) -> Response:
    """Show the form for somebody new."""
    actor = await administrator(request)
    places = await request.state["store"].read(lambda reading: _places(reading, actor))
    shown = sheet or Sheet({"zone": _spoken(actor.zone), "is_invited": "1"})
    return page(
        request,
        "admin/person_new.html",
        shown.status,
        sheet=shown,
        places=places,
        zones=ZONES,
        ticked={name: _numbers(form, name) if form else [] for name in _PLACES},
    )


async def create(request: Request[WebState]) -> Response:
    """Add somebody with their roles, and invite them."""
    actor = await administrator(request)
    form = await read_form(request)

    def read(problems: Problems) -> CreatePerson | None:
        fields = _fields(form, problems)
        problems.attempt(lambda: newly_typed_email(fields["email"], ""))
        if problems.by_field:
            return None
        is_administrator = form.text("is_administrator") == "1"
        if is_administrator and not fields["email"]:
            problems.by_field["email"] = "An administrator needs an e-mail address to sign in."
            return None
        person = Person(
            PersonId(0),
            AccountId(actor.account_id),
            fields["name"],
            fields["zone"],
            fields["email"] or None,
            fields["phone"] or None,
            is_administrator=is_administrator,
        )
        return CreatePerson(
            person,
            schedules=frozenset(map(ClinicId, _numbers(form, "schedules"))),
            hosts_in=frozenset(map(GroupId, _numbers(form, "hosts_in"))),
            asks_in=frozenset(map(GroupId, _numbers(form, "asks_in"))),
            is_invited=form.text("is_invited") == "1",
        )

    return await sent(
        request,
        create_person,
        read,
        actor,
        form,
        lambda _, sheet: blank(request, sheet, form),
        lambda outcome: f"{PATH}/{outcome.entity.id}?saved",
    )


async def one(
    request: Request[WebState],
    sheet: Sheet | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    """Show one person; ``problems`` are those of a form beside the one that the sheet is of."""
    actor = await administrator(request)
    key = PersonId(id_in_path(request, "person"))
    now = request.state["clock"].now()

    def query(reading: Reading) -> Look:
        person = reading.person(actor.account_id, key)
        if person is None:
            raise NotFoundError("person")
        link = ""
        if person.invited_at is not None and is_open(person, person.invited_at, now):
            token = write_token(person.id, person.invited_at, reading.link_secret())
            link = f"{own_origin(request)}/welcome/{token}"
        return Look(person, *_places_of(reading, actor, person), link)

    look = await request.state["store"].read(query)
    shown = filled(sheet, _values(look.person), person_seen(look.person))
    if problems:
        shown = replace(shown, problems=problems, status=422)
    return page(
        request,
        "admin/person.html",
        shown.status,
        sheet=shown,
        look=look,
        zones=ZONES,
        saved="saved" in request.query_params,
        sends_mail=bool(request.state["settings"].smtp_url),
    )


async def change(request: Request[WebState]) -> Response:
    """Correct who they are."""
    actor = await administrator(request)
    form = await read_form(request)
    key = PersonId(id_in_path(request, "person"))

    def read(problems: Problems) -> ChangePerson | None:
        fields = _fields(form, problems)
        if problems.by_field:
            return None
        return ChangePerson(
            key,
            fields["name"],
            fields["email"] or None,
            fields["phone"] or None,
            fields["zone"],
            is_administrator=form.text("is_administrator") == "1",
            seen=form.cut("seen"),
        )

    return await sent(request, change_person, read, actor, form, one, f"{PATH}/{key}?saved")


async def invite(request: Request[WebState]) -> Response:
    """Send them a link to choose a password by."""
    actor = await administrator(request)
    form = await read_form(request)
    key = PersonId(id_in_path(request, "person"))
    command = InvitePerson(key)
    try:
        outcome = await request.state["store"].perform(invite_person, command, actor, key=form.key)
    except InvalidError as refused:
        return await one(request, problems={"email": refused.sentence})
    return done(request, outcome, f"{PATH}/{key}#sign-in")


async def sign_out(request: Request[WebState]) -> Response:
    """Sign them out everywhere."""
    actor = await administrator(request)
    form = await read_form(request)
    key = PersonId(id_in_path(request, "person"))
    await request.state["store"].perform(end_sign_ins, EndSignIns(key), actor, key=form.key)
    return see_other(f"{PATH}/{key}?saved")


def _fields(form: Form, problems: Problems) -> dict[str, str]:
    read = {
        "name": problems.attempt(lambda: form.text("name")),
        "email": problems.attempt(lambda: form.text("email", limit=EMAIL_LIMIT)),
        "phone": problems.attempt(lambda: form.text("phone", limit=PHONE_LIMIT)),
        "zone": problems.attempt(lambda: zone_typed(form.text("zone", limit=_LONGEST_ZONE))),
    }
    return {name: " ".join((text or "").split()) for name, text in read.items()}


def _numbers(form: Form, name: str) -> list[int]:
    return [int(each) for each in form.many(name) if _NUMBER.fullmatch(each)]


def _places(reading: Reading, actor: Actor) -> Places:
    clinics = [clinic for clinic in reading.clinics_of(actor) if not clinic.is_archived]
    return Places(clinics, reading.groups_in_use(actor.account_id))


def _places_of(reading: Reading, actor: Actor, person: Person) -> tuple[Places, Places]:
    """Return where somebody belongs, and where they do not."""
    everywhere = _places(reading, actor)
    schedules = [
        clinic
        for clinic in everywhere.clinics
        if any(one.id == person.id for one in reading.scheduling(clinic.id))
    ]
    groups = [
        each
        for each in everywhere.groups
        if any(
            one.id == person.id
            for one in reading.members(each.kind, each.group.id, person.name, _ALIKE)
        )
    ]
    others = Places(
        [clinic for clinic in everywhere.clinics if clinic not in schedules],
        [each for each in everywhere.groups if each not in groups],
    )
    return Places(schedules, groups), others


def _values(person: Person) -> Mapping[str, str]:
    return {
        "name": person.name,
        "email": person.email or "",
        "phone": person.phone or "",
        "zone": _spoken(person.zone),
        "is_administrator": "1" if person.is_administrator else "",
    }


def _spoken(zone: str) -> str:
    return zone.replace("_", " ")


routes = [
    Route(f"{PATH}/new", blank, methods=["GET"]),
    Route(f"{PATH}/new", create, methods=["POST"]),
    Route(f"{PATH}/{{id:number}}", one, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}", change, methods=["POST"]),
    Route(f"{PATH}/{{id:number}}/invitation", invite, methods=["POST"]),
    Route(f"{PATH}/{{id:number}}/sign-out", sign_out, methods=["POST"]),
]
