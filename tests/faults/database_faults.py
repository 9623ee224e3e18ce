"""What PostgreSQL, or the way to it, may do; and transactions that are slow."""

import asyncio

from tests.faults.fault import fault
from tests.faults.orders import ORDERED, SLEEPING, ask_through, flip, slowest
from tests.faults.rig import Rig

# lock_timeout, once for each lock: who comes second waits for a place in the queue, then for the row
LOCKED_SECONDS = 2 * 2.0
_COUNTERS_HELD = (
    "SELECT count(*) FROM pg_locks WHERE relation = 'stream_head'::regclass "
    f"AND mode = 'RowExclusiveLock' AND pid IN (SELECT pid {SLEEPING})"
)


@fault("F11", "backend killed in mid-transaction")
async def backend_is_killed(rig: Rig) -> None:
    worker = rig.workers[0]
    worker.order("before-commit", "any", 5)
    await worker.obeyed()
    ended = "0"
    async with asyncio.timeout(4):
        while ended == "0":  # the order is carried out just before the backend is told
            ended = await rig.ask_database(f"SELECT count(pg_terminate_backend(pid)) {SLEEPING}")
    assert ended == "1", f"void: {ended} backends were in mid-transaction"


@fault("F12", "PostgreSQL crashed, and away for longer than a page may be trusted")
async def database_is_long_away(rig: Rig) -> None:
    await _away(rig, 11.5)
    states = {page.account.states[-1][1] for page in rig.pages}
    assert states.isdisjoint({"live", "slower"}), f"I8: with no database: {states}"


@fault("F12", "PostgreSQL crashed, and started again")
async def database_crashes(rig: Rig) -> None:
    await _away(rig, 1)


async def _away(rig: Rig, seconds: float) -> None:
    await asyncio.to_thread(rig.postgres.crash)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(rig.postgres.start)


@fault("F12", "PostgreSQL, Redis and a worker killed with SIGKILL in one instant")
async def everything_is_killed(rig: Rig) -> None:
    worker = rig.chance.choice(rig.workers)
    await worker.kill()
    rig.redis.kill()
    await asyncio.to_thread(rig.postgres.kill)
    await asyncio.to_thread(rig.redis.start)
    await asyncio.to_thread(rig.postgres.start)
    await worker.start()


@fault("F12", "the way to PostgreSQL is a black hole")
async def database_is_a_black_hole(rig: Rig) -> None:
    rig.database.hold()
    await asyncio.sleep(3)
    rig.database.release()


@fault("F12", "connections to PostgreSQL cut, again and again")
async def database_connections_are_cut(rig: Rig) -> None:
    for _ in range(5):
        rig.database.cut(0.6)
        await asyncio.sleep(0.3)


@fault("F14", "a slow transaction holds a stream's counter")
async def counter_is_held(rig: Rig) -> None:
    (busy, free), (here, there) = rig.casts, rig.workers
    while True:
        here.order("before-commit", ORDERED, 6)
        slow = asyncio.create_task(ask_through(rig, busy, here))
        await here.obeyed()
        if await rig.ask_database(_COUNTERS_HELD) != "0":
            break
        await slow  # somebody had asked already: what only says so takes no counter
    refusing = asyncio.create_task(flip(rig, busy, there))
    await flip(rig, free, there)
    assert await _is_slow(rig), "another clinic waited for the counter"
    refused = await refusing
    await slow
    statuses = set().union(*(deed.statuses for deed in refused))
    assert 503 in statuses, f"no 503 for a lock that is held: {statuses}"
    assert slowest(refused) < LOCKED_SECONDS + 1.0, "it hung"


@fault("F14", "a slow transaction that has not come to its events")
async def transaction_is_slow(rig: Rig) -> None:
    """The counter is taken last: whoever is slow before that holds nobody up."""
    cast, (here, there) = rig.casts[0], rig.workers
    here.order("before-events", ORDERED, 4)
    slow = asyncio.create_task(ask_through(rig, cast, here))
    await here.obeyed()
    await flip(rig, cast, there)
    assert await _is_slow(rig), "somebody waited for a counter that was taken too early"
    await slow


async def _is_slow(rig: Rig) -> bool:
    """Return whether the transaction that was told to dawdle still does."""
    return await rig.ask_database(f"SELECT count(*) {SLEEPING}") == "1"


@fault("S90", "the log goes back, as after a failover to a standby that lagged")
async def log_goes_back(rig: Rig) -> None:
    await rig.settled()  # or rows would be ahead of a log that never told of them
    stream = rig.casts[0].town.stream
    place = (
        int(await rig.ask_database(f"SELECT seq FROM stream_head WHERE stream = '{stream}'")) - 3
    )
    await rig.oracle.read_log()
    await rig.ask_database(
        f"DELETE FROM event WHERE stream = '{stream}' AND seq > {place};"
        f"UPDATE stream_head SET seq = {place} WHERE stream = '{stream}'"
    )
    rig.oracle.take_back(stream, place)
    rig.load.go()
    await asyncio.sleep(1)
