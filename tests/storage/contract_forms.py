"""What every store promises about the clinics' forms and the answers to them."""

from datetime import datetime

import pytest

from dispatch.answers import Answer, Answered
from dispatch.errors import StaleError
from dispatch.form import Form, QuestionKey, QuestionKind
from dispatch.ports import Store, Unit
from dispatch.stream import Projection
from dispatch.views import FormVersion, HostCard, PatientCard
from dispatch.vocabulary import PersonId
from tests.builders import FrozenClock, a_question
from tests.storage.town import Town

__all__ = ["TestForms", "TestAnswers"]

QUESTIONS = (
    a_question(1, kind=QuestionKind.YES_NO, label="<b>“Smoke?”</b>", is_required=True),
    a_question(
        7,
        kind=QuestionKind.SEVERAL,
        help="All of them.\nPlease.",
        options=("Now & then", "Ümlaut 🙂"),
        is_on_board=False,
        only_if=(1, "Yes"),
    ),
)
ANSWERED = Answered(
    3,
    (
        Answer(QuestionKey(1), "Smoke?", QuestionKind.YES_NO, ("Yes",), is_on_board=True),
        Answer(
            QuestionKey(7), "When", QuestionKind.SEVERAL, ("Now & then", "🙂"), is_on_board=False
        ),
    ),
)


class TestForms:
    async def test_a_clinic_without_a_form_has_the_empty_one(
        self, store: Store, town: Town
    ) -> None:
        # S10
        clinic = town.clinic.id
        assert await store.read(lambda reading: reading.form(clinic)) == Form()
        assert await store.read(lambda reading: reading.form_at(clinic, 1)) is None
        assert list(await store.read(lambda reading: reading.form_versions(clinic))) == []
        assert await town.within(lambda unit, now: unit.forms.current(clinic)) == Form()

    async def test_every_version_stays_as_it_was_saved(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S9
        clinic, root = town.clinic.id, town.root.person_id
        first, second = Form(1, QUESTIONS), Form(2, QUESTIONS[:1], has_note=False)

        await town.within(lambda unit, now: unit.forms.add(clinic, first, root, now))
        await town.within(lambda unit, now: unit.forms.add(clinic, second, PersonId(0), now))
        assert await store.read(lambda reading: reading.form(clinic)) == second
        assert await town.within(lambda unit, now: unit.forms.current(clinic)) == second
        assert await store.read(lambda reading: reading.form_at(clinic, 1)) == first
        assert list(await store.read(lambda reading: reading.form_versions(clinic))) == [
            FormVersion(2, 1, "The system", clock.now()),
            FormVersion(1, 2, town.root.name, clock.now()),
        ]

    async def test_the_forms_of_two_clinics_are_their_own(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        # S9
        mine, theirs = town.clinic.id, other_town.clinic.id
        form = Form(1, QUESTIONS)
        await town.within(lambda unit, now: unit.forms.add(mine, form, PersonId(0), now))
        assert await store.read(lambda reading: reading.form(theirs)) == Form()

    async def test_a_version_is_saved_once(self, store: Store, town: Town) -> None:
        clinic, root = town.clinic.id, town.root.person_id

        def save(unit: Unit, now: datetime) -> None:
            unit.forms.add(clinic, Form(1, QUESTIONS), root, now)

        await town.within(save)
        with pytest.raises(StaleError):
            await town.within(save)


class TestAnswers:
    async def test_answers_stay_with_their_request(self, store: Store, town: Town) -> None:
        # S9
        mine, theirs = await town.ask(), await town.ask(town.omar)
        await town.within(lambda unit, now: unit.forms.keep(mine.id, ANSWERED))
        assert await store.read(lambda reading: reading.answered(mine.id)) == ANSWERED
        assert await store.read(lambda reading: reading.answered(theirs.id)) is None

    async def test_they_are_on_the_cards_of_those_who_may_read_them(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        request = await town.ask()
        await town.within(lambda unit, now: unit.forms.keep(request.id, ANSWERED))
        group, patient = town.clinic.host_group.id, town.mia.person_id
        for stream, projection in (
            (f"hosts:{group}", Projection.HOST),
            (f"patient:{patient}", Projection.PATIENT),
        ):
            views = await store.read(
                lambda reading: reading.views(stream, projection, None, clock.now())
            )
            (card,) = [view for view in views if isinstance(view, HostCard | PatientCard)]
            assert card.answers == ANSWERED.answers
