"""What one message on the wire says: who beats, since when, and which streams moved; no more."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 8192  # bytes; what is longer was not written here
MOST_WORDS = 100  # in one message, which then is far shorter than that

_BEAT = re.compile(rb"beat:([0-9a-f]{16}):([0-9]{1,15})")
_WORD = re.compile(rb"([a-z]{1,16}(?::[0-9]{1,18})?):([1-9][0-9]{0,14})")


@dataclass(frozen=True, slots=True)
class Said:
    """One message: ``beat:<worker>:<milliseconds> <stream>:<seq> <stream>:<seq>``.

    The milliseconds are the worker's own and mean something to it alone: a beat that comes back
    late is no sign of life.
    """

    worker: str  # empty: nobody's beat
    at: int
    heads: Mapping[str, int]


def write(worker: str, at: int, heads: Mapping[str, int]) -> str:
    """Return the message; without heads it is a heartbeat and nothing else."""
    return " ".join([f"beat:{worker}:{at}", *(f"{stream}:{seq}" for stream, seq in heads.items())])


def read(payload: bytes) -> Said:
    """Return what the message says; whatever is not of our making says nothing."""
    worker, at = "", 0
    heads: dict[str, int] = {}
    for word in payload.split(b" ") if len(payload) <= LONGEST else ():
        if beat := _BEAT.fullmatch(word):
            worker, at = beat[1].decode(), int(beat[2])
        elif moved := _WORD.fullmatch(word):
            stream, seq = moved[1].decode(), int(moved[2])
            heads[stream] = max(seq, heads.get(stream, 0))
    return Said(worker, at, heads)
