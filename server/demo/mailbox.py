"""The demo's mailbox: what would have been mailed, written anew from the rows when it is read."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.letter import Letter, Words
from dispatch.people import Actor, system_actor
from dispatch.ports import Store
from dispatch.vocabulary import NoticeId, NoticeStatus
from server.demo.cast import ACCOUNT
from server.demo.links import is_on_this_machine

MOST_SHOWN = 100
_NUMBER = re.compile("[0-9]{1,15}")  # more is nobody's: a database takes less than a path

ShowPage = Callable[..., Awaitable[Response]]  # of a template, with what it shows


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Two pages, for this machine only: every message, and one of them."""

    show_page: ShowPage
    words: Callable[[Letter], Words]
    with_link: Callable[[Letter, Store, Actor], Awaitable[Letter]]

    @property
    def routes(self) -> list[Route]:
        """Return the mailbox's routes."""
        return [
            Route("/demo/mailbox", self.messages, methods=["GET"]),
            Route("/demo/mailbox/{id}", self.message, methods=["GET"]),
        ]

    async def messages(self, request: Request[Any]) -> Response:
        """List what would have been sent, the youngest first."""
        store = _store(request)
        posted = await store.read(
            lambda reading: reading.posted(ACCOUNT, only_failed=False, limit=MOST_SHOWN)
        )
        sent = [each for each in posted if each.status is NoticeStatus.SENT]
        return await self.show_page(request, "demo/mailbox.html", messages=sent)

    async def message(self, request: Request[Any]) -> Response:
        """Show one message."""
        store, digits = _store(request), request.path_params["id"]
        letter = None
        if _NUMBER.fullmatch(digits):
            letter = await store.read(lambda reading: reading.letter(NoticeId(int(digits))))
        if letter is None:
            raise HTTPException(404)
        letter = await self.with_link(letter, store, system_actor(ACCOUNT))
        words = self.words(letter)
        return await self.show_page(request, "demo/message.html", letter=letter, words=words)


def _store(request: Request[Any]) -> Store:
    if not is_on_this_machine(request):
        raise HTTPException(403)
    store: Store = request.state["store"]
    return store
