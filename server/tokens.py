"""Words that nobody guesses, and what the server keeps of them instead."""

import hashlib
import secrets


def new_token() -> str:
    """Return an unguessable token: 32 random bytes."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the server keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
