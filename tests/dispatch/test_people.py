"""An administrator looks after people; whoever is invited chooses a password once, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.people import Person, system_actor
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.logins import BeginLogin, SetDisabled
from dispatch.usecases.people import (
    ChangePerson,
    ChoosePassword,
    EndSignIns,
    InvitePerson,
    choose_password,
)
from dispatch.vocabulary import NoticeKind, PersonId
from dispatch.welcome import LASTS, is_open, read_token, write_token
from tests.dispatch.desk import Desk

SECRET = b"s" * 32


@pytest.fixture
def desk() -> Desk:
    return Desk()


def person(desk: Desk, key: int) -> Person:
    return desk.store.rows.people[PersonId(key)]


def given_address(desk: Desk, key: int, email: str = "new@example.org") -> None:
    change(desk, key, email=email)


def change(desk: Desk, key: int, by: int | None = None, **changes: Any) -> None:
    was = person(desk, key)
    fields: dict[str, Any] = {
        "name": was.name,
        "email": was.email,
        "phone": was.phone,
        "zone": was.zone,
        "is_administrator": was.is_administrator,
    }
    command = ChangePerson(PersonId(key), **fields | changes)
    desk.does(by or desk.root, command)


def invited(desk: Desk, key: int) -> ChoosePassword:
    desk.does(desk.root, InvitePerson(PersonId(key)))
    invited_at = person(desk, key).invited_at
    assert invited_at
    return ChoosePassword(PersonId(key), invited_at, "a hash")


def choose(desk: Desk, command: ChoosePassword) -> None:
    account = person(desk, command.person_id).account_id
    desk.store.run(choose_password, command, system_actor(account))


def test_only_administrators_look_after_people_and_only_after_their_own(desk: Desk) -> None:
    for key, refusal in ((desk.sue, NotAllowedError), (desk.ada, NotAllowedError)):
        for command in (
            InvitePerson(PersonId(desk.mia)),
            EndSignIns(PersonId(desk.mia)),
        ):
            with pytest.raises(refusal):
                desk.does(key, command)
        with pytest.raises(refusal):
            change(desk, desk.mia, by=key, name="Mine")
    with pytest.raises(NotFoundError):
        change(desk, desk.zoe, name="Mine")
    with pytest.raises(NotFoundError):
        desk.does(desk.root, InvitePerson(PersonId(desk.zoe)))


def test_a_link_lets_in_once_and_ends_who_was_signed_in(desk: Desk) -> None:
    given_address(desk, desk.ben)
    desk.does(desk.ben, BeginLogin("t" * 64))
    command = invited(desk, desk.ben)
    choose(desk, command)
    assert desk.store.rows.passwords[PersonId(desk.ben)] == "a hash"
    assert all(login.ended_at for login in desk.store.rows.logins.values())
    with pytest.raises(NotFoundError):
        choose(desk, command)


def test_another_link_makes_the_first_worthless(desk: Desk) -> None:
    given_address(desk, desk.ben)
    first = invited(desk, desk.ben)
    desk.wait(60)
    second = invited(desk, desk.ben)
    with pytest.raises(NotFoundError):
        choose(desk, first)
    choose(desk, second)
    kinds = [one.kind for one in desk.store.rows.outbox.values()]
    assert kinds.count(NoticeKind.WELCOME) == 2


def test_a_link_works_for_seven_days_and_not_for_the_disabled_or_the_moved(desk: Desk) -> None:
    given_address(desk, desk.ben)
    command = invited(desk, desk.ben)
    who, at = person(desk, desk.ben), command.invited_at
    assert is_open(who, at, at + LASTS - timedelta(seconds=1))
    assert not is_open(who, at, at + LASTS)
    desk.wait(LASTS.total_seconds())
    with pytest.raises(NotFoundError):
        choose(desk, command)
    command = invited(desk, desk.ben)
    change(desk, desk.ben, email="other@example.org")
    with pytest.raises(NotFoundError):
        choose(desk, command)
    command = invited(desk, desk.ben)
    desk.does(desk.root, SetDisabled(PersonId(desk.ben), True))
    with pytest.raises(NotFoundError):
        choose(desk, command)


def test_nobody_chooses_for_another(desk: Desk) -> None:
    given_address(desk, desk.ben)
    command = invited(desk, desk.ben)
    for key in (desk.mia, desk.root, desk.ben):
        with pytest.raises(NotAllowedError):
            desk.does(key, command)


def test_without_an_address_nobody_is_invited(desk: Desk) -> None:
    change(desk, desk.ben, email=None)
    with pytest.raises(InvalidError, match="invalid"):
        invited(desk, desk.ben)


def test_an_address_is_one_persons(desk: Desk) -> None:
    given_address(desk, desk.ben, "Ben@Example.org")
    assert person(desk, desk.ben).email == "ben@example.org"
    with pytest.raises(InvalidError):
        given_address(desk, desk.ada, "BEN@example.org")
    given_address(desk, desk.ben, "ben@example.org")  # one's own again


def test_somebody_stays_administrator(desk: Desk) -> None:
    given_address(desk, desk.root, "root@example.org")
    with pytest.raises(InvalidError):
        change(desk, desk.root, is_administrator=False)
    given_address(desk, desk.sue, "sue@example.org")
    change(desk, desk.sue, is_administrator=True)
    change(desk, desk.root, by=desk.sue, is_administrator=False)
    assert not person(desk, desk.root).is_administrator
    with pytest.raises(InvalidError):
        change(desk, desk.sue, by=desk.sue, is_administrator=False)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"zone": "Mars/Olympus"}])
def test_what_cannot_be_changes_nothing(desk: Desk, wrong: dict[str, Any]) -> None:
    before = person(desk, desk.mia)
    with pytest.raises(InvalidError):
        change(desk, desk.mia, **wrong)
    assert person(desk, desk.mia) == before


def test_who_is_added_is_invited_where_there_is_an_address(desk: Desk) -> None:
    root = desk.actor(desk.root)
    for name, email in (("With", "with@example.org"), ("Without", None)):
        draft = Person(PersonId(0), root.account_id, name, "UTC", email)
        desk.store.run(create_person, CreatePerson(draft, is_invited=True), root)
    notices = [n for n in desk.store.rows.outbox.values() if n.kind is NoticeKind.WELCOME]
    assert [desk.store.rows.people[n.recipient_id or PersonId(0)].name for n in notices] == ["With"]


def test_a_link_says_who_was_invited_and_when(desk: Desk) -> None:
    at = desk.now.replace(microsecond=0)
    link = read_token(write_token(PersonId(7), at, SECRET), SECRET)
    assert link is not None
    assert (link.person_id, link.invited_at) == (7, at)
