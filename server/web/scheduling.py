"""Who may open the scheduling pages, and which clinics are theirs there."""

from starlette.requests import Request

from dispatch.clinic import Clinic
from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from server.web.login import signed_in
from server.web.state import WebState


async def scheduler(request: Request[WebState]) -> Actor:
    """Return who looks; to everybody who schedules nothing these pages do not exist (S29).

    Raises:
        NotFoundError: no scheduler relation.
    """
    actor = (await signed_in(request)).actor
    if not actor.schedules:
        raise NotFoundError("page")
    return actor


def scheduled(reading: Reading, actor: Actor) -> tuple[Clinic, ...]:
    """Return the clinics that the actor schedules, by name (S34)."""
    return tuple(c for c in ever_scheduled(reading, actor) if not c.is_archived)


def ever_scheduled(reading: Reading, actor: Actor) -> tuple[Clinic, ...]:
    """Return the same with those that have closed for good: what was decided there stays."""
    clinics = (clinic for clinic in reading.clinics_of(actor) if clinic.id in actor.schedules)
    return tuple(sorted(clinics, key=lambda clinic: (clinic.name, clinic.id)))
