"""What a browser sends is the same message however the network cut it, or no message at all."""

import tracemalloc

import pytest
from websockets.frames import CloseCode, Opcode

from server.live.incoming import Incoming, IncomingError, code_of
from tests.live.serving import masked

TEXT, PING = Opcode.TEXT, Opcode.PING
SAID = {
    "one": (masked(b"hello"), [(TEXT, b"hello")]),
    "none": (masked(b""), [(TEXT, b"")]),
    "two": (masked(b"a") + masked(b"b"), [(TEXT, b"a"), (TEXT, b"b")]),
    "bytes": (masked(b"\xff", 0x82), [(Opcode.BINARY, b"\xff")]),
    "long": (masked(b"x" * 1000), [(TEXT, b"x" * 1000)]),
    "pieces": (
        masked(b"\xc3", 0x01) + masked(b"", 0x00) + masked(b"\xa9!", 0x80),
        [(TEXT, "é!".encode())],
    ),
    "a ping between pieces": (
        masked(b"a", 0x01) + masked(b"?", 0x89) + masked(b"b", 0x80),
        [(PING, b"?"), (TEXT, b"ab")],
    ),
    "a farewell": (masked(b"\x03\xe8", 0x88), [(Opcode.CLOSE, b"\x03\xe8")]),
}


@pytest.mark.parametrize(("sent", "expected"), SAID.values(), ids=SAID.keys())
def test_a_message_is_whole_however_it_was_cut(
    sent: bytes, expected: list[tuple[Opcode, bytes]]
) -> None:
    for size in (1, 2, 3, 5, len(sent)):
        incoming = Incoming(1000)
        cuts = [sent[start : start + size] for start in range(0, len(sent), size)]
        assert [heard for cut in cuts for heard in incoming.hear(cut)] == expected
        held = [incoming._buffer, incoming._parsing, incoming._pieces]
        assert held == [None, None, None], "an idle socket holds nothing"


def test_a_message_in_thousands_of_empty_pieces_weighs_nothing() -> None:
    incoming = Incoming(1000)
    empty = masked(b"", 0x00) * 1000
    assert list(incoming.hear(masked(b"", 0x01))) == []
    tracemalloc.start()
    for _ in range(20):
        assert list(incoming.hear(empty)) == []
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 50_000, "nobody makes us hold more than a message may weigh"
    assert list(incoming.hear(masked(b"hi", 0x80))) == [(TEXT, b"hi")]


def test_the_mask_is_taken_off() -> None:
    masked_hi = bytes((0x81, 0x82, 1, 2, 3, 4, ord("h") ^ 1, ord("i") ^ 2))
    assert list(Incoming(10).hear(masked_hi)) == [(TEXT, b"hi")]


REFUSED = {
    "a piece of nothing": (masked(b"x", 0x80), CloseCode.PROTOCOL_ERROR),
    "a message inside a message": (
        masked(b"x", 0x01) + masked(b"y"),
        CloseCode.PROTOCOL_ERROR,
    ),
    "a ping in pieces": (masked(b"x", 0x09), CloseCode.PROTOCOL_ERROR),
    "a long ping": (masked(b"x" * 126, 0x89), CloseCode.PROTOCOL_ERROR),
    "too long by one": (masked(b"x" * 1001), CloseCode.MESSAGE_TOO_BIG),
    "too long by a piece": (
        masked(b"x" * 1000, 0x01) + masked(b"x", 0x80),
        CloseCode.MESSAGE_TOO_BIG,
    ),
    "no text": (masked(b"\xff"), CloseCode.INVALID_DATA),
}


@pytest.mark.parametrize(("sent", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused_after_what_did(sent: bytes, code: CloseCode) -> None:
    hearing = Incoming(1000).hear(masked(b"before") + sent)
    assert next(hearing) == (TEXT, b"before")
    with pytest.raises(IncomingError) as refused:
        next(hearing)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("farewell", "code"), [(b"", 1005), (b"\x03\xe8", 1000), (b"\x0f\xa1bye", 4001)]
)
def test_a_farewell_has_a_code(farewell: bytes, code: int) -> None:
    assert code_of(farewell) == code


@pytest.mark.parametrize("farewell", [b"\x03", b"\x03\xed", b"\x00\x00", b"\x03\xe8\xff"])
def test_a_farewell_that_nobody_may_send_is_refused(farewell: bytes) -> None:
    with pytest.raises(IncomingError):
        code_of(farewell)
