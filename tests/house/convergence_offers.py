"""Knows who has a page open that offers to ask to be seen, and who has to load it anew."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.boards import rights
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import LoginId
from server.live.connection import Connection
from server.live.seams import Visitor
from tests.house.convergence_world import World
from tests.live.rig import FakeWire

Pages = Mapping[str, tuple[Connection, str]]  # whose; with the word of their rights


def of_asking(usecase: Callable[..., Any]) -> bool:
    """Tell whether it may give somebody a place to ask, or take it."""
    return usecase.__module__.rpartition(".")[2] in {
        "administration",
        "archive",
        "clinics",
        "groups",
    }


async def open_for_everybody(w: World) -> Pages:
    """Sign everybody in, as a page does that is open and not due to be checked for long."""
    pages: dict[str, tuple[Connection, str]] = {}
    for name in sorted(w.desk.people):
        command = BeginLogin(f"{name:064}", timedelta(days=2))
        done = await w.desk.does(name, begin_login, command)
        actor = await _now(w, name)
        assert actor
        page = w.live.hub.admit(FakeWire(), Visitor(actor, LoginId(done.entity.id)))
        assert page
        pages[name] = page, rights(actor)
    await w.tell()
    return pages


async def not_sent_away(w: World, pages: Pages) -> list[str]:
    """Return whose page goes on although another one would be loaded now."""
    return [
        name
        for name, (page, word) in pages.items()
        if (actor := await _now(w, name)) and rights(actor) != word and not page.is_closed
    ]


async def _now(w: World, name: str) -> Actor | None:
    key = w.desk.people[name].person_id

    def look(reading: Reading) -> Actor | None:
        return reading.actor(key)

    return await w.store.read(look)
