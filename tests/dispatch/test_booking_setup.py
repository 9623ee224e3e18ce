"""An administrator opens and closes public calendars; nobody else does, and nothing is open before."""

from collections.abc import Callable

import pytest

from dispatch.booking import checked_slug, suggested_slug
from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.usecases.booking_setup import SetBooking, SetCalendar, SetEveryHost
from dispatch.usecases.groups import AddMember, RemoveMember
from dispatch.usecases.logins import SetDisabled
from dispatch.vocabulary import GroupKind, PersonId, ServiceId
from tests.builders import hours
from tests.dispatch.calendar_desk import TEN, a_desk, member, stranger
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def test_nothing_is_public_before_an_administrator_says_so() -> None:
    # S14
    desk = Desk()
    desk.open_slot(desk.ada, TEN, hours(2))
    with pytest.raises(NotFoundError):
        member(desk)
    with pytest.raises(NotFoundError):
        stranger(desk)


@pytest.mark.parametrize(
    "make",
    [
        lambda desk: SetBooking(True, frozenset({desk.daytime.services[0].id})),
        lambda desk: SetCalendar(desk.daytime.id, None, "daytime", True),
        lambda desk: SetEveryHost(desk.daytime.id, True),
    ],
)
def test_only_an_administrator_opens_calendars(make: Callable[[Desk], object]) -> None:
    # S14
    desk = Desk()
    for who in (desk.sam, desk.ada, desk.mia):
        with pytest.raises(NotAllowedError):
            desk.does(who, make(desk))
    assert not desk.store.rows.public_calendars


@pytest.mark.parametrize(
    "slug",
    ["", "a", "Day Time", "day--time", "-day", "day-", "tägl", "a" * 61, "a/b", "../x", "a.b"],
)
def test_an_address_that_cannot_be_read_aloud_is_refused(desk: Desk, slug: str) -> None:
    with pytest.raises(InvalidError) as refused:
        desk.does(desk.root, SetCalendar(desk.daytime.id, None, slug, True))
    assert refused.value.field == "slug"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tomasz Wójcik, PA", "tomasz-wojcik-pa"),
        ("Dr. Ada Berg", "dr-ada-berg"),
        ("李小龍", "calendar"),
        ("<b>--</b>", "b-b"),
        ("x" * 300, "x" * 55),
    ],
)
def test_a_name_suggests_an_address_that_can_be_used(name: str, slug: str) -> None:
    assert suggested_slug(name) == slug
    assert checked_slug(slug) == slug


def test_an_address_is_one_calendars_only(desk: Desk) -> None:
    with pytest.raises(InvalidError):
        desk.does(desk.root, SetCalendar(desk.daytime.id, None, "ADA", True))
    desk.does(desk.root, SetCalendar(desk.daytime.id, desk.ada, "dr-ada", True))
    desk.does(desk.root, SetCalendar(desk.daytime.id, None, "ada", True, True))
    assert member(desk, slug="dr-ada").number


def test_a_calendar_is_of_the_accounts_own_clinic_and_of_a_host_in_it(desk: Desk) -> None:
    for clinic, host in (
        (desk.foreign.id, None),
        (desk.daytime.id, desk.hal),
        (desk.daytime.id, desk.ben),
        (desk.daytime.id, desk.mia),
    ):
        with pytest.raises(NotFoundError):
            desk.does(desk.root, SetCalendar(clinic, host and PersonId(host), "xy", True))
    with pytest.raises(NotFoundError):
        desk.does(desk.root, SetEveryHost(desk.foreign.id, True))


def test_services_are_the_accounts_own_and_on_means_at_least_one(desk: Desk) -> None:
    for services in (frozenset({desk.foreign.services[0].id}), frozenset({ServiceId(999)})):
        with pytest.raises(InvalidError):
            desk.does(desk.root, SetBooking(True, services))
    with pytest.raises(InvalidError):
        desk.does(desk.root, SetBooking(True))
    desk.does(desk.root, SetBooking(False))


def test_turning_all_on_gives_addresses_and_turning_all_off_keeps_them(desk: Desk) -> None:
    desk.does(desk.root, SetEveryHost(desk.daytime.id, True))
    slugs = {c.slug for c in desk.store.rows.public_calendars.values() if c.is_on and c.host_id}
    assert slugs == {"ada", "dr-dan-ek"}
    desk.does(desk.root, SetEveryHost(desk.daytime.id, False))
    kept = [c for c in desk.store.rows.public_calendars.values() if c.host_id]
    assert {c.slug for c in kept} == slugs
    assert not any(c.is_on for c in kept)
    desk.does(desk.root, SetEveryHost(desk.evening.id, True))
    mine = [c.slug for c in desk.store.rows.public_calendars.values() if c.host_id == desk.ada]
    assert sorted(mine) == ["ada", "dr-ada-berg"]  # one in each clinic


@pytest.mark.parametrize("how", ["out of the group", "disabled"])
def test_whoever_was_away_when_all_were_closed_does_not_come_back_in_public(
    desk: Desk, how: str
) -> None:
    # S13
    group = desk.daytime.host_group.id

    def leave_or_return(*, is_back: bool) -> None:
        if how == "disabled":
            desk.does(desk.root, SetDisabled(desk.dan, not is_back))
        elif is_back:
            desk.does(desk.root, AddMember(GroupKind.HOSTS, group, desk.dan))
        else:
            desk.does(desk.root, RemoveMember(GroupKind.HOSTS, group, desk.dan))

    desk.does(desk.root, SetEveryHost(desk.daytime.id, True))
    leave_or_return(is_back=False)
    desk.does(desk.root, SetEveryHost(desk.daytime.id, False))
    leave_or_return(is_back=True)
    kept = {c.host_id: c.is_on for c in desk.store.rows.public_calendars.values() if c.host_id}
    assert kept[desk.dan] is False
    desk.does(desk.root, SetEveryHost(desk.daytime.id, True))
    kept = {c.host_id: c.is_on for c in desk.store.rows.public_calendars.values() if c.host_id}
    assert kept[desk.dan] is True
