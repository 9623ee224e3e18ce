"""A time on somebody's clock becomes an instant; it alone knows gaps and overlaps (S92)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatch.errors import InvalidError

_DAY = timedelta(days=1)


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone.

    Raises:
        InvalidError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError("Choose a time zone from the list.", field="zone") from error


def shown_at(local: datetime, zone: str, *, field: str = "time") -> tuple[datetime, ...]:
    """Return the UTC instants at which the clocks there show a naive local time, in order.

    Mostly it is one. It is none where the clocks go forward over that time, and two where they go
    back. Nobody but this module asks ``zoneinfo`` about such times.

    Raises:
        InvalidError: no such zone, or a time beyond the calendar.
    """
    tz = zone_named(zone)
    try:
        first, second = _shown(local, tz, 0), _shown(local, tz, 1)
    except OverflowError as error:
        raise InvalidError("Choose a date within a year.", field=field) from error
    if first is None or second is None:
        return ()
    return (first,) if first == second else (first, second)


def to_instant(
    local: datetime, zone: str, *, later: bool | None = None, field: str = "time"
) -> datetime:
    """Return the aware UTC instant of a naive local time that somebody typed.

    Of a time that the clocks show twice, ``later`` says which is meant; None asks.

    Raises:
        InvalidError: the clocks skip that time, and the sentence names the next one there is; or
            they show it twice, and the sentence names both. ``{field}_later`` is then to blame.
    """
    instants = shown_at(local, zone, field=field)
    if not instants:
        following = _after_gap(local, zone).astimezone(zone_named(zone))
        next_there = _spoken(following)
        if following.date() != local.date():
            next_there = f"{next_there} on {following.day} {following:%B}"
        raise InvalidError(
            f"The clocks skip {_spoken(local)} that day. The next time there is {next_there}.",
            field=field,
        )
    if later is None and len(instants) > 1:
        first, second = (_offset(at.astimezone(zone_named(zone))) for at in instants)
        raise InvalidError(
            f"The clocks show {_spoken(local)} twice that day: first {first}, then {second}. "
            "Choose which one you mean.",
            field=f"{field}_later",
        )
    return instants[-1 if later else 0]


def edge_instant(local: datetime, zone: str, *, later: bool = False) -> datetime:
    """Return the instant of an edge that nobody typed for that very day, which must have one.

    Hours that repeat each week keep their place on the clock. On the night when the clocks skip
    it, the edge is the moment of the change: what lies in the gap has no length. On the night when
    they show it twice, it is the first unless ``later``.
    """
    return _shown(local, zone_named(zone), int(later)) or _after_gap(local, zone)


def next_change(zone: str, start: datetime, end: datetime) -> datetime | None:
    """Return the first instant in ``[start, end]`` at which the clocks there go forward or back."""
    tz = zone_named(zone)
    before = start.replace(microsecond=0)
    while before < end:
        after = min(before + _DAY, end)
        if before.astimezone(tz).utcoffset() != after.astimezone(tz).utcoffset():
            return _change_between(before, after, tz)
        before = after
    return None


def _shown(local: datetime, tz: ZoneInfo, fold: int) -> datetime | None:
    """Return the first or the second instant at which the clocks show it, None in a gap.

    The two are one, but for the hour that comes twice. ``zoneinfo`` converts times that no clock
    ever showed without a word, so a round trip decides.
    """
    instant = local.replace(tzinfo=tz, fold=fold).astimezone(UTC)
    return instant if instant.astimezone(tz).replace(tzinfo=None) == local else None


def _after_gap(local: datetime, zone: str) -> datetime:
    """Return the instant at which the clocks go forward over a local time."""
    tz = zone_named(zone)
    whole = local.replace(microsecond=0)
    # Read by the offset that holds afterwards it comes before the change, and the other way round.
    before = whole.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return _change_between(before, whole.replace(tzinfo=tz, fold=0).astimezone(UTC), tz)


def _change_between(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """Return the first instant of the later offset, by halving what lies between the two."""
    offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(tz).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _spoken(local: datetime) -> str:
    """Return ``2:30am``."""
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def _offset(there: datetime) -> str:
    """Return how far a clock is from UTC at an instant: ``EDT (UTC-4)``, ``UTC+10:30``."""
    minutes = (there.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    said = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
    name = there.tzname() or ""
    return f"{name} ({said})" if name.isalpha() else said
