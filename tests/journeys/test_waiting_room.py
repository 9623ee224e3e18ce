"""A visit in real browsers: the patient waits, the host sees it, both end at the clinic's video."""

import pytest
from playwright.async_api import expect

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.sessions import (
    CancelSession,
    RescheduleSession,
    cancel_session,
    reschedule_session,
)
from dispatch.usecases.video import SetVideo, set_video
from dispatch.usecases.visits import Arrive, Depart, StartVisit, arrive, depart, start_visit
from dispatch.video import VideoSetting
from dispatch.vocabulary import SessionId, SessionStatus, VideoKind
from tests.builders import hours, minutes
from tests.journeys.console import ADMINISTRATOR, Console

VIDEO = "/healthz?visit="  # a page of this site stands for the clinic's video
PHONE = {"viewport": {"width": 390, "height": 844}}


async def status(console: Console) -> str:
    ((found,),) = console.rows("SELECT status FROM video_session")
    return str(found)


async def meets_here(console: Console) -> None:
    """Have the clinic's video be a page of this site."""
    clinic = console.desk.clinics["Northside"].id
    setting = VideoSetting(clinic, VideoKind.ADDRESS, f"{VIDEO}{{room}}")
    await console.desk.does(ADMINISTRATOR, set_video, SetVideo(setting))


def at_video(url: str) -> bool:
    return VIDEO in url


@pytest.mark.parametrize("enters", [True, False], ids=["accept and enter", "accept, then join"])
async def test_from_an_open_request_to_a_visit_that_is_over(console: Console, enters: bool) -> None:
    # S59 S88 V2 V6 V10
    await meets_here(console)
    await console.desk.ask("Jordan Park")
    lee = await console.open("Lee Chen", "/dashboard")
    jordan = await console.open("Jordan Park", "/requests/1001", **PHONE)
    if enters:
        await lee.get_by_role("button", name="Accept and enter").click()
        await lee.wait_for_url(at_video)
        await jordan.get_by_role("link", name="Join your visit").click()
    else:
        await lee.get_by_role("button", name="Accept", exact=True).click()
        await expect(lee.get_by_role("button", name="Start without waiting")).to_be_visible()
        await jordan.get_by_role("button", name="Enter waiting room").click()
        await expect(jordan.get_by_text("You are in the waiting room")).to_be_visible()
        await expect(lee.locator("[data-waiting]")).to_contain_text(
            "Jordan Park is in the waiting room."
        )
        await lee.get_by_role("button", name="Join session").click()
        await lee.wait_for_url(at_video)
        await expect(jordan).to_have_title("Join your visit · Dispatch")
        await jordan.get_by_role("link", name="Join your visit").click()
    await jordan.wait_for_url(at_video)
    assert jordan.url == lee.url
    await lee.goto("/dashboard")
    await lee.get_by_role("button", name="End visit").click()
    await expect(lee.get_by_text("No sessions yet")).to_be_visible()
    assert await status(console) == SessionStatus.COMPLETED


async def test_a_closed_page_is_away_and_an_open_one_comes_back_by_itself(console: Console) -> None:
    # V10: dropping never ends the session; a page that is still there is sent in again
    await console.desk.ask("Jordan Park")
    lee = await console.open("Lee Chen", "/dashboard")
    await lee.get_by_role("button", name="Accept", exact=True).click()
    await expect(lee.get_by_role("button", name="Start without waiting")).to_be_visible()
    jordan = await console.open("Jordan Park", "/requests/1001")
    await jordan.get_by_role("button", name="Enter waiting room").click()
    await expect(lee.get_by_role("button", name="Join session")).to_be_visible()
    second = await jordan.context.new_page()
    await second.goto(jordan.url)  # the last page that came keeps the lease
    await expect(second.get_by_text("You are in the waiting room")).to_be_visible()
    await expect(second.locator("live-status").first).to_have_text("Live")
    await jordan.close()
    await expect(lee.get_by_role("button", name="Join session")).to_be_visible()
    await second.close()
    console.clock.put_on(6)
    await expect(lee.get_by_text("is away since")).to_be_visible(timeout=15_000)
    await expect(lee.locator("[data-waiting]")).to_be_hidden()
    assert await status(console) == SessionStatus.PATIENT_AWAY


async def test_who_leaves_stays_out_until_they_enter_again(console: Console) -> None:
    await console.desk.ask("Jordan Park")
    lee = await console.open("Lee Chen", "/dashboard")
    await lee.get_by_role("button", name="Accept", exact=True).click()
    jordan = await console.open("Jordan Park", "/requests/1001")
    await jordan.get_by_role("button", name="Enter waiting room").click()
    await jordan.get_by_role("button", name="Leave the waiting room").click()
    await expect(jordan.get_by_text("You left at")).to_be_visible()
    await expect(lee.get_by_text("is away since")).to_be_visible(timeout=15_000)
    await jordan.get_by_role("button", name="Enter waiting room").click()
    await expect(lee.get_by_role("button", name="Join session")).to_be_visible()


async def test_a_session_is_moved_without_scripts(console: Console) -> None:
    # V11
    await console.desk.ask("Jordan Park")
    lee = await console.open("Lee Chen", "/dashboard")
    await lee.get_by_role("button", name="Accept", exact=True).click()
    await expect(lee.get_by_role("button", name="Start without waiting")).to_be_visible()
    rosa = await console.enter("Rosa Lind", java_script_enabled=False)
    page = await rosa.new_page()
    await page.goto("/scheduling/sessions")
    await page.get_by_role("link", name="Manage session 1001").click()
    move = page.locator("form[action$='/time']")
    await move.get_by_label("Day").fill("2020-01-01")
    await move.get_by_role("button", name="Move the session").click()
    await expect(page.get_by_text("That time has passed. Choose another.")).to_be_visible()
    ahead = await page.locator("form[action$='/next']").get_by_label("Day").input_value()
    await page.locator("form[action$='/time']").get_by_label("Day").fill(ahead)
    await page.get_by_role("button", name="Move the session").click()
    await expect(page.get_by_text("The session is at another time now")).to_be_visible()
    await expect(lee.get_by_text("You can join from 10 minutes before.")).to_be_visible()


@pytest.mark.parametrize("who", ["Rosa Lind", "Lee Chen"])
async def test_who_manages_a_session_is_told_when_somebody_else_changes_it(
    console: Console, who: str
) -> None:
    # S85 V11
    times = [console.clock.now() + hours(n) for n in (26, 50)]
    for name, at in zip(("Jordan Park", "Mia Wells"), times, strict=True):
        number = await console.desk.ask(name, at)
        lee = console.desk.people["Lee Chen"].person_id
        accept = AcceptRequest(number, 1, lee, at, confirmed=frozenset({"unavailable"}))
        await console.desk.does("Rosa Lind", accept_request, accept)
    page = await console.open(who, "/sessions/1/manage")
    told = page.locator("#main [data-changed]")
    await expect(told).to_be_hidden()
    other = RescheduleSession(SessionId(2), 1, times[1] + hours(1))
    await console.desk.does("Sam Ortiz", reschedule_session, other)
    first = RescheduleSession(SessionId(1), 1, times[0] + hours(1))
    await console.desk.does("Sam Ortiz", reschedule_session, first)
    await expect(told).to_contain_text("This session changed while you had it open.")
    await expect(told).to_be_visible()
    await expect(page.locator("[data-only] > [data-entity]")).to_have_count(1)
    await page.get_by_role("link", name="See what is true now").click()
    await expect(told).to_be_hidden()
    await console.desk.does("Sam Ortiz", cancel_session, CancelSession(SessionId(1), 2))
    await expect(told).to_be_visible()


@pytest.mark.parametrize("who", ["Rosa Lind", "Lee Chen"])
async def test_who_manages_a_session_sees_the_patient_come_and_go_as_that(
    console: Console, who: str
) -> None:
    # V10 V11: it changes no plan, and no typed form has to be given up for it
    at = console.clock.now() + minutes(5)
    number = await console.desk.ask("Jordan Park", at)
    lee = console.desk.people["Lee Chen"].person_id
    accept = AcceptRequest(number, 1, lee, at, confirmed=frozenset({"unavailable"}))
    await console.desk.does("Rosa Lind", accept_request, accept)
    page = await console.open(who, "/sessions/1/manage")
    changed = page.locator("#main [data-changed]")
    came = page.locator("#main [data-coming=patient_waiting]")
    left = page.locator("#main [data-coming=patient_away]")
    standing = page.locator("[data-standing]")
    await expect(standing).to_have_text("Scheduled")
    await console.desk.does("Jordan Park", arrive, Arrive(SessionId(1)))
    await expect(came).to_have_text("Jordan Park is in the waiting room.")
    await expect(came).to_be_visible()
    await expect(standing).to_have_text("Patient waiting")
    await expect(page.locator("#announce-polite")).to_have_text(
        "Jordan Park is in the waiting room."
    )
    await console.desk.does("Jordan Park", depart, Depart(SessionId(1)))
    await expect(left).to_be_visible()
    await expect(came).to_be_hidden()
    await expect(standing).to_have_text("Patient away")
    await expect(changed).to_be_hidden()
    await console.desk.does("Lee Chen", start_visit, StartVisit(SessionId(1)))
    await expect(changed).to_be_visible()
    await expect(left).to_be_hidden()
