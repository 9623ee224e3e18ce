"""Hosts' calendars in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatch.slots import CalendarRule
from dispatch.vocabulary import CalendarRuleId, PersonId
from tests.fakes.memory import Memory


@dataclass
class FakeCalendars:
    rows: Memory

    def rules(self, host: PersonId) -> list[CalendarRule]:
        return self.rows.rules([host])

    def add(self, rules: Iterable[CalendarRule]) -> None:
        for rule in rules:
            key = CalendarRuleId(self.rows.next_id("calendar_rule"))
            self.rows.calendars[key] = replace(rule, id=key)

    def save(self, rule: CalendarRule) -> None:
        self.rows.calendars[rule.id] = rule

    def remove(self, rule_id: CalendarRuleId) -> None:
        self.rows.calendars.pop(rule_id, None)
