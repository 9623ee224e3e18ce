"""What administrators change is theirs alone to change, is told to whoever sees it, and takes rights."""

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from dispatch.events import CONTROL, patient_stream
from dispatch.stream import Projection
from dispatch.usecases.accounts import ChangeAccount
from dispatch.usecases.archive import ArchiveClinic, RestoreClinic
from dispatch.usecases.clinics import ChangeClinic, OfferServices, offer_services
from dispatch.usecases.dialog import assignment
from dispatch.usecases.groups import AddMember, CreateGroup, RemoveMember, RenameGroup, create_group
from dispatch.usecases.hours import SetHours
from dispatch.usecases.logins import BeginLogin, SetDisabled
from dispatch.usecases.refusal import PassRequest
from dispatch.usecases.schedulers import AddScheduler, RemoveScheduler
from dispatch.usecases.services import ChangeService, CreateService, create_service
from dispatch.views import PatientCard
from dispatch.vocabulary import GroupId, GroupKind, NoticeKind, PersonId, RequestNumber, ServiceId
from tests.builders import details_of
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def commands(desk: Desk, *, foreign: bool = False) -> list[object]:
    """Return every use case of the office with a command about one account or the other."""
    clinic = desk.foreign if foreign else desk.evening
    person = PersonId(desk.zoe if foreign else desk.omar)
    service = clinic.services[0].id
    hosts = GroupKind.HOSTS, clinic.host_group.id
    found = [
        ChangeClinic(clinic.id, details_of(clinic, name="Mine")),
        OfferServices(clinic.id, (service,), (service,)),
        SetHours(clinic.id, ()),
        ChangeService(service, "Mine", "", 10),
        RenameGroup(*hosts, "Mine"),
        AddMember(*hosts, person),
        RemoveMember(*hosts, person),
        AddScheduler(clinic.id, person),
        RemoveScheduler(clinic.id, person),
        ArchiveClinic(clinic.id),
        RestoreClinic(clinic.id),
    ]
    own = [
        ChangeAccount("Mine", "UTC"),
        CreateService("Mine", "", 10),
        CreateGroup(GroupKind.HOSTS, "Mine"),
    ]
    return found if foreign else [*found, *own]


def test_nobody_but_an_administrator_changes_the_office(desk: Desk) -> None:
    before = desk.store.rows
    for command in commands(desk):
        for name in (desk.sam, desk.ada, desk.mia):
            with pytest.raises(NotAllowedError):
                desk.does(name, command)
    assert desk.store.rows is before


def test_what_is_another_account_s_is_not_there(desk: Desk) -> None:  # S55
    before = desk.store.rows
    for command in commands(desk, foreign=True):
        with pytest.raises(NotFoundError):
            desk.does(desk.root, command)
    mixed = (
        AddScheduler(desk.evening.id, PersonId(desk.zoe)),
        AddMember(GroupKind.HOSTS, desk.evening.host_group.id, PersonId(desk.zoe)),
        ChangeClinic(
            desk.evening.id,
            details_of(desk.evening, host_group_id=desk.foreign.host_group.id),
        ),
        OfferServices(
            desk.evening.id,
            (desk.foreign.services[0].id,),
            (desk.evening.services[0].id,),
        ),
    )
    for command in mixed:
        with pytest.raises(NotFoundError):
            desk.does(desk.root, command)
    assert desk.store.rows is before


def test_doing_it_twice_changes_nothing_more(desk: Desk) -> None:
    for command in commands(desk):
        if isinstance(command, CreateService | CreateGroup | OfferServices):
            continue  # these carry a key, or what they were seen as
        desk.does(desk.root, command)
        count = len(desk.store.rows.audit)
        assert desk.does(desk.root, command).was_there
        assert len(desk.store.rows.audit) == count


def test_a_right_goes_to_control_with_the_person(desk: Desk) -> None:
    group = desk.evening.host_group.id
    steps = (
        AddMember(GroupKind.HOSTS, group, PersonId(desk.dan)),
        RemoveMember(GroupKind.HOSTS, group, PersonId(desk.ben)),
        AddScheduler(desk.evening.id, PersonId(desk.tom)),
        RemoveScheduler(desk.evening.id, PersonId(desk.sam)),
        RemoveMember(GroupKind.PATIENTS, desk.evening.patient_group.id, PersonId(desk.mia)),
    )
    for command in steps:
        before = desk.store.rows.heads[CONTROL].seq
        desk.does(desk.root, command)
        assert desk.store.rows.heads[CONTROL].seq == before + 1
        last = desk.store.rows.log[CONTROL][-1].entity
        assert str(last) == f"person:{command.person_id}"
    assert group in desk.actor(desk.dan).hosts_in
    assert group not in desk.actor(desk.ben).hosts_in
    assert desk.evening.id in desk.actor(desk.tom).schedules
    assert desk.evening.id not in desk.actor(desk.sam).schedules
    assert desk.evening.patient_group.id not in desk.actor(desk.mia).asks_in


def test_a_host_taken_out_can_neither_see_nor_take_what_was_for_them(desk: Desk) -> None:  # S28
    desk.turn_on(desk.ben)
    number = desk.ask(target_host_id=PersonId(desk.ben))
    command = RemoveMember(GroupKind.HOSTS, desk.evening.host_group.id, PersonId(desk.ben))
    desk.does(desk.root, command)
    with pytest.raises(NotFoundError):
        desk.accept(number, by=desk.ben)
    with pytest.raises(NotFoundError):
        desk.decline(number, by=desk.ben)
    desk.accept(
        number, host_id=PersonId(desk.ada), by=desk.sam, confirmed=frozenset({"unavailable"})
    )


@pytest.mark.parametrize("how", ["taken out of the group", "disabled"])
def test_when_the_last_who_had_not_passed_leaves_schedulers_are_alerted(
    desk: Desk, how: str
) -> None:
    desk.turn_on(desk.ada, desk.ben)
    number = desk.ask()
    desk.does(desk.ada, PassRequest(RequestNumber(number)))
    assert desk.notices(NoticeKind.ALL_PASSED) == []
    ben = PersonId(desk.ben)
    leaves = RemoveMember(GroupKind.HOSTS, desk.evening.host_group.id, ben)
    desk.does(desk.root, SetDisabled(ben, True) if how == "disabled" else leaves)
    assert desk.notices(NoticeKind.ALL_PASSED) == [desk.sam, desk.sue]


def test_a_change_is_told_for_every_open_row_and_no_others(desk: Desk) -> None:
    waiting, elsewhere = desk.ask(), desk.ask(clinic=desk.daytime)
    old = desk.ask(by=desk.omar)
    desk.withdraw(old, by=desk.omar)
    desk.wait(24 * 3600)
    before = {stream: head.seq for stream, head in desk.store.rows.heads.items()}
    details = details_of(desk.evening, name="Dusk")
    desk.does(desk.root, ChangeClinic(desk.evening.id, details))
    told = {
        str(event.entity)
        for stream, events in desk.store.rows.log.items()
        for event in events
        if event.seq > before.get(stream, 0)
    }
    assert f"request:{desk.request(waiting).id}" in told
    assert f"request:{desk.request(elsewhere).id}" not in told
    assert f"request:{desk.request(old).id}" not in told, "history is read anew when it is opened"


def test_two_who_reorder_services_at_once_do_not_undo_each_other(desk: Desk) -> None:
    root = desk.actor(desk.root)
    done = desk.store.run(create_service, CreateService("Advice", "", 10), root)
    one, two = desk.evening.services[0].id, ServiceId(done.entity.id)
    desk.store.run(offer_services, OfferServices(desk.evening.id, (one, two), (one,)), root)
    with pytest.raises(StaleError):
        desk.store.run(offer_services, OfferServices(desk.evening.id, (one,), (one,)), root)
    assert [s.id for s in desk.store.rows.clinics[desk.evening.id].services] == [one, two]


def test_a_request_keeps_the_service_that_is_offered_no_more(desk: Desk) -> None:
    root = desk.actor(desk.root)
    number = desk.ask()
    done = desk.store.run(create_service, CreateService("Advice", "", 10), root)
    one, two = desk.evening.services[0].id, ServiceId(done.entity.id)
    desk.store.run(offer_services, OfferServices(desk.evening.id, (two,), (one,)), root)
    assert desk.request(number).service_id == one
    with pytest.raises(InvalidError):
        desk.ask(by=desk.omar, service_id=one)
    desk.turn_on(desk.ada)
    sam = desk.actor(desk.sam)
    shown = desk.store.ask(lambda reading: assignment(reading, sam, number, desk.now))
    assert shown.duration_minutes == desk.evening.services[0].duration_minutes
    session = desk.accept(number, host_id=PersonId(desk.ada), by=desk.sam)
    assert session.ends_at - session.starts_at == desk.evening.services[0].duration  # S60


def test_names_of_groups_are_their_own(desk: Desk) -> None:
    root = desk.actor(desk.root)
    for wrong in ("", "  ", "EVENING providers", "n" * 201, "Night\u202eshift"):
        with pytest.raises(InvalidError):
            desk.store.run(create_group, CreateGroup(GroupKind.HOSTS, wrong), root)
    done = desk.store.run(create_group, CreateGroup(GroupKind.PATIENTS, "Night\r\nshift"), root)
    assert desk.store.rows.patient_groups[GroupId(done.entity.id)].name == "Night shift"


def test_an_old_card_on_the_page_of_who_is_signed_in_takes_a_clinics_new_name(desk: Desk) -> None:
    for person in (desk.mia, desk.omar):
        desk.withdraw(desk.ask(by=person), by=person)
    desk.wait(3 * 24 * 3600)
    desk.does(desk.mia, BeginLogin("m" * 64))
    own = [desk.snapshot(patient_stream(p), Projection.PATIENT) for p in (desk.mia, desk.omar)]
    details = details_of(desk.evening, name="Lakeside")
    desk.does(desk.root, ChangeClinic(desk.evening.id, details))
    told = desk.delta(own[0])
    assert told is not None
    assert [view.clinic for view in told.views if isinstance(view, PatientCard)] == ["Lakeside"]
    head = desk.store.rows.heads[patient_stream(desk.omar)]
    assert head == own[1].cursor, "nobody looks at it"
