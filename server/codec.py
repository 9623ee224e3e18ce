"""Commands as bytes: only to tell whether the same key came with the same command."""

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

import orjson


def fingerprint(name: str, command: object) -> str:
    """Return a hex digest that is equal for equal commands, in every process."""
    return sha256(orjson.dumps([name, _plain(command)])).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, timedelta):
        return str(value)  # normalized: equal lengths read the same
    if value is None or isinstance(value, (str, int, datetime)):
        return value
    return str(value)
