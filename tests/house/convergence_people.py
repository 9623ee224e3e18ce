"""Knows the scenes of people: renamed, invited, signed out while everybody has pages open."""

from collections.abc import AsyncGenerator

from dispatch.people import system_actor
from dispatch.usecases.people import (
    ChangePerson,
    ChoosePassword,
    EndSignIns,
    InvitePerson,
    change_person,
    choose_password,
    end_sign_ins,
    invite_person,
)
from tests.house.convergence_stage import LATER, accept, decline, scene
from tests.house.convergence_world import ADMINISTRATOR, World


async def renamed(w: World, name: str) -> None:
    key = w.desk.people[name].person_id
    command = ChangePerson(key, f"{name} Oak", "oak@example.org", "555", "Europe/Berlin", False)
    await w.does(ADMINISTRATOR, change_person, command)


@scene(change_person)
async def a_patient_who_waits_gets_another_name(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park", *LATER)
    yield
    await renamed(w, "Jordan Park")


@scene(change_person)
async def a_provider_with_a_session_gets_another_name(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", *LATER)
    await accept(w, number, "Ana Ruiz", "Rosa Lind")
    yield
    await renamed(w, "Ana Ruiz")


@scene(change_person)
async def a_scheduler_who_declines_gets_another_name(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", *LATER)
    await decline(w, number)
    yield
    await renamed(w, "Rosa Lind")


@scene(change_person)
async def a_patient_who_waits_gets_an_address(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park")
    yield
    key = w.desk.people["Jordan Park"].person_id
    command = ChangePerson(key, "Jordan Park", "park@example.org", None, "UTC", False)
    await w.does(ADMINISTRATOR, change_person, command)


@scene(invite_person)
async def somebody_is_invited(w: World) -> AsyncGenerator[None, None]:
    await renamed(w, "Max Roy")
    yield
    await w.does(ADMINISTRATOR, invite_person, InvitePerson(w.desk.people["Max Roy"].person_id))


@scene(choose_password)
async def somebody_chooses_a_password(w: World) -> AsyncGenerator[None, None]:
    key = w.desk.people["Max Roy"].person_id
    await renamed(w, "Max Roy")
    await w.does(ADMINISTRATOR, invite_person, InvitePerson(key))
    yield
    person = await w.desk.store.read(lambda reading: reading.invitee(key))
    assert person is not None
    assert person.invited_at is not None
    command = ChoosePassword(key, person.invited_at, "hash")
    await w.desk.store.perform(choose_password, command, system_actor(person.account_id))


@scene(end_sign_ins)
async def somebody_is_signed_out_everywhere(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does(ADMINISTRATOR, end_sign_ins, EndSignIns(w.desk.people["Max Roy"].person_id))
