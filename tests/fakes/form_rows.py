"""Pre-request forms and their answers in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.answers import Answered
from dispatch.errors import StaleError
from dispatch.form import Form
from dispatch.views import FormVersion
from dispatch.vocabulary import ClinicId, PersonId, RequestId
from tests.fakes.memory import Memory, SavedForm


@dataclass
class FakeForms:
    rows: Memory

    def current(self, clinic_id: ClinicId) -> Form:
        return current_form(self.rows, clinic_id)

    def add(self, clinic_id: ClinicId, form: Form, by: PersonId, at: datetime) -> None:
        saved = self.rows.forms.get(clinic_id, ())
        if form.version in {one.form.version for one in saved}:
            raise StaleError("Somebody saved this form while you did.")
        self.rows.forms[clinic_id] = (*saved, SavedForm(form, by, at))

    def keep(self, request_id: RequestId, answered: Answered) -> None:
        assert request_id not in self.rows.answers
        self.rows.answers[request_id] = answered


def current_form(rows: Memory, clinic_id: ClinicId) -> Form:
    saved = rows.forms.get(clinic_id)
    return max((one.form for one in saved), key=lambda form: form.version) if saved else Form()


def form_at(rows: Memory, clinic_id: ClinicId, version: int) -> Form | None:
    saved = rows.forms.get(clinic_id, ())
    return next((one.form for one in saved if one.form.version == version), None)


def versions_of(rows: Memory, clinic_id: ClinicId) -> Sequence[FormVersion]:
    found = [
        FormVersion(
            one.form.version,
            len(one.form.questions),
            rows.people[one.by].name if one.by else "The system",
            one.at,
        )
        for one in rows.forms.get(clinic_id, ())
    ]
    return sorted(found, key=lambda one: -one.version)
