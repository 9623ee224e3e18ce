"""A clinic is closed for good, or comes back."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.views import Unfinished
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.sheet import Sheet, sent
from server.web.forms import Problems, read_form
from server.web.replies import done, page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Look:
    """A clinic, and what goes on in it."""

    clinic: Clinic
    unfinished: Unfinished


async def show(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show what stands in the way, or what it would come to."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    look = await request.state["store"].read(lambda reading: _look(reading, actor, clinic_id))
    shown = sheet or Sheet()
    return page(
        request, "admin/archive.html", shown.status, clinic=look.clinic, look=look, sheet=shown
    )


async def archive(request: Request[WebState]) -> Response:
    """Archive it, once that was confirmed."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))

    def read(problems: Problems) -> ArchiveClinic:
        if form.text("confirmed") != "1":
            problems.by_field["confirmed"] = "Tick this to say that you mean it."
        return ArchiveClinic(clinic_id)

    return await sent(request, archive_clinic, read, actor, form, show, _path(clinic_id))


async def restore(request: Request[WebState]) -> Response:
    """Open it again."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    command = RestoreClinic(clinic_id)
    outcome = await request.state["store"].perform(restore_clinic, command, actor, key=form.key)
    return done(request, outcome, _path(clinic_id))


def _look(reading: Reading, actor: Actor, clinic_id: int) -> Look:
    clinic = own_clinic(reading, actor, clinic_id)
    return Look(clinic, reading.unfinished(clinic.id))


def _path(clinic_id: ClinicId) -> str:
    return f"/admin/clinics/{clinic_id}/archive"


_PATH = "/admin/clinics/{id:number}/archive"
routes = [
    Route(_PATH, show, methods=["GET"]),
    Route(_PATH, archive, methods=["POST"]),
    Route("/admin/clinics/{id:number}/restoration", restore, methods=["POST"]),
]
