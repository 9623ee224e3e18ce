"""The heartbeat says what time it is and how far the log is, and how old that knowledge is."""

import asyncio

from server.bus.bell import Mode
from server.live.frames import milliseconds
from tests.live.rig import FakeWire, Rig, Turning


def beats(wire: FakeWire) -> list[dict[str, object]]:
    return [said for said in wire.messages if said["type"] == "heartbeat"]


async def test_it_carries_time_heads_leases_and_mode(rig: Rig) -> None:
    number = rig.town.ask()
    rig.town.claim(number)
    _, wire = await rig.sam_watches()
    read_at = rig.town.now
    await rig.live.heart.look()
    rig.town.wait(1)
    rig.live.heart.beat()
    stream, request = rig.board[0], rig.town.request(number)
    [beat] = beats(wire)
    until = milliseconds(rig.town.store.rows.claims[request.id].lease_until)
    assert beat == {
        "type": "heartbeat",
        "now": milliseconds(rig.town.now),
        "read_at": milliseconds(read_at),
        "heads": {stream: rig.head(stream).seq},
        "leases": {stream: {f"request:{request.id}": until}},
        "mode": "live",
    }


async def test_the_heads_are_the_databases_not_the_tailers(rig: Rig) -> None:
    """The last frame may be the one that was lost: only this shows it."""
    _, wire = await rig.sam_watches()
    rig.town.ask()
    await rig.live.heart.look()
    rig.live.heart.beat()
    [beat] = beats(wire)
    stream = rig.board[0]
    assert beat["heads"] == {stream: rig.head(stream).seq}
    assert rig.hub.places[rig.board].seq < rig.head(stream).seq


async def test_it_goes_on_without_a_database_and_says_since_when(rig: Rig) -> None:  # S89
    _, wire = await rig.sam_watches()
    await rig.live.heart.look()
    read_at = milliseconds(rig.town.now)
    rig.store.is_away = True
    rig.town.wait(15)

    async def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    object.__setattr__(rig.outside, "sleep", stop)
    try:
        await rig.live.heart.look_for_ever()
    except KeyboardInterrupt:
        rig.live.heart.beat()
    [beat] = beats(wire)
    assert (beat["now"], beat["read_at"]) == (milliseconds(rig.town.now), read_at)


async def test_before_the_first_reading_nothing_counts_as_fresh(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    rig.live.heart.beat()
    [beat] = beats(wire)
    assert (beat["read_at"], beat["heads"]) == (0, {})


async def test_pages_of_the_same_streams_share_one_frame(rig: Rig) -> None:
    _, sams = await rig.sam_watches()
    sue, sues = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    mia, mias = rig.open(rig.town.mia)
    await rig.live.heart.look()
    rig.live.heart.beat()
    assert sams.writes[-1][0] is sues.writes[-1][0]
    assert beats(mias)[0]["heads"] == {}
    assert not mia.keys


async def test_a_page_learns_of_its_own_streams_only(rig: Rig) -> None:
    await rig.sam_watches()
    day = (f"clinic:{rig.town.daytime.id}", rig.board[1])
    tom, toms = rig.open(rig.town.tom)
    await rig.follow(tom, day)
    await rig.live.heart.look()
    rig.live.heart.beat()
    assert set(beats(toms)[0]["heads"]) == {day[0]}  # type: ignore[call-overload]


async def test_pages_read_at_once_that_hints_are_missing_and_that_they_are_back() -> None:  # S89
    bell = Turning()
    rig = Rig(bell=bell)
    _, wire = await rig.sam_watches()

    async def rest(_seconds: float) -> None:
        await asyncio.Event().wait()  # no beat is due in this test

    object.__setattr__(rig.outside, "sleep", rest)
    beating = asyncio.create_task(rig.live.heart.beat_for_ever())
    await asyncio.sleep(0)
    await bell.turn("slower")
    assert beats(wire) == []  # which would say "not live": nothing was read yet
    await rig.live.heart.look()
    modes: list[Mode] = ["slower", "slower", "live", "live"]
    for mode in modes:
        await bell.turn(mode)
    assert [beat["mode"] for beat in beats(wire)] == ["slower", "live"]
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    await bell.turn("slower")  # and nobody listens any more
    assert len(beats(wire)) == 2
