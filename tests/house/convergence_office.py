"""Knows the scenes of the office: clinics, services and groups change while everybody has them open."""

from collections.abc import AsyncGenerator
from datetime import date

from dispatch.timetable import Closure, Hours
from dispatch.usecases.accounts import ChangeAccount, change_account
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.usecases.clinics import (
    ChangeClinic,
    OfferServices,
    change_clinic,
    offer_services,
)
from dispatch.usecases.groups import (
    AddMember,
    CreateGroup,
    RemoveMember,
    RenameGroup,
    add_member,
    create_group,
    remove_member,
    rename_group,
)
from dispatch.usecases.hours import (
    AddClosure,
    RemoveClosure,
    SetHours,
    add_closure,
    remove_closure,
    set_hours,
)
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.usecases.schedulers import (
    AddScheduler,
    RemoveScheduler,
    add_scheduler,
    remove_scheduler,
)
from dispatch.usecases.services import (
    ChangeService,
    CreateService,
    change_service,
    create_service,
)
from dispatch.vocabulary import ClinicMode, GroupKind
from tests.builders import details_of
from tests.house.convergence_stage import LATER, accept, decline, scene
from tests.house.convergence_world import ADMINISTRATOR, World

CHRISTMAS = Closure(date(2026, 12, 24), date(2026, 12, 26), "Christmas")


async def busy(w: World) -> None:
    """Have Northside show of everything something: waiting, passed on, accepted and declined."""
    await w.asks("Jordan Park", note="A rash.")
    await w.asks("Mia Wells", LATER[0], host="Ana Ruiz")
    await w.does("Lee Chen", pass_request, PassRequest(await w.asks("Noah Brook")))
    await accept(w, await w.asks("Zoe Hart", *LATER), "Ana Ruiz", "Sam Ortiz", time=LATER[1])
    await decline(w, await w.asks("Ivy Moss"))
    await w.wait(11)


@scene(change_clinic)
async def a_clinic_gets_other_words_and_targets(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north = w.desk.clinics["Northside"]
    changed = details_of(
        north,
        name="Lakeside",
        target_seconds=600,
        nearly_seconds=300,
        zone="Europe/Paris",
        phone="555-0199",
        emergency_text="Call 112.",
        declined_text="Not this time.",
        mode=ClinicMode.CALENDAR,
    )
    yield
    await w.does(ADMINISTRATOR, change_clinic, ChangeClinic(north.id, changed))


@scene(change_clinic)
async def a_clinic_is_answered_and_asked_by_others(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north, south = w.desk.clinics["Northside"], w.desk.clinics["Southside"]
    changed = details_of(
        north, host_group_id=south.host_group.id, patient_group_id=south.patient_group.id
    )
    yield
    await w.does(ADMINISTRATOR, change_clinic, ChangeClinic(north.id, changed))


@scene(offer_services)
async def a_clinic_offers_less_in_another_order(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north = w.desk.clinics["Northside"]
    first, second = (service.id for service in north.services)
    yield
    await w.does(ADMINISTRATOR, offer_services, OfferServices(north.id, (second,), (first, second)))


@scene(change_service)
async def a_service_is_called_otherwise(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    service = w.desk.clinics["Northside"].services[0]
    yield
    command = ChangeService(service.id, "Walk-in visit", "Come in.", 40, "$5 is due.")
    await w.does(ADMINISTRATOR, change_service, command)


@scene(create_service)
async def a_service_that_nobody_offers_yet(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does(ADMINISTRATOR, create_service, CreateService("Advice", "", 10))


@scene(create_group)
async def a_group_of_nobody(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does(ADMINISTRATOR, create_group, CreateGroup(GroupKind.HOSTS, "Night nurses"))


@scene(rename_group)
async def a_host_group_is_called_otherwise(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    group = w.desk.clinics["Northside"].host_group.id
    yield
    await w.does(ADMINISTRATOR, rename_group, RenameGroup(GroupKind.HOSTS, group, "Night nurses"))


@scene(rename_group)
async def a_patient_group_is_called_otherwise(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    group = w.desk.clinics["Northside"].patient_group.id
    yield
    await w.does(ADMINISTRATOR, rename_group, RenameGroup(GroupKind.PATIENTS, group, "Members"))


@scene(add_member)
async def a_host_joins_a_group(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north, eva = w.desk.clinics["Northside"], w.desk.people["Eva Stone"].person_id
    yield
    await w.does(ADMINISTRATOR, add_member, AddMember(GroupKind.HOSTS, north.host_group.id, eva))


@scene(add_member)
async def a_patient_joins_a_group(w: World) -> AsyncGenerator[None, None]:
    north, eva = w.desk.clinics["Northside"], w.desk.people["Eva Stone"].person_id
    yield
    await w.does(
        ADMINISTRATOR, add_member, AddMember(GroupKind.PATIENTS, north.patient_group.id, eva)
    )


@scene(remove_member)
async def a_host_whom_somebody_asked_for_leaves_a_group(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north, ana = w.desk.clinics["Northside"], w.desk.people["Ana Ruiz"].person_id
    yield
    await w.does(
        ADMINISTRATOR, remove_member, RemoveMember(GroupKind.HOSTS, north.host_group.id, ana)
    )


@scene(remove_member)
async def the_only_host_who_had_not_passed_leaves(w: World) -> AsyncGenerator[None, None]:
    north = w.desk.clinics["Northside"]
    number = await w.asks("Jordan Park", *LATER)
    for host in ("Ana Ruiz", "Max Roy"):
        await w.does(host, pass_request, PassRequest(number))
    yield
    lee = w.desk.people["Lee Chen"].person_id
    await w.does(
        ADMINISTRATOR, remove_member, RemoveMember(GroupKind.HOSTS, north.host_group.id, lee)
    )


@scene(add_scheduler)
async def somebody_begins_to_schedule(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park")
    south, rosa = w.desk.clinics["Southside"], w.desk.people["Rosa Lind"].person_id
    yield
    await w.does(ADMINISTRATOR, add_scheduler, AddScheduler(south.id, rosa))


@scene(remove_scheduler)
async def somebody_who_is_deciding_schedules_no_more(w: World) -> AsyncGenerator[None, None]:
    await w.claims("Rosa Lind", await w.asks("Jordan Park"))
    north, rosa = w.desk.clinics["Northside"], w.desk.people["Rosa Lind"].person_id
    yield
    await w.does(ADMINISTRATOR, remove_scheduler, RemoveScheduler(north.id, rosa))


@scene(set_hours)
async def a_clinic_closes_at_night(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    north = w.desk.clinics["Northside"]
    yield
    week = tuple(Hours(day, 540, 1020) for day in range(5))
    await w.does(ADMINISTRATOR, set_hours, SetHours(north.id, week))


@scene(add_closure)
async def a_clinic_closes_for_a_day(w: World) -> AsyncGenerator[None, None]:
    north = w.desk.clinics["Northside"]
    yield
    await w.does(ADMINISTRATOR, add_closure, AddClosure(north.id, CHRISTMAS))


@scene(remove_closure)
async def a_clinic_is_open_after_all(w: World) -> AsyncGenerator[None, None]:
    north = w.desk.clinics["Northside"]
    await w.does(ADMINISTRATOR, add_closure, AddClosure(north.id, CHRISTMAS))
    yield
    await w.does(ADMINISTRATOR, remove_closure, RemoveClosure(north.id, CHRISTMAS))


@scene(change_account)
async def the_account_moves(w: World) -> AsyncGenerator[None, None]:
    await busy(w)
    yield
    await w.does(ADMINISTRATOR, change_account, ChangeAccount("Lakeside Health", "Asia/Tokyo"))


@scene(archive_clinic)
async def a_clinic_in_which_somebody_was_just_declined_closes_for_good(
    w: World,
) -> AsyncGenerator[None, None]:
    await decline(w, await w.asks("Ivy Moss"))
    await w.wait(11)
    north = w.desk.clinics["Northside"]
    yield
    await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(north.id))


@scene(restore_clinic)
async def a_clinic_comes_back(w: World) -> AsyncGenerator[None, None]:
    north = w.desk.clinics["Northside"]
    await w.does(ADMINISTRATOR, archive_clinic, ArchiveClinic(north.id))
    yield
    await w.does(ADMINISTRATOR, restore_clinic, RestoreClinic(north.id))
