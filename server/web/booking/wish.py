"""What somebody has chosen so far: it travels in the address, and nothing in it is private."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from dispatch.errors import InvalidError
from dispatch.local_time import zone_named
from dispatch.request import MOST_TIMES
from server.web.forms import Form

_YEARS = range(1971, 9998)  # outside these, a zone's offset can leave the calendar


@dataclass(frozen=True, slots=True)
class Wish:
    """A service, up to three times by rank, and the zone in which they are read."""

    service_id: int | None
    times: tuple[datetime, ...]
    zone: str  # empty until it was chosen

    def fields(self) -> list[tuple[str, str]]:
        """Return it as fields of a form or an address."""
        service = [("service", str(self.service_id))] if self.service_id is not None else []
        zone = [("zone", self.zone)] if self.zone else []
        return [*service, *(("t", as_text(at)) for at in self.times), *zone]

    def address(self, path: str, *more: tuple[str, str]) -> str:
        """Return the address of a page to which it is brought along."""
        query = urlencode([*self.fields(), *more], safe=":/")
        return f"{path}?{query}" if query else path

    @property
    def is_full(self) -> bool:
        """Return whether no time can be added."""
        return len(self.times) >= MOST_TIMES

    def with_time(self, at: datetime) -> "Wish":
        """Return it with one more time, the least wanted."""
        return replace(self, times=(*self.times, at))

    def without(self, at: datetime) -> "Wish":
        """Return it without a time."""
        return replace(self, times=tuple(each for each in self.times if each != at))

    def raised(self, rank: int) -> "Wish":
        """Return it with the time of that rank (from 0) before the one above it."""
        times = list(self.times)
        times[rank - 1], times[rank] = times[rank], times[rank - 1]
        return replace(self, times=tuple(times))


def read_wish(form: Form) -> Wish:
    """Return what a form or an address brings along; what makes no sense is left out of it.

    Whoever acts on it looks at every time again, so nothing is lost that was worth anything.
    """
    times = [at for at in map(as_instant, form.many("t")) if at is not None]
    try:
        service = form.optional_integer("service")
    except InvalidError:
        service = None
    return Wish(service, tuple(_different(times))[:MOST_TIMES], known_zone(form.cut("zone")))


def known_zone(name: str) -> str:
    """Return the name of a zone that there is, or nothing."""
    try:
        return zone_named(name).key if name else ""
    except InvalidError:
        return ""


def as_text(at: datetime) -> str:
    """Return an instant for an address: ``2026-11-24T19:30:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_instant(text: str) -> datetime | None:
    """Return the instant of a text that carries its offset, or None."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and at.year in _YEARS else None


def _different(times: Iterable[datetime]) -> Iterable[datetime]:
    return dict.fromkeys(times)
