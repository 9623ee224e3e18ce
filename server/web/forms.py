"""What a form sent, field by field; nothing is believed, and every refusal names its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException
from starlette.requests import Request

from dispatch.errors import InvalidError
from dispatch.local_time import to_instant

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

MOST_FIELDS = 280  # twelve questions with twenty answers each, all ticked, and the page around
_YEARS = range(1970, 9999)  # outside these, a zone's offset can leave the calendar
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")


class Form:
    """The fields of one submitted form.

    Whatever cannot be read raises InvalidError with the field's name and a sentence for whoever
    typed it.
    """

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def text(self, name: str, *, limit: int = 200) -> str:
        """Return trimmed text, empty when the field is missing."""
        text = self._last(name)
        if len(text) > limit:
            raise InvalidError(f"Keep this under {limit} characters.", field=name)
        return text

    def cut(self, name: str, *, limit: int = 200) -> str:
        """Return the same without what is beyond the limit: to give back, or where none is owed."""
        return self._last(name)[:limit]

    def raw(self, name: str, *, limit: int) -> str:
        """Return text as it was typed, blanks included: a password."""
        text = self._fields.get(name, [""])[-1]
        if len(text) > limit:
            raise InvalidError(f"Keep this under {limit} characters.", field=name)
        return text

    def integer(self, name: str, *, otherwise: str = "Choose one.") -> int:
        """Return a whole number; ``otherwise`` is what a person reads when there is none."""
        number = self.optional_integer(name)
        if number is None:
            raise InvalidError(otherwise, field=name)
        return number

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number, or None for an empty or missing field."""
        text = self._last(name)
        if not text:
            return None
        if not _WHOLE_NUMBER.fullmatch(text):
            raise InvalidError("Enter a whole number.", field=name)
        return int(text)

    def choice(self, name: str, kind: type[E], *, otherwise: str = "Choose one.") -> E:
        """Return the member whose value was sent."""
        try:
            return kind(self._last(name))
        except ValueError:
            raise InvalidError(otherwise, field=name) from None

    def local_instants(self, names: Sequence[str], zone: str) -> tuple[datetime, ...]:
        """Return the instants of the filled ones among several local times, in order (V7).

        Each is one field ``name`` (``2026-11-24T14:30``) or two, ``name_date`` and ``name_time``;
        ``name_later`` says which of two equal times is meant when clocks go back (S92).
        """
        times = (self._local_instant(name, zone) for name in names)
        return tuple(at for at in times if at is not None)

    def require_clock(self, zone: str, *, field: str) -> None:
        """Let local times pass that were typed on the clock that they are read on.

        A form says in ``on_clock`` which one it showed: that can be another by now, and the same
        figures another time.

        Raises:
            InvalidError: it is another; the form that is given back shows this one.
        """
        shown = self._last("on_clock")
        if shown and shown != zone:
            raise InvalidError(
                f"The clock of this page was {shown.replace('_', ' ')} and is "
                f"{zone.replace('_', ' ')} now. Check the time and send it again.",
                field=field,
            )

    def which_of_two(self, name: str) -> bool | None:
        """Return whether the second of two equal local times is meant; None: it was not said."""
        return {"first": False, "second": True}.get(self._last(f"{name}_later"))

    def instant(self, name: str) -> datetime:
        """Return the instant of an ISO text that carries its offset."""
        at = self.optional_instant(name)
        if at is None:
            raise InvalidError("Choose a time.", field=name)
        return at

    def optional_instant(self, name: str) -> datetime | None:
        """Return the same, or None for an empty or missing field."""
        text = self._last(name)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or at.year not in _YEARS:
            raise InvalidError("That is not a time.", field=name)
        return at.astimezone(UTC)

    def many(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may come several times."""
        return tuple(self._fields.get(name, ()))

    def typed(self) -> Mapping[str, str]:
        """Return what was typed, for a page that gives it back."""
        return {name: values[-1] for name, values in self._fields.items()}

    def without(self, name: str) -> "Form":
        """Return the form without one field."""
        fields = [(n, value) for n, values in self._fields.items() for value in values if n != name]
        return Form(fields)

    def having(self, name: str, value: str) -> "Form":
        """Return the form with one field set to a value."""
        rest = self.without(name)
        rest._fields[name] = [value]
        return rest

    @property
    def key(self) -> str | None:
        """Return the idempotency key, if one that can be used was sent."""
        key = self._last("key")
        return key if _KEY.fullmatch(key) else None

    def _last(self, name: str) -> str:
        return self._fields.get(name, [""])[-1].strip()

    def _local_instant(self, name: str, zone: str) -> datetime | None:
        day, clock = self._last(f"{name}_date"), self._last(f"{name}_time")
        whole = self._last(name) or (f"{day}T{clock}" if day and clock else "")
        if not whole:
            if day or clock:
                raise InvalidError(f"Enter {'a time' if day else 'a day'} too.", field=name)
            return None
        try:
            local = datetime.fromisoformat(whole)
        except ValueError:
            local = None
        is_local = local is not None and local.tzinfo is None and local.year in _YEARS
        if local is None or not is_local or "T" not in whole:
            raise InvalidError("Enter a day and a time, like 24 November and 2:30pm.", field=name)
        self.require_clock(zone, field=name)
        return to_instant(local, zone, later=self.which_of_two(name), field=name)


class Problems:
    """What is wrong with a form, by field: all of it at once, so nobody is sent round twice."""

    def __init__(self) -> None:
        self.by_field: dict[str, str] = {}

    def attempt(self, read: Callable[[], T]) -> T | None:
        """Return what was read, or None and keep the sentence."""
        try:
            return read()
        except InvalidError as refused:
            self.by_field.setdefault(refused.field, refused.sentence)
            return None


async def read_form(request: Request[Any]) -> Form:
    """Return the fields that were sent; the guards have limited how much is read.

    Raises:
        InvalidError: not a form, not text, or too many fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    try:
        if kind == "multipart/form-data":
            body.decode("utf-8")  # Starlette would read bytes that are no text as Latin-1
            sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
            fields = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
        elif kind == "application/x-www-form-urlencoded" or not body:
            fields = parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        else:
            raise InvalidError("That was not sent as a form.")
        for name, value in fields:
            f"{name}{value}".encode()  # a sender's own charset can make halves of letters
    except (ValueError, MultiPartException) as error:
        raise InvalidError("Some of what was sent is not readable text. Check it again.") from error
    if any("\0" in name or "\0" in value for name, value in fields):
        raise InvalidError("Some of what was sent is not readable text. Check it again.")
    return Form([(name, _lines(value)) for name, value in fields])


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")
