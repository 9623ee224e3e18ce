"""What a page may say, and everything that it may not."""

import pytest

from dispatch.stream import Cursor, Projection
from server.live.messages import Asked, BrokenError, Hello, Ping, Resume, parse

MOST = 100
VIEW = (
    '{"view": "page", "stream": "clinic:3", "projection": "board", "seq": 810, "tag": "9f3c01aa"}'
)


def hello(views: str = VIEW, tab: str = '"f81d4fae7dec"') -> str:
    return f'{{"type": "hello", "tab": {tab}, "views": [{views}]}}'


def test_hello_names_the_tab_and_what_it_shows() -> None:
    asked = Asked("page", ("clinic:3", Projection.BOARD), Cursor(810, "9f3c01aa"))
    assert parse(hello(), MOST) == Hello("f81d4fae7dec", (asked,))


def test_hello_may_say_what_the_page_was_loaded_with() -> None:
    said = hello()[:-1] + ', "rights": "0123456789abcdef"}'
    message = parse(said, MOST)
    assert isinstance(message, Hello)
    assert message.rights == "0123456789abcdef"


def test_a_view_without_a_number_knows_nothing_yet() -> None:
    said = '{"type": "resume", "view": "dialog", "stream": "clinic:3", "projection": "board", "seq": null, "tag": ""}'
    message = parse(said, MOST)
    assert isinstance(message, Resume)
    assert message.asked.cursor is None


def test_ping_brings_its_own_time() -> None:
    assert parse('{"type": "ping", "t": 5321.25}', MOST) == Ping(5321.25)


BROKEN = {
    "nothing": "",
    "no JSON": "hello",
    "half": hello()[:-3],
    "NaN": '{"type": "ping", "t": NaN}',
    "a list": "[]",
    "a number": "7",
    "deep": "[" * 5000 + "]" * 5000,
    "deep objects": '{"a":' * 3000 + "1" + "}" * 3000,
    "no type": "{}",
    "a list as type": '{"type": ["hello"]}',
    "an unknown type": '{"type": "subscribe"}',
    "a ping without time": '{"type": "ping"}',
    "a ping with a word": '{"type": "ping", "t": "5"}',
    "a ping with true": '{"type": "ping", "t": true}',
    "a short tab": hello(tab='"short"'),
    "a tab with a line": hello(tab='"f81d4fae7dec\\n"'),
    "no tab": '{"type": "hello", "views": []}',
    "rights that are no word": hello()[:-1] + ', "rights": 7}',
    "rights that nobody gave out": hello()[:-1] + ', "rights": "0123"}',
    "a number as tab": hello(tab="12345678"),
    "views that are no list": '{"type": "hello", "tab": "f81d4fae7dec", "views": {}}',
    "a view that is no object": hello("7"),
    "too many views": hello(", ".join([VIEW] * (MOST + 1))),
    "a made-up projection": hello(VIEW.replace("board", "wall")),
    "a stream without number": hello(VIEW.replace("clinic:3", "clinic")),
    "control": hello(VIEW.replace("clinic:3", "control")),
    "a path as stream": hello(VIEW.replace("clinic:3", "../control")),
    "a long stream": hello(VIEW.replace("clinic:3", "clinic:" + "3" * 400)),
    "a negative number": hello(VIEW.replace("810", "-1")),
    "a huge number": hello(VIEW.replace("810", "9" * 300)),
    "more than a page counts": hello(VIEW.replace("810", str(2**53 + 1))),
    "a fraction": hello(VIEW.replace("810", "8.5")),
    "true as number": hello(VIEW.replace("810", "true")),
    "no tag": hello('{"view": "page", "stream": "clinic:3", "projection": "board", "seq": 1}'),
    "a foreign tag": hello(VIEW.replace("9f3c01aa", "<script>")),
    "an odd view": hello(VIEW.replace('"page"', '"Page 1"')),
    "a lone surrogate": '{"type": "ping", "t": "\\ud800"}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_anything_else_breaks_the_protocol(text: str) -> None:
    with pytest.raises(BrokenError) as broken:
        parse(text, MOST)
    assert broken.value.code == 4400
