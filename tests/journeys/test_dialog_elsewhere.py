"""The Assign dialog in a real browser while others go on: in another clinic, and in the office."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from dispatch.people import system_actor
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.replies import WordDeclines, word_declines
from dispatch.vocabulary import DeclineReason, RequestNumber
from tests.journeys.board_dialog import assign, line, radio, soon
from tests.journeys.board_page import opened
from tests.journeys.desk_server import DeskServer, desk_server


@pytest.fixture
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[DeskServer]:
    async with desk_server(tmp_path, browser) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def test_what_another_clinic_does_with_a_shared_provider_shows_in_an_open_dialog(
    desk: DeskServer,
) -> None:  # S42 S55 S66 S87: long before the minute after which it would look by itself
    at = soon(5)
    await desk.desk.ask("Jordan Park", at, host="Ana Ruiz")
    dialog = await assign(await opened(desk, "Rosa Lind"))
    await radio(dialog, "Ana Ruiz").check()
    state = dialog.locator(".sheet__state")
    await expect(state).to_be_hidden()
    await desk.desk.ask("Mia Wells", at, clinic="Southside", host="Ana Ruiz", note="My rash")
    await expect(state).to_contain_text("at this time by 1 request in another clinic")
    ana = desk.desk.people["Ana Ruiz"].person_id
    theirs = AcceptRequest(RequestNumber(1002), 1, ana, at, "", frozenset({"unavailable"}))
    await desk.desk.does("Tom Vale", accept_request, theirs)
    await expect(state).to_be_hidden()
    near = line(dialog, "Ana Ruiz").locator(".near__session")
    await expect(near).to_contain_text("A session in another clinic")
    await expect(near).to_contain_text("Overlaps")
    for foreign in ("Mia Wells", "My rash", "Southside", "1002"):
        await expect(dialog.get_by_text(foreign)).to_have_count(0)


async def test_one_sentence_says_what_is_read_and_turns_with_the_reason(
    desk: DeskServer,
) -> None:  # S51 S57
    words = WordDeclines(
        desk.desk.clinics["Northside"].id,
        ((DeclineReason.DUPLICATE, "You asked us already."),),
    )
    await desk.desk.store.perform(word_declines, words, system_actor(desk.desk.account))
    await desk.desk.ask("Jordan Park")
    dialog = await assign(await opened(desk))
    await dialog.get_by_text("Decline…").click()
    read = dialog.locator(".declining__sentence:visible")
    await expect(read).to_have_count(1)
    await expect(read).to_contain_text("Jordan Park reads: “We can't take this request.”")
    await dialog.get_by_label("Already asked for").check()
    await expect(read).to_have_count(1)
    await expect(read).to_contain_text("Jordan Park reads: “You asked us already.”")


async def test_an_empty_group_offers_no_accept_until_somebody_joins_it(
    desk: DeskServer,
) -> None:  # S37 S41
    west = await desk.desk.open_clinic("Westside")
    await desk.desk.add("Wes Hale", schedules={west.id})
    await desk.desk.add("Pat Lowe", asks_in={west.patient_group.id})
    await desk.desk.ask("Pat Lowe", clinic="Westside")
    dialog = await assign(await opened(desk, "Wes Hale"))
    nobody, accept = (
        dialog.get_by_text("Nobody is in this host group"),
        dialog.get_by_text("Accept"),
    )
    await expect(nobody).to_be_visible()
    await expect(accept).to_be_hidden()
    await desk.desk.add("Ira Moon", hosts_in={west.host_group.id})
    await expect(line(dialog, "Ira Moon")).to_be_visible()
    await expect(nobody).to_have_count(0)
    await expect(accept).to_be_visible()


async def test_whoever_withdrew_it_meanwhile_is_said(desk: DeskServer) -> None:  # S64 S65
    number = await desk.desk.ask("Jordan Park")
    page = await opened(desk)
    await assign(page)
    await desk.desk.does("Jordan Park", withdraw_request, WithdrawRequest(number))
    ended = page.get_by_role("dialog", name="Request 1001 was withdrawn")
    await expect(ended).to_contain_text("Jordan Park withdrew this at")
