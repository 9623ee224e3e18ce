"""A slow page costs a bounded amount, delays nobody, and catches up by one snapshot."""

from collections.abc import Sequence

import orjson

from dispatch.stream import Cursor
from server.live.answers import Want
from server.live.websocket_frame import payload_of, text_frame
from tests.live.rig import FakeWire, Page, Rig

NOISE = text_frame(b'{"type": "noise"}')


def shower(rig: Rig, count: int, frame: bytes = NOISE) -> None:
    for _ in range(count):
        place = rig.hub.places[rig.board]
        rig.hub.publish([(rig.board, place, frame)])


async def test_a_page_that_does_not_read_waits_for_nobody_else(rig: Rig) -> None:
    _, slow = await rig.sam_watches()
    sue, quick = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    slow.pause()
    shower(rig, 50)
    assert len(quick.messages) == 51
    assert len(slow.messages) == 1


async def test_what_waits_leaves_as_one_write(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    wire.pause()
    shower(rig, 256)
    wire.resume()
    assert len(wire.writes) == 2
    assert len(wire.writes[-1]) == 256


async def test_what_was_answered_and_not_yet_sent_goes_before_what_comes(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    connection.answer(text_frame(b'{"type": "first"}'))
    shower(rig, 1)
    assert [said["type"] for said in wire.messages[1:]] == ["first", "noise"]


async def test_past_the_bound_all_of_it_is_thrown_away_and_one_snapshot_comes(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    wire.pause()
    shower(rig, 257)
    rig.town.ask()
    await rig.catch_up()
    assert rig.hub.lagging.empty()  # it cannot read yet
    wire.resume()
    assert len(wire.writes) == 1  # not a part of what was thrown away
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    [_, told] = wire.frames
    assert (told["after"], told["why"], "view" in told) == (None, "lagging", False)
    assert connection.stalled_since is None
    rig.town.ask(by=rig.town.omar)
    await rig.catch_up()
    page = Page()
    for frame in wire.frames:
        page.hear(frame)
    assert (page.asks, page.entities) == (0, rig.truth(rig.board))


async def test_the_bound_counts_bytes_too() -> None:
    rig = Rig(queued_bytes=10_000)
    await rig.catch_up()
    connection, wire = await rig.sam_watches()
    wire.pause()
    shower(rig, 9, text_frame(b"x" * 1_000))
    was = connection.lagging
    shower(rig, 1, text_frame(b"x" * 1_000))
    assert (was, connection.lagging) == (None, "lagging")
    assert connection._size == 0


async def test_a_page_that_asks_and_does_not_read_is_bounded_like_any_other() -> None:
    rig = Rig(queued_bytes=10_000)
    await rig.catch_up()
    connection, wire = await rig.sam_watches()
    wire.pause()
    for _ in range(100):
        connection.answer(text_frame(b"x" * 1_000))
        assert connection._size <= 10_000
    assert connection.lagging == "lagging"
    wire.resume()
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    page = Page()
    for frame in wire.frames:
        page.hear(frame)
    assert (page.asks, page.entities) == (0, rig.truth(rig.board))


async def test_an_answer_larger_than_the_bound_reaches_a_page_that_reads() -> None:
    rig = Rig(queued_bytes=10_000)
    await rig.catch_up()
    connection, wire = await rig.sam_watches()
    connection.answer(text_frame(b'{"type": "%s"}' % (b"x" * 20_000)))
    connection.flush()
    assert len(wire.messages) == 2
    assert not connection.lagging


async def test_however_pages_call_their_views_the_desk_keeps_a_few_frames_of_each_answer(
    rig: Rig,
) -> None:
    await rig.sam_watches()
    answers = rig.live.answers
    wants = [Want(rig.board, None, f"view-{number}") for number in range(100)]
    told = await answers.read(wants)
    assert [want.view for want in wants] == [
        orjson.loads(payload_of(answer.frame))["view"] for answer in told
    ]
    kept = sum(len(one.frames) for one in answers._told.values())
    assert kept <= 16, "what a page makes up is not kept for others"
    again = await answers.read([Want(rig.board, None, "view-0")] * 2)
    assert again[0].frame is again[1].frame is told[0].frame, "and yet is shared"


async def test_a_page_that_reads_nothing_for_15_s_is_cut(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    wire.pause()
    rig.elapsed += 15
    assert rig.hub.sweep() == 0
    rig.elapsed += 0.1
    assert rig.hub.sweep() == 1
    assert connection.is_closed
    assert wire.code == 4408


async def test_a_page_that_reads_slowly_but_reads_is_kept(rig: Rig) -> None:
    _, wire = await rig.sam_watches()
    for _ in range(10):
        wire.pause()
        rig.elapsed += 10
        assert rig.hub.sweep() == 0
        wire.resume()
    assert wire.code is None


async def test_a_snapshot_that_cannot_be_read_is_tried_again_and_then_given_up(rig: Rig) -> None:
    connection, wire = await rig.sam_watches()
    rig.store.is_away = True
    connection.lag("history")
    rig.elapsed += 8
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert connection.lagging == "history"
    assert not rig.hub.lagging.empty()
    rig.elapsed += 8
    assert rig.hub.sweep() == 1
    assert wire.code == 4408


async def test_a_page_that_lags_while_it_is_told_gets_told_again(rig: Rig) -> None:
    sue, _ = rig.open(rig.town.sue)
    await rig.follow(sue, rig.board)
    rig.store.after_read = [lambda: shower(rig, 300)]
    sam, wire = await rig.sam_watches()
    assert sam.lagging
    await rig.live.rounds.recover(rig.hub.lagging.get_nowait())
    assert wire.frames[-1]["why"] == "lagging"
    assert not sam.lagging


async def test_frames_for_a_stream_without_pages_are_dropped(rig: Rig) -> None:
    assert rig.hub.publish([(rig.board, Cursor(5, "abcd"), NOISE)]) == 0
    assert rig.board not in rig.hub.places


async def test_pausing_in_the_middle_of_a_write_loses_nothing(rig: Rig) -> None:
    class Filling(FakeWire):
        def write(self, frames: Sequence[bytes]) -> None:
            super().write(frames)
            self.pause()

    connection, _ = await rig.sam_watches()
    wire = Filling()
    connection._wire = wire
    wire.listen(connection._changed)
    shower(rig, 3)
    wire.resume()
    assert len(wire.messages) == 3
