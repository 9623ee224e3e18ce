"""What is read at the moment of a scrape: the live desk keeps plain numbers; counting is free."""

from collections.abc import Iterator
from typing import Protocol, get_args

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from dispatch.pending import pending_for
from server.clock import Clock, CorrectedClock
from server.health.readiness import LATE_SECONDS, Readiness
from server.health.watch import Watch
from server.live.desk import LiveDesk
from server.live.seams import Why


class Slower(Protocol):
    """What is asked of the bell."""

    @property
    def slower_seconds(self) -> float: ...


class Figures(Collector):
    """Everything that has no histogram."""

    def __init__(
        self, desk: LiveDesk, bell: Slower, watch: Watch, readiness: Readiness, clock: Clock
    ) -> None:
        self._desk = desk
        self._bell = bell
        self._watch = watch
        self._readiness = readiness
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Yield every figure as it is now; what the database would have to say may be missing."""
        yield _gauge("ready", "1 if this process should be given pages.", self._readiness.is_ready)
        answers = self._watch.silent_seconds < LATE_SECONDS
        yield _gauge("database_up", "1 if the database answers this process.", answers)
        ahead = self._clock.ahead.total_seconds() if isinstance(self._clock, CorrectedClock) else 0
        yield _gauge(
            "clock_corrected_seconds",
            "How far the database's clock, which counts, is ahead of this machine's.",
            ahead,
        )
        yield from self._backlog()
        yield from self._tailing()
        yield from self._sockets()

    def _backlog(self) -> Iterator[Metric]:
        """Yield what waits, by the clinic's number; nothing rather than what was true before."""
        if self._watch.backlogs is None or self._watch.silent_seconds >= LATE_SECONDS:
            return
        pending = GaugeMetricFamily(
            "dispatch_pending_requests",
            "Requests that wait in a clinic. Every process reads the same: take max, not sum.",
            labels=["clinic"],
        )
        oldest = GaugeMetricFamily(
            "dispatch_oldest_pending_seconds",
            "How long the oldest of them waits; 0 where none does. Take max, not sum.",
            labels=["clinic"],
        )
        now, late = self._clock.now(), self._watch.late
        for clinic, (count, since) in self._watch.backlogs.items():
            waited = pending_for(since, now).total_seconds() if since else 0.0
            pending.add_metric([str(clinic)], count)
            oldest.add_metric([str(clinic)], waited)
        yield pending
        yield oldest
        overdue, unsent = (max((now - at).total_seconds(), 0.0) if at else 0.0 for at in late)
        yield _gauge(
            "overdue_seconds",
            "How long ago the first request that waits should have ended by itself: nobody sweeps.",
            overdue,
        )
        yield _gauge(
            "unsent_seconds",
            "How long ago the first message should have been tried: there is no post.",
            unsent,
        )

    def _tailing(self) -> Iterator[Metric]:
        tailer, lag = self._desk.tailer, self._desk.heart.lag
        yield _gauge("tailer_lag_events", "Changes in the database not told yet.", lag.events)
        yield _gauge("tailer_lag_seconds", "For how long the oldest has been seen.", lag.seconds)
        yield _gauge("tailer_age_seconds", "Time since the log was last read.", tailer.age_seconds)
        yield _counter(
            "found_by_poll", "Changed streams for which no bell had rung.", tailer.found_by_poll
        )
        yield _counter(
            "degraded_seconds",
            "Time in which hints from other processes did not arrive: boards say Live (slower).",
            self._bell.slower_seconds,
        )
        yield _counter("gaps", "Places where the log missed a number. Must stay 0.", tailer.holes)
        yield _counter(
            "restores", "Streams whose log was not the one that was read.", tailer.restores
        )

    def _sockets(self) -> Iterator[Metric]:
        hub, answers = self._desk.hub, self._desk.answers
        lagging = sum(1 for each in hub.connections if each.stalled_since is not None)
        yield _gauge("sockets", "Open live sockets.", len(hub.connections))
        yield _gauge("lagging_sockets", "Of these, whose page does not keep up.", lagging)
        snapshots = CounterMetricFamily(
            "dispatch_snapshots",
            "Whole streams given to pages, and why; new: a page without a place of its own.",
            labels=["why"],
        )
        for why in get_args(Why):
            snapshots.add_metric([why], answers.snapshots[why])
        yield snapshots
        yield _counter(
            "resumes", "Streams that a page went on with from its own place.", answers.resumes
        )


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dispatch_{name}", what, value=value)


def _counter(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(f"dispatch_{name}", what, value=value)
