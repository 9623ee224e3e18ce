"""Both ways between a store and the rest: whom it tells of commits, and how it says it is away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dispatch.errors import StoreAwayError
from dispatch.request import SessionRequest

Ring = Callable[[Mapping[str, int]], None]  # told, on the event loop, which streams moved
Decided = Callable[[Sequence[SessionRequest]], None]  # told there too: whose wait a commit ended
TROUBLES = (StoreAwayError,)  # they pass by themselves; whoever gets one tries again later

_OUR_FAULT = (DataError, IntegrityError, ProgrammingError)  # a bug of ours: loud, never "later"


@contextmanager
def reaching() -> Iterator[None]:
    """Say in the domain's own word that the database is away; others know no driver's errors."""
    try:
        yield
    except _OUR_FAULT:
        raise
    except (DBAPIError, PoolTimeoutError, OSError, TimeoutError) as trouble:
        raise StoreAwayError(type(trouble).__name__) from trouble
