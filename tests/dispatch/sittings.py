"""Knows how a test comes by a session of the town, and does something to it in one line."""

from datetime import timedelta
from typing import Any

from dispatch.session import VideoSession
from dispatch.usecases.sessions import ChangeHost
from dispatch.vocabulary import PersonId, SessionId
from tests.dispatch.desk import Desk

TAB = "tab-of-mia"


def planned(desk: Desk, *, ahead: float = 2, host: int | None = None, **more: Any) -> VideoSession:
    """Return a session of Mia with Ben, so many hours ahead."""
    starts_at = desk.now + timedelta(hours=ahead)
    number = desk.ask(starts_at, **more)
    sure = ["unavailable", *(f"session:{n}" for n in range(1, 30))]
    return desk.accept(number, *sure, time=starts_at, host_id=host or desk.ben)


def does(desk: Desk, by: int, command: Any, key: str | None = None) -> VideoSession:
    """Have somebody do something to a session; return it as it then is."""
    desk.does(by, command, key)
    return session(desk, command.session_id)


def session(desk: Desk, session_id: int) -> VideoSession:
    return desk.store.rows.sessions[SessionId(session_id)]


def given_to(desk: Desk, of: VideoSession, host: int, *confirmed: str) -> VideoSession:
    command = ChangeHost(of.id, of.revision, PersonId(host), frozenset(confirmed))
    return does(desk, desk.sam, command)
