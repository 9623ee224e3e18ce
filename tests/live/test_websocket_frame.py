"""Frames that we build ourselves are frames that a client understands."""

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from server.live.websocket_frame import payload_of, text_frame

SIZES = [0, 1, 2, 124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537, 70_000]


def decoded(frames: bytes) -> list[Frame]:
    client = ClientProtocol(parse_uri("ws://example.org/live"))
    client.state = State.OPEN
    client.receive_data(b"")
    client.parser = client.parse()
    next(client.parser)
    client.receive_data(frames)
    assert client.parser_exc is None
    return [event for event in client.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", SIZES)
def test_a_client_reads_what_was_framed(size: int) -> None:
    text = ("é" * (size // 2) + "x" * (size % 2)).encode()
    assert len(text) == size
    [frame] = decoded(text_frame(text))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, text)


def test_frames_written_together_are_read_apart() -> None:
    texts = [b"x" * size for size in range(0, 70_001, 1_000)]
    found = decoded(b"".join(map(text_frame, texts)))
    assert [bytes(frame.data) for frame in found] == texts


@pytest.mark.parametrize("size", SIZES)
def test_the_text_is_found_again(size: int) -> None:
    assert payload_of(text_frame(b"y" * size)) == b"y" * size
