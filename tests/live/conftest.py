"""A live desk over a town in memory, moved by hand."""

import pytest

pytest.register_assert_rewrite("tests.live.rig", "tests.live.serving")

from tests.live.rig import Rig  # noqa: E402


@pytest.fixture
async def rig() -> Rig:
    rig = Rig()
    await rig.catch_up()
    return rig
