"""How a process is, over a live desk in memory whose clock moves by hand."""

import pytest

from tests.health.ward import Ward


@pytest.fixture
async def ward() -> Ward:
    ward = Ward()
    await ward.rig.catch_up()
    await ward.live_a_while()
    return ward
