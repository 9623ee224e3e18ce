"""The rules of hosts' calendars in the database, and the slots that follow from them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from dispatch.recurrence import Recurrence
from dispatch.slots import CalendarRule, Slot, expand
from dispatch.vocabulary import CalendarRuleId, PersonId, RuleKind
from server.storage.tables import calendar_rule

_HOSTS: BindParameter[list[int]] = bindparam("hosts", expanding=True)
_RULES = (
    select(calendar_rule).where(calendar_rule.c.host_id.in_(_HOSTS)).order_by(calendar_rule.c.id)
)
# A day of somebody's clock lies within two of the same day in UTC, however long it is.
_MARGIN = timedelta(days=2)
_NEAR = _RULES.where(
    calendar_rule.c.first_day <= bindparam("last"),
    or_(calendar_rule.c.last_day.is_(None), calendar_rule.c.last_day >= bindparam("first")),
)


class SqlCalendars:
    """``dispatch.ports.Calendars`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rules(self, host: PersonId) -> Sequence[CalendarRule]:
        return rules_of(self._connection, [host])

    def add(self, rules: Iterable[CalendarRule]) -> None:
        if rows := [_row(rule) for rule in rules]:
            self._connection.execute(insert(calendar_rule), rows)

    def save(self, rule: CalendarRule) -> None:
        changed = update(calendar_rule).where(calendar_rule.c.id == rule.id)
        self._connection.execute(changed.values(_row(rule)))

    def remove(self, rule_id: CalendarRuleId) -> None:
        self._connection.execute(delete(calendar_rule).where(calendar_rule.c.id == rule_id))


def rules_of(connection: Connection, hosts: Collection[PersonId]) -> list[CalendarRule]:
    """Return the rules of the hosts in the order in which they were made."""
    rows = connection.execute(_RULES, {"hosts": list(hosts)}).mappings()
    return [_rule(row) for row in rows]


def slots_between(
    connection: Connection, hosts: Collection[PersonId], start: datetime, end: datetime
) -> Sequence[Slot]:
    """Return the hosts' slots that touch ``[start, end]``, less their time off."""
    values = {
        "hosts": list(hosts),
        "first": start.date() - _MARGIN,
        "last": end.date() + _MARGIN,
    }
    near = connection.execute(_NEAR, values).mappings()
    return expand([_rule(row) for row in near], start, end)


def _row(rule: CalendarRule) -> dict[str, Any]:
    when = rule.when
    return {
        "host_id": rule.host_id,
        "kind": rule.kind,
        "zone": when.zone,
        "first_day": when.first_day,
        "last_day": when.last_day,
        "starts": when.starts,
        "ends": when.ends,
        "weekdays": "".join(map(str, sorted(when.weekdays))),
        "starts_later": when.starts_later,
        "ends_later": when.ends_later,
        "version": rule.version,
    }


def _rule(row: RowMapping) -> CalendarRule:
    return CalendarRule(
        CalendarRuleId(row["id"]),
        PersonId(row["host_id"]),
        RuleKind(row["kind"]),
        Recurrence(
            zone=row["zone"],
            first_day=row["first_day"],
            last_day=row["last_day"],
            starts=row["starts"],
            ends=row["ends"],
            weekdays=frozenset(map(int, row["weekdays"])),
            starts_later=bool(row["starts_later"]),
            ends_later=bool(row["ends_later"]),
        ),
        row["version"],
    )
