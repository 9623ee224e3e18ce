"""Whether this process should be given pages, and if not, why; no check names anything private."""

import math
from collections.abc import Mapping

from server.health.watch import Watch
from server.live.desk import LiveDesk

LATE_SECONDS = 5.0  # of a database that is silent, or of changes that are not told
OK = "ok"


class Readiness:
    """Four checks, each ``ok`` or a few words. Redis is none of them: nothing needs it."""

    def __init__(self, desk: LiveDesk, watch: Watch) -> None:
        self._desk = desk
        self._watch = watch

    def checks(self) -> Mapping[str, str]:
        """Return what each check found, as of now; nobody is asked and nothing waits."""
        return {
            "database": self._database(),
            "schema": OK if self._watch.is_current else "not the one this release knows",
            "tailer": self._tailer(),
            "draining": "asked to end" if self._desk.is_draining else OK,
        }

    @property
    def is_ready(self) -> bool:
        """Return whether every check is well."""
        return all(found == OK for found in self.checks().values())

    def _database(self) -> str:
        silent = self._watch.silent_seconds
        if silent < LATE_SECONDS:
            return OK
        return "no answer" if math.isinf(silent) else f"silent for {silent:.0f} s"

    def _tailer(self) -> str:
        age, behind = self._desk.tailer.age_seconds, self._desk.heart.lag.seconds
        if math.isinf(age):
            return "not started"
        if age >= LATE_SECONDS:
            return f"stands still for {age:.0f} s"
        return OK if behind < LATE_SECONDS else f"behind for {behind:.0f} s"
