"""Knows whether a recorded history of calls could have happened one after the other; nothing of what they did.

A history is linearizable when its calls can be put in one order in which each took effect at some
instant between being made and being answered, and every answer is what a single queue would have
given. The search tries the calls that nobody's answer precedes. One that changes nothing and whose
answer fits is taken at once: putting it first spoils no other order. Still, a history may have more
orders than can be tried; then the search says so, and proves nothing.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S", bound=Hashable)
O = TypeVar("O")  # noqa: E741 - the usual letter for an operation
A = TypeVar("A")
MOST_TRIED = 50_000  # a true history of a race needs a few hundred


@dataclass(frozen=True, slots=True)
class Call(Generic[O, A]):
    """One call as its caller saw it; instants in seconds of one clock."""

    asked_at: float
    answered_at: float
    operation: O
    answer: A


def one_order(
    calls: Sequence[Call[O, A]], start: S, step: Callable[[S, O], tuple[S, A]]
) -> list[Call[O, A]] | None:
    """Return an order that explains every answer, or None: there is none.

    ``step`` says what an operation makes of a state, and how it is then answered.

    Raises:
        RuntimeError: too many orders to try them all.
    """
    by_asking = sorted(range(len(calls)), key=lambda at: calls[at].asked_at)
    tried: set[tuple[frozenset[int], S]] = set()
    # Depth first, on a list of its own: histories are longer than Python's stack is deep.
    waiting: list[tuple[frozenset[int], S, tuple[int, ...]]] = [(frozenset(), start, ())]
    while waiting:
        done, state, order = waiting.pop()
        is_changing: list[tuple[int, S]] = []
        for at in _next(calls, by_asking, done):
            after, answer = step(state, calls[at].operation)
            if answer != calls[at].answer:
                continue
            if after == state:
                waiting.append((done | {at}, state, (*order, at)))
                is_changing = []
                break
            is_changing.append((at, after))
        # Who was answered first most often was first; the last one pushed is the first one tried.
        for at, after in sorted(is_changing, key=lambda each: -calls[each[0]].answered_at):
            if (done | {at}, after) not in tried:
                tried.add((done | {at}, after))
                waiting.append((done | {at}, after, (*order, at)))
        if len(tried) > MOST_TRIED:
            raise RuntimeError("this history has too many orders to try")
        if len(done) == len(calls):
            return [calls[at] for at in order]
    return None


def _next(calls: Sequence[Call[O, A]], by_asking: Sequence[int], done: frozenset[int]) -> list[int]:
    """Return the calls that were made before any of the others left was answered."""
    left = [at for at in by_asking if at not in done]
    first_answer = min((calls[at].answered_at for at in left), default=0.0)
    return [at for at in left if calls[at].asked_at <= first_answer]
