"""A clinic's pre-request form is made: every save is a new version, and none ever changes."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.events import CONTROL, Change, EntityRef
from dispatch.form import Form, Question, faults, tidy
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import ClinicId, EntityKind


@dataclass(frozen=True, slots=True)
class SaveForm:
    """Ask these questions from now on; ``was`` is the version that they were made from."""

    clinic_id: ClinicId
    was: int
    questions: tuple[Question, ...]
    has_note: bool = True


def save_form(command: SaveForm, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the next version of the clinic's form (S9); what is the same already is no new one.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic in the actor's account.
        InvalidError: a question cannot be asked like that.
        StaleError: somebody saved another version meanwhile.
    """
    if not (actor.is_administrator or actor.is_system):
        raise NotAllowedError("Only an administrator can do that.")
    if unit.clinics.get(actor.account_id, command.clinic_id) is None:
        raise NotFoundError("clinic")
    questions = tuple(map(tidy, command.questions))
    for field, sentence in faults(questions).items():
        raise InvalidError(sentence, field=field)
    about = EntityRef(EntityKind.CLINIC, command.clinic_id)
    current = unit.forms.current(command.clinic_id)
    form = Form(current.version + 1, questions, command.has_note)
    if (form.questions, form.has_note) == (current.questions, current.has_note):
        return Done(about, was_there=True)
    if command.was != current.version:
        raise StaleError(
            f"Somebody saved version {current.version} of this form while you were writing. "
            "Yours is still here. Look at theirs below, and save again if yours should count."
        )
    unit.forms.add(command.clinic_id, form, actor.person_id, now)
    unit.record(actor, Change("form.saved", about, frozenset({CONTROL})))
    return Done(about)
