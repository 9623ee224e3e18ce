"""The checker itself: it explains what could have happened, and refuses what could not."""

import random
from collections.abc import Sequence

import pytest

from tests.races.linear import Call, one_order
from tests.races.waiting_request import (
    CHANGED,
    DONE,
    WAS_SO,
    Press,
    Told,
    Waiting,
    press,
    understood,
)

At = tuple[float, float]
Row = tuple[At, Press, Told]
ALL: At = (0, 10)  # everybody at once


def explained(rows: Sequence[Row]) -> bool:
    calls = [Call(*at, operation, answer) for at, operation, answer in rows]
    order = one_order(calls, Waiting(), press)
    if order is not None:
        assert sorted(map(id, order)) == sorted(map(id, calls))
    return order is not None


def accept(who: str, version: int = 1) -> Press:
    return Press("accept", who, version)


GOOD: dict[str, list[Row]] = {
    "nothing happened": [],
    "one wins": [(ALL, accept("A"), DONE), (ALL, accept("B"), Told("accepted", "A"))],
    "the answer comes before the winner's": [
        ((0, 9), accept("A"), DONE),
        ((1, 2), accept("B"), Told("accepted", "A")),
    ],
    "a claim between two others": [
        ((0, 1), Press("claim", "A"), DONE),
        ((2, 3), Press("claim", "B"), Told("assigning", "A")),
        ((4, 5), Press("take over", "B"), DONE),
        ((6, 7), Press("claim", "A"), Told("assigning", "B")),
        ((8, 9), accept("C"), DONE),
    ],
    "declining, taken back, accepted with the third version": [
        (ALL, Press("decline", "A"), DONE),
        (ALL, accept("B"), Told("declining", "A")),
        (ALL, Press("undo", "C"), DONE),
        (ALL, accept("D"), CHANGED),
        (ALL, accept("E", 3), DONE),
    ],
    "withdrawn twice": [
        (ALL, Press("withdraw", "P"), DONE),
        (ALL, Press("withdraw", "P"), WAS_SO),
        (ALL, accept("A"), Told("withdrew", "P")),
    ],
}
BAD: dict[str, list[Row]] = {
    "two win": [(ALL, accept("A"), DONE), (ALL, accept("B"), DONE)],
    "a loser is told of somebody who did not win": [
        (ALL, accept("A"), DONE),
        (ALL, accept("B"), Told("accepted", "C")),
    ],
    "nobody wins and somebody is told so": [(ALL, accept("B"), Told("accepted", "A"))],
    "told of a winner who had not pressed yet": [
        ((0, 1), accept("B"), Told("accepted", "A")),
        ((2, 3), accept("A"), DONE),
    ],
    "a claim seen after it was taken over": [
        ((0, 1), Press("claim", "A"), DONE),
        ((2, 3), Press("take over", "B"), DONE),
        ((4, 5), Press("claim", "C"), Told("assigning", "A")),
    ],
    "two claims that see each other": [
        (ALL, Press("claim", "A"), Told("assigning", "B")),
        (ALL, Press("claim", "B"), Told("assigning", "A")),
    ],
    "an accept that overlooks the decline": [
        ((0, 1), Press("decline", "A"), DONE),
        ((2, 3), accept("B"), DONE),
    ],
    "accepted and withdrawn": [(ALL, accept("A"), DONE), (ALL, Press("withdraw", "P"), DONE)],
    "an answer that nobody foresaw": [(ALL, accept("A"), Told("500: sorry"))],
}


@pytest.mark.parametrize("history", GOOD)
def test_what_could_have_happened_is_explained(history: str) -> None:
    assert explained(GOOD[history])


@pytest.mark.parametrize("history", BAD)
def test_what_could_not_have_happened_is_refused(history: str) -> None:
    assert not explained(BAD[history])


@pytest.mark.parametrize("seed", range(20))
def test_a_long_true_history_is_explained_and_one_changed_answer_is_not(seed: int) -> None:
    chance = random.Random(seed)
    request, rows, now = Waiting(), [], 0.0
    for n in range(100):
        verbs = (
            ["claim", "take over", "decline", "undo", "accept"]
            if n < 80
            else ["accept", "withdraw"]
        )
        verb = chance.choices(verbs, [30, 10, 4, 4, 1][: len(verbs)])[0]
        operation = Press(verb, f"P{n}", request.version)  # type: ignore[arg-type]
        now += 1
        request, answer = press(request, operation)
        early, late = chance.uniform(0, 8), chance.uniform(0, 8)
        rows.append(((now - early, now + late), operation, answer))
    assert explained(rows)
    losers = [at for at, row in enumerate(rows) if row[2].what in ("accepted", "withdrew")]
    at = chance.choice(losers)
    rows[at] = (*rows[at][:2], DONE)
    assert not explained(rows)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Racer 12 accepted this at 4:10pm EDT.", Told("accepted", "Racer 12")),
        ("Racer 12 accepted this for Racer 3 at 4:10pm EDT.", Told("accepted", "Racer 12")),
        ("Racer 1 withdrew this at 4:10pm EDT.", Told("withdrew", "Racer 1")),
        ("This request was accepted at 4:10pm EDT.", Told("accepted")),
        (
            "Racer 1 is declining this request. Undo that first, or accept again.",
            Told("declining", "Racer 1"),
        ),
        ("Sorry.", Told("409: Sorry.")),
    ],
)
def test_a_sentence_is_understood(sentence: str, told: Told) -> None:
    assert understood(409, sentence) == told
