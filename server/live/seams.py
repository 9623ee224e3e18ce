"""What live delivery needs from the rest of the server, as narrow as it needs it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from starlette.requests import HTTPConnection

from dispatch.events import request_stream
from dispatch.people import Actor
from dispatch.ports import Store
from dispatch.request import DECIDED_FOR
from dispatch.status_link import StatusLink
from dispatch.stream import Projection
from dispatch.usecases.boards import joinable, joinable_by_link, rights
from dispatch.views import LineView, Outcome, View
from dispatch.vocabulary import LoginId, PersonId
from server.clock import Clock
from server.live.limits import Pace

Key = tuple[str, Projection]  # what a page follows: a stream as its kind of page sees it
Whose = PersonId | str  # a person, or the stream of a request that is followed by its link
Why = Literal["new", "history", "behind", "hole", "lagging"]  # why a page gets a snapshot


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at a socket, and by which sign-in."""

    actor: Actor
    login_id: LoginId

    @property
    def whose(self) -> Whose:
        """Return whose pages are counted together."""
        return self.actor.person_id

    @property
    def may_join(self) -> Mapping[str, frozenset[Projection]]:
        """Return what may be followed, as we last read."""
        return joinable(self.actor)

    @property
    def rights(self) -> str:
        """Return the word by which a page knows whether that is still the same."""
        return rights(self.actor)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds the link of a request: nobody in particular, who may follow that alone."""

    link: StatusLink
    decided_at: datetime | None = None  # of the request, as we last read

    def looks_back_at(self, now: datetime) -> bool:
        """Return whether the request is so old that other words for it may ring nothing.

        A clinic that gets another name would otherwise ring as many streams as it has answered
        people (``dispatch/showing.py``). Such a page is given its card anew instead.
        """
        return self.decided_at is not None and self.decided_at <= now - DECIDED_FOR

    @property
    def whose(self) -> Whose:
        """Return whose pages are counted together: all that the links of one request opened."""
        return request_stream(self.link.request_id)

    @property
    def may_join(self) -> Mapping[str, frozenset[Projection]]:
        """Return what may be followed."""
        return joinable_by_link(self.link.request_id)

    @property
    def rights(self) -> str:
        """Return none: what a link may show never changes."""
        return ""


# Who signed in, as the database says now; None: nobody.
Authenticate = Callable[[HTTPConnection[Any]], Awaitable[Visitor | None]]
Troubles = tuple[type[Exception], ...]  # what the store raises when the database is away


class Renderer(Protocol):
    """Turns what changed into the element that the page shows."""

    def view(self, projection: Projection, view: View) -> str: ...
    def outcome(self, outcome: Outcome) -> str: ...
    def line(self, line: LineView) -> str: ...


class Hints(Protocol):
    """The side of the bell that listens (``server.bus``)."""

    @property
    def mode(self) -> Literal["live", "slower"]: ...
    def subscribe(self, listener: Callable[[Mapping[str, int]], None]) -> Callable[[], None]: ...


@dataclass(frozen=True, slots=True)
class Outside:
    """What everything live stands on; ``troubles`` pass by themselves, other errors end it."""

    store: Store
    bell: Hints
    clock: Clock
    troubles: Troubles
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    elapsed: Callable[[], float] = time.monotonic  # seconds, for durations only
    note_told: Callable[[float], None] = lambda _seconds: None  # from a commit to its frame's write


class Wire(Protocol):
    """The way out to one browser. Nothing here waits."""

    @property
    def is_paused(self) -> bool:
        """Return whether the browser reads too slowly to take more just now."""

    def listen(self, on_change: Callable[[bool], None]) -> None:
        """Have ``on_change`` told each time that the wire pauses (True) or can take more."""

    def buffered(self) -> int:
        """Return how many bytes wait in this process."""

    def write(self, frames: Sequence[bytes]) -> None:
        """Send framed messages, together."""

    def ping(self) -> None:
        """Ask for a sign of life, and cut it if the browser still owes the last one."""

    def end(self, code: int) -> None:
        """Close with this code; a wire that is paused is cut, for a code could not pass."""

    def abort(self) -> None:
        """Cut it, with whatever still waits."""
