"""Knows the scenes of a patient's old cards: what they say changes long after they were answered."""

from collections.abc import AsyncGenerator

from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.usecases.clinics import ChangeClinic, change_clinic
from dispatch.usecases.groups import (
    AddMember,
    RemoveMember,
    RenameGroup,
    add_member,
    remove_member,
    rename_group,
)
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.usecases.services import ChangeService, change_service
from dispatch.vocabulary import ClinicId, GroupKind
from tests.builders import details_of
from tests.house.convergence_stage import decline, scene
from tests.house.convergence_world import ADMINISTRATOR, World


async def long_answered(w: World) -> None:
    """Have Jordan signed in, with a request that was declined two days ago and one withdrawn."""
    await decline(w, await w.asks("Jordan Park", note="A rash."))
    await w.wait(11)
    number = await w.asks("Jordan Park", clinic="Eastside")
    await w.does("Jordan Park", withdraw_request, WithdrawRequest(number))
    await w.wait(48 * 3600)
    await w.does("Jordan Park", begin_login, BeginLogin("0" * 64))


@scene(remove_member)
async def a_patient_with_cards_old_and_new_leaves_the_group(w: World) -> AsyncGenerator[None, None]:
    await long_answered(w)
    await w.asks("Jordan Park", clinic="Southside")
    north, jordan = w.desk.clinics["Northside"], w.desk.people["Jordan Park"].person_id
    yield
    command = RemoveMember(GroupKind.PATIENTS, north.patient_group.id, jordan)
    await w.does(ADMINISTRATOR, remove_member, command)


@scene(add_member)
async def a_patient_who_had_left_comes_back(w: World) -> AsyncGenerator[None, None]:
    await long_answered(w)
    north, jordan = w.desk.clinics["Northside"], w.desk.people["Jordan Park"].person_id
    member = GroupKind.PATIENTS, north.patient_group.id, jordan
    await w.does(ADMINISTRATOR, remove_member, RemoveMember(*member))
    yield
    await w.does(ADMINISTRATOR, add_member, AddMember(*member))


@scene(change_clinic)
async def a_clinic_that_answered_two_days_ago_is_called_otherwise(
    w: World,
) -> AsyncGenerator[None, None]:
    await long_answered(w)
    north = w.desk.clinics["Northside"]
    yield
    changed = details_of(north, name="Lakeside", phone="555-0199", zone="Europe/Paris")
    await w.does(ADMINISTRATOR, change_clinic, ChangeClinic(north.id, changed))


@scene(rename_group)
async def a_group_that_answered_two_days_ago_is_called_otherwise(
    w: World,
) -> AsyncGenerator[None, None]:
    await long_answered(w)
    group = w.desk.clinics["Northside"].host_group.id
    yield
    await w.does(ADMINISTRATOR, rename_group, RenameGroup(GroupKind.HOSTS, group, "Night nurses"))


@scene(change_service)
async def a_service_of_two_days_ago_is_called_otherwise(w: World) -> AsyncGenerator[None, None]:
    await long_answered(w)
    service = w.desk.clinics["Northside"].services[0]
    yield
    command = ChangeService(service.id, "Walk-in visit", "Come in.", 40, "$5 is due.")
    await w.does(ADMINISTRATOR, change_service, command)


@scene(archive_clinic)
async def a_clinic_that_answered_two_days_ago_closes_for_good(
    w: World,
) -> AsyncGenerator[None, None]:
    await long_answered(w)
    north = w.desk.clinics["Northside"]
    yield
    await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(north.id))


@scene(archive_clinic)
async def the_last_clinic_that_took_them_closes_for_good(w: World) -> AsyncGenerator[None, None]:
    *others, last = _clinics(w)
    for clinic in others:
        await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(clinic))
    yield
    await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(last))


@scene(restore_clinic)
async def a_clinic_takes_them_again_that_no_other_took(w: World) -> AsyncGenerator[None, None]:
    for clinic in _clinics(w):
        await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(clinic))
    yield
    await w.does(ADMINISTRATOR, restore_clinic, RestoreClinic(_clinics(w)[0]))


def _clinics(w: World) -> list[ClinicId]:
    own = (clinic for clinic in w.desk.clinics.values() if clinic.account_id == w.desk.account)
    return [clinic.id for clinic in own]
