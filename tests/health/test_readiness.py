"""Each check turns red by itself, says which it is, and turns back."""

import pytest

from server.health.readiness import Readiness
from server.health.watch import Watch
from tests.health.ward import FakeDatabase, Ward
from tests.live.rig import Rig


async def test_a_process_that_does_what_it_should_is_ready(ward: Ward) -> None:
    assert ward.troubles() == {}


async def test_a_process_that_has_not_looked_yet_is_not_ready() -> None:
    rig = Rig()
    watch = Watch(FakeDatabase(), (), counts_backlogs=False)
    checks = Readiness(rig.live, watch).checks()
    assert (checks["database"], checks["tailer"]) == ("no answer", "not started")


async def test_a_database_that_is_away_is_named_at_once_and_only_while_it_is(ward: Ward) -> None:
    ward.database.is_away = True
    await ward.live_a_while()
    assert ward.troubles() == {"database": "no answer"}
    ward.database.is_away = False
    await ward.live_a_while()
    assert ward.troubles() == {}


async def test_a_database_that_hangs_is_named_after_five_seconds(ward: Ward) -> None:
    ward.database.hangs = True
    await ward.live_a_while(4.9)
    assert ward.troubles() == {}
    await ward.live_a_while(0.1)
    assert ward.troubles() == {"database": "silent for 5 s"}
    ward.database.hangs = False
    await ward.live_a_while()
    assert ward.troubles() == {}


async def test_another_schema_than_the_one_that_is_known_is_named(ward: Ward) -> None:
    ward.database.revision_is_known = False
    await ward.live_a_while()
    assert list(ward.troubles()) == ["schema"]
    ward.database.revision_is_known = True
    await ward.live_a_while()
    assert ward.troubles() == {}


async def test_a_tailer_that_stands_still_is_named_after_five_seconds(ward: Ward) -> None:
    await ward.live_a_while(4.9, tailer=False)
    assert ward.troubles() == {}
    await ward.live_a_while(0.1, tailer=False)
    assert ward.troubles() == {"tailer": "stands still for 5 s"}
    await ward.live_a_while()
    assert ward.troubles() == {}


async def test_a_tailer_that_reads_and_skips_is_named_too(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wire = await ward.rig.sam_watches()
    with monkeypatch.context() as patch:
        patch.setattr(ward.rig.hub, "publish", lambda _changes: 0)  # told to nobody
        ward.rig.town.ask()
        await ward.live_a_while()
        ward.rig.town.ask(by=ward.rig.town.omar)
        await ward.live_a_while(4.9)  # newer changes do not make the oldest any younger
        assert ward.troubles() == {}
        await ward.live_a_while(0.1)
        assert ward.troubles() == {"tailer": "behind for 5 s"}
        assert ward.scrape()("tailer_lag_events") >= 2
    await ward.live_a_while()
    assert ward.troubles() == {}
    assert wire.frames[-1]["seq"] == ward.rig.head(ward.rig.board[0]).seq


async def test_a_change_that_was_told_since_its_head_was_read_is_no_lag(ward: Ward) -> None:
    await ward.rig.sam_watches()
    ward.rig.town.ask()
    await ward.rig.live.heart.look()
    assert ward.rig.live.heart.lag.events > 0
    await ward.rig.catch_up()
    assert (ward.rig.live.heart.lag.events, ward.rig.live.heart.lag.seconds) == (0, 0.0)


async def test_a_process_that_was_asked_to_end_is_not_ready(ward: Ward) -> None:
    ward.rig.live.is_draining = True
    assert ward.troubles() == {"draining": "asked to end"}


async def test_without_a_bell_pages_are_served_all_the_same(ward: Ward) -> None:  # S89 F1
    ward.slower_seconds = 3600.0
    assert ward.troubles() == {}
