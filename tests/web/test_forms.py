"""A form is read strictly: every refusal names its field, and a local time becomes the right instant."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from starlette.requests import Request

from dispatch.errors import InvalidError
from dispatch.vocabulary import RequestType
from server.web.forms import MOST_FIELDS, Form, Problems, read_form

URLENCODED = "application/x-www-form-urlencoded"


def form(**fields: str) -> Form:
    return Form(list(fields.items()))


def sent(body: bytes, kind: str = URLENCODED) -> Request[Any]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return Request(scope, receive)


def refused_field(read: Any) -> str:
    with pytest.raises(InvalidError) as refused:
        read()
    assert refused.value.sentence
    return refused.value.field


async def test_text_comes_as_it_was_meant() -> None:
    body = b"note=line+one%0D%0Aline+two+%C3%A9&host=7&host=8&empty="
    read = await read_form(sent(body))
    assert read.text("note") == "line one\nline two é"
    assert read.many("host") == ("7", "8")
    assert read.text("host") == "8"
    assert read.text("empty") == read.text("missing") == ""


async def test_multipart_is_read_too_and_files_are_not() -> None:
    kind = "multipart/form-data; boundary=b"
    field = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\ncaf\xc3\xa9\r\n--b--\r\n'
    assert (await read_form(sent(field, kind))).text("note") == "café"
    file = field.replace(b'name="note"', b'name="note"; filename="a.txt"')
    with pytest.raises(InvalidError):
        await read_form(sent(file, kind))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"note=%FF%FE", URLENCODED),
        (b"note=\xc3\xa9", URLENCODED),
        (b"note=a%00b", URLENCODED),
        (b"n%00ote=a", URLENCODED),
        (b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1)), URLENCODED),
        (b'{"note": "x"}', "application/json"),
        (
            b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xff\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b"--c", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
    ],
)
async def test_what_is_no_readable_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(InvalidError):
        await read_form(sent(body, kind))


def test_limits_and_numbers_name_their_field() -> None:
    assert form(note="x" * 10).text("note", limit=10) == "x" * 10
    assert refused_field(lambda: form(note="x" * 11).text("note", limit=10)) == "note"
    assert form(host=" 12 ").integer("host") == 12
    assert form(host="").optional_integer("host") is None
    for wrong in ("-1", "1.5", "١٢", "0x10", "9" * 16, "twelve"):
        assert refused_field(lambda wrong=wrong: form(host=wrong).integer("host")) == "host"
    assert refused_field(lambda: form().integer("service")) == "service"


def test_a_choice_is_one_of_its_words() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert form(colour="red").choice("colour", Colour) is Colour.RED
    assert form(type="Now").choice("type", RequestType) is RequestType.NOW
    for wrong in ("Red", "", "RED"):
        assert refused_field(lambda wrong=wrong: form(colour=wrong).choice("colour", Colour))


def test_an_instant_carries_its_offset() -> None:
    read = form(time="2026-11-24T14:30:00-05:00").instant("time")
    assert read == datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    assert form(time="2026-11-24T19:30:00.000Z").instant("time") == read
    assert form().optional_instant("time") is None
    for wrong in (
        "",
        "2026-11-24T14:30",
        "soon",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
    ):
        assert refused_field(lambda wrong=wrong: form(time=wrong).instant("time")) == "time"


def test_ranked_local_times_become_instants_and_empty_ones_are_left_out() -> None:  # S6, V7
    typed = form(
        time1_date="2026-11-24",
        time1_time="14:30",
        time2_date="",
        time2_time="",
        time3="2026-07-01T09:00",
    )
    assert typed.local_instants(["time1", "time2", "time3"], "America/New_York") == (
        datetime(2026, 11, 24, 19, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 13, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"time1_date": "2026-11-24"},
        {"time1_time": "14:30"},
        {"time1": "2026-11-24"},
        {"time1": "2026-11-24T14:30Z"},
        {"time1": "0001-01-01T00:00"},
        {"time1_date": "24/11/2026", "time1_time": "14:30"},
    ],
)
def test_half_a_time_is_asked_for_again(fields: dict[str, str]) -> None:
    assert refused_field(lambda: form(**fields).local_instants(["time1"], "Asia/Tokyo")) == "time1"


def test_a_time_that_clocks_skip_is_refused_and_one_they_show_twice_is_chosen() -> None:  # S92
    zone = "America/New_York"
    skipped = form(time1="2027-03-14T02:30")
    with pytest.raises(InvalidError, match="invalid") as refused:
        skipped.local_instants(["time1"], zone)
    assert "The next time there is 3:00am." in refused.value.sentence
    for unsaid in ("", "1", "third"):
        twice = form(time1="2026-11-01T01:30", time1_later=unsaid)
        with pytest.raises(InvalidError, match="invalid") as asked:
            twice.local_instants(["time1"], zone)
        assert asked.value.field == "time1_later"
        assert "first EDT (UTC-4), then EST (UTC-5)" in asked.value.sentence
    said = (form(time1="2026-11-01T01:30", time1_later=which) for which in ("first", "second"))
    instants = [typed.local_instants(["time1"], zone)[0] for typed in said]
    assert [at.hour for at in instants] == [5, 6]


def test_only_a_key_that_nobody_can_guess_is_a_key() -> None:
    assert form(key="a" * 16).key == "a" * 16
    for wrong in ("short", "a" * 65, "a" * 15 + "!", ""):
        assert form(key=wrong).key is None


def test_every_mistake_is_found_at_once_and_the_first_of_a_field_is_kept() -> None:
    problems, typed = Problems(), form(host="x", note="y" * 9)
    assert problems.attempt(lambda: typed.integer("host")) is None
    assert problems.attempt(lambda: typed.integer("service")) is None
    assert problems.attempt(lambda: typed.text("note", limit=9)) == "y" * 9
    assert list(problems.by_field) == ["host", "service"]
