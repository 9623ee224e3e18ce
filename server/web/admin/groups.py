"""Patient groups and host groups: who may ask, who may answer, and in which clinics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dispatch.clinic import Group
from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.seen import group_seen
from dispatch.usecases.groups import (
    AddMember,
    CreateGroup,
    RemoveMember,
    RenameGroup,
    add_member,
    create_group,
    remove_member,
    rename_group,
)
from dispatch.vocabulary import GroupId, GroupKind
from server.web.admin.access import administrator, id_in_path
from server.web.admin.membership import (
    MOST_SHOWN,
    Candidate,
    Roll,
    name_wanted,
    person_of,
    roll_of_everybody,
)
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Problems, read_form
from server.web.replies import done, page
from server.web.state import WebState

PATH = "/admin/groups"


@dataclass(frozen=True, slots=True)
class Look:
    """One group with its people and its clinics."""

    kind: GroupKind
    group: Group
    clinics: Sequence[str]
    members: int
    roll: Roll


async def everything(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """List the groups of both kinds, and offer to make one."""
    actor = await administrator(request)
    groups = await request.state["store"].read(
        lambda reading: reading.groups_in_use(actor.account_id)
    )
    shown = sheet or Sheet()
    return page(request, "admin/groups.html", shown.status, groups=groups, sheet=shown)


async def create(request: Request[WebState]) -> Response:
    """Make a group with nobody in it."""
    actor = await administrator(request)
    form = await read_form(request)

    def read(problems: Problems) -> CreateGroup | None:
        kind = problems.attempt(
            lambda: form.choice("kind", GroupKind, otherwise="Choose patients or providers.")
        )
        name = problems.attempt(lambda: form.text("name"))
        return None if kind is None else CreateGroup(kind, name or "")

    kind = form.cut("kind")
    return await sent(
        request,
        create_group,
        read,
        actor,
        form,
        everything,
        lambda outcome: f"{PATH}/{kind}/{outcome.entity.id}",
    )


async def one(
    request: Request[WebState], sheet: Sheet | None = None, *, kind: GroupKind, wanted: str = ""
) -> Response:
    """Show one group, and look for people by a name that was posted."""
    actor = await administrator(request)
    name = wanted or ("" if sheet else await name_wanted(request))
    group_id = GroupId(id_in_path(request, "group"))
    look = await request.state["store"].read(
        lambda reading: _look(reading, actor, kind, group_id, name)
    )
    shown = filled(sheet, {"name": look.group.name}, group_seen(look.group))
    saved = "saved" in request.query_params
    return page(
        request, "admin/group.html", shown.status, look=look, sheet=shown, saved=saved, path=PATH
    )


async def rename(request: Request[WebState], *, kind: GroupKind) -> Response:
    """Give a group another name."""
    actor = await administrator(request)
    form = await read_form(request)
    group_id = GroupId(id_in_path(request, "group"))

    def read(problems: Problems) -> RenameGroup | None:
        name = problems.attempt(lambda: form.text("name"))
        return RenameGroup(kind, group_id, name or "", form.cut("seen"))

    return await sent(
        request,
        rename_group,
        read,
        actor,
        form,
        partial(one, kind=kind),
        f"{PATH}/{kind}/{group_id}?saved",
    )


async def add(request: Request[WebState], *, kind: GroupKind) -> Response:
    """Put somebody into a group."""
    actor = await administrator(request)
    person = person_of(await read_form(request))
    group_id = GroupId(id_in_path(request, "group"))
    command = AddMember(kind, group_id, person)
    outcome = await request.state["store"].perform(add_member, command, actor)
    return done(request, outcome, f"{PATH}/{kind}/{group_id}")


async def remove(request: Request[WebState], *, kind: GroupKind) -> Response:
    """Take somebody out of a group; they lose its rights at once."""
    actor = await administrator(request)
    person = person_of(await read_form(request))
    group_id = GroupId(id_in_path(request, "group"))
    command = RemoveMember(kind, group_id, person)
    outcome = await request.state["store"].perform(remove_member, command, actor)
    return done(request, outcome, f"{PATH}/{kind}/{group_id}")


def _look(reading: Reading, actor: Actor, kind: GroupKind, group_id: GroupId, name: str) -> Look:
    group = reading.group(actor.account_id, kind, group_id)
    if group is None:
        raise NotFoundError("group")
    clinics = next(
        each.clinics
        for each in reading.groups_in_use(actor.account_id)
        if each.kind is kind and each.group.id == group_id
    )
    count = reading.count_members(kind, group_id, "")
    members = reading.members(kind, group_id, name, MOST_SHOWN)
    if name:
        roll = roll_of_everybody(reading, actor, name, {member.id for member in members})
    else:
        roll = Roll([Candidate(member, True) for member in members], "", count)
    return Look(kind, group, clinics, count, roll)


def _routes_of(kind: GroupKind) -> list[BaseRoute]:
    path = f"{PATH}/{kind}/{{id:number}}"
    return [
        Route(path, partial(one, kind=kind), methods=["GET", "POST"]),
        Route(f"{path}/name", partial(rename, kind=kind), methods=["POST"]),
        Route(f"{path}/added", partial(add, kind=kind), methods=["POST"]),
        Route(f"{path}/removed", partial(remove, kind=kind), methods=["POST"]),
    ]


routes: list[BaseRoute] = [
    Route(PATH, everything, methods=["GET"]),
    Route(PATH, create, methods=["POST"]),
    *_routes_of(GroupKind.PATIENTS),
    *_routes_of(GroupKind.HOSTS),
]
