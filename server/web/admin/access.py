"""Who comes in here, and which entity of their account a path names."""

from typing import Any

from starlette.requests import Request

from dispatch.clinic import Clinic
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.vocabulary import ClinicId, GroupId, GroupKind, PersonId, ServiceId
from server.web.login import signed_in
from server.web.places import LARGEST_NUMBER


async def administrator(request: Request[Any]) -> Actor:
    """Return the administrator who is signed in.

    What the path is about is looked for here, before anybody reads the form: what is wrong with a
    form would else be told of a thing that is not there, or is another account's (S67).

    Raises:
        NotAllowedError: somebody else is.
        NotFoundError: the path names nothing of their account.
    """
    actor = (await signed_in(request)).actor
    if not actor.is_administrator:
        raise NotAllowedError("This page is for administrators.")
    if "id" in request.path_params:
        await request.state["store"].read(lambda reading: _look_for(reading, actor, request))
    return actor


def _look_for(reading: Reading, actor: Actor, request: Request[Any]) -> None:
    parts, account = request.url.path.split("/"), actor.account_id
    found: object
    match parts[2]:
        case "clinics":
            what = "clinic"
            found = reading.clinic(account, ClinicId(id_in_path(request, what)))
        case "services":
            what = "service"
            found = reading.service(account, ServiceId(id_in_path(request, what)))
        case "people":
            what = "person"
            found = reading.person(account, PersonId(id_in_path(request, what)))
        case "groups":
            what = "group"
            kind, group = GroupKind(parts[3]), GroupId(id_in_path(request, what))
            found = reading.group(account, kind, group)
        case _:  # a message: its form says nothing that could be wrong
            return
    if found is None:
        raise NotFoundError(what)


def id_in_path(request: Request[Any], what: str) -> int:
    """Return the ``{id:number}`` of the path.

    Raises:
        NotFoundError: no ``what`` can have that number.
    """
    number: int = request.path_params["id"]
    if number > LARGEST_NUMBER:
        raise NotFoundError(what)
    return number


def own_clinic(reading: Reading, actor: Actor, clinic_id: int) -> Clinic:
    """Return a clinic of the administrator's account.

    Raises:
        NotFoundError: there is none, or it is another account's.
    """
    clinic = reading.clinic(actor.account_id, ClinicId(clinic_id))
    if clinic is None:
        raise NotFoundError("clinic")
    return clinic
