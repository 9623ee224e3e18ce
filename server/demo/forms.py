"""What the demo's clinics ask before a request, and what its people answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dispatch.answers import Answer, Given, is_asked
from dispatch.clinic import Clinic
from dispatch.form import NO, YES, Condition, Form, Question, QuestionKey, QuestionKind
from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.usecases.forms import SaveForm, save_form
from server.demo.cast import ACCOUNT
from server.demo.words import note_for

_MATTER = "Reason"
_ALLERGIC = "Allergies?"
_WHICH = "Which ones?"
_MEDICINES = "Which medicines do you take?"
_ABOUT = "About"
_NEEDS = "You will need"
_INTERPRETER = "An interpreter"
_LANGUAGE = "Which language?"
_LAST = "When did we last see you?"

_NORTHSIDE_QUESTIONS = (
    Question(
        QuestionKey(1),
        QuestionKind.LONG_TEXT,
        _MATTER,
        "What brings you here: how you feel, since when, and what you have tried.",
        is_required=True,
    ),
    Question(QuestionKey(2), QuestionKind.YES_NO, "Getting worse?"),
    Question(QuestionKey(3), QuestionKind.YES_NO, _ALLERGIC, is_required=True),
    Question(
        QuestionKey(4),
        QuestionKind.SHORT_TEXT,
        _WHICH,
        is_required=True,
        condition=Condition(QuestionKey(3), YES),
    ),
    Question(
        QuestionKey(5),
        QuestionKind.SHORT_TEXT,
        _MEDICINES,
        "Names are enough. Only the people who care for you read this.",
        is_on_board=False,
    ),
    Question(
        QuestionKey(6),
        QuestionKind.CONSENT,
        "I agree to be seen by video.",
        is_required=True,
        is_on_board=False,
    ),
)
_HARBOR_QUESTIONS = (
    Question(
        QuestionKey(1),
        QuestionKind.CHOICE,
        _ABOUT,
        is_required=True,
        options=("Something new", "Something you know about", "A prescription"),
    ),
    Question(
        QuestionKey(2),
        QuestionKind.SEVERAL,
        _NEEDS,
        options=(_INTERPRETER, "Captions", "Somebody with me"),
    ),
    Question(
        QuestionKey(3),
        QuestionKind.SHORT_TEXT,
        _LANGUAGE,
        is_required=True,
        condition=Condition(QuestionKey(2), _INTERPRETER),
    ),
    Question(QuestionKey(4), QuestionKind.DATE, _LAST, "A guess is fine.", is_on_board=False),
)
NORTHSIDE_FORM = Form(1, _NORTHSIDE_QUESTIONS, has_note=False)
HARBOR_FORM = Form(1, _HARBOR_QUESTIONS)
_TEXTS: Mapping[str, Sequence[str]] = {
    _WHICH: ("Penicillin", "Latex", "Peanuts", "Ibuprofen", "Bee stings"),
    _MEDICINES: ("", "None", "Lisinopril", "Metformin and aspirin", "The pill", "Levothyroxine"),
    _LANGUAGE: ("Spanish", "Polish", "Haitian Creole", "Sign language (ASL)"),
}
_ABOUT_OF = {
    "First visit": "Something new",
    "Follow-up visit": "Something you know about",
    "Medication check": "A prescription",
}
_RARE = 0.2  # who has allergies, or needs something


async def make_forms(store: Store, north: Clinic, bay: Clinic) -> None:
    """Give both clinics their form: Northside asks all it wants, Harbor for a note as well."""
    for clinic, form in ((north, NORTHSIDE_FORM), (bay, HARBOR_FORM)):
        command = SaveForm(clinic.id, 0, form.questions, form.has_note)
        await store.perform(save_form, command, system_actor(ACCOUNT))


def answer_form(form: Form, service: str, now: datetime, chance: Random) -> tuple[Given, str]:
    """Return what somebody answers to the form, and the note beside it.

    A visitor may have changed the form, so every question gets an answer that fits its kind.
    """
    written = note_for(service, chance)
    has_matter = any(question.label == _MATTER for question in form.questions)
    filling = _Filling(service, written, now, Random(f"{now} {service}"))
    answers: list[Answer] = []
    for question in form.questions:
        if is_asked(question, answers) and (values := filling.values(question)):
            answers.append(Answer(question.key, "", question.kind, values, is_on_board=False))
    given = tuple((answer.key, answer.values) for answer in answers)
    return Given(form.version, given), written if form.has_note and not has_matter else ""


@dataclass(frozen=True, slots=True)
class _Filling:
    """Somebody with a form before them; ``chance`` is their own, whatever else happens that day."""

    service: str
    written: str
    now: datetime
    chance: Random

    def values(self, question: Question) -> tuple[str, ...]:
        chance = self.chance
        match question.kind:
            case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
                return tuple(filter(None, (self._text(question),)))
            case QuestionKind.CHOICE:
                usual = _ABOUT_OF.get(self.service, "")
                return (usual if usual in question.options else chance.choice(question.options),)
            case QuestionKind.SEVERAL:
                is_any = question.is_required or chance.random() < _RARE
                return (chance.choice(question.options),) if is_any else ()
            case QuestionKind.YES_NO:
                return (YES if chance.random() < _RARE else NO,)
            case QuestionKind.DATE:
                day = self.now - timedelta(days=chance.randrange(20, 400))
                return (day.date().isoformat(),)
            case QuestionKind.NUMBER:
                return (str(chance.randrange(1, 10)),)
            case QuestionKind.CONSENT:
                return question.answers

    def _text(self, question: Question) -> str:
        if question.label == _MATTER:
            return self.written or "I would rather say it in the visit."
        text = self.chance.choice(_TEXTS.get(question.label, ("As I said last time.",)))
        return text or ("None" if question.is_required else "")
