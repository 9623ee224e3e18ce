"""A new clinic: its settings, its groups, chosen or made, and what it offers first."""

from dataclasses import fields, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import DECLINED_TEXT, EMERGENCY_TEXT, UNAVAILABLE_TEXT, Clinic, Group, Service
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.usecases.administration import CreateClinic, create_clinic
from dispatch.usecases.clinics import ClinicDetails
from dispatch.vocabulary import ClinicId, GroupId, ServiceId
from server.web.admin.access import administrator
from server.web.admin.details import Choices, choices, read_details
from server.web.admin.sheet import Sheet, sent
from server.web.forms import Form, Problems, read_form
from server.web.replies import page
from server.web.state import WebState
from server.web.zones import ZONES

PATH = "/admin/clinics/new"
_NEW_GROUP = "0"


async def blank(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the form as most clinics begin."""
    actor = await administrator(request)
    offered = await request.state["store"].read(lambda reading: choices(reading, actor))
    shown = sheet or Sheet(_beginning(offered))
    return page(
        request,
        "admin/new_clinic.html",
        shown.status,
        choices=offered,
        sheet=shown,
        zones=ZONES,
    )


async def create(request: Request[WebState]) -> Response:
    """Make the clinic."""
    actor = await administrator(request)
    form = await read_form(request)
    offered = await request.state["store"].read(lambda reading: choices(reading, actor))

    def read(problems: Problems) -> CreateClinic | None:
        details = read_details(form, problems)
        services = problems.attempt(lambda: _services(form, offered, actor))
        if details is None or services is None:
            return None
        groups = problems.attempt(lambda: _groups(details, offered))
        if groups is None:
            return None
        return CreateClinic(_clinic(details, groups, services, actor))

    return await sent(
        request,
        create_clinic,
        read,
        actor,
        form,
        lambda _, sheet: blank(request, _with_services(sheet, form)),
        lambda outcome: f"/admin/clinics/{outcome.entity.id}?saved",
    )


def _beginning(offered: Choices) -> dict[str, str]:
    return {
        "patient_group": _NEW_GROUP,
        "host_group": _NEW_GROUP,
        "mode": "on_demand",
        "zone": offered.account.zone.replace("_", " "),
        "target": "5:00",
        "now_limit": "240",
        "accepts_now": "1",
        "accepts_scheduled": "1",
        "declines_unavailable": "1",
        "sees_in_turn": "1",
        "unavailable_text": UNAVAILABLE_TEXT,
        "declined_text": DECLINED_TEXT,
        "emergency_text": EMERGENCY_TEXT,
        "minutes": "20",
    }


def _with_services(sheet: Sheet, form: Form) -> Sheet:
    """Return the sheet with every box that was ticked, not only the last."""
    ticked = {f"service-{key}": "1" for key in form.many("services")}
    return replace(sheet, values={**sheet.values, **ticked})


def _services(form: Form, offered: Choices, actor: Actor) -> tuple[Service, ...]:
    """Return those that were ticked, in their order, and a new one where it has a name."""
    there = {str(each.service.id): each.service for each in offered.services}
    wanted = form.many("services")
    if any(key not in there for key in wanted):
        raise InvalidError("Choose from the services that there are.", field="services")
    chosen = [there[key] for key in there if key in wanted]
    name = form.text("new_service")
    if name:
        minutes = form.integer("minutes", otherwise="Say how many minutes it takes.")
        chosen.append(Service(ServiceId(0), actor.account_id, name, "", minutes))
    if not chosen:
        raise InvalidError("Choose a service, or name a new one.", field="services")
    return tuple(chosen)


def _groups(details: ClinicDetails, offered: Choices) -> tuple[Group, Group]:
    """Return the chosen groups; a new one is named after the clinic."""
    account, name = offered.account.id, " ".join(details.name.split())
    found = []
    for groups, chosen, whose, field in (
        (offered.patient_groups, details.patient_group_id, "patients", "patient_group"),
        (offered.host_groups, details.host_group_id, "providers", "host_group"),
    ):
        known = {group.id: group for group in groups}
        if not chosen:
            found.append(Group(GroupId(0), account, f"{name} {whose}"))
        elif chosen in known:
            found.append(known[chosen])
        else:
            raise InvalidError("Choose from the groups that there are.", field=field)
    return found[0], found[1]


def _clinic(
    details: ClinicDetails,
    groups: tuple[Group, Group],
    services: tuple[Service, ...],
    actor: Actor,
) -> Clinic:
    own = {
        field.name: getattr(details, field.name)
        for field in fields(ClinicDetails)
        if not field.name.endswith("group_id")
    }
    patients, hosts = groups
    return Clinic(
        id=ClinicId(0),
        account_id=actor.account_id,
        patient_group=patients,
        host_group=hosts,
        services=services,
        **own,
    )


routes = [
    Route(PATH, blank, methods=["GET"]),
    Route(PATH, create, methods=["POST"]),
]
