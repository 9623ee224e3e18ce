"""Every test of the domain gets a desk of its own, at noon."""

import pytest

from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
