"""A time on somebody's clock: the hours that clocks skip, and those they show twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import InvalidError
from dispatch.local_time import edge_instant, shown_at, to_instant, zone_named


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def spoken(text: str) -> str:
    return at(text).strftime("%I:%M%p").lstrip("0").lower()


ORDINARY = [
    ("America/New_York", "2026-07-01T12:00", "2026-07-01T16:00"),
    ("America/New_York", "2026-12-01T12:00", "2026-12-01T17:00"),
    ("Europe/London", "2026-07-01T12:00", "2026-07-01T11:00"),
    ("Australia/Lord_Howe", "2026-07-01T12:00", "2026-07-01T01:30"),
    ("Australia/Lord_Howe", "2026-12-01T12:00", "2026-12-01T01:00"),
    ("Asia/Kathmandu", "2026-07-01T12:00", "2026-07-01T06:15"),
    ("Africa/Casablanca", "2026-07-01T12:00", "2026-07-01T11:00"),
    ("UTC", "2026-07-01T12:00", "2026-07-01T12:00"),
]
# zone, skipped, the next time that the clocks show, and the last before the gap
GAPS = [
    ("America/New_York", "2026-03-08T02:30", "2026-03-08T03:00", "2026-03-08T01:59"),
    ("America/New_York", "2026-03-08T02:00", "2026-03-08T03:00", "2026-03-08T01:59"),
    ("Europe/London", "2026-03-29T01:30", "2026-03-29T02:00", "2026-03-29T00:59"),
    ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-04T02:30", "2026-10-04T01:59"),
    ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T03:00", "2026-03-22T01:59"),
    ("Africa/Cairo", "2026-04-24T00:30", "2026-04-24T01:00", "2026-04-23T23:59"),  # midnight
    ("Pacific/Apia", "2011-12-30T12:00", "2011-12-31T00:00", "2011-12-29T23:59"),  # a whole day
]
# zone, shown twice, the first and the second instant
FOLDS = [
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T06:30"),
    ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-25T01:30"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),
    ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30", "2026-02-15T02:30"),
]


@pytest.mark.parametrize(("zone", "local", "utc"), ORDINARY)
def test_an_ordinary_time_is_one_instant_whichever_is_meant(
    zone: str, local: str, utc: str
) -> None:
    # S91 S92
    for later in (False, True):
        instant = to_instant(at(local), zone, later=later)
        assert instant == at(utc).replace(tzinfo=UTC)
        assert instant.utcoffset() == timedelta()
    assert len(shown_at(at(local), zone)) < 2


@pytest.mark.parametrize(("zone", "local", "after", "before"), GAPS)
def test_a_time_that_the_clocks_skip_is_refused_and_the_next_is_named(
    zone: str, local: str, after: str, before: str
) -> None:
    # S92
    for later in (False, True):
        with pytest.raises(InvalidError) as error:
            to_instant(at(local), zone, later=later, field="time2")
        assert error.value.field == "time2"
        assert f"skip {spoken(local)} that day" in error.value.sentence
        assert f"The next time there is {spoken(after)}" in error.value.sentence
    assert len(shown_at(at(local), zone)) < 2
    assert shown_at(at(local), zone) == ()
    assert to_instant(at(after), zone) - to_instant(at(before), zone) == timedelta(minutes=1)
    assert edge_instant(at(local), zone) == to_instant(at(after), zone)


def test_the_next_time_after_a_day_that_was_skipped_says_its_day() -> None:
    # S92: Samoa had no 30 December in 2011
    with pytest.raises(InvalidError, match="invalid") as error:
        to_instant(at("2011-12-30T12:00"), "Pacific/Apia")
    assert error.value.sentence.endswith("The next time there is 12:00am on 31 December.")


@pytest.mark.parametrize(("zone", "local", "first", "second"), FOLDS)
def test_of_a_time_that_is_shown_twice_it_is_asked_which_one_is_meant(
    zone: str, local: str, first: str, second: str
) -> None:
    # S92
    assert len(shown_at(at(local), zone)) == 2
    with pytest.raises(InvalidError) as error:
        to_instant(at(local), zone, field="time2")
    assert error.value.field == "time2_later"
    assert f"show {spoken(local)} twice" in error.value.sentence
    assert to_instant(at(local), zone, later=False) == at(first).replace(tzinfo=UTC)
    assert edge_instant(at(local), zone) == at(first).replace(tzinfo=UTC)
    assert to_instant(at(local), zone, later=True) == at(second).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "offsets"),
    [
        ("America/New_York", "2026-11-01T01:30", "first EDT (UTC-4), then EST (UTC-5)."),
        ("Europe/London", "2026-10-25T01:30", "first BST (UTC+1), then GMT (UTC+0)."),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "first UTC+11, then UTC+10:30."),
        ("America/St_Johns", "2026-11-01T01:30", "first NDT (UTC-2:30), then NST (UTC-3:30)."),
    ],
)
def test_which_of_two_equal_times_is_told_by_their_offsets(
    zone: str, local: str, offsets: str
) -> None:
    # S92
    with pytest.raises(InvalidError) as error:
        to_instant(at(local), zone)
    assert offsets in error.value.sentence


def test_kathmandu_never_changes_its_clocks() -> None:
    # S92
    noons = [datetime(2026, month, 15, 12) for month in range(1, 13)]  # noqa: DTZ001
    assert all(len(shown_at(noon, "Asia/Kathmandu")) == 1 for noon in noons)
    assert {to_instant(noon, "Asia/Kathmandu").strftime("%H:%M") for noon in noons} == {"06:15"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "../../etc/passwd",
        "/etc/localtime",
        "America",
        "UTC\x00",
        "x" * 5000,
        "Ünïcode",
    ],
)
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    # S92
    for ask in (lambda: zone_named(name), lambda: to_instant(at("2026-07-01T12:00"), name)):
        with pytest.raises(InvalidError) as error:
            ask()
        assert error.value.field == "zone"


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    st.sampled_from(sorted({zone for zone, *_ in ORDINARY})),
)
def test_what_is_shown_is_what_was_said(local: datetime, zone: str) -> None:
    # S92: an instant either reads as the wish, or the wish was refused
    for later in (False, True):
        try:
            instant = to_instant(local, zone, later=later)
        except InvalidError:
            continue
        assert instant.astimezone(zone_named(zone)).replace(tzinfo=None) == local
    if len(shown_at(local, zone)) == 2:
        assert to_instant(local, zone, later=False) < to_instant(local, zone, later=True)
