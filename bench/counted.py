"""The console's own command, which says a line each time that it reads a whole board."""

import sys
from typing import Any

from dispatch.usecases import boards
from server.__main__ import main

SAID = b"a whole board was read\n"
_snapshot = boards.snapshot


def _saying(*arguments: Any) -> Any:
    sys.stdout.buffer.write(SAID)
    sys.stdout.buffer.flush()
    return _snapshot(*arguments)


if __name__ == "__main__":
    boards.snapshot = _saying
    sys.exit(main())
