"""Public calendars: whether there are any, whose, under which address, and who may ask there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.booking import BookingSettings, PublicCalendar, suggested_slug
from dispatch.clinic import Clinic, Service
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.seen import booking_seen, calendar_seen
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
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, read_form
from server.web.places import LARGEST_NUMBER
from server.web.replies import done, page
from server.web.state import WebState

PATH = "/admin/booking"
ACCOUNT = "account"  # which form it was, beside those of the calendars


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and cannot be kept, and by which form."""

    key: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar as its form shows it: as it is kept, or as it could be."""

    key: str  # of the form: the clinic, and the host
    host_id: PersonId | None
    name: str
    slug: str
    is_on: bool
    is_kept: bool
    sheet: Sheet


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
    sheet: Sheet  # of the account
    services: Sequence[Service]
    clinics: Sequence[ClinicShelf]
    origin: str
    refused: Refused | None


async def show(request: Request[WebState], refused: Refused | None = None) -> Response:
    """Show every switch and address."""
    actor = await administrator(request)

    def look(reading: Reading) -> Cupboard:
        settings = reading.booking_settings(actor.account_id)
        kept = {"is_on": "1" if settings.is_on else "", "services": _listed(settings.services)}
        typed = refused.sheet if refused and refused.key == ACCOUNT else None
        clinics = reading.clinics_of(actor)
        services = {each.id: each for clinic in clinics for each in clinic.services}
        return Cupboard(
            settings,
            filled(typed, kept, booking_seen(settings)),
            sorted(services.values(), key=lambda each: (each.name, each.id)),
            [_clinic(reading, c, settings, refused) for c in clinics if not c.is_archived],
            own_origin(request),
            refused,
        )

    cupboard = await request.state["store"].read(look)
    status = refused.sheet.status if refused else 200
    return page(request, "admin/booking.html", status, cupboard=cupboard)


async def account(request: Request[WebState]) -> Response:
    """Keep the account's switch and services."""
    actor = await administrator(request)
    form = await read_form(request)
    services = [
        form_of_one.integer("service", otherwise="Choose services of your account.")
        for form_of_one in (Form([("service", value)]) for value in form.many("services"))
    ]
    is_on, chosen = form.text("is_on") == "1", frozenset(map(ServiceId, services))
    command = SetBooking(is_on, chosen, form.cut("seen"))
    form = form.having("services", _listed(chosen))
    return await _sent(request, actor, form, set_booking, command, ACCOUNT)


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
        seen=form.cut("seen"),
    )
    return await _sent(request, actor, form, set_calendar, command, key)


async def providers(request: Request[WebState]) -> Response:
    """Show the times of every host of a clinic, or of none."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic = ClinicId(min(form.integer("clinic", otherwise="Choose a clinic."), LARGEST_NUMBER))
    command = SetEveryHost(clinic, form.text("is_on") == "1")
    outcome = await request.state["store"].perform(set_every_host, command, actor, key=form.key)
    return done(request, outcome, _place(f"{clinic}-"))


async def _sent(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    usecase: UseCase[Any],
    command: object,
    key: str,
) -> Response:
    return await sent(
        request,
        usecase,
        lambda _: command,
        actor,
        form,
        lambda _, sheet: show(request, Refused(key, sheet)),
        _place(key),
    )


def _place(key: str) -> str:
    return PATH if key == ACCOUNT else f"{PATH}#clinic-{key.split('-')[0]}"


def _listed(services: Collection[ServiceId]) -> str:
    return " ".join(map(str, sorted(services)))


def _clinic(
    reading: Reading, clinic: Clinic, settings: BookingSettings, refused: Refused | None
) -> ClinicShelf:
    kept = {each.host_id: each for each in reading.public_calendars(clinic.id)}
    hosts = reading.hosts_of(clinic.host_group.id)
    return ClinicShelf(
        clinic,
        _shelf(clinic, None, clinic.name, kept.get(None), refused),
        [_shelf(clinic, host.id, host.name, kept.get(host.id), refused) for host in hosts],
        any(each.id in settings.services for each in clinic.services),
    )


def _shelf(
    clinic: Clinic,
    host: PersonId | None,
    name: str,
    kept: PublicCalendar | None,
    refused: Refused | None,
) -> Shelf:
    key = f"{clinic.id}-{host or ''}"
    typed = refused.sheet if refused and refused.key == key else None
    slug, is_on = (kept.slug, kept.is_on) if kept else (suggested_slug(name), False)
    values = {
        "slug": slug,
        "is_on": "1" if is_on else "",
        "takes_unknown": "1" if kept and kept.takes_unknown and host is None else "",
    }
    sheet = filled(typed, values, calendar_seen(kept))
    return Shelf(key, host, name, slug, is_on, kept is not None, sheet)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, account, methods=["POST"]),
    Route(f"{PATH}/calendar", calendar, methods=["POST"]),
    Route(f"{PATH}/providers", providers, methods=["POST"]),
]
