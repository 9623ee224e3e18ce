"""Whom a clinic alerts when a late request waits and nobody looks at it."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.usecases.alerts import LONGEST_MINUTES, SetAlerts, set_alerts
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.forms import read_form
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

PATH = "/admin/clinics/{id:number}/alerts"
ROOM = 2000  # characters read and given back


async def show(request: Request[WebState]) -> Response:
    """Show whom the clinic alerts, and when."""
    return await _shown(request, await administrator(request))


async def save(request: Request[WebState]) -> Response:
    """Store it, or give back what was typed with what is wrong with it."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic = id_in_path(request, "clinic")
    try:
        command = SetAlerts(
            ClinicId(clinic),
            form.cut("email", limit=ROOM),
            form.integer("minutes", otherwise="Enter how many minutes."),
        )
        outcome = await request.state["store"].perform(set_alerts, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        problems = {refused.field: refused.sentence}
        return await _shown(request, actor, 422, typed=form.typed(), problems=problems)
    return done(request, outcome, f"/admin/clinics/{clinic}/alerts")


async def _shown(
    request: Request[WebState],
    actor: Actor,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    clinic_id = id_in_path(request, "clinic")
    clinic: Clinic = await request.state["store"].read(
        lambda reading: own_clinic(reading, actor, clinic_id)
    )
    settings = request.state["settings"]
    return page(
        request,
        "admin/clinic_alerts.html",
        status,
        clinic=clinic,
        typed=typed or {},
        problems=problems or {},
        longest=LONGEST_MINUTES,
        sends_mail=bool(settings.smtp_url) or settings.is_demo,
    )


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, save, methods=["POST"]),
]
