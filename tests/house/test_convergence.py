"""Page before, plus what its socket was told, is page after: for every use case and everybody who looks.

S85 S87 S90: nothing that any page shows changes without that page being told, whatever the post does.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.builders import NOON
from tests.deeds import every_use_case
from tests.house import (
    convergence_account,
    convergence_answers,
    convergence_booking,
    convergence_calendar,
    convergence_forms,
    convergence_history,
    convergence_links,
    convergence_office,
    convergence_people,
    convergence_post,
    convergence_scenes,
    convergence_visits,
    convergence_words,
)
from tests.house.convergence_browser import REPLAY, SHOW, recording, showing
from tests.house.convergence_day import LONGEST, Day
from tests.house.convergence_dialogs import open_dialogs, untold
from tests.house.convergence_follow import KINDS, compared, open_all
from tests.house.convergence_offers import not_sent_away, of_asking, open_for_everybody
from tests.house.convergence_old_links import answered_cards, cards_and_office, of_office
from tests.house.convergence_stage import SCENES
from tests.house.convergence_world import World, found_town
from tests.js.conftest import Stage
from tests.web.northside import Northside

ROOMS = (
    convergence_booking,
    convergence_account,
    convergence_calendar,
    convergence_answers,
    convergence_history,
    convergence_links,
    convergence_office,
    convergence_people,
    convergence_forms,
    convergence_post,
    convergence_scenes,
    convergence_visits,
    convergence_words,
)  # they fill SCENES


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Northside, Path]:
    file = tmp_path_factory.mktemp("town") / "dispatch.db"
    return asyncio.run(found_town(file)), file


@pytest.fixture
async def world(town: tuple[Northside, Path], tmp_path: Path) -> AsyncIterator[World]:
    founded, file = town
    world = World(founded, file, tmp_path)
    try:
        yield await world.open()
    finally:
        world.close()


OFFICE = sorted(SCENES.items())


def test_every_use_case_has_its_scene() -> None:
    assert {*every_use_case().values()} == {usecase for usecase, _ in SCENES.values()}


@pytest.mark.parametrize("name", sorted(SCENES))
async def test_every_page_ends_as_a_fresh_one(world: World, name: str) -> None:
    # S64 S85 S87 S88 S90
    _, play = SCENES[name]
    from_the_start = await open_all(world, ("dropped", "reordered"))
    steps = play(world)
    await anext(steps)
    just_before = await open_all(world, KINDS)
    at = world.clock.now()
    dialogs = await open_dialogs(world, at)
    with pytest.raises(StopAsyncIteration):
        await anext(steps)
    found = await untold(world, dialogs, at)
    found += await compared(world, [*from_the_start, *just_before])
    assert not found, "\n".join(found[:12])


@pytest.mark.parametrize("name", [name for name, (usecase, _) in OFFICE if of_office(usecase)])
async def test_what_no_old_link_is_told_of_changes_no_card(world: World, name: str) -> None:
    # S85: pages behind old links are given their cards anew after the rest of what the office says
    await answered_cards(world)
    steps = SCENES[name][1](world)
    await anext(steps)
    await world.live.old_links.refresh()
    at = world.clock.now()
    before = await cards_and_office(world, at)
    with pytest.raises(StopAsyncIteration):
        await anext(steps)
    cards, office = await cards_and_office(world, at)
    is_untold = office != before[1] and not world.live.old_links.is_due
    assert not is_untold or cards == before[0]


@pytest.mark.parametrize("name", [name for name, (usecase, _) in OFFICE if of_asking(usecase)])
async def test_whose_page_offers_to_ask_otherwise_than_before_is_sent_to_load_anew(
    world: World, name: str
) -> None:
    # S85 S87: what a page offers beside its streams is known by the word of its rights
    steps = SCENES[name][1](world)
    await anext(steps)
    pages = await open_for_everybody(world)
    with pytest.raises(StopAsyncIteration):
        await anext(steps)
    await world.live.rounds.check_due()
    assert await not_sent_away(world, pages) == []


SEEDS = (11, 42, 1848)


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_a_day_by_chance_every_page_is_a_fresh_one(world: World, seed: int) -> None:
    # F30 S65 S85 S90: many people, refusals included, with mail lost, doubled and out of order
    day = Day(world, seed)
    followers = await open_all(world, ("straight", "stormy"), seed)
    found: list[str] = []
    for count in range(1, 46):
        at = world.clock.now()
        dialogs = await open_dialogs(world, at)
        await day.step()
        found += await untold(world, dialogs, at)
        if count % 15 == 0:
            some = followers if count == 45 else day.chance.sample(followers, len(followers) // 3)
            found += await compared(world, some)
            assert not found, f"seed {seed} after {day.done}:\n" + "\n".join(found[:8])
    assert world.clock.now() - NOON < LONGEST
    refused = {"nothing", "not_found", "not_allowed", "invalid"}
    assert sum(came.rpartition(" ")[2] not in refused for came in day.done) > 15, day.done


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    context = await browser.new_context()
    staged = Stage(context)
    yield staged
    await context.close()
    assert staged.accidents == []


async def test_the_scripts_make_of_a_stormy_day_what_the_twin_makes_of_it(
    world: World, stage: Stage
) -> None:
    # S85 S90: the twin above may stand for the page, for both come to the same after each message
    day = Day(world, 7)
    followers = await open_all(world, ("straight", "stormy"), 7)
    for _ in range(40):
        await day.step()
    assert not await compared(world, followers)
    moved = [follower for follower in followers if len(follower.record) > 2]
    assert len(moved) > 40
    page = await stage.open()
    assert await page.evaluate(REPLAY, [recording(follower) for follower in moved]) == []
    shown = [showing(follower, await world.fresh(follower.audience.keys)) for follower in moved]
    wrong = await page.evaluate(SHOW, shown)
    assert not wrong, "\n\n".join(wrong[:3])
