"""Who asks while others are being answered is answered with the next, and never from too early."""

import asyncio
from collections.abc import Sequence

import pytest

from server.live.together import Together


class Oracle:
    """Answers once it is let, with the number of the flight."""

    def __init__(self) -> None:
        self.flights: list[list[str]] = []
        self.flies, self.may_answer = asyncio.Event(), asyncio.Event()
        self.failure: Exception | None = None

    async def answer_all(self, questions: Sequence[str]) -> Sequence[tuple[int, str]]:
        self.flights.append([*questions])
        self.flies.set()
        flight = len(self.flights)
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return [(flight, question) for question in questions]


async def asking(oracle: Oracle, *names: str) -> list[asyncio.Task[tuple[int, str]]]:
    """Return the tasks of one who flies, and of those who ask meanwhile."""
    together = Together(oracle.answer_all)
    tasks = [asyncio.ensure_future(together.ask(name)) for name in names[:1]]
    await oracle.flies.wait()
    tasks += [asyncio.ensure_future(together.ask(name)) for name in names[1:]]
    await asyncio.sleep(0)
    return tasks


async def test_who_asks_meanwhile_goes_with_the_next_and_gets_their_own_answer() -> None:
    oracle = Oracle()
    tasks = await asking(oracle, "a", "b", "c", "d")
    oracle.may_answer.set()
    assert await asyncio.gather(*tasks) == [(1, "a"), (2, "b"), (2, "c"), (2, "d")]
    assert oracle.flights == [["a"], ["b", "c", "d"]]


async def test_those_who_come_in_one_turn_of_the_loop_go_together() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    together = Together(oracle.answer_all)
    assert await asyncio.gather(*map(together.ask, "abc")) == [(1, "a"), (1, "b"), (1, "c")]


async def test_a_failure_is_told_to_all_who_asked_together_and_to_nobody_later() -> None:
    oracle = Oracle()
    tasks = await asking(oracle, "a", "b", "c")
    oracle.failure = ConnectionResetError("away")
    oracle.may_answer.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in told] == [ConnectionResetError] * 3
    assert len(oracle.flights) == 2, "nobody asks again for the others"


async def test_who_gives_up_takes_nobody_along() -> None:
    oracle = Oracle()
    tasks = await asking(oracle, "a", "b", "c")
    tasks[0].cancel()  # in flight
    await asyncio.sleep(0)
    tasks[1].cancel()  # whose turn it would be
    oracle.may_answer.set()
    assert (await tasks[2])[1] == "c"
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
