"""The hours of a clinic's week, and the days it is closed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.seen import hours_seen
from dispatch.timetable import DAY_MINUTES, DAYS, MOST_A_DAY, Closure, Hours
from dispatch.usecases.hours import (
    AddClosure,
    RemoveClosure,
    SetHours,
    add_closure,
    remove_closure,
    set_hours,
)
from dispatch.vocabulary import ClinicId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, Problems, read_form
from server.web.replies import done, page
from server.web.state import WebState

STRETCHES = tuple(range(1, MOST_A_DAY + 1))
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_YEARS = range(2000, 2101)


async def show(request: Request[WebState], sheet: Sheet | None = None) -> Response:
    """Show the week, and the closures that are not over."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    clinic = await request.state["store"].read(
        lambda reading: own_clinic(reading, actor, clinic_id)
    )
    now: datetime = request.state["clock"].now()
    today = now.astimezone(clinic.timetable.tz).date()
    shown = filled(sheet, _values(clinic), hours_seen(clinic))
    return page(
        request,
        "admin/hours.html",
        shown.status,
        clinic=clinic,
        sheet=shown,
        days=DAYS,
        stretches=STRETCHES,
        stored=_stored_days(shown, clinic),
        today=today,
        closures=[one for one in clinic.closures if one.last >= today],
        is_open=clinic.timetable.is_open(now),
        opens_at=clinic.timetable.opens_at(now),
        saved="saved" in request.query_params,
    )


async def change(request: Request[WebState]) -> Response:
    """Store the week."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))

    def read(problems: Problems) -> SetHours | None:
        hours = problems.attempt(lambda: _week(form))
        return None if hours is None else SetHours(clinic_id, hours, form.cut("seen"))

    return await sent(
        request, set_hours, read, actor, form, show, f"/admin/clinics/{clinic_id}/hours?saved"
    )


async def close(request: Request[WebState]) -> Response:
    """Close the clinic from one day to another."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    clinic = await request.state["store"].read(
        lambda reading: own_clinic(reading, actor, clinic_id)
    )

    def read(problems: Problems) -> AddClosure | None:
        first = problems.attempt(lambda: _day(form, "first"))
        last = problems.attempt(lambda: _day(form, "last") if form.text("last") else first)
        reason = problems.attempt(lambda: form.text("reason", limit=100))
        if first is None or last is None:
            return None
        return AddClosure(clinic_id, Closure(first, last, reason or ""))

    def again(sheet: Sheet) -> Sheet:
        values = {**_values(clinic), **sheet.values}
        return replace(sheet, values=values, seen=hours_seen(clinic))

    return await sent(
        request,
        add_closure,
        read,
        actor,
        form,
        lambda _, sheet: show(request, again(sheet)),
        f"/admin/clinics/{clinic_id}/hours?saved#closures",
    )


async def reopen(request: Request[WebState]) -> Response:
    """Let go of a closure."""
    actor = await administrator(request)
    form = await read_form(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    closure = Closure(_day(form, "first"), _day(form, "last"), form.text("reason", limit=100))
    command = RemoveClosure(clinic_id, closure)
    outcome = await request.state["store"].perform(remove_closure, command, actor)
    return done(request, outcome, f"/admin/clinics/{clinic_id}/hours#closures")


def _values(clinic: Clinic) -> Mapping[str, str]:
    """Return the fields ``opens0_1`` and ``closes0_1`` for the first stretch of a Monday."""
    values = {"week": "set" if clinic.hours else "always"}
    for weekday in range(len(DAYS)):
        stretches = [each for each in clinic.hours if each.weekday == weekday]
        for rank, each in enumerate(stretches, start=1):
            values[f"opens{weekday}_{rank}"] = _spoken(each.opens)
            values[f"closes{weekday}_{rank}"] = _spoken(each.closes % DAY_MINUTES)
    return values


def _stored_days(sheet: Sheet, clinic: Clinic) -> Mapping[str, str]:
    """Return the stored hours of each day on which the sheet holds others, by the day's field."""
    stored = {}
    for weekday in range(len(DAYS)) if clinic.hours else ():
        names = {f"{side}{weekday}_{rank}" for side in ("opens", "closes") for rank in STRETCHES}
        if names & sheet.stored.keys():
            open_at = [
                f"{_spoken(each.opens)} to {_spoken(each.closes % DAY_MINUTES)}"
                for each in clinic.hours
                if each.weekday == weekday
            ]
            stored[f"day{weekday}"] = " and ".join(open_at) or "closed"
    return stored


def _week(form: Form) -> tuple[Hours, ...]:
    if form.text("week") == "always":
        return ()
    found = []
    for weekday, day in enumerate(DAYS):
        for rank in STRETCHES:
            opens = _minutes(form, f"opens{weekday}_{rank}", day, weekday)
            closes = _minutes(form, f"closes{weekday}_{rank}", day, weekday)
            if (opens is None) != (closes is None):
                raise InvalidError(f"{day}: enter both times, or neither.", field=f"day{weekday}")
            if opens is not None and closes is not None:
                # A day that ends at midnight ends at the end of itself.
                found.append(Hours(weekday, opens, closes or DAY_MINUTES))
    if not found:
        raise InvalidError(
            "Enter hours for one day at least, or choose “at all hours”.", field="day0"
        )
    return tuple(found)


def _minutes(form: Form, name: str, day: str, weekday: int) -> int | None:
    text = form.text(name)
    if not text:
        return None
    clock = _CLOCK.fullmatch(text)
    minutes = int(clock[1]) * 60 + int(clock[2]) if clock else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise InvalidError(f"{day}: enter a time, like 9:00.", field=f"day{weekday}")
    return minutes


def _day(form: Form, name: str) -> date:
    try:
        day = date.fromisoformat(form.text(name))
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise InvalidError("Enter a day, like 25 December 2026.", field=name)
    return day


def _spoken(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


_PATH = "/admin/clinics/{id:number}/hours"
routes = [
    Route(_PATH, show, methods=["GET"]),
    Route(_PATH, change, methods=["POST"]),
    Route(f"{_PATH}/closed", close, methods=["POST"]),
    Route(f"{_PATH}/reopened", reopen, methods=["POST"]),
]
