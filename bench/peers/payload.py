"""The message that every contestant sends: a frame of our own, with room for its numbers."""

import re
from dataclasses import dataclass

from bench.page import payload_of
from server.live.websocket_frame import text_frame

FIRST = 1_000_000  # seven digits, now and after every change of a run
_NUMBERS = re.compile(r'"after":\d+,"seq":\d+')


@dataclass(frozen=True, slots=True)
class Payload:
    """A text whose numbers are always as wide as each other's."""

    head: str
    tail: str

    @classmethod
    def like(cls, frame: bytes) -> "Payload":
        """Return the payload of one of our own frames of one change."""
        head, tail = _NUMBERS.split(payload_of(frame).decode(), maxsplit=1)
        return cls(head, tail)

    def text(self, seq: int) -> str:
        """Return the message of one change."""
        return f'{self.head}"after":{seq - 1},"seq":{seq}{self.tail}'

    def framed(self) -> tuple[bytes, int, int]:
        """Return it as a WebSocket frame, and where in it its two numbers are."""
        frame = text_frame(self.text(FIRST + 1).encode())
        after = frame.index(b'"after":') + len(b'"after":')
        return frame, after, frame.index(b'"seq":') + len(b'"seq":')
