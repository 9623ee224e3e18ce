"""An account is set up by administrators, and people lose their way in at once."""

from dataclasses import replace
from datetime import datetime

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.events import CONTROL
from dispatch.people import Actor, NewPerson, system_actor
from dispatch.ports import Done, Unit
from dispatch.usecases.administration import CreateClinic, CreatePerson, ImportPeople, create_clinic
from dispatch.usecases.groups import RemoveMember
from dispatch.usecases.logins import BeginLogin, EndLogin, SetDisabled, set_disabled
from dispatch.vocabulary import ClinicId, GroupKind, LoginId
from tests.builders import ACCOUNT, a_clinic, a_person, a_service
from tests.dispatch.desk import Desk


def test_only_administrators_set_an_account_up(desk: Desk) -> None:
    commands = [
        CreateClinic(a_clinic()),
        CreatePerson(a_person()),
        ImportPeople((), "UTC"),
        SetDisabled(desk.mia, True),
    ]
    for command in commands:
        for person in (desk.mia, desk.ada, desk.sue):
            with pytest.raises(NotAllowedError):
                desk.does(person, command)


def test_a_clinic_has_a_name_and_a_service(desk: Desk) -> None:
    # S5
    system = system_actor(ACCOUNT)
    for changes, field in (({"name": " "}, "name"), ({"services": ()}, "services")):
        with pytest.raises(InvalidError) as error:
            desk.store.run(create_clinic, CreateClinic(a_clinic(**changes)), system)
        assert error.value.field == field


def test_a_person_joins_where_they_belong_and_the_workers_hear_of_it(desk: Desk) -> None:
    before = desk.store.rows.heads[CONTROL].seq
    eve = desk._person("Eve", asks=[desk.evening], hosts=[desk.daytime], schedules=[desk.evening])
    actor = desk.actor(eve)
    assert actor.asks_in == {desk.evening.patient_group.id}
    assert actor.hosts_in == {desk.daytime.host_group.id}
    assert actor.schedules == {desk.evening.id}
    assert {str(role) for role in actor.roles} == {"requester", "host", "scheduler"}
    assert desk.store.rows.heads[CONTROL].seq == before + 1


def test_an_e_mail_address_signs_one_person_in(desk: Desk) -> None:
    desk._person("Eve", email="eve@example.org")
    for taken in ("eve@example.org", "Eve@Example.org"):
        with pytest.raises(InvalidError) as error:
            desk._person("Eva", email=taken)
        assert error.value.field == "email"
    with pytest.raises(InvalidError):
        desk._person("  ")


def test_importing_a_roster_twice_is_importing_it_once(desk: Desk) -> None:
    roster = (
        NewPerson("Ann", "N1", email="ann@example.org"),
        NewPerson("Ann's twin", "N2", email="ANN@example.org"),
        NewPerson("Bob", "N3"),
    )
    group = desk.daytime.patient_group.id
    command = ImportPeople(roster, "Europe/London", patient_groups=frozenset({group}))
    desk.does(desk.root, command)
    once = dict(desk.store.rows.people)
    desk.does(desk.root, command)
    assert desk.store.rows.people == once
    new = {p.name: p for p in once.values() if p.source_identifier}
    assert {name: p.email for name, p in new.items()} == {
        "Ann": "ann@example.org",
        "Ann's twin": None,
        "Bob": None,
    }
    assert {p.zone for p in new.values()} == {"Europe/London"}
    assert {(group, p.id) for p in new.values()} <= desk.store.rows.patients


def test_the_same_roster_once_more_is_told_to_nobody(desk: Desk) -> None:
    both = frozenset({desk.evening.host_group.id, desk.daytime.host_group.id})
    patients = frozenset({desk.daytime.patient_group.id})
    nurses, callers = (NewPerson("Ida", "N1"), NewPerson("Jon", "N2")), (NewPerson("Kai", "N3"),)
    for command in (
        ImportPeople(nurses, "UTC", host_groups=both),
        ImportPeople(callers, "UTC", patient_groups=patients),
    ):
        desk.does(desk.root, command)
        rung, rows = len(desk.rung()), desk.store.rows
        desk.does(desk.root, command)
        assert desk.rung(rung) == []
        assert (desk.store.rows.hosts, desk.store.rows.patients) == (rows.hosts, rows.patients)


def test_of_a_roster_that_grew_only_who_is_new_in_a_group_is_told(desk: Desk) -> None:
    # S85 S87: the boards of the group's clinics, and nobody's else
    ida, jon = NewPerson("Ida", "N1"), NewPerson("Jon", "N2")
    group = frozenset({desk.evening.host_group.id})
    desk.does(desk.root, ImportPeople((ida,), "UTC", host_groups=group))
    rung, other = len(desk.rung()), desk.store.rows.heads.get(f"clinic:{desk.daytime.id}")
    desk.does(desk.root, ImportPeople((ida, jon), "UTC", host_groups=group))
    named = {row.entity.id for row in desk.store.rows.audit[rung:]}
    [new] = [p.id for p in desk.store.rows.people.values() if p.name == "Jon"]
    assert named == {new}
    assert desk.store.rows.heads.get(f"clinic:{desk.daytime.id}") == other


def test_who_is_imported_into_a_group_and_may_answer_there_is_told_like_a_new_member(
    desk: Desk,
) -> None:
    # S87: others passed on one request, and another names them
    dan, group = desk.store.rows.people[desk.dan], desk.evening.host_group.id
    desk.store.rows.people[desk.dan] = replace(dan, source_identifier="N7")
    roster = ImportPeople((NewPerson("Dan", "N7"),), "UTC", host_groups=frozenset({group}))
    desk.does(desk.root, roster)
    desk.turn_on(desk.ada, desk.ben, desk.dan)
    passed, named = desk.ask(), desk.ask(by=desk.omar, target_host_id=desk.dan)
    desk.does(desk.root, RemoveMember(GroupKind.HOSTS, group, desk.dan))
    desk.pass_on(passed, desk.ada)
    desk.pass_on(passed, desk.ben)
    rung = len(desk.rung())
    desk.does(desk.root, roster)
    told = {(row.kind, row.entity.id) for row in desk.store.rows.audit[rung:]}
    assert ("request.passes_reviewed", desk.request(passed).id) in told
    assert ("request.joined", desk.request(named).id) in told


def signed_in(desk: Desk) -> tuple[LoginId, Actor] | None:
    return desk.store.ask(lambda reading: reading.login("h" * 64, desk.now))


def test_nobody_joins_a_group_or_a_clinic_of_another_account(desk: Desk) -> None:
    # S55
    before, foreign = desk.store.rows, desk.foreign
    patients = frozenset({foreign.patient_group.id})
    hosts = frozenset({foreign.host_group.id})
    for command in (
        ImportPeople((), "UTC", patient_groups=patients),
        ImportPeople((), "UTC", host_groups=hosts),
        CreatePerson(a_person(), asks_in=patients),
        CreatePerson(a_person(), hosts_in=hosts),
        CreatePerson(a_person(), schedules=frozenset({foreign.id})),
    ):
        with pytest.raises(NotFoundError):
            desk.does(desk.root, command)
    assert desk.store.rows is before


def test_a_disabled_person_is_out_at_once(desk: Desk) -> None:
    done = desk.does(desk.ada, BeginLogin("h" * 64))
    assert signed_in(desk) == (done.entity.id, desk.actor(desk.ada))
    before = desk.store.rows.heads[CONTROL].seq
    desk.does(desk.root, SetDisabled(desk.ada, True))
    assert signed_in(desk) is None
    told = desk.store.rows.heads[CONTROL].seq - before
    assert told == 2, "of the person, and of their sign-in"
    desk.does(desk.root, SetDisabled(desk.ada, False))
    assert signed_in(desk) is None, "their old sign-in stays dead"


def test_nobody_disables_themself_or_a_person_of_another_account(desk: Desk) -> None:
    # S55
    with pytest.raises(InvalidError):
        desk.does(desk.root, SetDisabled(desk.root, True))
    with pytest.raises(NotFoundError):
        desk.does(desk.root, SetDisabled(desk.zoe, True))
    assert not desk.store.rows.people[desk.zoe].is_disabled


def test_of_two_administrators_who_disable_each_other_one_stays(desk: Desk) -> None:
    other = desk._person("Ivy")
    desk.store.rows.people[other] = replace(desk.store.rows.people[other], is_administrator=True)
    was = desk.actor(other)
    desk.does(desk.root, SetDisabled(other, True))

    def too_late(command: SetDisabled, _actor: Actor, unit: Unit, now: datetime) -> Done:
        return set_disabled(command, was, unit, now)  # with the rights that they had when it began

    with pytest.raises(NotAllowedError):
        desk.store.run(too_late, SetDisabled(desk.root, True), desk.actor(desk.root))
    assert not desk.store.rows.people[desk.root].is_disabled


def test_a_sign_in_ends_by_itself_after_twelve_hours_or_when_it_is_ended(desk: Desk) -> None:
    done = desk.does(desk.ada, BeginLogin("h" * 64))
    desk.wait(12 * 3600 - 1)
    assert signed_in(desk)
    desk.wait(1)
    assert signed_in(desk) is None
    desk.wait(-60)
    desk.does(desk.ada, EndLogin(LoginId(done.entity.id)))
    assert signed_in(desk) is None


def test_the_examples_are_honest() -> None:
    clinic = a_clinic()
    assert clinic.service(clinic.services[0].id) == clinic.services[0]
    assert clinic.service(a_service(id=404).id) is None
    assert replace(clinic, id=ClinicId(2)) != clinic
