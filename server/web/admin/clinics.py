"""The clinics of the account: all of them, and one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.ports import Reading
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.replies import page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class ClinicAtAGlance:
    """A clinic with the people who work for it."""

    clinic: Clinic
    schedulers: Sequence[str]
    hosts: Sequence[str]


async def everything(request: Request[WebState]) -> Response:
    """List the clinics."""
    actor = await administrator(request)
    clinics = await request.state["store"].read(lambda reading: _all(reading, actor))
    return page(request, "admin/clinics.html", clinics=clinics)


async def one(request: Request[WebState]) -> Response:
    """Show one clinic."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    glance = await request.state["store"].read(
        lambda reading: _glance(reading, own_clinic(reading, actor, clinic_id))
    )
    return page(request, "admin/clinic.html", clinic=glance.clinic, glance=glance)


def _all(reading: Reading, actor: Actor) -> list[ClinicAtAGlance]:
    return [_glance(reading, clinic) for clinic in reading.clinics_of(actor)]


def _glance(reading: Reading, clinic: Clinic) -> ClinicAtAGlance:
    return ClinicAtAGlance(
        clinic,
        [scheduler.name for scheduler in reading.schedulers_of(clinic.id)],
        [host.name for host in reading.hosts_of(clinic.host_group.id)],
    )


routes = [
    Route("/admin/clinics", everything, methods=["GET"]),
    Route("/admin/clinics/{id:number}", one, methods=["GET"]),
]
