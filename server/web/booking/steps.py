"""What the last steps of a calendar share: they are reached with times that are free, or not."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.answers import Answer, check
from dispatch.clinic import Service
from dispatch.ports import Reading
from dispatch.submission import NOTE_LIMIT
from server.rendering.spoken_time import spoken_datetime
from server.web import questions
from server.web.booking.calendar import (
    TimesSheet,
    service_of,
    times_page,
    times_sheet,
    zone_for,
)
from server.web.booking.visitor import Visitor, sign_in_first, viewer_of, visitor
from server.web.booking.wish import Wish, read_wish
from server.web.forms import Form, read_form
from server.web.login import new_token
from server.web.questions import Questions
from server.web.replies import page, see_other
from server.web.state import WebState
from server.web.zones import zone_in_words, zones_by_region

WHO = ("name", "email", "phone")


@dataclass(frozen=True, slots=True)
class AskSheet:
    """One of the last steps: what was chosen, and what was typed so far."""

    visitor: Visitor
    service: Service
    wish: Wish
    zone: str
    now: datetime
    questions: Questions
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def note_limit(self) -> int:
        """Return how many characters the note may have."""
        return NOTE_LIMIT

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Return what was chosen, as hidden fields; the zone is asked for once more."""
        return [each for each in self.wish.fields() if each[0] != "zone"]

    @property
    def who(self) -> list[tuple[str, str]]:
        """Return who they say they are, and their zone, as hidden fields."""
        said = [] if self.visitor.member else [(name, self.typed.get(name, "")) for name in WHO]
        return [*said, ("zone", self.zone)]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Return what was answered to the clinic's questions, as hidden fields."""
        asked = self.questions.form
        answers = [
            (question.field, value)
            for question in asked.questions
            for value in self.questions.values(question)
        ]
        note = self.typed.get("note", "")
        version = [("form_version", str(asked.version))] if asked.version else []
        return [*version, *answers, *([("note", note)] if note else [])]

    @property
    def answers(self) -> Sequence[Answer]:
        """Return the answers that count, as they read."""
        given: dict[int, tuple[str, ...]] = {
            question.key: self.questions.values(question)
            for question in self.questions.form.questions
        }
        return check(self.questions.form, given).answers

    @property
    def times(self) -> list[str]:
        """Return the times in words, the most wanted first."""
        return [spoken_datetime(at, self.zone) for at in self.wish.times]

    @property
    def zone_words(self) -> str:
        """Return the zone in words."""
        return zone_in_words(self.zone, self.now)

    @property
    def regions(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """Return the zones to choose from."""
        return zones_by_region()

    @property
    def change_times(self) -> str:
        """Return the address of the page of times with what was chosen."""
        return self.wish.address(f"{self.visitor.path}/times")

    @property
    def after_sign_in(self) -> str:
        """Return the address at which whoever signs in goes on."""
        return self.wish.address(f"{self.visitor.path}/questions")

    @property
    def key(self) -> str:
        """Return the idempotency key: the one that came, so that sending again is the same ask."""
        return self.typed.get("key") or new_token()


Step = Callable[[Request[WebState], AskSheet, Form], Awaitable[Response]]


def step(show: Step) -> Callable[[Request[WebState]], Awaitable[Response]]:
    """Return the endpoint of a step; whoever comes without a free time is led back to them."""

    async def endpoint(request: Request[WebState]) -> Response:
        viewer, slug = await viewer_of(request), request.path_params["slug"]
        is_post = request.method == "POST"
        form = await read_form(request) if is_post else Form(request.query_params.multi_items())
        wish, now = read_wish(form), request.state["clock"].now()

        def look(reading: Reading) -> AskSheet | TimesSheet | Visitor:
            found = visitor(reading, slug, viewer)
            service = service_of(found, wish)
            if service is None or found.must_sign_in:
                return found
            times = times_sheet(reading, found, service, wish, now)
            if times.gone or not times.wish.times or found.is_preview:
                return times
            asked = questions.as_sent(reading, found.shown.clinic.id, form)
            zone = zone_for(found, wish)
            return AskSheet(found, service, times.wish, zone, now, asked, dict(form.typed()))

        sheet = await request.state["store"].read(look)
        if isinstance(sheet, Visitor):
            back = wish.address(f"{sheet.path}/questions")
            return sign_in_first(request, back) if sheet.must_sign_in else see_other(sheet.path)
        if isinstance(sheet, TimesSheet):
            return back_to_times(request, sheet)
        return await show(request, sheet, form)

    return endpoint


def again(
    request: Request[Any], name: str, sheet: AskSheet, problems: Mapping[str, str], status: int
) -> Response:
    """Return a step once more, with what is wrong and nothing typed lost."""
    return page(request, f"booking/{name}.html", status, sheet=replace(sheet, problems=problems))


def back_to_times(request: Request[Any], sheet: TimesSheet) -> Response:
    """Return the page of times: something that was chosen has gone, or nothing was chosen."""
    if sheet.gone or sheet.visitor.is_preview:
        return times_page(request, sheet, 409 if request.method == "POST" else 200)
    return times_page(request, replace(sheet, problem="Choose at least one time."), 422)
