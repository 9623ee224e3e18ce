"""Public calendars: whether there are any, whose, under which address, and who may ask there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.booking import BookingSettings, PublicCalendar, suggested_slug
from dispatch.clinic import Clinic, Service
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.usecases.booking_setup import (
    SetBooking,
    SetCalendar,
    SetEveryHost,
    set_booking,
    set_calendar,
    set_every_host,
)
from dispatch.vocabulary import ClinicId, PersonId, ServiceId
from server.web.addresses import own_origin
from server.web.admin.access import administrator
from server.web.forms import Form, read_form
from server.web.places import LARGEST_NUMBER
from server.web.replies import done, page, prefers_json
from server.web.state import WebState

PATH = "/admin/booking"
ACCOUNT = "account"  # which form it was, beside those of the calendars


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar as its form shows it: as it is kept, or as it could be."""

    key: str  # of the form: the clinic, and the host
    host_id: PersonId | None
    name: str
    slug: str
    is_on: bool
    takes_unknown: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ClinicShelf:
    """A clinic's calendar with those of its hosts, and why nobody sees it although it is on."""

    clinic: Clinic
    own: Shelf
    hosts: Sequence[Shelf]
    offers: bool  # one of its services can be booked

    @property
    def shown_hosts(self) -> int:
        """Return how many of its hosts show their times."""
        return sum(host.is_on for host in self.hosts)


@dataclass(frozen=True, slots=True)
class Cupboard:
    """What the page shows."""

    settings: BookingSettings
    services: Sequence[Service]
    clinics: Sequence[ClinicShelf]
    origin: str
    problem: str = ""
    wrong: str = ""  # the form that holds it
    wrong_field: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def wrong_in(self, key: str) -> dict[str, str]:
        """Return what is wrong with one of the forms."""
        return {self.wrong_field: self.problem} if self.wrong == key else {}


async def show(request: Request[WebState]) -> Response:
    """Show every switch and address."""
    return await _page(request, await administrator(request))


async def account(request: Request[WebState]) -> Response:
    """Keep the account's switch and services."""
    actor = await administrator(request)
    form = await read_form(request)
    services = [
        form_of_one.integer("service", otherwise="Choose services of your account.")
        for form_of_one in (Form([("service", value)]) for value in form.many("services"))
    ]
    command = SetBooking(form.text("is_on") == "1", frozenset(map(ServiceId, services)))
    return await _perform(request, actor, form, set_booking, command, ACCOUNT)


async def calendar(request: Request[WebState]) -> Response:
    """Keep one calendar's address and switches."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic = form.integer("clinic", otherwise="Choose a clinic.")
    host = form.optional_integer("host")
    key = f"{clinic}-{host or ''}"
    command = SetCalendar(
        clinic_id=ClinicId(min(clinic, LARGEST_NUMBER)),
        host_id=None if host is None else PersonId(min(host, LARGEST_NUMBER)),
        slug=form.text("slug"),
        is_on=form.text("is_on") == "1",
        takes_unknown=form.text("takes_unknown") == "1",
    )
    return await _perform(request, actor, form, set_calendar, command, key)


async def providers(request: Request[WebState]) -> Response:
    """Show the times of every host of a clinic, or of none."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic = ClinicId(min(form.integer("clinic", otherwise="Choose a clinic."), LARGEST_NUMBER))
    command = SetEveryHost(clinic, form.text("is_on") == "1")
    return await _perform(request, actor, form, set_every_host, command, f"{clinic}-")


async def _perform(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    usecase: UseCase[Any],
    command: object,
    key: str,
) -> Response:
    store = request.state["store"]
    try:
        outcome = await store.perform(usecase, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        return await _page(request, actor, refused, key, form)
    return done(request, outcome, PATH if key == ACCOUNT else f"{PATH}#clinic-{key.split('-')[0]}")


async def _page(
    request: Request[WebState],
    actor: Actor,
    refused: InvalidError | None = None,
    key: str = "",
    form: Form | None = None,
) -> Response:
    def look(reading: Reading) -> Cupboard:
        settings = reading.booking_settings(actor.account_id)
        clinics = reading.clinics_of(actor)
        services = {each.id: each for clinic in clinics for each in clinic.services}
        return Cupboard(
            settings,
            sorted(services.values(), key=lambda each: (each.name, each.id)),
            [_clinic(reading, c, settings) for c in clinics if not c.is_archived],
            own_origin(request),
            refused.sentence if refused else "",
            key,
            refused.field if refused else "",
            dict(form.typed()) if form else {},
        )

    cupboard = await request.state["store"].read(look)
    status = 422 if refused else 200
    return page(request, "admin/booking.html", status, cupboard=cupboard)


def _clinic(reading: Reading, clinic: Clinic, settings: BookingSettings) -> ClinicShelf:
    kept = {each.host_id: each for each in reading.public_calendars(clinic.id)}
    hosts = reading.hosts_of(clinic.host_group.id)
    return ClinicShelf(
        clinic,
        _shelf(clinic, None, clinic.name, kept.get(None)),
        [_shelf(clinic, host.id, host.name, kept.get(host.id)) for host in hosts],
        any(each.id in settings.services for each in clinic.services),
    )


def _shelf(clinic: Clinic, host: PersonId | None, name: str, kept: PublicCalendar | None) -> Shelf:
    key = f"{clinic.id}-{host or ''}"
    if kept is None:
        return Shelf(key, host, name, suggested_slug(name), False, False, False)
    return Shelf(key, host, name, kept.slug, kept.is_on, kept.takes_unknown, True)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, account, methods=["POST"]),
    Route(f"{PATH}/calendar", calendar, methods=["POST"]),
    Route(f"{PATH}/providers", providers, methods=["POST"]),
]
