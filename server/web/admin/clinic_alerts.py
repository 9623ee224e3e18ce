"""Whom a clinic alerts when a late request waits and nobody looks at it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.seen import alerts_seen
from dispatch.usecases.alerts import LONGEST_MINUTES, SetAlerts, set_alerts
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Problems, read_form
from server.web.replies import page
from server.web.state import WebState

PATH = "/admin/clinics/{id:number}/alerts"
ROOM = 2000  # characters read and given back


async def show(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show whom the clinic alerts, and when."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    clinic: Clinic = await request.state["store"].read(
        lambda reading: own_clinic(reading, actor, clinic_id)
    )
    kept = {"email": clinic.escalation_email, "minutes": str(clinic.escalation_minutes)}
    shown = filled(sheet, kept, alerts_seen(clinic))
    settings = request.state["settings"]
    return page(
        request,
        "admin/clinic_alerts.html",
        shown.status,
        clinic=clinic,
        sheet=shown,
        longest=LONGEST_MINUTES,
        sends_mail=bool(settings.smtp_url) or settings.is_demo,
    )


async def save(request: Request[WebState]) -> Response:
    """Store it, or give back what was typed with what is wrong with it."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic = ClinicId(id_in_path(request, "clinic"))

    def read(problems: Problems) -> SetAlerts | None:
        minutes = problems.attempt(
            lambda: form.integer("minutes", otherwise="Enter how many minutes.")
        )
        if minutes is None:
            return None
        return SetAlerts(clinic, form.cut("email", limit=ROOM), minutes, form.cut("seen"))

    return await sent(
        request, set_alerts, read, actor, form, show, f"/admin/clinics/{clinic}/alerts"
    )


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, save, methods=["POST"]),
]
