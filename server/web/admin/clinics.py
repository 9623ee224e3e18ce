"""The clinics of the account: all of them, a new one, and the settings of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.ports import Reading
from dispatch.seen import clinic_seen
from dispatch.usecases.clinics import ChangeClinic, change_clinic
from dispatch.vocabulary import ClinicId, GroupKind
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.details import Choices, choices, read_details, values_of
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Problems, read_form
from server.web.replies import page
from server.web.state import WebState
from server.web.zones import ZONES

PATH = "/admin/clinics"


@dataclass(frozen=True, slots=True)
class ClinicAtAGlance:
    """A clinic with the people who work for it, and how many may ask."""

    clinic: Clinic
    schedulers: Sequence[str]
    hosts: Sequence[str]
    patients: int


async def everything(request: Request[WebState]) -> Response:
    """List the clinics, those that have closed for good beneath."""
    actor = await administrator(request)

    def look(reading: Reading) -> tuple[list[ClinicAtAGlance], list[Clinic]]:
        clinics = reading.clinics_of(actor)
        living = [_glance(reading, clinic) for clinic in clinics if not clinic.is_archived]
        return living, [clinic for clinic in clinics if clinic.is_archived]

    living, archived = await request.state["store"].read(look)
    return page(request, "admin/clinics.html", clinics=living, archived=archived)


async def one(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the settings of one clinic, and who can see what of it."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")

    def look(reading: Reading) -> tuple[ClinicAtAGlance, Choices]:
        clinic = own_clinic(reading, actor, clinic_id)
        return _glance(reading, clinic), choices(reading, actor)

    glance, offered = await request.state["store"].read(look)
    shown = filled(sheet, values_of(glance.clinic), clinic_seen(glance.clinic))
    return page(
        request,
        "admin/clinic.html",
        shown.status,
        clinic=glance.clinic,
        glance=glance,
        choices=offered,
        sheet=shown,
        zones=ZONES,
        saved="saved" in request.query_params,
    )


async def change(request: Request[WebState]) -> Response:
    """Give a clinic other settings."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))

    def read(problems: Problems) -> ChangeClinic | None:
        details = read_details(form, problems)
        if details is None:
            return None
        return ChangeClinic(clinic_id, details, form.cut("seen"))

    return await sent(request, change_clinic, read, actor, form, one, f"{PATH}/{clinic_id}?saved")


def _glance(reading: Reading, clinic: Clinic) -> ClinicAtAGlance:
    return ClinicAtAGlance(
        clinic,
        [scheduler.name for scheduler in reading.schedulers_of(clinic.id)],
        [host.name for host in reading.hosts_of(clinic.host_group.id)],
        reading.count_members(GroupKind.PATIENTS, clinic.patient_group.id, ""),
    )


routes = [
    Route(PATH, everything, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}", one, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}", change, methods=["POST"]),
]
