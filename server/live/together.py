"""Questions that come while others are being answered go together; it knows none of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class _Batch(Generic[Q, A]):
    __slots__ = ("answers", "failure", "questions")

    def __init__(self) -> None:
        self.questions: list[Q] = []
        self.answers: Sequence[A] | None = None
        self.failure: Exception | None = None


class Together(Generic[Q, A]):
    """Asks one thing at a time, however many want to know.

    A thousand pages that come back at once would ask the database two thousand things; so each read
    takes along whoever asked during the one before. Nobody is answered from a read that began
    before they asked.
    """

    def __init__(self, answer_all: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._answer_all = answer_all  # one answer to each question, in their order
        self._gathering: _Batch[Q, A] = _Batch()
        self._turn = asyncio.Lock()

    async def ask(self, question: Q) -> A:
        """Return the answer, or raise what kept those who asked together from getting theirs."""
        batch = self._gathering
        place = len(batch.questions)
        batch.questions.append(question)
        async with self._turn:
            if batch.answers is None and batch.failure is None:
                await asyncio.sleep(0)  # whoever came in this same turn of the loop goes along
                await self._go(batch)
        if batch.answers is None:
            raise batch.failure or RuntimeError("a batch without an answer")
        return batch.answers[place]

    async def _go(self, batch: _Batch[Q, A]) -> None:
        """Answer the batch; who is cancelled meanwhile leaves it to the next of them."""
        if batch is self._gathering:
            self._gathering = _Batch()
        try:
            batch.answers = await self._answer_all(batch.questions)
        except Exception as failure:  # noqa: BLE001 - it is raised again, for each of them
            batch.failure = failure
