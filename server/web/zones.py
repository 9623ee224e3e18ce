"""The time zones that a form offers: those that people know by a place."""

from zoneinfo import available_timezones

_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
          "Pacific")  # fmt: skip
ZONES = ("UTC", *sorted(z for z in available_timezones() if z.partition("/")[0] in _AREAS))


def zone_typed(text: str) -> str:
    """Return the name of a zone as it was meant: ``America/New York`` has a line, not a blank."""
    return "_".join(text.split())
