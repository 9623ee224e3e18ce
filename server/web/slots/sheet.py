"""The form of one slot or of time off: new, or one that is there, to change, end or remove."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import DispatchError, InvalidError
from dispatch.local_time import zone_named
from dispatch.ports import UseCase
from dispatch.recurrence import Recurrence
from dispatch.slots import CalendarRule
from dispatch.usecases.slot_rules import (
    AddRules,
    ChangeRule,
    EndRule,
    RemoveRule,
    add_rules,
    change_rule,
    end_rule,
    remove_rule,
)
from dispatch.vocabulary import RuleKind
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, read_form
from server.web.login import new_token
from server.web.replies import done, page, prefers_json
from server.web.slots import form as hours
from server.web.slots.whose import Calendar, calendar_of
from server.web.slots.words import DAYS, in_words
from server.web.state import WebState

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it stands: what is typed in it, and what is wrong with that."""

    calendar: Calendar
    kind: RuleKind
    rule: CalendarRule | None = None
    words: str = ""  # the rule as it is, before anything is changed
    typed: dict[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()  # days of the week
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> tuple[tuple[str, str], ...]:
        """Return the days of the week with their values."""
        return tuple((str(number), name) for number, name in enumerate(DAYS))

    @property
    def is_away(self) -> bool:
        """Return whether it is about time off."""
        return self.kind is RuleKind.OUT_OF_OFFICE

    @property
    def key(self) -> str:
        """Return the idempotency key: the one that came, so that sending again adds nothing."""
        return self.typed.get("key") or new_token()


async def new(request: Request[WebState]) -> Response:
    """Show the empty form, or store what it says."""
    is_away = request.url.path.endswith("/time-off")
    kind = RuleKind.OUT_OF_OFFICE if is_away else RuleKind.SLOT
    calendar = await calendar_of(request)
    form = await read_form(request) if request.method == "POST" else None
    if form is None:
        today = request.state["clock"].now().astimezone(zone_named(calendar.host.zone)).date()
        typed = {"repeats": "once" if is_away else "weekly", "first_day": today.isoformat()}
        typed |= {"all_day": "1"} if is_away else {}
        return _page(request, Sheet(calendar, kind, typed=typed))
    sheet = _as_typed(Sheet(calendar, kind), form)
    host = calendar.host.person_id

    def wish() -> AddRules:
        return AddRules(host, (_hours(form, kind, calendar.host.zone),), kind)

    return await _kept(request, sheet, form, add_rules, wish)


async def change(request: Request[WebState]) -> Response:
    """Show what is there, or put other hours in its place."""
    sheet, rule = await _of_path(request)
    form = await read_form(request) if request.method == "POST" else None
    host = sheet.calendar.host.person_id
    if form is None:
        return _page(request, sheet)

    def wish() -> ChangeRule:
        return ChangeRule(host, rule.id, _hours(form, rule.kind, rule.when.zone), _version(form))

    return await _kept(request, _as_typed(sheet, form), form, change_rule, wish)


async def end(request: Request[WebState]) -> Response:
    """Let a series end on a day."""
    sheet, rule = await _of_path(request)
    form = await read_form(request)
    host = sheet.calendar.host.person_id

    def wish() -> EndRule:
        return EndRule(host, rule.id, hours.day(form, "last_day"), _version(form))

    sheet = replace(sheet, typed=sheet.typed | {"end_day": form.cut("last_day")})
    return await _kept(request, sheet, form, end_rule, wish, {"last_day": "end_day"})


async def remove(request: Request[WebState]) -> Response:
    """Take it away."""
    sheet, rule = await _of_path(request)
    form = await read_form(request)
    host = sheet.calendar.host.person_id

    def wish() -> RemoveRule:
        return RemoveRule(host, rule.id, _version(form))

    return await _kept(request, sheet, form, remove_rule, wish)


class SeveralProblemsError(InvalidError):
    """Everything that is wrong with the form, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        name, sentence = next(iter(problems.items()))
        super().__init__(sentence, field=name)
        self.problems = problems


def _hours(form: Form, kind: RuleKind, zone: str) -> Recurrence:
    form.require_clock(zone, field="starts")
    read = hours.read(form, kind, zone)
    if read.when is None:
        raise SeveralProblemsError(dict(read.problems))
    return read.when


def _version(form: Form) -> int:
    return form.integer("version", otherwise="Open it again, and press once more.")


async def _of_path(request: Request[Any]) -> tuple[Sheet, CalendarRule]:
    """Return the rule that the path names, and the form filled with it."""
    calendar = await calendar_of(request)
    rule = calendar.rule(request)
    now = request.state["clock"].now()
    sheet = Sheet(
        calendar,
        rule.kind,
        rule,
        in_words(rule, calendar.host.zone, now),
        typed=hours.typed_of(rule.when, rule.kind),
        ticked=frozenset(map(str, rule.when.weekdays)),
    )
    return sheet, rule


def _as_typed(sheet: Sheet, form: Form) -> Sheet:
    return replace(sheet, typed=dict(form.typed()), ticked=frozenset(form.many("weekdays")))


async def _kept(
    request: Request[WebState],
    sheet: Sheet,
    form: Form,
    usecase: UseCase[C],
    wish: Callable[[], C],
    fields: dict[str, str] | None = None,
) -> Response:
    """Do what was wished, or show the form again with what is wrong with it.

    ``fields`` says what a field of the desk's is called on the page where the two differ.
    """
    try:
        store, actor = request.state["store"], sheet.calendar.actor
        outcome = await store.perform(usecase, wish(), actor, key=form.key)
    except DispatchError as refused:
        if prefers_json(request):
            raise
        if isinstance(refused, SeveralProblemsError):
            problems = refused.problems
        else:
            problems = {refused.field: sentence_of(request, refused)}
        names = {"version": "", **(fields or {})}
        renamed = {names.get(name, name): said for name, said in problems.items()}
        return _page(request, replace(sheet, problems=renamed), STATUS.get(refused.code, 409))
    return done(request, outcome, sheet.calendar.path)


def _page(request: Request[WebState], sheet: Sheet, status: int = 200) -> Response:
    return page(
        request, "slots/sheet.html", status, page_name=sheet.calendar.page_name, sheet=sheet
    )
