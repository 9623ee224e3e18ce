"""Refusals and accidents as answers: a status, and a sentence that a person can act on."""

import logging
import secrets
import traceback
from contextlib import suppress
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from dispatch.errors import ConfirmationError, DispatchError, StoreAwayError
from server.clock import Clock
from server.rendering.spoken_time import spoken_at
from server.web.addresses import HOME, local_path, page_behind
from server.web.login import SignedOutError, maybe_signed_in, viewer_of
from server.web.replies import json_reply, page, prefers_json, see_other

log = logging.getLogger(__name__)

STATUS = {
    "not_found": 404,
    "not_allowed": 403,
    "invalid": 422,
    "already_decided": 409,
    "changed_meanwhile": 409,
    "needs_confirmation": 409,
    "already_sent": 409,
    "form_changed": 409,
    "too_many_tries": 429,
}

HEADINGS = {
    400: "We could not read that",
    403: "That is not allowed",
    404: "We can't find that page",
    405: "That page can't do this",
    409: "Something changed",
    413: "That is too long",
    421: "Wrong address",
    422: "There is a problem",
    429: "Please wait a moment",
    503: "Please wait a moment",
}
SENTENCES = {
    403: "The browser says that this did not come from one of our own pages. Open the page again, "
    "and try from there.",
    404: "If you followed a link, it may be cut off.",
    405: "Go back and try again.",
    413: "What you sent is too long. Make it shorter and send it again.",
    421: "This server does not answer to that address.",
}
AWAY_SECONDS = "2"
_NOTHING_TO_TRY = (404, 405)  # the same page again is the same answer again
_APOLOGY = "Sorry, something went wrong on our side."
_SENT = " What you sent may not have been saved."


def sentence_of(connection: HTTPConnection[Any], refused: DispatchError) -> str:
    """Return the refusal's sentence with its instant in the viewer's zone (S65, S91)."""
    if refused.at is None:
        return refused.sentence
    clock: Clock = connection.state["clock"]
    viewer = viewer_of(connection)
    zone = viewer.zone if viewer else "UTC"
    return refused.sentence.replace("{at}", spoken_at(refused.at, zone, clock.now()))


async def on_refusal(request: Request[Any], refused: DispatchError) -> Response:
    """Answer a refusal of the desk."""
    status, sentence = STATUS.get(refused.code, 409), sentence_of(request, refused)
    if prefers_json(request):
        confirm = list(refused.confirm) if isinstance(refused, ConfirmationError) else []
        return _refusal(refused.code, sentence, status, field=refused.field, confirm=confirm)
    return _error_page(request, status, sentence)


async def on_signed_out(request: Request[Any], _: SignedOutError) -> Response:
    """Send a page to the sign-in and back; tell a script."""
    if prefers_json(request):
        sentence = "You are signed out. Sign in again, and nothing you typed is lost."
        return _refusal("signed_out", sentence, 401)
    return see_other(f"/sign-in?next={local_path(page_behind(request), quoted=True)}")


async def on_store_away(request: Request[Any], away: StoreAwayError) -> Response:
    """Answer that nothing was done, and when to try again."""
    log.warning("records away: %s", away)
    if prefers_json(request):
        response = _refusal(away.code, away.sentence, 503)
    else:
        response = _error_page(request, 503, away.sentence)
    response.headers["Retry-After"] = AWAY_SECONDS
    return response


async def on_http_error(request: Request[Any], error: HTTPException) -> Response:
    """Answer what the framework or a guard refused."""
    status = error.status_code
    sentence = SENTENCES.get(status, "Check what you sent, and try again.")
    if prefers_json(request):
        response = _refusal("not_taken", sentence, status)
    else:
        if status in _NOTHING_TO_TRY:
            await _look_who(request)
        response = _error_page(request, status, sentence)
    response.headers.update(error.headers or {})
    return response


def accident(request: Request[Any], error: Exception) -> Response:
    """Answer what nobody foresaw, and log where it happened, never with what."""
    reference = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    log.error("accident %s: %s at %s", reference, type(error).__name__, path)
    sent = "" if request.method in ("GET", "HEAD") else _SENT
    sentence = f"{_APOLOGY}{sent} Try again in a moment. (Ref {reference})"
    if prefers_json(request):
        return _refusal("accident", sentence, 500)
    return _error_page(request, 500, sentence)


async def _look_who(request: Request[Any]) -> None:
    """Let a page that no endpoint answers have its bar too; without it, it is still that page."""
    with suppress(StoreAwayError):
        await maybe_signed_in(request)


def _error_page(request: Request[Any], status: int, sentence: str) -> Response:
    heading = HEADINGS.get(status, "That did not work")
    is_final = status in _NOTHING_TO_TRY or (status == 403 and request.method == "GET")
    return page(
        request,
        "errors/error.html",
        status,
        page_name="error",
        heading=heading,
        sentence=sentence,
        back=HOME if is_final else page_behind(request),
    )


def _refusal(
    code: str, sentence: str, status: int, *, field: str = "", confirm: list[str] | None = None
) -> Response:
    body = {
        "ok": False,
        "code": code,
        "sentence": sentence,
        "field": field,
        "confirm": confirm or [],
    }
    return json_reply(body, status)


exception_handlers: dict[Any, Any] = {
    DispatchError: on_refusal,
    SignedOutError: on_signed_out,
    StoreAwayError: on_store_away,
    HTTPException: on_http_error,
}
