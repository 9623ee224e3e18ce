"""Whom a store tells of every commit, and what it raises while the database is away."""

from collections.abc import Callable, Mapping

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Ring = Callable[[Mapping[str, int]], None]  # told, on the event loop, which streams moved

# They pass by themselves; whoever gets one tries again later, or says "not just now".
TROUBLES = (OperationalError, InterfaceError, PoolTimeoutError, ConnectionError, TimeoutError)
