"""What a page may say on its socket, word by word; everything else breaks the protocol."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson

from dispatch.stream import Cursor, Projection
from server.live.codes import Close
from server.live.seams import Key

_TAB = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_VIEW = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_STREAM = re.compile(r"[a-z]{1,16}:[0-9]{1,18}\Z")
_TAG = re.compile(r"[A-Za-z0-9]{0,16}\Z")
_PROJECTIONS = frozenset(projection.value for projection in Projection)
_RIGHTS = re.compile(r"(?:[0-9a-f]{16})?\Z")
_MOST_OF_ONE = 4  # views of one stream and projection on a page: each is answered by itself
_MOST = 2**53  # the largest number that a page counts exactly


class BrokenError(Exception):
    """The page broke the protocol, or asked for what is not its own."""

    def __init__(self, code: Close = Close.BROKEN) -> None:
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of one stream, and how far the page has read; no cursor: nothing yet."""

    view: str
    key: Key
    cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: which page this is and what it shows."""

    tab: str
    views: tuple[Asked, ...]
    rights: str = ""  # of its person when it was loaded (``boards.rights``); empty: it does not say


@dataclass(frozen=True, slots=True)
class Resume:
    """Tell one view again what became of it since its cursor."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Ping:
    """Tell the time; ``t`` comes back."""

    t: float


def parse(text: str, most_views: int) -> Hello | Resume | Ping:
    """Return the message.

    Raises:
        BrokenError: it is none, or too much.
    """
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BrokenError from None
    match said:
        case {"type": "ping", "t": int() | float() as t} if not isinstance(t, bool):
            return Ping(t)
        case {"type": "resume"}:
            return Resume(_asked(said))
        case {"type": "hello", "tab": str(tab), "views": list(views)}:
            if not _TAB.match(tab) or len(views) > most_views:
                raise BrokenError
            asked = tuple(_asked(view) for view in views)
            if max(Counter(each.key for each in asked).values(), default=0) > _MOST_OF_ONE:
                raise BrokenError
            return Hello(tab, asked, _rights(said.get("rights", "")))
        case _:
            raise BrokenError


def _rights(said: object) -> str:
    if not isinstance(said, str) or not _RIGHTS.match(said):
        raise BrokenError
    return said


def _asked(said: Any) -> Asked:
    match said:
        case {"view": str(view), "stream": str(stream), "projection": str(word)}:
            pass
        case _:
            raise BrokenError
    if not _VIEW.match(view) or not _STREAM.match(stream) or word not in _PROJECTIONS:
        raise BrokenError
    return Asked(view, (stream, Projection(word)), _cursor(said.get("seq"), said.get("tag")))


def _cursor(seq: object, tag: object) -> Cursor | None:
    if seq is None:
        return None
    is_number = isinstance(seq, int) and not isinstance(seq, bool) and 0 <= seq <= _MOST
    if not is_number or not isinstance(tag, str) or not _TAG.match(tag):
        raise BrokenError
    return Cursor(seq, tag)  # type: ignore[arg-type]  # is_number
