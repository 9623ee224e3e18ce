"""Every test of the domain gets a desk of its own, at noon; and no example is too slow for a busy machine."""

import pytest
from hypothesis import HealthCheck, settings

from tests.dispatch.desk import Desk

# Hypothesis would fail an example of more than 0.2 s, which is no promise of ours.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture
def desk() -> Desk:
    return Desk()
