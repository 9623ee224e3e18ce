"""Each figure moves when its thing happens, and by as much as happened."""

import re
from datetime import timedelta

from dispatch.vocabulary import ClinicId
from server.clock import CorrectedClock
from server.health.figures import Figures
from server.settings import ROOT
from tests.builders import seconds
from tests.health.scrape import Scrape
from tests.health.ward import Ward

WHYS = ("new", "history", "behind", "lagging")


def moved(before: Scrape, after: Scrape, name: str, **labels: object) -> float:
    return after(name, **labels) - before(name, **labels)


async def test_what_waits_is_told_by_the_number_of_the_clinic(ward: Ward) -> None:
    now = ward.rig.town.now
    waiting = {ClinicId(7): (3, now - timedelta(seconds=90)), ClinicId(8): (0, None)}
    ward.database.waiting = waiting
    await ward.live_a_while()
    seen = ward.scrape()
    assert (seen("pending_requests", clinic=7), seen("oldest_pending_seconds", clinic=7)) == (3, 90)
    assert (seen("pending_requests", clinic=8), seen("oldest_pending_seconds", clinic=8)) == (0, 0)


async def test_with_the_database_away_a_scrape_tells_what_the_process_knows(ward: Ward) -> None:
    ward.database.waiting = {ClinicId(7): (3, ward.rig.town.now)}
    await ward.live_a_while()
    assert ward.scrape()("database_up") == 1
    ward.database.is_away = True
    await ward.live_a_while()
    seen = ward.scrape()
    assert (seen("database_up"), seen("ready"), seen("sockets")) == (0, 0, 0)
    assert not seen.has("pending_requests")  # what was true before is not told as true
    assert not seen.has("oldest_pending_seconds")


async def test_with_a_database_that_hangs_old_counts_are_not_told_either(ward: Ward) -> None:
    ward.database.waiting = {ClinicId(7): (3, ward.rig.town.now)}
    await ward.live_a_while()
    ward.database.hangs = True
    await ward.live_a_while(5)
    assert not ward.scrape().has("pending_requests")


async def test_sockets_and_those_whose_page_does_not_keep_up(ward: Ward) -> None:
    assert (ward.scrape()("sockets"), ward.scrape()("lagging_sockets")) == (0, 0)
    sam, wire = await ward.rig.sam_watches()
    wire.pause()
    assert (ward.scrape()("sockets"), ward.scrape()("lagging_sockets")) == (1, 1)
    wire.resume()
    assert (ward.scrape()("sockets"), ward.scrape()("lagging_sockets")) == (1, 0)
    ward.rig.hub.leave(sam)
    assert ward.scrape()("sockets") == 0


async def test_snapshots_by_their_reason_and_resumes(ward: Ward) -> None:
    before = ward.scrape()
    sam, _ = await ward.rig.sam_watches()
    seen = ward.scrape()
    assert [moved(before, seen, "snapshots_total", why=why) for why in WHYS] == [1, 0, 0, 0]
    cursor = ward.rig.hub.places[ward.rig.board]
    ward.rig.hub.leave(sam)
    back, _ = ward.rig.open(ward.rig.town.sam)
    await ward.rig.follow(back, ward.rig.board, cursor=cursor)
    seen = ward.scrape()
    assert moved(before, seen, "snapshots_total", why="new") == 1
    assert moved(before, seen, "resumes_total") == 1


async def test_a_change_is_timed_from_its_commit_to_its_write_once_for_all_sockets(
    ward: Ward,
) -> None:
    await ward.rig.sam_watches()
    sue, _ = ward.rig.open(ward.rig.town.sue)
    await ward.rig.follow(sue, ward.rig.board)
    before = ward.scrape()
    ward.rig.town.ask()
    ward.rig.town.clock.advance(timedelta(seconds=2))
    await ward.live_a_while()
    seen = ward.scrape()
    assert moved(before, seen, "commit_to_socket_seconds_count") == 1
    assert moved(before, seen, "commit_to_socket_seconds_sum") == 2
    assert moved(before, seen, "commit_to_socket_seconds_bucket", le="1.0") == 0
    assert moved(before, seen, "commit_to_socket_seconds_bucket", le="2.5") == 1


async def test_a_clock_behind_the_one_that_wrote_the_change_counts_as_no_time(ward: Ward) -> None:
    await ward.rig.sam_watches()
    before = ward.scrape()
    ward.rig.town.ask()
    ward.rig.town.clock.advance(timedelta(seconds=-2))
    await ward.live_a_while()
    seen = ward.scrape()
    assert moved(before, seen, "commit_to_socket_seconds_bucket", le="0.001") == 1
    assert moved(before, seen, "commit_to_socket_seconds_sum") == 0


async def test_a_wait_is_from_submission_to_decision_and_by_its_outcome(ward: Ward) -> None:
    town, before = ward.rig.town, ward.scrape()
    number = town.ask()
    town.clock.advance(timedelta(seconds=301))
    town.withdraw(number)
    ward.metrics.note_decided([town.request(number)])
    seen = ward.scrape()
    assert moved(before, seen, "wait_seconds_sum", outcome="withdrawn") == 301
    for bound, count in (("300.0", 0), ("480.0", 1)):
        counted = moved(before, seen, "wait_seconds_bucket", outcome="withdrawn", le=bound)
        assert counted == count
    assert moved(before, seen, "wait_seconds_count", outcome="accepted") == 0


async def test_a_change_that_no_bell_named_is_counted_as_found_by_poll(ward: Ward) -> None:  # S89
    await ward.rig.sam_watches()
    before = ward.scrape()
    ward.rig.town.ask()
    ward.rig.tailer.wake({ward.rig.board[0]: ward.rig.head(ward.rig.board[0]).seq})
    await ward.rig.tailer.catch_up()
    assert moved(before, ward.scrape(), "found_by_poll_total") == 0
    ward.rig.town.ask(by=ward.rig.town.omar)
    await ward.live_a_while()
    assert moved(before, ward.scrape(), "found_by_poll_total") == 1


async def test_a_hole_in_the_log_is_a_gap(ward: Ward) -> None:  # I1
    _, _ = await ward.rig.sam_watches()
    ward.rig.town.ask()
    before, rows = ward.scrape(), ward.rig.town.store.rows
    assert before("gaps_total") == 0
    stream = ward.rig.board[0]
    rows.log[stream] = rows.log[stream][:-1]  # its head says that there is one more
    await ward.live_a_while()
    assert moved(before, ward.scrape(), "gaps_total") == 1


async def test_the_bell_says_for_how_long_hints_were_missing(ward: Ward) -> None:
    ward.slower_seconds = 12.5
    assert ward.scrape()("degraded_seconds_total") == 12.5


async def test_the_age_of_the_tailer_grows_while_it_stands_still(ward: Ward) -> None:
    assert ward.scrape()("tailer_age_seconds") == 0
    await ward.live_a_while(3, tailer=False)
    assert ward.scrape()("tailer_age_seconds") == 3


async def test_every_figure_says_what_it_is_and_has_a_unit_or_counts(ward: Ward) -> None:
    await ward.rig.sam_watches()
    seen = ward.scrape()
    ours = {name: family for name, family in seen.families.items() if name.startswith("dispatch_")}
    assert all(family.documentation.endswith(".") for family in ours.values())
    assert not any(name.endswith(("_ms", "_minutes")) for name in ours)
    assert {family.type for family in ours.values()} == {"gauge", "counter", "histogram"}
    assert "process_cpu_seconds" in seen.families


async def test_the_document_names_every_figure_and_no_other(ward: Ward) -> None:
    ward.database.waiting = {ClinicId(7): (1, ward.rig.town.now)}
    await ward.live_a_while()
    told = {
        f"{one.name}_total" if one.type == "counter" else one.name
        for one in ward.scrape().families.values()
        if one.name.startswith("dispatch_") and not one.name.endswith("_created")
    }
    document = (ROOT / "docs" / "operations.md").read_text()
    table = document.partition("| figure |")[2].partition("\n\n")[0]
    assert set(re.findall(r"dispatch_\w+", table)) == told


async def test_a_machine_whose_clock_is_wrong_says_by_how_much(ward: Ward) -> None:
    clock = CorrectedClock(ward.rig.town.clock)
    clock.ahead = timedelta(minutes=-3)
    figures = Figures(ward.rig.live, ward, ward.watch, ward.readiness, clock)
    [told] = [each for each in figures.collect() if each.name == "dispatch_clock_corrected_seconds"]
    assert told.samples[0].value == -180


async def test_a_sweep_or_a_post_that_stands_still_is_seen_by_what_it_leaves(ward: Ward) -> None:
    now = ward.rig.town.now
    ward.database.due = (now + seconds(60), now + seconds(90))
    await ward.live_a_while()
    seen = ward.scrape()
    assert (seen("overdue_seconds"), seen("unsent_seconds")) == (0, 0)
    ward.database.due = (now - seconds(60), now - seconds(90))
    await ward.live_a_while()
    seen = ward.scrape()
    assert (seen("overdue_seconds"), seen("unsent_seconds")) == (60, 90)
    ward.database.is_away = True
    await ward.live_a_while()
    assert not ward.scrape().has("overdue_seconds"), "what was true before is not told as true"
