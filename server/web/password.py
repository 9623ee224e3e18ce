"""Passwords against their hashes; the answer costs the same for an unknown account."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters
LONGEST = 256  # characters; more is no password but work for the machine
_AT_ONCE = 2  # 64 MiB each: more at once would be somebody else's attack
_NOBODYS = "nobody has this password"


class Passwords:
    """Verifies in a thread, few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """``hasher`` says what a guess costs; the library's own measure where nobody says."""
        self._hasher = hasher or PasswordHasher()
        # Before the first sign-in, or that one would take twice as long.
        self._nobodys = hasher.hash(_NOBODYS) if hasher else _nobodys()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Return whether it is the password; without a hash the same work comes to no."""
        async with self._turn:
            matches = await asyncio.to_thread(self._verify, password, password_hash)
        return matches and bool(password_hash)

    async def hash(self, password: str) -> str:
        """Return what is kept of a new one."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    def _verify(self, password: str, password_hash: str | None) -> bool:
        try:
            return self._hasher.verify(password_hash or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """Return a hash to hold a password against where there is none, as dear as any: made once."""
    return PasswordHasher().hash(_NOBODYS)
