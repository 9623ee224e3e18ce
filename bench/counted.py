"""The console's own command, which says a line each time that it reads a whole board."""

import sys
from datetime import datetime

from dispatch.ports import Reading
from dispatch.stream import Projection, Snapshot
from dispatch.usecases import boards
from server.__main__ import main

SAID = b"a whole board was read\n"
_snapshot = boards.snapshot


def _saying(reading: Reading, stream: str, projection: Projection, now: datetime) -> Snapshot:
    sys.stdout.buffer.write(SAID)
    sys.stdout.buffer.flush()
    return _snapshot(reading, stream, projection, now)


if __name__ == "__main__":
    boards.snapshot = _saying
    sys.exit(main())
