"""Knows the cards of requests that were answered, which the pages of old links show."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dispatch.events import CONTROL, request_stream
from dispatch.ports import Reading
from dispatch.stream import Cursor, Projection
from dispatch.usecases.intake import (
    DismissAnswer,
    WithdrawRequest,
    dismiss_answer,
    withdraw_request,
)
from dispatch.views import View
from dispatch.vocabulary import RequestId
from tests.house.convergence_stage import decline
from tests.house.convergence_world import World

_CARDS = range(1, 4)  # what was answered here is numbered first
_OFFICE = [
    "accounts",
    "administration",
    "alerts",
    "archive",
    "clinics",
    "forms",
    "groups",
    "hours",
    "logins",
    "own_settings",
    "people",
    "replies",
    "schedulers",
    "services",
    "video",
    "booking_setup",
]


def of_office(usecase: Callable[..., Any]) -> bool:
    """Tell whether what it does is said to the workers."""
    return usecase.__module__.rpartition(".")[2] in _OFFICE


async def answered_cards(w: World) -> None:
    """Have a request of each outcome that a card can show for long, of people who ask no more."""
    declined = await w.asks("Jordan Park", note="A rash.")
    await decline(w, declined)
    await w.wait(11)
    await w.does("Jordan Park", dismiss_answer, DismissAnswer(declined))
    withdrawn = await w.asks("Jordan Park", clinic="Eastside")
    await w.does("Jordan Park", withdraw_request, WithdrawRequest(withdrawn))
    other = await w.asks("Mia Wells", clinic="Southside")
    await w.does("Mia Wells", withdraw_request, WithdrawRequest(other))


async def cards_and_office(w: World, at: datetime) -> tuple[Mapping[int, list[View]], Cursor]:
    """Return what the cards show as one instant had it, and how far the office has spoken."""

    def look(reading: Reading) -> tuple[Mapping[int, list[View]], Cursor]:
        streams = {n: request_stream(RequestId(n)) for n in _CARDS}
        cards = {n: [*reading.views(s, Projection.LINK, None, at)] for n, s in streams.items()}
        assert all(cards.values())
        return cards, reading.cursor(CONTROL)

    return await w.store.read(look)
