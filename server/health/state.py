"""What the health endpoints need from the lifespan; ``server.wiring`` provides it."""

from dataclasses import dataclass
from typing import TypedDict

from server.health.metrics import Metrics
from server.health.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Health:
    """How this process is."""

    readiness: Readiness
    metrics: Metrics


class HealthState(TypedDict):
    """The lifespan state as the health endpoints see it."""

    health: Health
