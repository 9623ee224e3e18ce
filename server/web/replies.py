"""What an endpoint answers: a page, or where to go after something was done."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dispatch.errors import InvalidError
from dispatch.ports import Done
from dispatch.stream import Cursor, Projection
from dispatch.usecases.boards import rights
from server.clock import Clock
from server.rendering import Rendering
from server.settings import Settings
from server.web.login import viewer_of


class Place(Protocol):
    """What a page shows and as of when: a snapshot, or anything that has the same three."""

    @property
    def stream(self) -> str: ...
    @property
    def projection(self) -> Projection: ...
    @property
    def cursor(self) -> Cursor: ...


def page(
    request: Request[Any],
    template: str,
    status: int = 200,
    *,
    page_name: str = "",
    live: Iterable[Place] = (),
    **context: object,
) -> Response:
    """Return a page for whoever is signed in.

    Every template has ``viewer`` (an Actor, or None), ``is_demo``, ``is_mailed`` (messages leave
    the house), ``now``, ``now_ms``, ``page_name`` (the template's folder unless given), ``live``
    (the text of ``data-live``, empty for a page that does not change by itself) and, with it,
    ``rights``.
    """
    rendering: Rendering = request.state["rendering"]
    clock: Clock = request.state["clock"]
    settings: Settings = request.state["settings"]
    now, viewer = clock.now(), viewer_of(request)
    places = [(place.stream, place.projection, place.cursor) for place in live]
    html = rendering.page(
        template,
        viewer=viewer,
        is_demo=settings.is_demo,
        is_mailed=bool(settings.smtp_url),
        now=now,
        now_ms=int(now.timestamp() * 1000),
        page_name=page_name or template.partition("/")[0],
        live=live_text(places),
        rights=rights(viewer) if places and viewer else "",
        **context,
    )
    return HTMLResponse(html, status)


def live_text(places: Iterable[tuple[str, Projection, Cursor]]) -> str:
    """Return the text of a ``data-live`` attribute; empty for no places."""
    shown = [
        {"stream": stream, "projection": projection, "seq": cursor.seq, "tag": cursor.tag}
        for stream, projection, cursor in places
    ]
    return orjson.dumps(shown).decode() if shown else ""


def done(request: Request[Any], outcome: Done, location: str) -> Response:
    """Answer what was done: on to a page for a plain form, JSON for a script's."""
    if prefers_json(request):
        return json_reply(
            {
                "ok": True,
                "number": outcome.number,
                "was_there": outcome.was_there,
                "location": location,
            }
        )
    return see_other(location)


def see_other(location: str) -> Response:
    """Send the browser on to a page, with GET."""
    return RedirectResponse(location, 303)


def json_reply(body: dict[str, object], status: int = 200) -> Response:
    """Return JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def prefers_json(request: Request[Any]) -> bool:
    """Return whether a script asked, which our own say by their Accept header."""
    return request.headers.get("accept", "").strip().lower().startswith("application/json")


def tell_script(request: Request[Any], problems: Mapping[str, str]) -> None:
    """Let a script that sent a form have its first mistake; a person gets the page with all.

    Raises:
        InvalidError: it was a script.
    """
    if prefers_json(request):
        name, sentence = next(iter(problems.items()))
        raise InvalidError(sentence, field=name)
