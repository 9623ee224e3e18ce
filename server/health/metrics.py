"""The registry of one process, and what is counted as it happens; the rest is read when asked."""

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from dispatch.request import SessionRequest
from dispatch.vocabulary import RequestStatus
from server.health.figures import Figures

_WAITS = (15, 30, 60, 120, 180, 300, 480, 600, 900, 1800, 3600, 14400, 86400)  # 300: the target
_DELIVERIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What Prometheus is told. Each process tells of itself alone."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._waits = Histogram(
            "dispatch_wait_seconds",
            "Time from submission to the decision, of requests decided in this process.",
            ["outcome"],
            buckets=_WAITS,
            registry=self._registry,
        )
        for outcome in RequestStatus:
            if outcome is not RequestStatus.PENDING:
                self._waits.labels(outcome.value)  # there from the start, at 0
        self._deliveries = Histogram(
            "dispatch_commit_to_socket_seconds",
            "Time from the oldest change in a frame to when the frame was handed to its sockets.",
            buckets=_DELIVERIES,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def note_told(self, seconds: float) -> None:
        """Count one frame: once, however many sockets it went to."""
        self._deliveries.observe(seconds)

    def note_decided(self, requests: Sequence[SessionRequest]) -> None:
        """Count requests whose wait a commit of this process ended."""
        for request in requests:
            if request.decision is not None:
                waited = request.decision.at - request.submitted_at
                self._waits.labels(request.status.value).observe(waited.total_seconds())

    def read_from(self, figures: Figures) -> None:
        """Have these figures read at every scrape."""
        self._registry.register(figures)

    def page(self, accept: str) -> tuple[bytes, str]:
        """Return everything as text, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
