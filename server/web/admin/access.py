"""Who comes in here, and which entity of their account a path names."""

from typing import Any

from starlette.requests import Request

from dispatch.clinic import Clinic
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.vocabulary import ClinicId
from server.web.login import signed_in
from server.web.places import LARGEST_NUMBER


async def administrator(request: Request[Any]) -> Actor:
    """Return the administrator who is signed in.

    Raises:
        NotAllowedError: somebody else is.
    """
    actor = (await signed_in(request)).actor
    if not actor.is_administrator:
        raise NotAllowedError("This page is for administrators.")
    return actor


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
