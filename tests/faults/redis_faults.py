"""What Redis, or the way to it, may do: hints late, doubled, lost or nonsense."""

import asyncio
from contextlib import suppress

from tests.faults.fault import fault
from tests.faults.orders import SOON_SECONDS, ask_through, seen_by_poll
from tests.faults.process import Worker
from tests.faults.rig import Rig

NOTICED_SECONDS = 4.0  # 1.5 s of silence, and a busy machine


@fault("F1", "Redis killed, and started again empty")
async def redis_is_killed(rig: Rig) -> None:
    rig.redis.kill()
    await asyncio.sleep(2.5)
    await asyncio.to_thread(rig.redis.start)


@fault("F2", "Redis frozen")
async def redis_is_frozen(rig: Rig) -> None:
    begun = len(rig.ledger.deeds)
    rig.redis.stop()
    try:
        await asyncio.sleep(3)
    finally:
        rig.redis.cont()
    slowest = sorted(deed.slowest_seconds for deed in rig.ledger.deeds[begun:])
    middle = slowest[len(slowest) // 2]
    assert middle < SOON_SECONDS, f"a write waited {middle:.2f} s for Redis"


@fault("F3", "Redis half open: nothing reaches whoever listens")
async def redis_is_half_open(rig: Rig) -> None:
    rig.bus.hold(subscribers_only=True)
    try:
        await asyncio.sleep(3)
    finally:
        rig.bus.release()


@fault("F4", "half of the hints lost, then all")
async def hints_are_lost(rig: Rig) -> None:
    rig.bus.loses_publish = 0.5
    await asyncio.sleep(1.5)
    rig.bus.loses_publish = 1.0  # beats too: nobody hears their own any more
    try:
        async with asyncio.timeout(NOTICED_SECONDS):
            await asyncio.gather(*(_is_slower(worker) for worker in rig.workers))
        await asyncio.sleep(1)
    except TimeoutError:
        raise AssertionError("nobody noticed that hints were missing") from None
    finally:
        rig.bus.loses_publish = 0.0


async def _is_slower(worker: Worker) -> None:
    while (await worker.state())["bell"] != "slower":  # noqa: ASYNC110 - in another process
        await asyncio.sleep(0.1)


@fault("F4", "every hint lost while the bell seems well, and nothing else happens")
async def hints_are_lost_in_silence(rig: Rig) -> None:
    await rig.settled()
    rig.bus.loses_hints = True  # heartbeats pass: only looking finds what was not said
    try:
        for worker in rig.workers:
            await seen_by_poll(rig, await ask_through(rig, rig.casts[0], worker))
    finally:
        rig.bus.loses_hints = False


@fault("F6", "every subscription killed, again and again")
async def subscriptions_are_killed(rig: Rig) -> None:
    for _ in range(10):
        with suppress(OSError):
            rig.redis.command("CLIENT", "KILL", "TYPE", "pubsub")
        await asyncio.sleep(0.2)


@fault("F7", "hints doubled, out of order, from the future, and rubbish")
async def hints_are_nonsense(rig: Rig) -> None:
    channels = rig.redis.command("PUBSUB", "CHANNELS").decode().split("\r\n")
    [channel] = [word for word in channels if word.startswith("dispatch:")]
    stream = rig.casts[0].town.stream
    for turn in range(8):
        for words in (
            f"{stream}:1",
            f"{stream}:999999",
            f"{stream}:{turn}",
            "\x00",
            f"{stream}:-1",
        ):
            rig.redis.command("PUBLISH", channel, f"{words} {words}")
        await asyncio.sleep(0.1)
