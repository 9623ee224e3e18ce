"""Whose calendar a page is about: one's own, or for an administrator that of any provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.slots import CalendarRule
from dispatch.usecases.calendar import Prospect, prospects
from dispatch.vocabulary import PersonId
from server.web.admin.access import administrator, id_in_path
from server.web.login import signed_in
from server.web.places import LARGEST_NUMBER
from server.web.slots.words import place

OWN, OF_OTHERS = "/me/slots", "/admin/people/{id:number}/slots"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A provider's calendar, who looks at it, and where its pages are."""

    actor: Actor
    host: Actor
    path: str
    rules: Sequence[CalendarRule]
    prospects: tuple[Prospect, ...]

    @property
    def is_own(self) -> bool:
        """Return whether the provider looks at it on their own pages."""
        return self.path == OWN

    @property
    def page_name(self) -> str:
        """Return the place in the navigation."""
        return "slots" if self.is_own else "admin"

    @property
    def clock(self) -> str:
        """Return whose clock new hours are on."""
        return place(self.host.zone)

    def rule(self, request: Request[Any]) -> CalendarRule:
        """Return the one of its rules that the path names."""
        key: int = request.path_params["rule"]
        found = next((rule for rule in self.rules if rule.id == key), None)
        if found is None:
            raise NotFoundError("slot")
        return found


async def calendar_of(request: Request[Any]) -> Calendar:
    """Return the calendar that the path is about.

    Raises:
        NotFoundError: whoever it names is no provider of this account.
        NotAllowedError: it is somebody else's, and the one who looks is no administrator.
    """
    if "id" in request.path_params:
        actor = await administrator(request)
        host_id = PersonId(id_in_path(request, "provider"))
        path = f"/admin/people/{host_id}/slots"
    else:
        actor = (await signed_in(request)).actor
        host_id, path = actor.person_id, OWN
    now: datetime = request.state["clock"].now()

    def query(reading: Reading) -> Calendar:
        host = reading.actor(host_id) if host_id <= LARGEST_NUMBER else None
        if host is None or host.account_id != actor.account_id or not host.hosts_in:
            raise NotFoundError("provider")
        rules = reading.calendar_rules([host_id])
        return Calendar(actor, host, path, rules, prospects(reading, host, now))

    found: Calendar = await request.state["store"].read(query)
    return found
