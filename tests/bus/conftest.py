"""The contract explains its own failures."""

import pytest

pytest.register_assert_rewrite("tests.bus.contract")
