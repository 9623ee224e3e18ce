"""A database that is away is said once by the rounds, not once by each page, and once when it is back."""

import logging

import pytest

from tests.dispatch.desk import TAB
from tests.live.rig import Rig


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(each.levelname, each.getMessage()) for each in caplog.records]


AWAY = ("WARNING", "live: claims cannot be kept: ConnectionResetError")
BACK = ("INFO", "live: the database answers those who look after open pages again")


async def test_however_many_pages_close_the_outage_is_said_once(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [rig.open(rig.town.sam, tab=f"tab-number-{n}")[0] for n in range(9)]
    with caplog.at_level(logging.INFO, "dispatch.live"):
        for outage in (1, 2):
            rig.store.is_away = True
            for page in pages:
                await rig.live.rounds.end_claims(page)
            rig.store.is_away = False
            for page in pages:
                await rig.live.rounds.end_claims(page)
            assert said(caplog) == [AWAY, BACK] * outage


async def test_renewals_sign_ins_and_snapshots_that_fail_are_the_same_outage(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.town.claim(rig.town.ask())
    connection, _ = rig.open(rig.town.sam, tab=TAB)
    await rig.follow(connection, rig.board)
    rig.live.rounds.begin(connection)
    with caplog.at_level(logging.INFO, "dispatch.live"):
        rig.store.is_away = True
        for _ in range(3):
            rig.elapsed += 40
            await rig.live.rounds.go()
            await rig.live.rounds.check_due()
        connection.lag("lagging")
        await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
        assert said(caplog) == [AWAY]
        await rig.live.rounds.go()
        rig.store.is_away = False
        await rig.live.rounds.go()
    assert said(caplog) == [AWAY, BACK]


async def test_that_nothing_had_to_be_asked_says_nothing_of_the_database(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    page, _ = rig.open(rig.town.sam)
    rig.store.is_away = True
    with caplog.at_level(logging.INFO, "dispatch.live"):
        await rig.live.rounds.end_claims(page)
        assert await rig.live.rounds.check_due()  # nobody is due
        assert said(caplog) == [AWAY]
