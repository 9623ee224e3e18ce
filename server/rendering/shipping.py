"""What is shipped to browsers, and the one word for all of it: another content, another release."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from server.rendering.joining import Joiner


class Shipped:
    """Every static file as it is sent.

    A page asks for one script and one sheet, those of its kind in ``pages/``, which hold all that
    they import (decision 26).
    """

    def __init__(self, static: Path) -> None:
        joiner = Joiner()
        joined = {"js/pages": joiner.script, "css/pages": joiner.sheet}
        self.files: dict[str, bytes] = {}
        for path in sorted(path for path in static.rglob("*") if path.is_file()):
            name = path.relative_to(static)
            join = joined.get(name.parent.as_posix())
            self.files[name.as_posix()] = join(path).encode() if join else path.read_bytes()
        self.release = _release(self.files)
        self._packed: dict[str, bytes] = {}

    def packed(self, path: str) -> bytes:
        """Return a file as gzip: packed once, when the first browser asks for it."""
        if path not in self._packed:
            self._packed[path] = gzip.compress(self.files[path], mtime=0)
        return self._packed[path]


@cache
def shipped(static: Path) -> Shipped:
    """Return what this process ships; it is read once, as the templates are."""
    return Shipped(static)


def _release(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
