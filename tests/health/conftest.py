"""How a process is, over a live desk in memory whose clock moves by hand."""

import pytest

pytest.register_assert_rewrite("tests.health.scrape", "tests.health.ward", "tests.live.rig")

from tests.health.ward import Ward  # noqa: E402


@pytest.fixture
async def ward() -> Ward:
    ward = Ward()
    await ward.rig.catch_up()
    await ward.live_a_while()
    return ward
