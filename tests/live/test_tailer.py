"""What changed is read once, told once to everybody who follows it, and nothing is skipped."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.events import clinic_stream, host_stream, patient_stream
from dispatch.stream import Cursor, Projection
from server.bus.bell import Mode
from server.live.limits import Pace
from tests.live.rig import Page, Rig, Turning


async def test_a_new_request_reaches_every_open_board(rig: Rig) -> None:  # S85
    _, sams = await rig.sam_watches()
    sue, sues = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    rig.town.ask()
    await rig.catch_up()
    for wire in (sams, sues):
        *_, told = wire.frames
        assert [op["op"] for op in told["ops"]] == ["put"]
        assert "view" not in told


async def test_a_request_that_is_accepted_leaves_every_board_with_its_outcome(
    rig: Rig,
) -> None:  # S64
    number = rig.town.ask()
    _, wire = await rig.sam_watches()
    rig.town.accept(number)
    await rig.catch_up()
    gone = [op for op in wire.frames[-1]["ops"] if op["op"] == "gone"]
    assert "accepted by Sam Ortiz" in gone[0]["html"]


async def test_a_requester_is_never_told_who_decided(rig: Rig) -> None:
    key = (patient_stream(rig.town.mia), Projection.PATIENT)
    number = rig.town.ask()
    mia, wire = rig.open(rig.town.mia)
    await rig.follow(mia, key)
    rig.town.accept(number)
    await rig.catch_up()
    assert wire.frames[-1]["ops"]
    assert not any("Sam" in op.get("html", "") for said in wire.frames for op in said["ops"])


async def test_one_socket_gets_only_what_it_follows(rig: Rig) -> None:  # S28, S67
    omar, wire = rig.open(rig.town.omar)
    await rig.follow(omar, (patient_stream(rig.town.omar), Projection.PATIENT))
    before = len(wire.frames)
    rig.town.ask()  # Mia's
    await rig.catch_up()
    assert len(wire.frames) == before


async def test_many_changes_between_two_looks_leave_as_one_frame(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    before = rig.hub.places[rig.board].seq
    number = rig.town.ask()
    rig.town.claim(number)
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    *_, told = wire.frames
    head = rig.head(rig.board[0])
    assert (told["after"], told["seq"], told["tag"]) == (before, head.seq, head.tag)
    assert len(told["ops"]) == 2  # two requests, whatever happened to each
    assert len(wire.writes) == 2  # the answer to hello, and this


async def test_streams_that_move_together_leave_in_one_write(rig: Rig) -> None:
    clinic = clinic_stream(rig.town.evening.id)
    _, wire = await rig.sam_watches((clinic, Projection.BOARD), (clinic, Projection.SESSIONS))
    writes = len(wire.writes)
    rig.town.ask()
    await rig.catch_up()
    assert len(wire.writes) == writes + 1
    assert len(wire.writes[-1]) == 2


async def test_a_frame_without_ops_still_moves_the_cursor(rig: Rig) -> None:
    key = (clinic_stream(rig.town.evening.id), Projection.SESSIONS)
    _, wire = await rig.sam_watches(key)
    rig.town.ask()
    await rig.catch_up()
    told = wire.frames[-1]
    assert told["seq"] == rig.head(key[0]).seq
    assert not [op for op in told["ops"] if op["op"] == "put"]


async def test_every_follower_gets_the_same_bytes_and_a_row_is_rendered_once(rig: Rig) -> None:
    wires = []
    for person in (rig.town.sam, rig.town.sue):
        connection, wire = rig.open(person)
        await rig.follow(connection, rig.board)
        wires.append(wire)
    rendered = rig.renderer.rendered
    rig.town.ask()
    await rig.catch_up()
    assert wires[0].writes[-1][0] is wires[1].writes[-1][0]
    assert rig.renderer.rendered == rendered + 1


async def test_only_streams_and_projections_in_use_are_rendered(rig: Rig) -> None:
    connection, _ = await rig.sam_watches()
    rig.hub.leave(connection)
    reads, rendered = rig.store.reads, rig.renderer.rendered
    rig.town.ask()
    await rig.catch_up()
    assert rig.store.reads == reads + 1  # control, always
    assert rig.renderer.rendered == rendered
    assert not rig.hub.places


async def test_a_bell_names_the_stream_and_only_that_is_read(rig: Rig) -> None:
    day = (clinic_stream(rig.town.daytime.id), Projection.BOARD)
    sue, wire = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board, day)
    rig.town.ask()
    rig.town.ask(by=rig.town.omar, clinic=rig.town.daytime)
    rig.tailer.wake({day[0]: rig.head(day[0]).seq})
    await rig.tailer.catch_up()
    assert wire.frames[-1]["stream"] == day[0]
    rig.tailer.wake({rig.board[0]: rig.head(rig.board[0]).seq})
    await rig.tailer.catch_up()
    assert wire.frames[-1]["stream"] == rig.board[0]
    assert rig.tailer.found_by_poll == 0


async def test_a_doubled_or_early_bell_does_no_harm(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    rig.town.ask()
    head = rig.head(rig.board[0]).seq
    for seq in (head, head, head + 50, 0):
        rig.tailer.wake({rig.board[0]: seq})
        await rig.tailer.catch_up()
    assert [said["seq"] for said in wire.frames[1:]] == [head]


async def test_a_change_without_a_bell_is_found_by_looking(rig: Rig) -> None:  # S89
    _, wire = await rig.sam_watches()
    rig.town.ask()
    await rig.catch_up()
    assert len(wire.frames) == 2
    assert rig.tailer.found_by_poll == 1


async def test_it_looks_each_second_and_ten_times_a_second_while_hints_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # S89
    bell, waits, wait = Turning(), list[float | None](), asyncio.timeout
    rig = Rig(bell=bell)

    def no_wait(seconds: float | None) -> asyncio.Timeout:
        waits.append(seconds)
        return wait(0)

    monkeypatch.setattr("asyncio.timeout", no_wait)
    modes: list[Mode] = ["live", "slower", "live"]
    for mode in modes:
        await bell.turn(mode)
        await rig.catch_up()
        await rig.tailer._rest()
    assert waits == [1.0, pytest.approx(0.1), 1.0]


async def test_a_hole_in_the_log_is_an_alarm_and_everybody_starts_anew(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    _, wire = await rig.sam_watches()
    number = rig.town.ask()
    rig.town.claim(number)  # this event gets lost, in the middle of what is read
    rig.town.decline(number)
    log = rig.town.store.rows.log
    log[rig.board[0]] = tuple(
        e for e in log[rig.board[0]] if e.seq != rig.head(rig.board[0]).seq - 1
    )
    with caplog.at_level(logging.ERROR, "dispatch.live"):
        await rig.catch_up()
    assert (rig.tailer.holes, rig.tailer.restores) == (1, 0)
    assert "clinic:" in caplog.text
    assert len(wire.frames) == 1  # nothing was told over the hole
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert (wire.frames[-1]["after"], wire.frames[-1]["why"]) == (None, "hole")
    page = Page()
    page.hear(wire.frames[-1])
    assert page.entities == rig.truth(rig.board)
    rig.town.undo(number)
    await rig.catch_up()
    page.hear(wire.frames[-1])
    assert (page.asks, page.entities) == (0, rig.truth(rig.board))


async def test_being_far_behind_is_no_hole(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    number = rig.town.ask()
    request = rig.town.request(number)
    rows = rig.town.store.rows
    stream, head = rig.board[0], rig.head(rig.board[0])
    last = rows.log[stream][-1]
    more = tuple(last._replace(seq=head.seq + n) for n in range(1, 2_100))
    rows.log[stream] += more
    rows.heads[stream] = Cursor(more[-1].seq, more[-1].tag)
    rows.requests[request.id] = replace(request, version=2_100)
    await rig.catch_up()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert rig.tailer.holes == 0
    assert wire.frames[-1]["why"] == "behind"


async def test_the_tailer_outlives_a_database_that_is_away(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    _, wire = await rig.sam_watches()
    rig.town.ask()
    rig.store.is_away = True

    async def back_after_three(seconds: float) -> None:
        rig.slept.append(seconds)
        if len(rig.slept) == 3:
            rig.store.is_away = False
        await asyncio.sleep(0)

    object.__setattr__(rig.outside, "sleep", back_after_three)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(rig.tailer.run())
        while len(wire.frames) < 2:  # noqa: ASYNC110 - a turn of the loop, no time
            await asyncio.sleep(0)
        running.cancel()
    assert rig.slept[:3] == [0.1, 0.2, 0.4]
    assert "ConnectionResetError" in caplog.text
    assert "the database is away" not in caplog.text  # codes, never what an error says


async def test_any_other_error_ends_the_tailer_loudly(rig: Rig) -> None:
    await rig.sam_watches()
    rig.town.ask()

    def broken(*_: object) -> str:
        raise ValueError("a template is broken")

    rig.tailer._frames._view = broken  # type: ignore[assignment]
    with pytest.raises(ExceptionGroup) as death:
        async with asyncio.timeout(30):
            await rig.live.run()
    assert death.group_contains(ValueError)


async def test_two_hosts_of_a_group_are_told_the_same(rig: Rig) -> None:
    hosts = (f"hosts:{rig.town.evening.host_group.id}", Projection.HOST)
    ada, wire = rig.open(rig.town.ada)
    await rig.follow(ada, hosts, (host_stream(rig.town.ada), Projection.HOST))
    rig.town.ask()
    await rig.catch_up()
    assert [said["stream"] for said in wire.frames[2:]] == [hosts[0]]


async def test_hints_of_one_stream_do_not_put_off_the_look_at_the_others() -> None:
    # F4: a busy bell that loses the hints of one clinic
    rig = Rig(Pace(poll=0.2), is_real=True)
    running = asyncio.create_task(rig.live.tailer.run())
    _, wire = await rig.sam_watches()

    async def busy_until(happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not happened():
                rig.tailer.wake({clinic_stream(rig.town.daytime.id): 1})
                await asyncio.sleep(0.01)

    try:
        await busy_until(lambda: rig.store.reads > 5)
        rig.town.ask()  # and nobody rings for it
        await busy_until(lambda: len(wire.frames) > 1)
    finally:
        running.cancel()
