"""A clinic that closes for good turns nobody away, takes nobody in, and forgets nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import InvalidError, NotFoundError
from dispatch.events import CONTROL, clinic_stream, patient_stream
from dispatch.people import Actor
from dispatch.ports import Unit
from dispatch.stream import Projection
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
)
from dispatch.usecases.calendar import prospects
from dispatch.usecases.clinics import ChangeClinic
from dispatch.usecases.following import ScheduleNext
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.usecases.visits import FinishVisit, StartVisit
from dispatch.views import PatientCard, ProviderRow
from dispatch.vocabulary import ClinicMode, EntityKind, RequestType
from tests.builders import details_of, hours
from tests.dispatch.calendar_desk import TIMES, confirm, link, member, opened, stranger
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.turn_on(desk.ada, desk.ben)
    return desk


def archive(desk: Desk, clinic: Any = None) -> Any:
    command = ArchiveClinic((clinic or desk.evening).id)
    return desk.does(desk.root, command)


def restore(desk: Desk) -> Any:
    return desk.does(desk.root, RestoreClinic(desk.evening.id))


@contextmanager
def refused_with(sentence: str) -> Iterator[None]:
    with pytest.raises(InvalidError) as refused:
        yield
    assert refused.value.sentence == sentence


def test_a_clinic_where_somebody_waits_is_not_archived(desk: Desk) -> None:
    desk.ask()
    waiting = desk.ask(by=desk.omar)
    before = desk.store.rows
    with refused_with("2 requests wait in Evening Clinic. Finish them first, then archive it."):
        archive(desk)
    assert desk.store.rows is before
    desk.accept(waiting)
    with refused_with(
        "1 request waits and 1 session is to come or under way in Evening Clinic. "
        "Finish them first, then archive it."
    ):
        archive(desk)


def test_a_session_under_way_keeps_the_clinic_open(desk: Desk) -> None:
    session = desk.accept(desk.ask()).id
    desk.does(desk.ben, StartVisit(session))
    with pytest.raises(InvalidError):
        archive(desk)
    desk.does(desk.ben, FinishVisit(session))
    assert not archive(desk).was_there
    assert archive(desk).was_there


def test_nobody_asks_in_it_and_nothing_follows_in_it(desk: Desk) -> None:
    session = desk.accept(desk.ask()).id
    desk.does(desk.ben, StartVisit(session))
    desk.does(desk.ben, FinishVisit(session))
    archive(desk)
    before = desk.store.rows
    for asked in ({}, {"by": desk.sam, "requester_id": desk.mia}):
        with refused_with("Evening Clinic has closed and takes no requests any more."):
            desk.ask(**asked)  # type: ignore[arg-type]
    following = ScheduleNext(session, desk.now + hours(24))
    with refused_with("Evening Clinic has closed and takes no requests any more."):
        desk.does(desk.ben, following)
    assert desk.store.rows is before
    restore(desk)
    assert desk.ask(by=desk.omar)


def test_one_who_asks_while_it_is_archived_is_refused_once_the_request_is_stored(
    desk: Desk,
) -> None:
    def ask_meanwhile(command: SubmitRequest, actor: Actor, unit: Unit, now: Any) -> Any:
        add = unit.requests.add

        def add_late(draft: Any) -> Any:
            root = desk.store.rows.actor(desk.root)
            assert root
            archive_clinic(ArchiveClinic(desk.evening.id), root, unit, now)
            return add(draft)

        unit.requests.add = add_late  # type: ignore[method-assign]
        return submit_request(command, actor, unit, now)

    before = desk.store.rows
    command = SubmitRequest(desk.evening.id, desk.evening.services[0].id, RequestType.NOW)
    with refused_with("Evening Clinic has closed and takes no requests any more."):
        desk.store.run(ask_meanwhile, command, desk.actor(desk.mia))
    assert desk.store.rows is before


def test_its_public_calendars_are_not_there_and_a_link_that_was_mailed_leads_nowhere(
    desk: Desk,
) -> None:
    # S13
    opened(desk)
    desk.open_slot(desk.ada, TIMES[1], hours(2))
    stranger(desk)
    archive(desk, desk.daytime)
    with pytest.raises(NotFoundError):
        member(desk)
    with pytest.raises(NotFoundError):
        stranger(desk, email="other@example.org")
    token = link(desk)
    with pytest.raises(NotFoundError):
        confirm(desk, token)
    desk.does(desk.root, RestoreClinic(desk.daytime.id))
    assert confirm(desk, token).number, "what was on is on again, and the link leads there"
    assert member(desk, TIMES[0], by=desk.omar).number


def test_boards_and_providers_lose_it_and_are_told(desk: Desk) -> None:
    board = desk.snapshot(clinic_stream(desk.evening.id), Projection.BOARD)
    assert {v.name for v in board.views if isinstance(v, ProviderRow)} >= {"Dr. Ada Berg"}
    since = len(desk.store.rows.audit)
    archive(desk)
    told = desk.delta(board)
    assert told is not None
    assert {ref.kind for ref, _ in told.gone} == {EntityKind.PROVIDER}
    rung = desk.store.rows.audit[since:]
    assert [row.kind for row in rung if row.names_it] == ["clinic.archived"]
    assert desk.store.rows.log[CONTROL][-1].entity.kind is EntityKind.CLINIC
    host = desk.actor(desk.dan)
    count = len(desk.store.ask(lambda reading: prospects(reading, host, desk.now)))
    archive(desk, desk.daytime)
    assert count
    assert not desk.store.ask(lambda reading: prospects(reading, host, desk.now))
    restore(desk)
    again = desk.snapshot(clinic_stream(desk.evening.id), Projection.BOARD)
    assert again.views == board.views


def test_what_happened_in_it_stays_to_be_read_and_its_settings_stay_its_own(desk: Desk) -> None:
    number = desk.ask()
    desk.decline(number)
    desk.wait(11)
    desk.sweep()
    (before,) = desk.snapshot(patient_stream(desk.mia), Projection.PATIENT).views
    decided = desk.snapshot(clinic_stream(desk.evening.id), Projection.DECIDED).views
    assert isinstance(before, PatientCard)
    assert before.may_ask_again
    assert decided
    archive(desk)
    (after,) = desk.snapshot(patient_stream(desk.mia), Projection.PATIENT).views
    assert after == replace(before, may_ask_again=False)
    assert desk.snapshot(clinic_stream(desk.evening.id), Projection.DECIDED).views == decided
    details = details_of(desk.evening, name="Night", mode=ClinicMode.CALENDAR)
    desk.does(desk.root, ChangeClinic(desk.evening.id, details))
    clinic = desk.store.rows.clinics[desk.evening.id]
    assert (clinic.name, clinic.is_archived) == ("Night", True)
    taken = details_of(desk.daytime, name="night")
    with refused_with("An archived clinic is called that already."):
        desk.does(desk.root, ChangeClinic(desk.daytime.id, taken))
