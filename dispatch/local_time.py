"""A time on somebody's clock becomes an instant; it alone knows gaps and overlaps (S92)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatch.errors import InvalidError


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone.

    Raises:
        InvalidError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError("Choose a time zone from the list.", field="zone") from error


def to_instant(local: datetime, zone: str, *, later: bool = False, field: str = "time") -> datetime:
    """Return the aware UTC instant of a naive local time.

    ``zoneinfo`` converts times that no clock ever showed without a word, so a round trip decides.
    Of a time that the clocks show twice, the first is meant unless ``later``.

    Raises:
        InvalidError: the clocks skip that time; the sentence names the next one there is.
    """
    there = local.replace(tzinfo=zone_named(zone), fold=int(later))
    try:
        instant = there.astimezone(UTC)
    except OverflowError as error:
        raise InvalidError("Choose a date within a year.", field=field) from error
    if instant.astimezone(there.tzinfo).replace(tzinfo=None) != local:
        before = local.replace(tzinfo=there.tzinfo, fold=1).utcoffset() or timedelta()
        after = local.replace(tzinfo=there.tzinfo, fold=0).utcoffset() or timedelta()
        following = local + abs(before - after)
        raise InvalidError(
            f"The clocks skip {local:%H:%M} that day. The next time there is {following:%H:%M}.",
            field=field,
        )
    return instant


def is_shown_twice(local: datetime, zone: str) -> bool:
    """Return whether the clocks show that local time twice (when they go back)."""
    tz = zone_named(zone)
    offsets = {local.replace(tzinfo=tz, fold=fold).utcoffset() for fold in (0, 1)}
    first = local.replace(tzinfo=tz, fold=0)
    round_trip = first.astimezone(UTC).astimezone(tz).replace(tzinfo=None)
    return len(offsets) == 2 and round_trip == local
