"""Counting tries at a door before it is known what comes of them, for all workers together."""

from starlette.requests import Request

from dispatch.people import system_actor
from dispatch.tries import Limit, Limits
from dispatch.usecases.tries import CountTry, ForgiveTry, count_try, forgive_try
from dispatch.vocabulary import AccountId
from server.web.state import WebState

OF_ACCOUNT = Limit(5, 20)  # a password is guessed no faster than this
OF_PLACE = Limit(20, 60)  # a whole office can be behind one address, and mistype on one morning
_DOOR = system_actor(AccountId(0))  # nobody is signed in yet, and a try belongs to no account


async def count(request: Request[WebState], limits: Limits) -> None:
    """Count a try, so that parallel guesses count too, whichever workers they come to.

    Raises:
        TooManyTriesError: there were too many; this one is not counted.
    """
    await request.state["store"].perform(count_try, CountTry(limits), _DOOR)


async def forgive(request: Request[WebState], limits: Limits) -> None:
    """Forget the last one of each: it was the right person, or came to nothing new."""
    await request.state["store"].perform(forgive_try, ForgiveTry(limits), _DOOR)
