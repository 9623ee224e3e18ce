"""Pre-request forms and the answers to them in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.answers import Answered
from dispatch.errors import StaleError
from dispatch.form import Form
from dispatch.views import FormVersion
from dispatch.vocabulary import ClinicId, PersonId, RequestId
from server.storage.form_text import answers_in, answers_text, questions_in, questions_text
from server.storage.tables import form_version, person, request_answers

_OF_CLINIC = (
    select(form_version)
    .where(form_version.c.clinic_id == bindparam("clinic"))
    .order_by(form_version.c.version.desc())
)
_CURRENT = _OF_CLINIC.limit(1)
_AT = _OF_CLINIC.where(form_version.c.version == bindparam("version"))
_SAVED = _OF_CLINIC.outerjoin(person, person.c.id == form_version.c.saved_by_id).add_columns(
    func.coalesce(person.c.name, "The system").label("saved_by")
)
_ADD = {  # whoever saves the same version a moment later finds that it is there
    name: dialect.insert(form_version).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_KEEP = insert(request_answers)
_ANSWERED = select(request_answers).where(request_answers.c.request_id == bindparam("request"))


class SqlForms:
    """``dispatch.ports.Forms`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, clinic_id: ClinicId) -> Form:
        return current_form(self._connection, clinic_id)

    def add(self, clinic_id: ClinicId, form: Form, by: PersonId, at: datetime) -> None:
        """Store a new version; StaleError if there is one of that number."""
        row = {
            "clinic_id": clinic_id,
            "version": form.version,
            "questions": questions_text(form.questions),
            "has_note": form.has_note,
            "saved_at": at,
            "saved_by_id": by,
        }
        statement = _ADD[self._connection.dialect.name]
        if self._connection.execute(statement, row).rowcount != 1:
            raise StaleError("Somebody saved this form while you did. Look at theirs first.")

    def keep(self, request_id: RequestId, answered: Answered) -> None:
        """Store what was answered with a new request; nothing ever changes it."""
        row = {
            "request_id": request_id,
            "version": answered.version,
            "answers": answers_text(answered.answers),
        }
        self._connection.execute(_KEEP, row)


def current_form(connection: Connection, clinic_id: ClinicId) -> Form:
    """Return the last version; version 0, without questions, where none was saved."""
    row = connection.execute(_CURRENT, {"clinic": clinic_id}).mappings().first()
    return _form(row) if row is not None else Form()


def form_at(connection: Connection, clinic_id: ClinicId, version: int) -> Form | None:
    """Return one version of a clinic's form."""
    row = connection.execute(_AT, {"clinic": clinic_id, "version": version}).mappings().first()
    return _form(row) if row is not None else None


def versions_of(connection: Connection, clinic_id: ClinicId) -> Sequence[FormVersion]:
    """Return the versions that were saved, the last one first."""
    return [
        FormVersion(row.version, len(questions_in(row.questions)), row.saved_by, row.saved_at)
        for row in connection.execute(_SAVED, {"clinic": clinic_id})
    ]


def answered(connection: Connection, request_id: RequestId) -> Answered | None:
    """Return what was answered with a request; None where the clinic had no form."""
    row = connection.execute(_ANSWERED, {"request": request_id}).mappings().first()
    return Answered(row["version"], answers_in(row["answers"])) if row is not None else None


def _form(row: RowMapping) -> Form:
    return Form(row["version"], questions_in(row["questions"]), row["has_note"])
