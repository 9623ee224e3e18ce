"""Counting tries, before anybody knows what comes of them; nobody is told, and nothing follows."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import NotAllowedError, TooManyTriesError
from dispatch.events import EntityRef
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.tries import Limits, lately, wait
from dispatch.vocabulary import EntityKind


@dataclass(frozen=True, slots=True)
class CountTry:
    """Somebody tries; each of these counts it."""

    limits: Limits


@dataclass(frozen=True, slots=True)
class ForgiveTry:
    """It was the right person, or came to nothing: their last try counts no more."""

    limits: Limits


def count_try(command: CountTry, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Count it with all of them, or with none.

    Raises:
        NotAllowedError: the actor is a person.
        TooManyTriesError: one of the limits is reached; whoever is shut out stores nothing.
    """
    made = _held(command.limits, actor, unit, now)
    longest = max(wait(made[of], limit, now) for of, limit in command.limits.items())
    if longest:
        raise TooManyTriesError(longest)
    for of, before in made.items():
        unit.tries.keep(of, (*before, now))
    return _NOTHING


def forgive_try(command: ForgiveTry, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Forget the last one of each.

    Raises:
        NotAllowedError: the actor is a person.
    """
    for of, before in _held(command.limits, actor, unit, now).items():
        unit.tries.keep(of, before[:-1])
    return _NOTHING


def _held(
    limits: Limits, actor: Actor, unit: Unit, now: datetime
) -> dict[str, tuple[datetime, ...]]:
    if not actor.is_system:
        raise NotAllowedError("Only the system counts tries.")
    # In one order: of two who count the same things, none waits for what the other holds.
    return {of: lately(unit.tries.held(of), now) for of in sorted(limits)}


_NOTHING = Done(EntityRef(EntityKind.LOGIN, 0))
