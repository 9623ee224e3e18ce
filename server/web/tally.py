"""What the line above the board counts; it always says of which clinics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.pending import Urgency, counter_text, pending_for, urgency
from dispatch.views import BoardRow, ProviderRow
from dispatch.vocabulary import ClinicMode


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of the moment of rendering; scripts count on by server time."""

    waiting: int
    waiting_elsewhere: int  # in clinics that the filter leaves out
    over: int
    over_elsewhere: int
    longest: str  # digits; empty when nothing waits
    available: int
    providers: int  # who have a toggle; in calendar clinics the slots decide, per request
    target_minutes: int | None  # None: the clinics shown differ


def tally(
    rows: Sequence[BoardRow],
    elsewhere: Sequence[BoardRow],
    providers: Sequence[ProviderRow],
    targets: Sequence[int],
    now: datetime,
) -> Tally:
    """Count what is waiting, what is over its target, and who could take it."""
    toggles = [row for row in providers if row.mode is ClinicMode.ON_DEMAND]
    available = [row for row in toggles if _is_available(row, now)]
    same = len(set(targets)) == 1 and targets[0] % 60 == 0
    return Tally(
        waiting=len(rows),
        waiting_elsewhere=len(elsewhere),
        over=_over(rows, now),
        over_elsewhere=_over(elsewhere, now),
        longest=counter_text(pending_for(rows[0].submitted_at, now)) if rows else "",
        available=len({row.id for row in available}),
        providers=len({row.id for row in toggles}),
        target_minutes=targets[0] // 60 if same else None,
    )


def _is_available(row: ProviderRow, now: datetime) -> bool:
    is_back = row.break_until_at is None or row.break_until_at <= now
    return row.until_at is not None and now < row.until_at and is_back


def _over(rows: Sequence[BoardRow], now: datetime) -> int:
    return sum(
        urgency(pending_for(row.submitted_at, now), row.target_seconds) is Urgency.OVER
        for row in rows
    )
