"""The line of people who wait to be seen now: a place in it, and an honest range of minutes.

Both are worked out from what waits and what was accepted lately, and decide nothing. A range is
never a point, never promises less than has been waited already, and is not given on thin grounds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId, RequestId, RequestNumber

LOOKS_BACK = timedelta(hours=3)  # how the day goes, not how the week went
MOST_SAMPLES, LEAST_SAMPLES = 20, 8
STEP_MINUTES = 5
CALM = timedelta(minutes=1)  # a range that was read is not changed sooner
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Now request that waits; a host of its group, or the one that it names, can take it."""

    request_id: RequestId
    account_id: AccountId
    number: RequestNumber
    requester_id: PersonId
    clinic_id: ClinicId
    group_id: GroupId
    target_host_id: PersonId | None
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class PastWait:
    """A Now request that waits no more; ``host_id`` is who took it, None where nobody did."""

    clinic_id: ClinicId
    submitted_at: datetime
    ended_at: datetime
    host_id: PersonId | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long somebody waits in all, in minutes since they asked."""

    low_minutes: int
    high_minutes: int

    def __str__(self) -> str:
        """Return ``5 to 15``."""
        return f"{self.low_minutes} to {self.high_minutes}"


@dataclass(frozen=True, slots=True)
class Told:
    """The range that somebody reads, and since when."""

    estimate: Estimate | None
    since: datetime


def ahead_of(
    mine: Waiting, hosts: frozenset[PersonId], line: Iterable[tuple[Waiting, frozenset[PersonId]]]
) -> list[Waiting]:
    """Return who asked before and can be taken by somebody who could take this one too."""
    return [
        other
        for other, theirs in line
        if (other.submitted_at, other.number) < (mine.submitted_at, mine.number) and theirs & hosts
    ]


def estimate(
    ahead: int, waited: timedelta, past: Sequence[PastWait], waiting_since: Sequence[datetime]
) -> Estimate | None:
    """Return the range for somebody with so many ahead of them; None: the grounds are too thin.

    What the last people waited is shifted from the place at which they came to this one, by the
    pace of the line: the usual time between two acceptances. ``waiting_since`` are those who still
    wait in it.
    """
    taken = sorted((one for one in past if one.host_id is not None), key=lambda one: one.ended_at)
    taken = taken[-MOST_SAMPLES:]
    if len(taken) < LEAST_SAMPLES:
        return None
    pace = _rank(sorted(b.ended_at - a.ended_at for a, b in pairwise(taken)), 0.5)
    left = sorted(
        max(
            one.ended_at
            - one.submitted_at
            + (ahead - _came_behind(one, past, waiting_since)) * pace,
            timedelta(),
        )
        for one in taken
    )
    waited = waited // _MINUTE * _MINUTE
    low, high = (_in_steps(waited + _rank(left, share)) for share in (0.5, 0.9))
    return Estimate(low, max(high, low + STEP_MINUTES))


def calmed(told: Told | None, fresh: Estimate | None, waited: timedelta, now: datetime) -> Told:
    """Return what is to be read now: the range that is read already, unless it has had its minute.

    One that has become untrue, because more than its lower bound has been waited, goes at once.
    """
    if told is None:
        return Told(fresh, now)
    is_untrue = told.estimate is not None and waited > told.estimate.low_minutes * _MINUTE
    if told.estimate == fresh or (now - told.since < CALM and not is_untrue):
        return told
    return Told(fresh, now)


def ordinal(place: int) -> str:
    """Return ``1st``, ``2nd``, ``11th``, ``23rd``."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else suffix}"


def _came_behind(one: PastWait, past: Sequence[PastWait], waiting_since: Sequence[datetime]) -> int:
    """Return how many were ahead of them when they came."""
    at = one.submitted_at
    gone = sum(1 for other in past if other.submitted_at < at < other.ended_at)
    return gone + sum(1 for since in waiting_since if since < at)


def _rank(ordered: Sequence[timedelta], share: float) -> timedelta:
    """Return the value that so large a share does not exceed (nearest rank)."""
    return ordered[max(ceil(share * len(ordered)), 1) - 1]


def _in_steps(wait: timedelta) -> int:
    """Return minutes rounded up to the step, and never none."""
    step = timedelta(minutes=STEP_MINUTES)
    return max(-(-wait // step), 1) * STEP_MINUTES
