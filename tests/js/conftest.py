"""A page of our own scripts under our own policy in the real browser, with a server that a test plays."""

import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, WebSocketRoute

from tests.builders import NOON
from tests.house.checkout import ROOT

HERE = "http://localhost:9"  # nobody answers there; every request is played by the test
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types dispatch"
)

# Pages with modules of their own; those of the board have nearly all that there are.
OWN_KINDS = {"host", "patient", "visit"}


class LiveServer:
    """The other end of the page's socket; every new socket is one more line."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.lines: list[WebSocketRoute] = []
        self.is_answering = True

    def take(self, line: WebSocketRoute) -> None:
        self.lines.append(line)
        line.on_message(lambda text: self._hear(line, json.loads(text)))

    def say(self, **message: Any) -> None:
        self.lines[-1].send(json.dumps(message))

    def heartbeat(self, now: datetime = NOON, **more: Any) -> None:
        at = milliseconds(now)
        self.say(
            **{"type": "heartbeat", "now": at, "read_at": at, "heads": {}, "mode": "live"} | more
        )

    def asked(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message["type"] == kind]

    def _hear(self, line: WebSocketRoute, message: dict[str, Any]) -> None:
        if message["type"] != "ping":
            self.heard.append(message)
        if message["type"] == "hello" and self.is_answering:
            line.send(json.dumps({"type": "welcome", "now": milliseconds(NOON)}))


class Stage:
    """Opens pages that hold what a test puts on them."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.live = LiveServer()
        self.accidents: list[str] = []
        self.answers: dict[str, list[Any]] = {}  # path -> what POSTs get, one after another
        self.posted: list[dict[str, str]] = []

    async def open(
        self,
        main: str = "",
        *,
        live: list[dict[str, Any]] | None = None,
        now: datetime = NOON,
        page_name: str = "",
        zone: str = "America/New_York",
        rights: str = "",
    ) -> Page:
        shows = f" data-live='{json.dumps(live)}'" if live is not None else ""
        shows += f" data-rights='{rights}'" if rights else ""
        kind = page_name if page_name in OWN_KINDS else "board"
        html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stage</title>
            <link rel="stylesheet" href="/static/css/main.css">
            <script type="module" src="/static/js/pages/{kind}.js"></script></head>
            <body data-page="{page_name}" data-person="7" data-name="Sam" data-zone="{zone}"
              data-now="{milliseconds(now)}"><div role="status" aria-live="polite" id="announce-polite"></div>
            <div role="alert" aria-live="assertive" id="announce-assertive"></div>
            <live-status></live-status><main{shows}>{main}</main></body></html>"""
        page = await self.context.new_page()
        page.on("pageerror", lambda error: self.accidents.append(str(error)))
        page.on("console", self._listen)

        async def answer(route: Route) -> None:
            await self._answer(route, html)

        await page.route(f"{HERE}/**", answer)
        await page.route_web_socket("**/live", self.live.take)
        await page.goto(f"{HERE}/stage")
        await page.wait_for_function("customElements.get('live-status') !== undefined")
        return page

    async def until(self, page: Page, happened: Callable[[], object]) -> None:
        """Let the page go on, frame by frame, until something happened at the server."""
        for _ in range(600):
            if happened():
                return
            await page.evaluate("new Promise(requestAnimationFrame)")
        raise AssertionError("that never happened")

    def _listen(self, message: Any) -> None:
        # A refusal of the policy is an error in the console too; a failed POST is what some tests want.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.accidents.append(message.text)

    async def _answer(self, route: Route, html: str) -> None:
        path = route.request.url.removeprefix(HERE).partition("?")[0]
        if route.request.method == "POST":
            await self._take_form(route, path)
        elif path.startswith("/static/"):
            file = ROOT / path[1:]
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            await route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            headers = {"Content-Security-Policy": POLICY}
            await route.fulfill(body=html, content_type="text/html", headers=headers)

    async def _take_form(self, route: Route, path: str) -> None:
        pairs = parse_qsl(route.request.post_data or "", keep_blank_values=True)
        self.posted.append({"path": path, **dict(pairs)})
        answer = self.answers[path].pop(0)
        if answer is None:
            await route.abort("connectionreset")
        else:
            status, reply = answer
            await route.fulfill(
                status=status, body=json.dumps(reply), content_type="application/json"
            )


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    context = await browser.new_context(locale="en-US", timezone_id="Europe/Berlin")
    staged = Stage(context)
    yield staged
    await context.close()
    assert staged.accidents == []
