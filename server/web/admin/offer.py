"""What a clinic offers, in the order that patients see, and its pages as a patient sees them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic, Service
from dispatch.clinic_rules import while_closed
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.clinics import OfferServices, offer_services
from dispatch.vocabulary import ClinicId, ServiceId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.sheet import Sheet, sent
from server.web.errors import sentence_of
from server.web.forms import Form, Problems, read_form
from server.web.replies import page
from server.web.state import WebState

_PATH = "/admin/clinics/{id:number}"
_KEY = re.compile(r"\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """A clinic's services, and those of the account that it does not offer."""

    clinic: Clinic
    others: Sequence[Service]


async def show(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the services in order."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    offer = await request.state["store"].read(lambda reading: _offer(reading, actor, clinic_id))
    shown = sheet or Sheet()
    return page(
        request,
        "admin/offer.html",
        shown.status,
        clinic=offer.clinic,
        offer=offer,
        sheet=shown,
    )


async def change(request: Request[WebState]) -> Response:
    """Move a service up or down, take it out, or add one: whichever button was pressed."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    was = _was(form)

    def read(problems: Problems) -> OfferServices | None:
        wanted = problems.attempt(lambda: _moved(form, was) if was else was)
        return None if wanted is None else OfferServices(clinic_id, wanted, was)

    return await sent(
        request, offer_services, read, actor, form, show, f"/admin/clinics/{clinic_id}/services"
    )


async def preview(request: Request[WebState]) -> Response:
    """Show what a patient sees who asks in the clinic now."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    clinic = await request.state["store"].read(
        lambda reading: own_clinic(reading, actor, clinic_id)
    )
    refused = while_closed(clinic, request.state["clock"].now())
    closed = sentence_of(request, refused) if refused and clinic.accepts_now else ""
    return page(request, "admin/preview.html", clinic=clinic, closed=closed)


def _offer(reading: Reading, actor: Actor, clinic_id: int) -> Offer:
    clinic = own_clinic(reading, actor, clinic_id)
    others = [
        each.service
        for each in reading.services_in_use(actor.account_id)
        if clinic.service(each.service.id) is None
    ]
    return Offer(clinic, others)


def _was(form: Form) -> tuple[ServiceId, ...]:
    """Return the services that the page showed; somebody may have changed them since."""
    shown = form.text("was", limit=2000).split()
    return tuple(ServiceId(int(key)) for key in shown if _KEY.fullmatch(key))


def _moved(form: Form, was: tuple[ServiceId, ...]) -> tuple[ServiceId, ...]:
    chosen = ServiceId(form.integer("service", otherwise="Choose a service."))
    match form.text("do"):
        case "add":
            return (*was, chosen)
        case "remove":
            return tuple(key for key in was if key != chosen)
        case "up" | "down" as way if chosen in was:
            place = was.index(chosen)
            other = max(place - 1, 0) if way == "up" else min(place + 1, len(was) - 1)
            moved = list(was)
            moved[place], moved[other] = moved[other], moved[place]
            return tuple(moved)
        case _:
            raise InvalidError("Choose what to do with a service of this clinic.")


routes = [
    Route(f"{_PATH}/services", show, methods=["GET"]),
    Route(f"{_PATH}/services", change, methods=["POST"]),
    Route(f"{_PATH}/preview", preview, methods=["GET"]),
]
