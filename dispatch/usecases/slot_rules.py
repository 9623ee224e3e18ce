"""A provider's calendar is changed: when they take appointments, and when they are away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatch.calendar_rules import refuse_clash, refuse_end, refuse_hours
from dispatch.docket import review_passes
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.events import Change, EntityRef, clinic_stream
from dispatch.local_time import zone_named
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.recurrence import Recurrence
from dispatch.slots import CalendarRule
from dispatch.vocabulary import CalendarRuleId, EntityKind, PersonId, RuleKind

MOST_RULES = 200  # of one provider, without those that are over


@dataclass(frozen=True, slots=True)
class AddRules:
    """Hours of one provider: slots, or time off."""

    host_id: PersonId
    hours: tuple[Recurrence, ...]
    kind: RuleKind = RuleKind.SLOT


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """Other hours in the place of a rule."""

    host_id: PersonId
    rule_id: CalendarRuleId
    hours: Recurrence
    expected_version: int


@dataclass(frozen=True, slots=True)
class EndRule:
    """A last day for what repeats each week."""

    host_id: PersonId
    rule_id: CalendarRuleId
    last_day: date
    expected_version: int


@dataclass(frozen=True, slots=True)
class RemoveRule:
    """Take a rule away, past and future."""

    host_id: PersonId
    rule_id: CalendarRuleId
    expected_version: int


@dataclass(frozen=True, slots=True)
class CopyDay:
    """The weekly slots of one day on other days too, each to be changed by itself (Monday is 0)."""

    host_id: PersonId
    weekday: int
    to: frozenset[int]


def add_rules(command: AddRules, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store them; boards and open Assign dialogs hear of it (S40, S41).

    Raises:
        NotFoundError: no such provider in the account.
        NotAllowedError: the actor is neither that provider nor an administrator.
        InvalidError: hours that end before they start, that nobody's clock shows, that overlap.
    """
    rules = _open(command.host_id, actor, unit)
    new = [CalendarRule(CalendarRuleId(0), command.host_id, command.kind, h) for h in command.hours]
    _add(new, rules, unit, now)
    return _told(command.host_id, actor, unit, now)


def change_rule(command: ChangeRule, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put other hours in its place; refused as ``add_rules`` is, and when somebody was first.

    Raises:
        StaleError: it is not any more what the actor saw.
    """
    rules = _open(command.host_id, actor, unit)
    was = _find(command, rules)
    changed = _changed(was, command.hours)
    refuse_hours(changed, now, since=was.when.first_day)
    refuse_clash(changed, [rule for rule in rules if rule.id != was.id], now)
    unit.calendars.save(changed)
    return _told(command.host_id, actor, unit, now)


def end_rule(command: EndRule, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Let a series end on a day; nothing follows from it after that.

    Raises:
        InvalidError: it does not repeat, or that day comes before its first.
        StaleError: it is not any more what the actor saw.
    """
    rules = _open(command.host_id, actor, unit)
    was = _find(command, rules)
    if not was.when.is_weekly:
        raise InvalidError("That is one day already. Remove it instead.", field="last_day")
    if command.last_day < was.when.first_day:
        raise InvalidError("The last day comes before the first.", field="last_day")
    changed = _changed(was, replace(was.when, last_day=command.last_day))
    refuse_end(changed.when, now)
    refuse_clash(changed, [rule for rule in rules if rule.id != was.id], now)
    unit.calendars.save(changed)
    return _told(command.host_id, actor, unit, now)


def remove_rule(command: RemoveRule, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Take it away; what was asked for or accepted meanwhile stays as it is.

    Raises:
        StaleError: it is not any more what the actor saw.
    """
    rules = _open(command.host_id, actor, unit)
    unit.calendars.remove(_find(command, rules).id)
    return _told(command.host_id, actor, unit, now)


def copy_day(command: CopyDay, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Copy the weekly slots of a day; what a day has already is left as it is.

    Raises:
        InvalidError: there is nothing on that day, or it overlaps what the other day has.
    """
    rules = _open(command.host_id, actor, unit)
    days = command.to - {command.weekday}
    if not days or not days <= set(range(7)):
        raise InvalidError("Choose the days to copy to.", field="to")
    today = now.date() - timedelta(days=1)  # whatever day it is where they are
    weekly = [rule for rule in rules if rule.kind is RuleKind.SLOT and rule.when.is_weekly]
    from_day = [
        rule
        for rule in weekly
        if command.weekday in rule.when.weekdays
        and (rule.when.last_day is None or rule.when.last_day >= today)
    ]
    if not from_day:
        raise InvalidError("There is nothing on that day to copy.", field="to")
    copies = [_copy(rule, day, now) for rule in from_day for day in sorted(days)]
    there = {_spoken(rule.when, day) for rule in weekly for day in rule.when.weekdays}
    new = [one for one in copies if _spoken(one.when, *one.when.weekdays) not in there]
    if not new:
        return Done(EntityRef(EntityKind.PROVIDER, command.host_id), was_there=True)
    _add(new, rules, unit, now)
    return _told(command.host_id, actor, unit, now)


def _open(host_id: PersonId, actor: Actor, unit: Unit) -> Sequence[CalendarRule]:
    """Return the rules of a calendar that the actor may change, held until commit."""
    is_own = actor.person_id == host_id and bool(actor.hosts_in)
    if not (is_own or actor.is_administrator or actor.is_system):
        raise NotAllowedError("You can change your own slots only.")
    if unit.people.get(actor.account_id, host_id) is None:
        raise NotFoundError("provider")
    unit.hosts.lock([host_id])
    return unit.calendars.rules(host_id)


def _find(
    command: ChangeRule | EndRule | RemoveRule, rules: Collection[CalendarRule]
) -> CalendarRule:
    found = next((rule for rule in rules if rule.id == command.rule_id), None)
    if found is None:
        raise NotFoundError("slot")
    if found.version != command.expected_version:
        raise StaleError("This changed since you looked. See what is so now, and press again.")
    return found


def _changed(was: CalendarRule, when: Recurrence) -> CalendarRule:
    return replace(was, when=when, version=was.version + 1)


def _add(
    new: Sequence[CalendarRule], rules: Sequence[CalendarRule], unit: Unit, now: datetime
) -> None:
    if sum(not rule.when.is_over(now) for rule in rules) + len(new) > MOST_RULES:
        raise InvalidError(f"Remove some first: {MOST_RULES} is the most that one calendar holds.")
    there = list(rules)
    for rule in new:
        refuse_hours(rule, now)
        refuse_clash(rule, there, now)
        there.append(rule)
    unit.calendars.add(new)


def _copy(rule: CalendarRule, weekday: int, now: datetime) -> CalendarRule:
    first = max(rule.when.first_day, now.astimezone(zone_named(rule.when.zone)).date())
    when = replace(rule.when, weekdays=frozenset({weekday}), first_day=first)
    return CalendarRule(CalendarRuleId(0), rule.host_id, rule.kind, when)


def _spoken(when: Recurrence, weekday: int) -> tuple[object, ...]:
    return (weekday, when.starts, when.ends, when.zone, when.last_day)


def _told(host_id: PersonId, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Tell the boards that list this provider (S41, S87)."""
    clinics = [clinic.id for clinic in unit.clinics.with_host(host_id)]
    entity = EntityRef(EntityKind.PROVIDER, host_id)
    streams = frozenset(map(clinic_stream, clinics))
    unit.record(actor, Change("provider.slots_changed", entity, streams))
    review_passes(clinics, actor, unit, now)
    return Done(entity)
