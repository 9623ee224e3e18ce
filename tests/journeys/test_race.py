"""Fifty people press Accept at the same instant: one has it, the others read who was first (S65)."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from dispatch.vocabulary import RequestNumber
from tests.journeys.console import Console

ROUNDS = 20
PEOPLE = 50
JSON = {"accept": "application/json"}
TOLD = re.compile(r"^(Racer \d+) accepted this( for Racer \d+)? at \d+:\d\d[ap]m E[SD]T\.$")


@pytest.fixture
async def crowd(console: Console) -> list[tuple[str, httpx2.AsyncClient]]:
    """Twenty-five schedulers and twenty-five hosts, each with a connection that is open already."""
    north = console.desk.clinics["Northside"]
    names = [f"Racer {n}" for n in range(PEOPLE)]
    for rank, name in enumerate(names):
        mine = {"schedules": {north.id}} if rank % 2 else {"hosts_in": {north.host_group.id}}
        await console.desk.add(name, **mine)
    clients = [(name, await console.client(name)) for name in names]
    await asyncio.gather(*(client.get("/sign-in") for _, client in clients))
    yield clients
    for _, client in clients:
        await client.aclose()


async def test_of_fifty_who_accept_at_once_one_has_it(
    console: Console, crowd: list[tuple[str, httpx2.AsyncClient]]
) -> None:
    hosts = [n for n, _ in crowd if console.desk.people[n].hosts_in]
    patients = ["Jordan Park", "Mia Wells", "Noah Brook", "Zoe Hart"]
    soon = datetime.now(UTC) + timedelta(days=2)
    winners: Counter[str] = Counter()
    for turn in range(ROUNDS):
        number = await console.desk.ask(patients[turn % 4], soon + timedelta(hours=turn))
        request = await console.request(number)

        async def press(rank: int, number: RequestNumber = number) -> httpx2.Response:
            name, client = crowd[rank]
            chosen = name if name in hosts else hosts[rank % len(hosts)]
            fields = {
                "version": "1",
                "host": str(console.desk.people[chosen].person_id),
                "time": request.times[0].isoformat(),  # noqa: B023 - awaited within the turn
                "confirm": "unavailable",
                "response": f"From {name}",
                "key": f"key-of-{name.replace(' ', '-')}-{number}",
            }
            return await client.post(f"/requests/{number}/acceptance", data=fields, headers=JSON)

        answers = await asyncio.gather(*(press(rank) for rank in range(PEOPLE)))
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses == {200: 1, 409: PEOPLE - 1}
        first = next(rank for rank, answer in enumerate(answers) if answer.status_code == 200)
        winner = crowd[first][0]
        winners[winner] += 1
        decided = (await console.request(number)).decision
        assert decided
        assert decided.by_id == console.desk.people[winner].person_id
        assert decided.response == f"From {winner}"
        for answer in answers[:first] + answers[first + 1 :]:
            refused = answer.json()
            told = TOLD.match(refused["sentence"])
            assert refused["code"] == "already_decided"
            assert told, refused["sentence"]
            assert told[1] == winner
        again = [await press(first), await press((first + 1) % PEOPLE)]  # the same key once more
        assert [answer.status_code for answer in again] == [200, 409]
        assert again[0].json()["was_there"] is True
    sessions = "SELECT request_id, count(*) FROM video_session GROUP BY 1"
    assert sorted(count for _, count in console.rows(sessions)) == [1] * ROUNDS
    invitations = "SELECT recipient_id, about_id, count(*) FROM outbox WHERE kind = 'invitation' GROUP BY 1, 2"
    assert [count for _, _, count in console.rows(invitations)] == [1] * ROUNDS
    assert len(winners) > 1, "the same person each time is no race"


async def test_a_plain_form_that_loses_shows_who_was_first_and_keeps_the_words(
    console: Console,
) -> None:
    number = await console.desk.ask("Jordan Park")
    lee = str(console.desk.people["Lee Chen"].person_id)
    rosa, sam = await console.client("Rosa Lind"), await console.client("Sam Ortiz")
    fields = {"version": "1", "host": lee, "time": "now", "confirm": "unavailable"}
    async with rosa, sam:
        won = await rosa.post(f"/requests/{number}/acceptance", data=fields)
        lost = await sam.post(
            f"/requests/{number}/acceptance", data=fields | {"response": "Typed by Sam"}
        )
    assert (won.status_code, lost.status_code) == (303, 409)
    assert "Rosa Lind accepted this for Lee Chen" in lost.text
    assert "Typed by Sam" in lost.text
    assert "Nothing was sent by you" in lost.text
