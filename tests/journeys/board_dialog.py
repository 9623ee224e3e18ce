"""Knows the Assign dialog in a browser: how it is opened, and its lines."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, expect


async def assign(page: Page, number: int = 1001) -> Locator:
    await page.get_by_role("button", name=f"Assign… request {number}").click()
    dialog = page.get_by_role("dialog", name=f"Assign request {number}")
    await expect(dialog).to_be_visible()
    return dialog


def line(dialog: Locator, name: str) -> Locator:
    return dialog.locator(".provider-option").filter(has_text=name)


def radio(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_role("radio", name=name)


def soon(hours: float) -> datetime:
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(microsecond=0)
