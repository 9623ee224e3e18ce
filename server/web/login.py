"""Who is at the other end of a connection; it refuses to say anything about passwords."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from dispatch.people import Actor
from dispatch.ports import Store
from dispatch.usecases.logins import STAFF_SIGN_IN
from dispatch.vocabulary import LoginId
from server.clock import Clock
from server.settings import Settings
from server.tokens import hash_of as hash_of
from server.tokens import new_token as new_token

_SIGNED = "dispatch.signed"  # in the scope: a connection is asked once who it is


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in person, and by which sign-in."""

    actor: Actor
    login_id: LoginId


class SignedOutError(Exception):
    """Nobody is signed in on this connection."""


async def signed_in(connection: HTTPConnection[Any]) -> Signed:
    """Return who is signed in.

    Raises:
        SignedOutError: nobody, or no longer.
    """
    signed = await maybe_signed_in(connection)
    if signed is None:
        raise SignedOutError
    return signed


async def maybe_signed_in(connection: HTTPConnection[Any]) -> Signed | None:
    """Return who is signed in, or None."""
    known: Signed | None = connection.scope.get(_SIGNED)
    token_hash = token_hash_of(connection)
    if known is not None or not token_hash:
        return known
    store: Store = connection.state["store"]
    clock: Clock = connection.state["clock"]
    now = clock.now()
    found = await store.read(lambda reading: reading.login(token_hash, now))
    if found is None:
        return None
    login_id, actor = found
    connection.scope[_SIGNED] = signed = Signed(actor, login_id)
    return signed


def token_hash_of(connection: HTTPConnection[Any]) -> str:
    """Return the hash of the token that the browser shows; empty: it shows none."""
    settings: Settings = connection.state["settings"]
    token = connection.cookies.get(cookie_name(settings))
    return hash_of(token) if token else ""


def viewer_of(connection: HTTPConnection[Any]) -> Actor | None:
    """Return who was found on this connection so far, without looking."""
    known: Signed | None = connection.scope.get(_SIGNED)
    return known.actor if known else None


def forget(connection: HTTPConnection[Any]) -> None:
    """Let the rest of this request see nobody."""
    connection.scope.pop(_SIGNED, None)


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; the prefix makes browsers refuse one planted by a sibling site."""
    return "__Host-dispatch_login" if settings.secure_cookies else "dispatch_login"


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Give the browser its token for as long as the sign-in lasts."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(STAFF_SIGN_IN.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Take the token back from the browser."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
