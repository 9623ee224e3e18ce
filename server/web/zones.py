"""Time zones as forms offer them and pages name them: those that people know by a place."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

_AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
          "Indian", "Pacific")  # fmt: skip
_PLACES = sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS)
ZONES = ("UTC", *_PLACES)


def zone_typed(text: str) -> str:
    """Return the name of a zone as it was meant: ``America/New York`` has a line, not a blank."""
    return "_".join(text.split())


def zone_in_words(zone: str, now: datetime) -> str:
    """Return ``New York time (EST)``."""
    there = now.astimezone(ZoneInfo(zone))
    short = there.tzname() or ""
    if short[:1] in ("+", "-", ""):
        short = f"UTC{short}"
    place = _city(zone)
    return f"{place} time ({short})" if place != short else short


@cache
def zones_by_region() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Return every place, by continent: ``("Europe", [("Europe/Berlin", "Berlin"), …])``."""
    regions = [
        (region, [(name, _city(name)) for name in inside])
        for region, inside in groupby(_PLACES, lambda name: name.partition("/")[0])
    ]
    return [*regions, ("Everywhere", [("UTC", "UTC")])]


def _city(zone: str) -> str:
    parts = zone.split("/")[1:] or [zone]
    return ", ".join(reversed(parts)).replace("_", " ")
