"""A patient is taken out of all groups while their page is open: what goes on goes on, before their eyes."""

from playwright.async_api import expect

from dispatch.people import system_actor
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.usecases.groups import AddMember, RemoveMember, add_member, remove_member
from dispatch.vocabulary import GroupKind
from tests.journeys.console import LIVE, Console


async def test_who_is_taken_out_of_all_groups_keeps_a_live_page_and_their_visit(
    console: Console,
) -> None:
    # S59 S67 S88 V2
    await console.desk.ask("Jordan Park")
    lee = await console.open("Lee Chen", "/dashboard")
    jordan = await console.open("Jordan Park", "/requests")
    ask = jordan.get_by_role("link", name="Ask to be seen")
    await expect(ask).to_be_visible()
    who = console.desk.people["Jordan Park"]
    system = system_actor(console.desk.account)
    for group in who.asks_in:
        leave = RemoveMember(GroupKind.PATIENTS, group, who.person_id)
        await console.desk.store.perform(remove_member, leave, system)
    await expect(ask).to_be_hidden()
    await expect(jordan.locator(LIVE).first).to_be_attached()
    await expect(jordan.get_by_role("link", name="My visits").first).to_be_visible()
    await lee.get_by_role("button", name="Accept", exact=True).click()
    await jordan.get_by_role("button", name="Enter waiting room").click()
    await expect(jordan.get_by_text("You are in the waiting room")).to_be_visible()
    await expect(lee.get_by_role("button", name="Join session")).to_be_visible()
    await lee.get_by_role("button", name="Join session").click()
    await expect(jordan).to_have_title("Join your visit · Dispatch")
    await jordan.goto("/requests")
    await expect(jordan.locator(LIVE).first).to_be_attached()
    for group in who.asks_in:
        back = AddMember(GroupKind.PATIENTS, group, who.person_id)
        await console.desk.store.perform(add_member, back, system)
    await expect(ask).to_be_visible()


async def test_the_offer_to_ask_goes_with_the_last_clinic_and_comes_back_with_it(
    console: Console,
) -> None:
    # S85 S87: on a page that nobody touches
    jordan = await console.open("Jordan Park", "/requests")
    ask = jordan.get_by_role("link", name="Ask to be seen")
    await expect(ask).to_be_visible()
    system = system_actor(console.desk.account)
    clinics = [clinic.id for clinic in console.desk.clinics.values()]
    for clinic in clinics:
        await console.desk.store.perform(archive_clinic, ArchiveClinic(clinic), system)
    await expect(ask).to_be_hidden()
    await expect(jordan.get_by_text("No clinic takes new requests from you now.")).to_be_visible()
    for clinic in clinics:
        await console.desk.store.perform(restore_clinic, RestoreClinic(clinic), system)
    await expect(ask).to_be_visible()
    await expect(jordan.locator(LIVE).first).to_be_attached()
