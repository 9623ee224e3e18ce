"""A provider's "until 2:30" on the days when clocks change: the next time their clock shows it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.web.house import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("now", "wish", "until"),
    [
        # 8pm in New York; 2:30 was skipped this morning, and tomorrow has it.
        (datetime(2027, 3, 15, 0, 0, tzinfo=UTC), "02:30", "2027-03-15T06:30"),
        # 1:15am for the second time; 1:30 is a quarter of an hour away, not a day.
        (datetime(2026, 11, 1, 6, 15, tzinfo=UTC), "01:30", "2026-11-01T06:30"),
        # 1:15am for the first time.
        (datetime(2026, 11, 1, 5, 15, tzinfo=UTC), "01:30", "2026-11-01T05:30"),
        # 10pm on the eve: the first of the two.
        (datetime(2026, 11, 1, 2, 0, tzinfo=UTC), "01:30", "2026-11-01T05:30"),
    ],
)
def test_until_a_time_is_the_next_such_time(
    house: House, now: datetime, wish: str, until: str
) -> None:
    house.clock.set(now)
    house.enter("Lee Chen")
    fields = {"state": "on", "until": "time", "until_time": wish}
    assert house.post("/availability", fields).status_code == 303
    assert f'at="{until}' in house.get("/dashboard").text


def test_a_time_that_the_coming_night_skips_is_said(house: House) -> None:
    house.clock.set(datetime(2027, 3, 14, 1, 0, tzinfo=UTC))  # 8pm in New York, on the eve
    house.enter("Lee Chen")
    fields = {"state": "on", "until": "time", "until_time": "02:30"}
    reply = house.post("/availability", fields)
    assert reply.status_code == 422
    assert "The clocks skip 2:30am that day. The next time there is 3:00am." in reply.text
