"""The settings of a clinic as a form: for a new one, and for one that is there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dispatch.account import Account
from dispatch.clinic import Clinic, Group
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.clinics import ClinicDetails
from dispatch.views import ServiceInUse
from dispatch.vocabulary import ClinicMode, GroupId, GroupKind
from dispatch.wording import LONGEST_TEXT
from server.web.forms import Form, Problems
from server.web.zones import zone_typed

_WAIT = re.compile(r"(\d{1,4})(?::([0-5]\d))?", re.ASCII)
CHECKS = ("accepts_now", "accepts_scheduled", "declines_unavailable", "sees_in_turn")
TEXTS = ("unavailable_text", "declined_text", "emergency_text")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the account has to choose from."""

    account: Account
    patient_groups: Sequence[Group]
    host_groups: Sequence[Group]
    services: Sequence[ServiceInUse]


def choices(reading: Reading, actor: Actor) -> Choices:
    """Return what a clinic's form offers."""
    groups = reading.groups_in_use(actor.account_id)
    return Choices(
        reading.account(actor.account_id),
        [each.group for each in groups if each.kind is GroupKind.PATIENTS],
        [each.group for each in groups if each.kind is GroupKind.HOSTS],
        reading.services_in_use(actor.account_id),
    )


def values_of(clinic: Clinic) -> Mapping[str, str]:
    """Return what the fields hold for a clinic as it is."""
    checks = {name: "1" for name in CHECKS if getattr(clinic, name)}
    texts = {name: getattr(clinic, name) for name in TEXTS}
    return {
        "name": clinic.name,
        "patient_group": str(clinic.patient_group.id),
        "host_group": str(clinic.host_group.id),
        "mode": clinic.mode,
        "zone": clinic.zone.replace("_", " "),
        "target": _spoken(clinic.target_seconds),
        "nearly": _spoken(clinic.nearly_seconds),
        "now_limit": str(-(-clinic.now_limit_seconds // 60)),
        "phone": clinic.phone,
        **checks,
        **texts,
    }


def read_details(form: Form, problems: Problems) -> ClinicDetails | None:
    """Return what was typed; a group of 0 is one to be made."""
    name = problems.attempt(lambda: form.text("name"))
    patients = problems.attempt(lambda: form.integer("patient_group"))
    hosts = problems.attempt(lambda: form.integer("host_group"))
    mode = problems.attempt(
        lambda: form.choice("mode", ClinicMode, otherwise="Choose on demand or calendar.")
    )
    zone = problems.attempt(lambda: zone_typed(form.text("zone")))
    target = problems.attempt(lambda: _wait(form, "target"))
    nearly = problems.attempt(lambda: _wait(form, "nearly"))
    limit = problems.attempt(
        lambda: form.integer("now_limit", otherwise="Enter a number of minutes, like 240.")
    )
    phone = problems.attempt(lambda: form.text("phone"))
    texts = {name: problems.attempt(partial(form.text, name, limit=LONGEST_TEXT)) for name in TEXTS}
    if not name:
        problems.by_field.setdefault("name", "Give the clinic a name.")
    if target is None and "target" not in problems.by_field:
        problems.by_field["target"] = "Enter minutes, like 5 or 5:00."
    if problems.by_field or mode is None or patients is None or hosts is None:
        return None
    return ClinicDetails(
        name=name or "",
        patient_group_id=GroupId(patients),
        host_group_id=GroupId(hosts),
        mode=mode,
        zone=zone or "",
        target_seconds=target or 0,
        nearly_seconds=nearly,
        now_limit_seconds=(limit or 0) * 60,
        phone=phone or "",
        accepts_now=form.cut("accepts_now") == "1",
        accepts_scheduled=form.cut("accepts_scheduled") == "1",
        declines_unavailable=form.cut("declines_unavailable") == "1",
        sees_in_turn=form.cut("sees_in_turn") == "1",
        unavailable_text=texts["unavailable_text"] or "",
        declined_text=texts["declined_text"] or "",
        emergency_text=texts["emergency_text"] or "",
    )


def _wait(form: Form, name: str) -> int | None:
    """Return seconds of ``5`` or ``5:30``; None for an empty field."""
    text = form.text(name)
    if not text:
        return None
    typed = _WAIT.fullmatch(text)
    if typed is None:
        raise InvalidError("Enter minutes, like 5 or 5:00.", field=name)
    return int(typed[1]) * 60 + int(typed[2] or 0)


def _spoken(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
