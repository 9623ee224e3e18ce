"""What somebody does, given and taken on their own page: a patient, a provider, a scheduler."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import InvalidError
from dispatch.ports import UseCase
from dispatch.usecases.groups import AddMember, RemoveMember, add_member, remove_member
from dispatch.usecases.schedulers import (
    AddScheduler,
    RemoveScheduler,
    add_scheduler,
    remove_scheduler,
)
from dispatch.vocabulary import ClinicId, GroupId, GroupKind, PersonId
from server.web.admin import person
from server.web.admin.access import administrator, id_in_path
from server.web.forms import Form, read_form
from server.web.replies import done, prefers_json
from server.web.state import WebState

_ROLE = re.compile(r"(patients|hosts|schedulers):([0-9]{1,15})")  # where: hosts:3
_Given = tuple[UseCase[Any], object]


async def change(request: Request[WebState]) -> Response:
    """Give them one more role, or take one away; each takes effect at once."""
    actor = await administrator(request)
    form = await read_form(request)
    key = PersonId(id_in_path(request, "person"))
    try:
        usecase, command = _read(form, key)
        outcome = await request.state["store"].perform(usecase, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await person.one(request, problems={refused.field: refused.sentence})
    return done(request, outcome, f"{person.PATH}/{key}#roles")


def _read(form: Form, key: PersonId) -> _Given:
    role = _ROLE.fullmatch(form.text("role"))
    if role is None:
        raise InvalidError("Choose what they do.", field="role")
    find = {"add": _to_give, "remove": _to_take}.get(form.text("do"))
    if find is None:
        raise InvalidError("Choose whether to give this role or to take it.", field="role")
    return find(role[1], int(role[2]), key)


def _to_give(what: str, where: int, key: PersonId) -> _Given:
    if what == "schedulers":
        return add_scheduler, AddScheduler(ClinicId(where), key)
    return add_member, AddMember(GroupKind(what), GroupId(where), key)


def _to_take(what: str, where: int, key: PersonId) -> _Given:
    if what == "schedulers":
        return remove_scheduler, RemoveScheduler(ClinicId(where), key)
    return remove_member, RemoveMember(GroupKind(what), GroupId(where), key)


routes = [Route(f"{person.PATH}/{{id:number}}/roles", change, methods=["POST"])]
