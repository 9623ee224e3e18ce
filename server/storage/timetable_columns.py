"""How a clinic's hours and closures are kept: as text in its row, for no query looks into them."""

from datetime import date
from typing import Any

import orjson
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from dispatch.timetable import Closure, Hours


class WeekOfHours(TypeDecorator[tuple[Hours, ...]]):
    """``[[0, 540, 1020]]``: Monday from 9:00 to 17:00."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write them."""
        if value is None:
            return None
        return orjson.dumps([[one.weekday, one.opens, one.closes] for one in value]).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Hours, ...]:
        """Read them."""
        return tuple(Hours(*one) for one in orjson.loads(value or "[]"))


class Closures(TypeDecorator[tuple[Closure, ...]]):
    """``[["2026-12-25", "2026-12-26", "Christmas"]]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write them."""
        if value is None:
            return None
        return orjson.dumps([[one.first, one.last, one.reason] for one in value]).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Closure, ...]:
        """Read them."""
        return tuple(
            Closure(date.fromisoformat(first), date.fromisoformat(last), reason)
            for first, last, reason in orjson.loads(value or "[]")
        )
