"""Who schedules for a clinic."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.schedulers import (
    AddScheduler,
    RemoveScheduler,
    add_scheduler,
    remove_scheduler,
)
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.membership import Candidate, Roll, name_wanted, person_of, roll_of_everybody
from server.web.forms import read_form
from server.web.replies import done, page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Look:
    """A clinic with its schedulers."""

    clinic: Clinic
    count: int
    roll: Roll


async def show(request: Request[WebState]) -> Response:
    """Show the schedulers, and look for people by a name that was posted."""
    actor = await administrator(request)
    name = await name_wanted(request)
    clinic_id = id_in_path(request, "clinic")
    look = await request.state["store"].read(lambda reading: _look(reading, actor, clinic_id, name))
    return page(request, "admin/schedulers.html", clinic=look.clinic, look=look)


async def add(request: Request[WebState]) -> Response:
    """Let somebody schedule for the clinic."""
    actor = await administrator(request)
    person = person_of(await read_form(request))
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    command = AddScheduler(clinic_id, person)
    outcome = await request.state["store"].perform(add_scheduler, command, actor)
    return done(request, outcome, f"/admin/clinics/{clinic_id}/schedulers")


async def remove(request: Request[WebState]) -> Response:
    """Take that right away, at once."""
    actor = await administrator(request)
    person = person_of(await read_form(request))
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    command = RemoveScheduler(clinic_id, person)
    outcome = await request.state["store"].perform(remove_scheduler, command, actor)
    return done(request, outcome, f"/admin/clinics/{clinic_id}/schedulers")


def _look(reading: Reading, actor: Actor, clinic_id: int, name: str) -> Look:
    clinic = own_clinic(reading, actor, clinic_id)
    schedulers = reading.scheduling(clinic.id)
    if name:
        roll = roll_of_everybody(reading, actor, name, {one.id for one in schedulers})
    else:
        roll = Roll([Candidate(one, True) for one in schedulers], "", len(schedulers))
    return Look(clinic, len(schedulers), roll)


_PATH = "/admin/clinics/{id:number}/schedulers"
routes = [
    Route(_PATH, show, methods=["GET", "POST"]),
    Route(f"{_PATH}/added", add, methods=["POST"]),
    Route(f"{_PATH}/removed", remove, methods=["POST"]),
]
