"""A provider who may no longer sign in is nobody who could still answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.refusal import PassRequest, pass_request
from tests.web.house import House, open_house

ALL_PASSED = "Every available provider has passed"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        opened.add_with_password("Ruth Gold", "ruth@example.org", is_administrator=True)
        yield opened


def test_the_board_does_not_count_on_a_disabled_provider(house: House) -> None:
    for name in ("Lee Chen", "Max Roy"):
        house.run(house.desk.toggle, name)
    number = house.ask("Jordan Park")
    house.run(house.desk.does, "Lee Chen", pass_request, PassRequest(number))
    house.enter("Sam Ortiz")
    assert ALL_PASSED not in house.get("/scheduling/requests").text
    command = SetDisabled(house.desk.people["Max Roy"].person_id, is_disabled=True)
    house.run(house.desk.does, "Ruth Gold", set_disabled, command)
    assert ALL_PASSED in house.get("/scheduling/requests").text
