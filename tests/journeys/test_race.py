"""Fifty people press at the same instant: one has it, the others read who was first (S65)."""

from collections.abc import Sequence

from tests.journeys.console import Console
from tests.races.race import gather_at, race

SEED = 20261123


async def test_of_fifty_who_press_at_once_one_has_it_and_every_answer_fits_one_order(
    console: Console,
) -> None:
    # F23 S65 I5, on SQLite in one process; two workers on PostgreSQL are in tests/cluster/test_race.py
    async def rows(query: str) -> Sequence[tuple[object, ...]]:
        return console.rows(query)

    north = console.desk.clinics["Northside"]
    async with gather_at(console.desk.store, north, [console.address], rows) as field:
        report = await race(field, rounds=20, seed=SEED)
    assert report.rounds == 20
    assert report.calls == 10 * 50 + 10 * 52
    assert len(report.winners) > 1, "the same person each time is no race"
    assert {"done", "accepted", "assigning", "declining"} <= set(report.told)


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
