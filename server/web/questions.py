"""A clinic's own questions, on every page that asks for a visit: one reader, one template.

Such a page gives its template ``blank`` (or ``as_answered``, or after a mistake ``as_sent``),
writes them inside its form with ``ask`` of ``templates/macros/questions.html``, and puts what
``Questions.read`` returns into ``SubmitRequest.given``. The fields are ``form_version`` and ``q1``,
``q2``...; what is wrong with an answer is under the same name. The free note is the page's own,
shown where ``questions.form.has_note``. ``FormChangedError`` can still come from the use case, for
somebody may save another version in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.answers import NOTE_KEY, Given, check, heading
from dispatch.errors import FormChangedError
from dispatch.form import Form, Question
from dispatch.ports import Reading
from dispatch.vocabulary import ClinicId, RequestId
from server.web import forms
from server.web.forms import Problems


@dataclass(frozen=True, slots=True)
class Questions:
    """What the clinic asks now, and what is typed into it so far."""

    form: Form
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str | None = None  # of an earlier request; None where it is all that was written

    def value(self, question: Question) -> str:
        """Return what stands in the field."""
        values = self.values(question)
        return values[-1] if values else ""

    def values(self, question: Question) -> tuple[str, ...]:
        """Return all that is chosen."""
        return self.typed.get(question.field, ())

    @property
    def names(self) -> Mapping[str, str]:
        """Return what each field is called where the mistakes are listed."""
        return {question.field: heading(question.label) for question in self.form.questions}

    def label_of(self, question: Question) -> str:
        """Return the question that this one depends on, as it is asked."""
        source = self.form.question(question.condition.key) if question.condition else None
        return source.label if source else ""

    def read(self, sent: forms.Form, problems: Problems) -> Given:
        """Return what was sent, with everything wrong about it put to the problems."""
        values = tuple(
            (question.key, sent.many(question.field))
            for question in self.form.questions
            if sent.many(question.field)
        )
        version = _version_of(sent)
        if version != self.form.version:
            problems.by_field.setdefault("", FormChangedError().sentence)
            return Given(version)
        problems.by_field.update(check(self.form, dict(values)).problems)
        return Given(version, values)


NO_QUESTIONS = Questions(Form())


def blank(reading: Reading, clinic_id: ClinicId) -> Questions:
    """Return the clinic's questions, unanswered."""
    return Questions(reading.form(clinic_id))


def as_sent(reading: Reading, clinic_id: ClinicId, sent: forms.Form) -> Questions:
    """Return them with what was typed, as far as the question is the same since."""
    form, version = reading.form(clinic_id), _version_of(sent)
    was = form if version == form.version else reading.form_at(clinic_id, version)
    typed = {
        question.field: sent.many(question.field)
        for question in form.questions
        if was and (before := was.question(question.key)) and before.is_same(question)
    }
    return Questions(form, typed)


def as_answered(reading: Reading, clinic_id: ClinicId, earlier: RequestId | None) -> Questions:
    """Return them with the answers of an earlier request, if it was asked by the same version."""
    form = reading.form(clinic_id)
    answered = reading.answered(earlier) if earlier is not None else None
    if answered is None:
        return Questions(form)
    note = next((one.text for one in answered.answers if one.key == NOTE_KEY), "")
    if answered.version != form.version:
        return Questions(form, note=note)
    return Questions(form, {f"q{one.key}": one.values for one in answered.answers}, note)


def _version_of(sent: forms.Form) -> int:
    text = sent.cut("form_version", limit=15)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
