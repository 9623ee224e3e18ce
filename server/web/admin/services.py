"""The services of the account: what each is, and where it is offered."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Service
from dispatch.clinic_rules import LONGEST_SESSION_MINUTES
from dispatch.errors import NotFoundError
from dispatch.seen import service_seen
from dispatch.usecases.services import ChangeService, CreateService, change_service, create_service
from dispatch.vocabulary import ServiceId
from dispatch.wording import LONGEST_TEXT
from server.web.admin.access import administrator, id_in_path
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, Problems, read_form
from server.web.replies import page
from server.web.state import WebState

PATH = "/admin/services"


async def everything(request: Request[WebState]) -> Response:
    """List the services with the clinics that offer them."""
    actor = await administrator(request)
    services = await request.state["store"].read(
        lambda reading: reading.services_in_use(actor.account_id)
    )
    saved = "saved" in request.query_params
    return page(request, "admin/services.html", services=services, saved=saved)


async def blank(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the empty form."""
    await administrator(request)
    return _page(request, sheet or Sheet({"minutes": "20"}), None)


async def create(request: Request[WebState]) -> Response:
    """Make a service."""
    actor = await administrator(request)
    form = await read_form(request)
    return await sent(
        request,
        create_service,
        lambda problems: _create(form, problems),
        actor,
        form,
        blank,
        f"{PATH}?saved",
    )


async def one(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show one service."""
    actor = await administrator(request)
    key = ServiceId(id_in_path(request, "service"))
    service = await request.state["store"].read(
        lambda reading: reading.service(actor.account_id, key)
    )
    if service is None:
        raise NotFoundError("service")
    return _page(request, filled(sheet, _values(service), service_seen(service)), service)


async def change(request: Request[WebState]) -> Response:
    """Describe a service otherwise."""
    actor = await administrator(request)
    form = await read_form(request)
    key = ServiceId(id_in_path(request, "service"))

    def read(problems: Problems) -> ChangeService | None:
        new = _create(form, problems)
        if new is None:
            return None
        words = (new.name, new.description, new.duration_minutes, new.payment_required)
        return ChangeService(key, *words, form.cut("seen"))

    return await sent(request, change_service, read, actor, form, one, f"{PATH}?saved")


def _page(request: Request[WebState], sheet: Sheet, service: Service | None) -> Response:
    return page(
        request,
        "admin/service.html",
        sheet.status,
        sheet=sheet,
        service=service,
        longest_minutes=LONGEST_SESSION_MINUTES,
    )


def _create(form: Form, problems: Problems) -> CreateService | None:
    name = problems.attempt(lambda: form.text("name"))
    description = problems.attempt(lambda: form.text("description", limit=LONGEST_TEXT))
    minutes = problems.attempt(
        lambda: form.integer("minutes", otherwise="Say how many minutes it takes.")
    )
    payment = problems.attempt(lambda: form.text("payment"))
    if name is None or minutes is None:
        return None
    return CreateService(name, description or "", minutes, payment or "")


def _values(service: Service) -> dict[str, str]:
    return {
        "name": service.name,
        "description": service.description,
        "minutes": str(service.duration_minutes),
        "payment": service.payment_required,
    }


routes = [
    Route(PATH, everything, methods=["GET"]),
    Route(f"{PATH}/new", blank, methods=["GET"]),
    Route(f"{PATH}/new", create, methods=["POST"]),
    Route(f"{PATH}/{{id:number}}", one, methods=["GET"]),
    Route(f"{PATH}/{{id:number}}", change, methods=["POST"]),
]
