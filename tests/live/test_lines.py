"""Places in line are told beside the log: at once to whoever comes, after changes, and with each heartbeat."""

from typing import Any

from dispatch.stream import Projection
from tests.live.rig import FakeWire, Rig


def said(wire: FakeWire) -> list[dict[str, str]]:
    return [message["html"] for message in wire.messages if message["type"] == "line"]


async def mia_waits(rig: Rig) -> tuple[Any, FakeWire, str]:
    """Open the page of Mia, who is second in line."""
    rig.town.ask(by=rig.town.omar)
    rig.town.wait(5)
    number = rig.town.ask()
    connection, wire = rig.open(rig.town.mia)
    await rig.follow(connection, (f"patient:{rig.town.mia}", Projection.PATIENT))
    return connection, wire, f"request:{rig.town.request(number).id}"


async def test_whoever_comes_is_told_once() -> None:
    rig = Rig()
    _, wire, mine = await mia_waits(rig)
    for _ in range(3):
        await rig.live.lines.tell()
    assert said(wire) == [{mine: "2nd None"}]


async def test_a_change_of_the_line_is_told_and_nothing_else_is() -> None:
    rig = Rig()
    _, wire, mine = await mia_waits(rig)
    await rig.live.lines.tell()
    first = next(
        r for r in rig.town.store.rows.requests.values() if r.requester_id == rig.town.omar
    )
    rig.town.withdraw(first.number, by=rig.town.omar)
    rig.live.lines.note({"clinic:1": 9})
    await rig.live.lines.tell()
    rig.live.lines.note({"clinic:1": 9})
    await rig.live.lines.tell()
    assert said(wire) == [{mine: "2nd None"}, {mine: "1st None"}]


async def test_the_heartbeat_repeats_it_and_one_read_serves_all_pages() -> None:
    rig = Rig()
    connection, wire, mine = await mia_waits(rig)
    await rig.live.lines.tell()
    reads = rig.store.reads
    rig.elapsed += 5
    await rig.live.lines.tell()
    assert said(wire) == [{mine: "2nd None"}] * 2
    assert rig.store.reads == reads + 1
    connection.end(1000)
    await rig.live.lines.tell()
    assert len(said(wire)) == 2


async def test_the_first_range_is_kept_when_it_is_shown() -> None:
    rig = Rig()
    town = rig.town
    for _ in range(8):
        number = town.ask(by=town.omar)
        town.wait(180)
        town.accept(number, *(f"session:{n}" for n in range(1, 40)))
        town.wait(60)
    number = town.ask()
    connection, wire = rig.open(town.mia)
    await rig.follow(connection, (f"patient:{town.mia}", Projection.PATIENT))
    await rig.live.lines.tell()
    request = town.request(number)
    assert said(wire) == [{f"request:{request.id}": "1st 5 to 10"}]
    assert str(town.store.rows.told[request.id]) == "5 to 10"


async def test_nobody_who_waits_for_nothing_costs_a_read() -> None:
    rig = Rig()
    await rig.sam_watches()
    reads = rig.store.reads
    await rig.live.lines.tell()
    assert rig.store.reads == reads
