"""The form that asks to be seen becomes a command, with every mistake in it found at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.usecases.intake import NOTE_LIMIT, SubmitRequest
from dispatch.vocabulary import PersonId, RequestType, ServiceId
from server.web.forms import Form, Problems
from server.web.questions import Questions

TIMES = ("time1", "time2", "time3")  # ranked (V7)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read: a command, or what stands in its way."""

    command: SubmitRequest | None
    problems: Mapping[str, str]
    filled: Sequence[str]  # the fields of the times that were given, in order

    def field_of(self, refused: InvalidError) -> str:
        """Return the form's field: the desk counts times, the form has empty ones in between."""
        rank = re.fullmatch(r"time(\d)", refused.field)
        if rank and 0 < int(rank[1]) <= len(self.filled):
            return self.filled[int(rank[1]) - 1]
        return refused.field


def read(form: Form, clinic: Clinic, zone: str, questions: Questions) -> Asked:
    """Return the command of a patient's form; only what the clinic allows is looked at."""
    problems = Problems()
    service = problems.attempt(lambda: form.integer("service", otherwise="Choose a service."))
    type_ = problems.attempt(lambda: _type(form, clinic))
    host = problems.attempt(lambda: form.optional_integer("host"))
    given = questions.read(form, problems)
    note = problems.attempt(lambda: form.text("note", limit=NOTE_LIMIT))
    times = _times(form, zone, problems) if type_ is RequestType.SCHEDULED else {}
    is_about_times = any(name.startswith(TIMES) for name in problems.by_field)
    if type_ is RequestType.SCHEDULED and not times and not is_about_times:
        problems.by_field["time1"] = "Choose at least one day and time."
    if problems.by_field or service is None or type_ is None:
        return Asked(None, problems.by_field, tuple(times))
    command = SubmitRequest(
        clinic_id=clinic.id,
        service_id=ServiceId(service),
        type=type_,
        times=tuple(times.values()),
        target_host_id=None if host is None else PersonId(host),
        note=note or "",
        given=given,
        zone=zone,
    )
    return Asked(command, {}, tuple(times))


def _type(form: Form, clinic: Clinic) -> RequestType:
    """Return the type; a clinic that knows one only does not ask."""
    if clinic.accepts_now and not clinic.accepts_scheduled:
        return RequestType.NOW
    if clinic.accepts_scheduled and not clinic.accepts_now:
        return RequestType.SCHEDULED
    return form.choice("type", RequestType, otherwise="Choose now, or times that suit you.")


def _times(form: Form, zone: str, problems: Problems) -> dict[str, datetime]:
    times: dict[str, datetime] = {}
    for rank, name in enumerate(TIMES, start=1):
        if half := _missing_half(form, name):
            problems.by_field[f"{name}_{half}"] = (
                f"Choice {rank}: enter a {'day' if half == 'date' else 'time'} too."
            )
            continue
        for at in problems.attempt(partial(form.local_instants, [name], zone)) or ():
            times[name] = at
    return times


def _missing_half(form: Form, name: str) -> str:
    """Return which of the two fields of a time is empty while the other is filled."""
    empty = [
        half for half in ("date", "time") if not form.typed().get(f"{name}_{half}", "").strip()
    ]
    return empty[0] if len(empty) == 1 and not form.typed().get(name, "").strip() else ""
