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


class Telling:
    """Whom a store tells of its commits."""

    _ring: Ring | None = None
    _decided: Decided | None = None

    def ring_with(self, ring: Ring) -> None:
        """Set what is told of every commit."""
        self._ring = ring

    def decide_with(self, decided: Decided) -> None:
        """Set what is told of every commit that ended somebody's wait."""
        self._decided = decided

    def _tell(self, heads: Mapping[str, int], decided: Sequence[SessionRequest]) -> None:
        """Tell of one commit; to be called on the event loop."""
        if heads and self._ring is not None:
            self._ring(heads)
        if decided and self._decided is not None:
            self._decided(decided)


@contextmanager
def reaching() -> Iterator[None]:
    """Say in the domain's own word that the database is away; others know no driver's errors."""
    try:
        yield
    except _OUR_FAULT:
        raise
    except (DBAPIError, PoolTimeoutError, OSError, TimeoutError) as trouble:
        raise StoreAwayError(type(trouble).__name__) from trouble
