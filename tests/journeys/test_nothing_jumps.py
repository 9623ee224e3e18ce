"""What moves under the eyes of whoever reads: the browser's own measure, while a page loads and while it lives."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, accept_request
from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.refusal import DeclineRequest, UndoDecline, decline_request, undo_decline
from dispatch.usecases.visits import Arrive, StartVisit, arrive, start_visit
from dispatch.vocabulary import RequestNumber, SessionId
from tests.builders import hours
from tests.journeys.console import LIVE, Console

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NOTHING = 0.005  # what reports write as 0.00; a word that is told more exactly is less
MOST = 0.05  # of all changes together; half of what counts as good
WATCH = """
  window.shifts = [];
  const said = (box) => [box.x, box.y, box.width, box.height].map(Math.round).join(" ");
  const moved = ({ node, previousRect, currentRect }) =>
    `${node?.nodeName}.${node?.className} from ${said(previousRect)} to ${said(currentRect)}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput) window.shifts.push({ by: entry.value, what: entry.sources.map(moved) });
  }).observe({ type: "layout-shift", buffered: true });
"""
# Two frames and a turn: what has just changed is painted by then, and the observer was told.
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
# The page anew, as over a slow line to a browser that shows what it has: another element of its
# bar each time, painted before the next is there.
IN_PIECES = """async () => {
  const text = await (await fetch(location.href)).text();
  const [head, bar] = ["</head>", "</header>"].map((end) => text.indexOf(end) + end.length);
  const ends = [...text.matchAll(/<\\/[a-z-]+>/g)].map((end) => end.index + end[0].length);
  const stops = [...ends.filter((end) => head <= end && end <= bar), text.length];
  document.open();
  window.shifts.splice(0);
  for (const [nth, stop] of stops.entries()) {
    document.write(text.slice(stops[nth - 1] ?? 0, stop));
    await PAINTED_HERE;
  }
  document.close();
  return stops.length;
}""".replace("PAINTED_HERE", PAINTED)
ANYONE = frozenset({UNAVAILABLE, *(f"session:{n}" for n in range(1, 9))})


async def watched(console: Console, name: str, path: str, size: ViewportSize) -> Page:
    """Return a live page that has noted every shift since it began to load."""
    context = await console.enter(name, viewport=size)
    await context.add_init_script(WATCH)
    page = await context.new_page()
    await page.goto(path)
    await expect(page.locator(LIVE).first).to_be_attached()
    return page


async def shifts(page: Page) -> list[dict[str, Any]]:
    """Return what has moved since it was asked last."""
    await page.evaluate(PAINTED)
    found: list[dict[str, Any]] = await page.evaluate("window.shifts.splice(0)")
    return found


async def accept(console: Console, number: RequestNumber, host: str) -> None:
    who = console.desk.people[host].person_id
    version = await console.desk.version(number)
    command = AcceptRequest(number, version, who, confirmed=ANYONE)
    await console.desk.does("Rosa Lind", accept_request, command)


async def a_day(console: Console) -> None:
    """Two have been accepted, of whom one is in the waiting room; three wait, and Jordan."""
    desk = console.desk
    await desk.toggle("Lee Chen")
    for number, name in enumerate(("Ivy Moss", "Leo Finch"), start=1001):
        await desk.ask(name)
        await accept(console, RequestNumber(number), "Lee Chen")
    await desk.does("Ivy Moss", arrive, Arrive(SessionId(1)))
    for name in ("Mia Wells", "Noah Brook", "Zoe Hart"):
        await desk.ask(name, note="Since Monday")
    await desk.ask("Jordan Park")


def row(board: Page, number: int) -> Locator:
    return board.locator(f"[data-board] tr[data-number='{number}']")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_page_stands_still_while_it_loads_and_while_others_work(
    console: Console, size: ViewportSize
) -> None:
    # S31 S85 S87 S88
    desk = console.desk
    await a_day(console)
    mine = RequestNumber(1006)
    board, host, status, room = pages = [
        await watched(console, name, path, size)
        for name, path in (
            ("Tom Vale", "/scheduling/requests"),
            ("Lee Chen", "/dashboard"),
            ("Jordan Park", f"/requests/{mine}"),
            ("Ivy Moss", "/sessions/1"),
        )
    ]
    for page in pages:
        moved = await shifts(page)
        assert sum(each["by"] for each in moved) < NOTHING, moved

    await row(board, 1003).hover()  # where the pointer is, what leaves keeps its room
    await shifts(board)
    tab = "a-tab-of-rosa"
    await desk.toggle("Ana Ruiz")
    await expect(board.locator("[data-tally=available]")).to_have_text("2")
    await desk.ask("Ivy Moss", note="Another matter")
    await expect(row(board, 1007)).to_be_visible()
    await desk.does("Rosa Lind", claim_request, ClaimRequest(RequestNumber(1003), tab))
    await expect(row(board, 1003)).to_contain_text("Rosa Lind is assigning")
    await expect(host.get_by_text("Rosa Lind is assigning")).to_be_visible()
    await desk.does("Rosa Lind", claim_request, ClaimRequest(mine, tab))
    await expect(status.get_by_text("Being looked at now")).to_be_visible()
    await desk.ask("Leo Finch", console.clock.now() + hours(50), host="Lee Chen")
    await expect(row(board, 1008)).to_be_visible()
    await desk.does("Rosa Lind", decline_request, DeclineRequest(RequestNumber(1004), 1))
    await expect(row(board, 1004)).to_contain_text("is declining")
    await desk.does("Rosa Lind", undo_decline, UndoDecline(RequestNumber(1004)))
    await expect(row(board, 1004)).to_contain_text("Assign…")
    await accept(console, RequestNumber(1005), "Ana Ruiz")
    await expect(row(board, 1005)).to_contain_text("Accepted by Rosa Lind")
    await desk.does("Leo Finch", arrive, Arrive(SessionId(2)))
    await expect(host.locator("[data-waiting]")).to_contain_text("Leo Finch")
    await desk.does("Lee Chen", start_visit, StartVisit(SessionId(1)))
    await expect(room.get_by_role("link", name="Join your visit")).to_be_visible()

    for page in pages:
        moved = await shifts(page)
        assert sum(each["by"] for each in moved) <= MOST, moved


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_page_that_comes_in_pieces_stands_still(
    console: Console, size: ViewportSize
) -> None:
    # S31 S88
    await a_day(console)
    for name, path in (
        ("Tom Vale", "/scheduling/requests"),
        ("Lee Chen", "/dashboard"),
        ("Jordan Park", "/requests/1006"),
        ("Ruth Gold", "/admin"),
    ):
        context = await console.enter(name, viewport=size, bypass_csp=True)
        await context.add_init_script(WATCH)
        await context.route(lambda url: ".js" in url, lambda route: route.abort())
        page = await context.new_page()
        await page.goto(path)
        assert await page.evaluate(IN_PIECES) > 10
        moved = await shifts(page)
        assert sum(each["by"] for each in moved) < NOTHING, (path, moved)


async def test_a_filter_hides_lateness_in_a_line_that_had_its_room(console: Console) -> None:
    # S35
    desk = console.desk
    await desk.ask("Mia Wells", clinic="Southside")
    await desk.ask("Noah Brook")
    here = desk.clinics["Northside"].id
    board = await watched(console, "Sam Ortiz", f"/scheduling/requests?clinic={here}", DESK)
    line = board.locator("[data-line=elsewhere]")
    await expect(line).to_be_hidden()
    before = await row(board, 1002).bounding_box()
    console.clock.put_on(301)
    await board.reload()
    await expect(line).to_contain_text("1 request over target is hidden by your filter.")
    after = await row(board, 1002).bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]
