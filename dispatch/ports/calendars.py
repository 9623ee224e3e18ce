"""Hosts' calendars in storage: the rules from which slots follow."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from dispatch.slots import CalendarRule
from dispatch.vocabulary import CalendarRuleId, PersonId


class Calendars(Protocol):
    """When hosts take appointments and when they are away; ``Hosts.slots`` says what follows."""

    def rules(self, host: PersonId) -> Sequence[CalendarRule]:
        """Return the host's rules in the order in which they were made."""

    def add(self, rules: Iterable[CalendarRule]) -> None:
        """Store rules; the ids they come with are not looked at."""

    def save(self, rule: CalendarRule) -> None: ...
    def remove(self, rule_id: CalendarRuleId) -> None: ...
