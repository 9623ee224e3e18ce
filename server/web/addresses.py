"""Addresses of our own: which paths may be followed, and where a form stood."""

from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection

from server.settings import Settings

HOME = "/"


def local_path(address: str, *, quoted: bool = False) -> str:
    """Return the address if it is a path on this site, else home.

    Two slashes, or a backslash that browsers read as one, would lead to another site.
    """
    is_local = address.startswith("/") and not address.startswith("//")
    if not is_local or "\\" in address or any(ord(letter) < 33 for letter in address):
        address = HOME
    return quote(address, safe="") if quoted else address


def page_behind(connection: HTTPConnection[Any]) -> str:
    """Return the page to come back to: this one, or the one that the form was on."""
    scope = connection.scope
    if scope.get("method") in ("GET", "HEAD"):
        query = scope["query_string"].decode("latin-1")
        return local_path(quote(scope["path"]) + (f"?{query}" if query else ""))
    try:
        referer = urlsplit(connection.headers.get("referer", ""))
    except ValueError:  # brackets around what is no address
        return HOME
    if f"{referer.scheme}://{referer.netloc}" != own_origin(connection):
        return HOME
    return local_path(referer.path + (f"?{referer.query}" if referer.query else ""))


def own_origin(connection: HTTPConnection[Any]) -> str:
    """Return scheme, host and port of this site."""
    settings: Settings = connection.state["settings"]
    if settings.origin:
        return settings.origin.rstrip("/")
    scheme = {"ws": "http", "wss": "https"}.get(connection.scope["scheme"])
    return f"{scheme or connection.scope['scheme']}://{connection.headers.get('host', '')}"
