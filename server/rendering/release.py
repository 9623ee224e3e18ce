"""What is shipped to browsers, as one word: another file, another release."""

import hashlib
from pathlib import Path


def release_of(static: Path) -> str:
    """Return a hash of every static file's name and content."""
    digest = hashlib.sha256()
    for path in sorted(static.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(static).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
