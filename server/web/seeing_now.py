"""Who can be asked for now: the providers of one's on-demand clinics, each under their name."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.clinic_rules import while_closed
from dispatch.errors import InvalidError, NotAllowedError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.vocabulary import ClinicMode
from server.web.asking import HostChoice, clinics_to_ask, hosts_to_ask
from server.web.errors import sentence_of
from server.web.login import signed_in
from server.web.replies import page
from server.web.state import WebState


@dataclass(frozen=True, slots=True)
class Now:
    """A clinic with its providers, who is there first; ``closed`` says why nobody can be asked."""

    clinic: Clinic
    hosts: Sequence[HostChoice]
    closed: str


async def show(request: Request[WebState]) -> Response:
    """Show them; asking leads to the clinic's form with the provider filled in (V1)."""
    actor = (await signed_in(request)).actor
    if not actor.asks_in:
        raise NotAllowedError("This page is for patients of a clinic.")
    now = request.state["clock"].now()

    def look(reading: Reading) -> list[tuple[Clinic, Sequence[HostChoice], InvalidError | None]]:
        return [
            (clinic, _there_first(hosts_to_ask(reading, clinic, now)), while_closed(clinic, now))
            for clinic in _on_demand(reading, actor)
        ]

    found = await request.state["store"].read(look)
    clinics = [
        Now(clinic, hosts, sentence_of(request, refused) if refused else "")
        for clinic, hosts, refused in found
    ]
    return page(request, "patient/now.html", clinics=clinics)


def _on_demand(reading: Reading, actor: Actor) -> list[Clinic]:
    return [
        clinic
        for clinic in clinics_to_ask(reading, actor)
        if clinic.accepts_now and clinic.mode is ClinicMode.ON_DEMAND
    ]


def _there_first(hosts: Sequence[HostChoice]) -> Sequence[HostChoice]:
    return sorted(hosts, key=lambda host: (not host.is_available, host.name))


routes = [Route("/requests/now", show, methods=["GET"])]
