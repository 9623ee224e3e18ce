"""Who is a patient of no clinic any more keeps what they asked for, and asks for nothing new."""

import pytest

from dispatch.errors import NotFoundError
from dispatch.events import CONTROL, EntityRef, patient_stream, request_stream
from dispatch.people import NewPerson
from dispatch.stream import Projection
from dispatch.usecases.administration import ImportPeople
from dispatch.usecases.boards import joinable, rights
from dispatch.usecases.groups import AddMember, RemoveMember
from dispatch.usecases.intake import DismissAnswer
from dispatch.usecases.logins import BeginLogin
from dispatch.usecases.session_pages import entrance
from dispatch.usecases.visits import Arrive, Depart, StartVisit
from dispatch.views import LinkCard, PatientCard
from dispatch.vocabulary import (
    EntityKind,
    GroupKind,
    PersonId,
    RequestId,
    RequestStatus,
    Role,
    SessionStatus,
)
from tests.builders import minutes
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import TAB, does, planned


@pytest.fixture
def desk() -> Desk:
    return Desk()


def leave_all(desk: Desk, person: PersonId) -> None:
    for clinic in (desk.evening, desk.daytime):
        group = clinic.patient_group.id
        desk.does(desk.root, RemoveMember(GroupKind.PATIENTS, group, person))


def the_card(desk: Desk, person: PersonId) -> PatientCard:
    (card,) = desk.snapshot(patient_stream(person), Projection.PATIENT).views
    assert isinstance(card, PatientCard)
    return card


def test_who_ever_asked_may_follow_their_own_stream_for_good(desk: Desk) -> None:  # S67 S88
    desk.ask()
    leave_all(desk, desk.mia)
    actor = desk.actor(desk.mia)
    assert not actor.asks_in
    own = frozenset({Projection.PATIENT, Projection.ROOM})
    assert joinable(actor) == {patient_stream(desk.mia): own}
    assert Role.REQUESTER in actor.roles


def test_who_never_asked_and_is_no_patient_has_no_such_stream(desk: Desk) -> None:
    leave_all(desk, desk.omar)
    assert joinable(desk.actor(desk.omar)) == {}
    for person in (desk.root, desk.sam, desk.ada):
        assert patient_stream(person) not in joinable(desk.actor(person))
        assert Role.REQUESTER not in desk.actor(person).roles


def test_whether_one_may_ask_is_known_by_another_word_though_the_streams_are_the_same(
    desk: Desk,
) -> None:
    desk.ask()
    before = desk.actor(desk.mia)
    leave_all(desk, desk.mia)
    after = desk.actor(desk.mia)
    assert joinable(before) == joinable(after)
    assert rights(before) != rights(after)


def test_they_withdraw_and_dismiss_and_ask_for_nothing_new(desk: Desk) -> None:  # S3 V3
    waiting, answered = desk.ask(), desk.ask(clinic=desk.daytime)
    desk.decline(answered, by=desk.tom)
    desk.wait(11)
    desk.sweep()
    leave_all(desk, desk.mia)
    desk.withdraw(waiting)
    assert desk.request(waiting).status is RequestStatus.WITHDRAWN
    desk.does(desk.mia, DismissAnswer(answered))
    assert desk.request(answered).dismissed_at == desk.now
    with pytest.raises(NotFoundError):
        desk.ask()


def test_they_come_to_their_visit_and_are_let_in(desk: Desk) -> None:  # V2 V10
    of = planned(desk)
    leave_all(desk, desk.mia)
    desk.clock.set(of.starts_at - minutes(10))
    before = desk.snapshot(patient_stream(desk.mia), Projection.ROOM)
    waiting = does(desk, desk.mia, Arrive(of.id, TAB))
    assert waiting.status is SessionStatus.PATIENT_WAITING
    assert desk.delta(before), "their waiting room turns"
    does(desk, desk.mia, Depart(of.id))
    does(desk, desk.mia, Arrive(of.id, TAB))
    does(desk, desk.ben, StartVisit(of.id))
    actor = desk.actor(desk.mia)
    assert desk.store.ask(lambda reading: entrance(reading, actor, of.id, desk.now))


def test_that_one_may_not_ask_again_is_told_to_the_cards_that_said_so(desk: Desk) -> None:
    number = desk.ask()
    desk.withdraw(number)
    request = desk.request(number)
    own = desk.snapshot(patient_stream(desk.mia), Projection.PATIENT)
    link = desk.snapshot(request_stream(request.id), Projection.LINK)
    assert the_card(desk, desk.mia).may_ask_again
    group, ref = desk.evening.patient_group.id, EntityRef(EntityKind.REQUEST, request.id)
    for command, may in ((RemoveMember, False), (AddMember, True)):
        desk.does(desk.root, command(GroupKind.PATIENTS, group, desk.mia))
        for before in (own, link):
            told = desk.delta(before)
            assert told is not None
            (card,) = told.views
            assert isinstance(card, PatientCard | LinkCard)
            assert (card.entity, card.may_ask_again) == (ref, may)
        own = desk.snapshot(own.stream, own.projection)
        link = desk.snapshot(link.stream, link.projection)


def test_only_cards_of_that_groups_clinics_are_told(desk: Desk) -> None:
    desk.withdraw(desk.ask(clinic=desk.daytime))
    before = desk.snapshot(patient_stream(desk.mia), Projection.PATIENT)
    desk.does(desk.root, RemoveMember(GroupKind.PATIENTS, desk.evening.patient_group.id, desk.mia))
    told = desk.delta(before)
    assert told is not None
    assert (told.views, told.gone) == ((), ())
    assert the_card(desk, desk.mia).may_ask_again


def test_a_roster_that_brings_somebody_back_is_told_to_their_cards(desk: Desk) -> None:
    group = desk.evening.patient_group.id
    roster = ImportPeople(
        (NewPerson("Pat Roe", "MRN-1"),), "America/New_York", patient_groups=frozenset({group})
    )
    desk.does(desk.root, roster)
    pat = next(p.id for p in desk.store.rows.people.values() if p.source_identifier == "MRN-1")
    desk.withdraw(desk.ask(by=pat), by=pat)
    desk.does(desk.root, RemoveMember(GroupKind.PATIENTS, group, pat))
    before = desk.snapshot(patient_stream(pat), Projection.PATIENT)
    desk.does(desk.root, roster)
    told = desk.delta(before)
    assert told is not None
    assert told.views == (the_card(desk, pat),)
    assert the_card(desk, pat).may_ask_again
    here = desk.snapshot(patient_stream(pat), Projection.PATIENT)
    desk.does(desk.root, roster)
    assert desk.snapshot(patient_stream(pat), Projection.PATIENT).cursor == here.cursor


def test_of_those_a_roster_brings_back_only_they_are_told_who_have_it_before_them(
    desk: Desk,
) -> None:
    group = desk.evening.patient_group.id
    names = ("Pat", "Una", "Vic", "Wim")
    roster = ImportPeople(
        tuple(NewPerson(name, name) for name in names), "UTC", patient_groups=frozenset({group})
    )
    desk.does(desk.root, roster)
    people = {p.name: p.id for p in desk.store.rows.people.values() if p.name in names}
    for name in ("Pat", "Una"):
        desk.withdraw(desk.ask(by=people[name]), by=people[name])
    desk.wait(25 * 3600)
    desk.does(people["Pat"], BeginLogin("p" * 64))  # Una has no page, and her link looks back
    desk.ask(by=people["Vic"])  # waits, and Wim never asked
    for person in people.values():
        desk.does(desk.root, RemoveMember(GroupKind.PATIENTS, group, person))
    heads = dict(desk.store.rows.heads)
    desk.does(desk.root, roster)
    rung = {name for name, cursor in desk.store.rows.heads.items() if cursor != heads.get(name)}
    pats = {patient_stream(people["Pat"]), request_stream(RequestId(1))}
    assert rung == {*pats, CONTROL}
