"""Knows the scenes around a provider's calendar: hours added, changed, ended, removed and copied."""

from collections.abc import AsyncGenerator
from datetime import time, timedelta

from dispatch.recurrence import Recurrence, once
from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.own_settings import SetZone, set_zone
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.usecases.slot_rules import (
    AddRules,
    ChangeRule,
    CopyDay,
    EndRule,
    RemoveRule,
    add_rules,
    change_rule,
    copy_day,
    end_rule,
    remove_rule,
)
from dispatch.vocabulary import CalendarRuleId, PersonId, RuleKind
from tests.builders import NOON, hours
from tests.house.convergence_stage import LATER, scene
from tests.house.convergence_world import ADMINISTRATOR, World

_FIRST, _SECOND = (once(at, at + hours(1), "UTC") for at in LATER[:2])
_WEEKLY = Recurrence("UTC", NOON.date(), None, time(9), time(17), frozenset({LATER[0].weekday()}))


async def everybody_who_could_has_passed(w: World) -> None:
    """Let Eva, who has the first of the times, pass on a request; Uma has no slots yet."""
    number = await w.asks("Jordan Park", *LATER, clinic="Eastside")
    await w.desk.add("Uma Frey", hosts_in={w.desk.clinics["Eastside"].host_group.id})
    await w.does(ADMINISTRATOR, add_rules, AddRules(_eva(w), (_FIRST,)))
    await w.does("Eva Stone", pass_request, PassRequest(number))


def _eva(w: World) -> PersonId:
    return w.desk.people["Eva Stone"].person_id


async def _only_rule(w: World) -> CalendarRuleId:
    rules = await w.desk.store.read(lambda reading: reading.calendar_rules([_eva(w)]))
    return rules[-1].id


@scene(add_rules)
async def slots_of_a_host(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park", *LATER, clinic="Eastside")
    yield
    await w.does(ADMINISTRATOR, add_rules, AddRules(_eva(w), (_FIRST,)))


@scene(add_rules)
async def slots_of_somebody_who_can_take_what_all_have_passed_on(
    w: World,
) -> AsyncGenerator[None, None]:
    await everybody_who_could_has_passed(w)
    yield
    uma = w.desk.people["Uma Frey"].person_id
    await w.does(ADMINISTRATOR, add_rules, AddRules(uma, (_SECOND,)))


@scene(add_rules)
async def time_off_of_the_only_one_who_had_not_passed(w: World) -> AsyncGenerator[None, None]:
    await everybody_who_could_has_passed(w)
    uma = w.desk.people["Uma Frey"].person_id
    await w.does(ADMINISTRATOR, add_rules, AddRules(uma, (_SECOND,)))
    yield
    away = AddRules(uma, (_SECOND,), RuleKind.OUT_OF_OFFICE)
    await w.does("Uma Frey", add_rules, away)


@scene(change_rule)
async def a_slot_is_moved_away_from_what_was_passed_on(w: World) -> AsyncGenerator[None, None]:
    await everybody_who_could_has_passed(w)
    uma = w.desk.people["Uma Frey"].person_id
    await w.does(ADMINISTRATOR, add_rules, AddRules(uma, (_SECOND,)))
    rules = await w.desk.store.read(lambda reading: reading.calendar_rules([uma]))
    yield
    elsewhere = once(LATER[0] + timedelta(days=3), LATER[0] + timedelta(days=3, hours=1), "UTC")
    await w.does("Uma Frey", change_rule, ChangeRule(uma, rules[0].id, elsewhere, 1))


@scene(end_rule)
async def a_weekly_slot_ends(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park", *LATER, clinic="Eastside")
    await w.does("Eva Stone", add_rules, AddRules(_eva(w), (_WEEKLY,)))
    rule = await _only_rule(w)
    yield
    last = LATER[0].date() + timedelta(days=7)
    await w.does("Eva Stone", end_rule, EndRule(_eva(w), rule, last, 1))


@scene(remove_rule)
async def time_off_is_taken_back(w: World) -> AsyncGenerator[None, None]:
    await everybody_who_could_has_passed(w)
    uma = w.desk.people["Uma Frey"].person_id
    await w.does(ADMINISTRATOR, add_rules, AddRules(uma, (_SECOND,)))
    away = AddRules(uma, (_SECOND,), RuleKind.OUT_OF_OFFICE)
    await w.does("Uma Frey", add_rules, away)
    rules = await w.desk.store.read(lambda reading: reading.calendar_rules([uma]))
    yield
    await w.does("Uma Frey", remove_rule, RemoveRule(uma, rules[-1].id, 1))


@scene(set_zone)
async def a_provider_moves_to_another_zone(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(True, NOON + hours(1)))
    yield
    await w.does("Ana Ruiz", set_zone, SetZone("Asia/Kathmandu"))


@scene(copy_day)
async def the_slots_of_a_day_are_copied_to_another(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park", *LATER, clinic="Eastside")
    monday = Recurrence("UTC", NOON.date(), None, time(9), time(17), frozenset({0}))
    await w.does("Eva Stone", add_rules, AddRules(_eva(w), (monday,)))
    yield
    others = frozenset({LATER[0].weekday(), 5})
    await w.does("Eva Stone", copy_day, CopyDay(_eva(w), 0, others))
