"""The clinics' pre-request forms in storage, and what was answered to them."""

from datetime import datetime
from typing import Protocol

from dispatch.answers import Answered
from dispatch.form import Form
from dispatch.vocabulary import ClinicId, PersonId, RequestId


class Forms(Protocol):
    """Forms by clinic, every version that was ever saved."""

    def current(self, clinic_id: ClinicId) -> Form:
        """Return the last version; version 0, without questions, where none was saved."""

    def add(self, clinic_id: ClinicId, form: Form, by: PersonId, at: datetime) -> None:
        """Store a new version; StaleError if there is one of that number."""

    def keep(self, request_id: RequestId, answered: Answered) -> None:
        """Store what was answered with a new request; nothing ever changes it."""
