"""The database is away: said once when that is found out and once when it is over, however often
somebody comes across it meanwhile.
"""

import logging

log = logging.getLogger("dispatch.live")


class Outage:
    """Whether what ``whose`` last asked of the database failed."""

    def __init__(self, whose: str) -> None:
        self._whose = whose
        self._lasts = False

    def met(self, what: str, trouble: Exception) -> None:
        """Say what cannot be done, unless one thing that could not has been said already."""
        if not self._lasts:
            log.warning("live: %s: %s", what, type(trouble).__name__)
        self._lasts = True

    def over(self) -> None:
        """Note that the database has answered."""
        if self._lasts:
            log.info("live: the database answers %s again", self._whose)
        self._lasts = False
