"""The account: what it is called, the zone that new things start with, and what it holds."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.account import Account
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.seen import account_seen
from dispatch.usecases.accounts import ChangeAccount, change_account
from server.web.admin.access import administrator
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Problems, read_form
from server.web.replies import page
from server.web.state import WebState
from server.web.zones import ZONES, zone_typed

PATH = "/admin"


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """The account and how much it holds."""

    account: Account
    clinics: int
    services: int
    groups: int
    people: int


async def show(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the account."""
    actor = await administrator(request)
    glance = await request.state["store"].read(lambda reading: _glance(reading, actor))
    account = glance.account
    kept = {"name": account.name, "zone": account.zone.replace("_", " ")}
    shown = filled(sheet, kept, account_seen(account))
    return page(
        request,
        "admin/account.html",
        shown.status,
        glance=glance,
        sheet=shown,
        zones=ZONES,
        saved="saved" in request.query_params,
    )


async def change(request: Request[WebState]) -> Response:
    """Change the account's name and zone."""
    actor = await administrator(request)
    form = await read_form(request)

    def read(problems: Problems) -> ChangeAccount | None:
        name = problems.attempt(lambda: form.text("name"))
        zone = problems.attempt(lambda: zone_typed(form.text("zone")))
        return ChangeAccount(name or "", zone or "", form.cut("seen"))

    return await sent(request, change_account, read, actor, form, show, f"{PATH}?saved")


def _glance(reading: Reading, actor: Actor) -> AtAGlance:
    account = actor.account_id
    return AtAGlance(
        reading.account(account),
        sum(not clinic.is_archived for clinic in reading.clinics_of(actor)),
        len(reading.services_in_use(account)),
        len(reading.groups_in_use(account)),
        reading.count_people(account, ""),
    )


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, change, methods=["POST"]),
]
