"""What holds for every connection before any endpoint: pure ASGI, so that sockets pass too.

Where a guard has nothing to say it hands on the next one's awaitable instead of awaiting it: a
socket stays open for hours, and would keep a frame of every guard all that time.
"""

import re
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.settings import Settings
from server.web.addresses import own_origin
from server.web.errors import accident, on_http_error

BODY_LIMIT_BYTES = 64 * 1024
# Files come to these paths only, whose endpoints look who is there before they read any of it.
UPLOAD_LIMIT_BYTES = 8 * 1024 * 1024
_UPLOADS = frozenset({"/admin/people/import"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PROBES = frozenset({"/healthz", "/readyz"})  # asked by address, whatever the origin
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})  # where a health check asks

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dispatch"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestGuard:
    """What guards requests alone: everything else passes by it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self.app(scope, receive, send)
        return self._guard(scope, receive, send)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError


class SecurityHeaders(RequestGuard):
    """Writes the headers that every answer carries."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self.headers = dict(_HEADERS)
        if settings.secure_cookies:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers["Referrer-Policy"] = _referrer_policy(scope)
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _referrer_policy(scope: Scope) -> str:
    """Return no-referrer for a patient's pages, same-origin elsewhere.

    Under no-referrer a browser sends ``Origin: null`` with a plain form. Browsers that say
    Sec-Fetch-Site need no Origin; one that does not (http on a name that is not this machine's)
    would lose every form of these pages, so it gets the policy that is as quiet to other sites.
    """
    is_patients = scope["path"].split("/")[1:2] in (
        ["requests"],
        ["r"],
        ["book"],
        ["booking"],
        ["welcome"],
    )
    return "no-referrer" if is_patients and _says_where_from(scope) else "same-origin"


def _says_where_from(scope: Scope) -> bool:
    return scope["scheme"] == "https" or "sec-fetch-site" in Headers(scope=scope)


class Accidents(RequestGuard):
    """Turns what nobody foresaw into an apology; the stack stays out of the answer and the log."""

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watched_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except ClientDisconnect:
            return  # it hung up, or was cut, before all of it had come: there is nobody to answer
        except Exception as error:  # noqa: BLE001  # the last place that can still answer
            response = accident(Request[Any](scope, receive), error)
            if not has_started:
                await response(scope, receive, send)


class OwnHost:
    """Answers only to the Host of the origin that is set, or to one of this machine's own names.

    Where no origin is set it does not know its name: any single well-formed Host passes, a name
    rebound to this address too, and what protects then is that cookies go to the name they are of.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.own = urlsplit(settings.origin).netloc.lower() if settings.origin else ""

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] in ("http", "websocket") and not self._is_ours(scope):
            # 403 before accept is how a socket's handshake is refused.
            status = 421 if scope["type"] == "http" else 403
            return refuse(HTTPException(status), scope, receive, send)
        return self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return False
        name = hosts[0].lower()
        if not self.own or name == self.own or scope["path"] in _PROBES:
            return True
        return re.sub(r":\d+$", "", name) in _LOOPBACK


class OwnForms:
    """Takes changes only from our own pages, the sign-in included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not _is_from_us(scope):
            return refuse(HTTPException(403), scope, receive, send)
        return self.app(scope, receive, send)


def _is_from_us(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # A browser that does not say where from: its Origin decides, and silence is refused.
    return headers.get("origin") == own_origin(Request[Any](scope))


class BodyLimit(RequestGuard):
    """Stops reading at 64 KiB, or 8 MiB of files, whatever the Content-Length claims."""

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit_bytes = _body_limit(scope)
        claimed = Headers(scope=scope).get("content-length", "0")
        if not claimed.isdecimal() or int(claimed) > limit_bytes:
            await refuse(HTTPException(413), scope, receive, send)
            return
        read_bytes = 0

        async def counted_receive() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > limit_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted_receive, send)


def _body_limit(scope: Scope) -> int:
    kind = Headers(scope=scope).get("content-type", "").lower()
    is_upload = scope["path"] in _UPLOADS and kind.startswith("multipart/form-data")
    return UPLOAD_LIMIT_BYTES if is_upload else BODY_LIMIT_BYTES


async def refuse(error: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in place of the application; a socket's handshake gets the bare status."""
    if scope["type"] == "websocket":
        if "websocket.http.response" in scope.get("extensions", {}):
            await PlainTextResponse("", error.status_code)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
        return
    response = await on_http_error(Request[Any](scope, receive), error)
    await response(scope, receive, send)
