"""For which groups a provider answers, on their own page: its name, and what says there that they can."""

from dataclasses import replace

import pytest

from dispatch.stream import Projection
from dispatch.usecases.administration import CreateClinic
from dispatch.usecases.archive import ArchiveClinic, RestoreClinic
from dispatch.usecases.clinics import ChangeClinic
from dispatch.usecases.groups import RenameGroup
from dispatch.views import HostGroupRow
from dispatch.vocabulary import ClinicId, ClinicMode, GroupKind
from tests.builders import details_of
from tests.dispatch.desk import Desk
from tests.dispatch.pages import Page


def group(desk: Desk) -> HostGroupRow:
    """Return the evening's group as the page of one of its hosts shows it."""
    stream = f"hosts:{desk.evening.host_group.id}"
    [row] = [
        view
        for view in desk.snapshot(stream, Projection.HOST).views
        if isinstance(view, HostGroupRow)
    ]
    return row


def command(desk: Desk, name: str) -> object:
    evening, daytime = desk.evening, desk.daytime
    return {
        "renamed": RenameGroup(GroupKind.HOSTS, evening.host_group.id, "Night nurses"),
        "by calendar": ChangeClinic(evening.id, details_of(evening, mode=ClinicMode.CALENDAR)),
        "left by its clinic": ChangeClinic(
            evening.id, details_of(evening, host_group_id=daytime.host_group.id)
        ),
        "joined by a clinic": ChangeClinic(
            daytime.id, details_of(daytime, host_group_id=evening.host_group.id)
        ),
        "archived": ArchiveClinic(evening.id),
        "a second clinic": CreateClinic(
            replace(daytime, id=ClinicId(0), name="Weekend", host_group=evening.host_group)
        ),
    }[name]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("renamed", ("Night nurses", True, False)),
        ("by calendar", ("Evening Providers", False, True)),
        ("left by its clinic", ("Evening Providers", False, False)),
        ("joined by a clinic", ("Evening Providers", True, True)),
        ("archived", ("Evening Providers", False, False)),
        ("a second clinic", ("Evening Providers", True, True)),
    ],
)
def test_an_open_dashboard_is_told_of_it(
    desk: Desk, name: str, shown: tuple[str, bool, bool]
) -> None:
    # S39 S40 V5: by the toggle in clinics on demand, by slots where they go by calendar
    assert (group(desk).name, group(desk).by_toggle, group(desk).by_slots) == (
        "Evening Providers",
        True,
        False,
    )
    page = Page.open(desk, f"hosts:{desk.evening.host_group.id}", Projection.HOST)
    own = dict(desk.store.rows.heads)
    desk.does(desk.root, command(desk, name))
    row = page.follow(desk).entities[group(desk).entity]
    assert isinstance(row, HostGroupRow)
    assert (row.name, row.by_toggle, row.by_slots) == shown
    # one stream for all who are in it, however many they are
    for host in (desk.ada, desk.ben):
        stream = f"host:{host}"
        assert desk.store.rows.heads.get(stream) == own.get(stream)


def test_a_clinic_that_comes_back_counts_again(desk: Desk) -> None:
    desk.does(desk.root, ArchiveClinic(desk.evening.id))
    page = Page.open(desk, f"hosts:{desk.evening.host_group.id}", Projection.HOST)
    desk.does(desk.root, RestoreClinic(desk.evening.id))
    row = page.follow(desk).entities[group(desk).entity]
    assert isinstance(row, HostGroupRow)
    assert row.by_toggle
