"""Knows the scenes around the requests: who is available, who is there at all, who is signed in."""

from collections.abc import AsyncGenerator
from datetime import timedelta

from dispatch.people import NewPerson, system_actor
from dispatch.tries import Limit
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    ImportPeople,
    create_clinic,
    create_person,
    import_people,
)
from dispatch.usecases.availability import (
    EndBreak,
    SetAvailability,
    TakeBreak,
    end_break,
    set_availability,
    take_break,
)
from dispatch.usecases.connectedness import KeepConnected, LetGo, keep_connected, let_go
from dispatch.usecases.logins import (
    BeginLogin,
    EndLogin,
    SetDisabled,
    begin_login,
    end_login,
    set_disabled,
)
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.usecases.sweep import settle
from dispatch.usecases.tries import CountTry, ForgiveTry, count_try, forgive_try
from dispatch.vocabulary import ClinicId, GroupId, LoginId, ServiceId
from tests.builders import NOON, a_clinic, a_group, a_person, a_service, hours, minutes
from tests.house.convergence_stage import scene
from tests.house.convergence_world import ADMINISTRATOR, World

_TRIES = {"as somebody": Limit(5, 20)}


@scene(set_availability)
async def turned_on(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does("Ana Ruiz", set_availability, SetAvailability(True, NOON + hours(1)))


@scene(set_availability)
async def turned_off_by_the_only_one_who_had_not_passed(w: World) -> AsyncGenerator[None, None]:
    for host in ("Ana Ruiz", "Lee Chen"):
        await w.does(host, set_availability, SetAvailability(is_on=True))
    number = await w.asks("Jordan Park")
    await w.does("Ana Ruiz", pass_request, PassRequest(number))
    yield
    await w.does("Lee Chen", set_availability, SetAvailability(is_on=False))


@scene(settle)
async def availability_lapses(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(True, NOON + minutes(5)))
    yield
    await w.wait(300)


@scene(settle)
async def availability_of_the_only_one_who_had_not_passed_lapses(
    w: World,
) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    await w.does("Lee Chen", set_availability, SetAvailability(True, NOON + minutes(5)))
    number = await w.asks("Jordan Park")
    await w.does("Ana Ruiz", pass_request, PassRequest(number))
    yield
    await w.wait(300)


@scene(take_break)
async def away_for_ten_minutes(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    yield
    await w.does("Ana Ruiz", take_break, TakeBreak(10))


@scene(take_break)
async def a_break_of_the_only_one_who_had_not_passed(w: World) -> AsyncGenerator[None, None]:
    for host in ("Ana Ruiz", "Lee Chen"):
        await w.does(host, set_availability, SetAvailability(is_on=True))
    number = await w.asks("Jordan Park")
    await w.does("Ana Ruiz", pass_request, PassRequest(number))
    yield
    await w.does("Lee Chen", take_break, TakeBreak(20))


@scene(end_break)
async def back_before_the_break_is_over(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    await w.does("Ana Ruiz", take_break, TakeBreak(30))
    yield
    await w.does("Ana Ruiz", end_break, EndBreak())


@scene(settle)
async def a_break_is_over(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    await w.does("Ana Ruiz", take_break, TakeBreak(10))
    yield
    await w.wait(600)


@scene(keep_connected)
async def two_dashboards_open(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    yield
    await keep(w, "Ana Ruiz", "Lee Chen")
    await w.wait(10)
    await keep(w, "Ana Ruiz")


@scene(let_go)
async def a_dashboard_closes(w: World) -> AsyncGenerator[None, None]:
    await keep(w, "Ana Ruiz")
    yield
    hosts = (w.desk.people["Ana Ruiz"].person_id,)
    await w.store.perform(let_go, LetGo(hosts), system_actor(w.desk.account))
    await w.tell()


@scene(settle)
async def a_dashboard_has_been_closed_for_long_enough(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    await keep(w, "Ana Ruiz")
    yield
    await w.wait(30)


async def keep(w: World, *names: str) -> None:
    hosts = tuple(w.desk.people[name].person_id for name in names)
    await w.store.perform(keep_connected, KeepConnected(hosts), system_actor(w.desk.account))
    await w.tell()


@scene(count_try)
async def somebody_mistypes_a_password(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.store.perform(count_try, CountTry(_TRIES), system_actor(w.desk.account))
    await w.tell()


@scene(forgive_try)
async def somebody_signs_in_after_all(w: World) -> AsyncGenerator[None, None]:
    await w.store.perform(count_try, CountTry(_TRIES), system_actor(w.desk.account))
    yield
    await w.store.perform(forgive_try, ForgiveTry(_TRIES), system_actor(w.desk.account))
    await w.tell()


@scene(set_disabled)
async def a_host_is_disabled(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.does(
        ADMINISTRATOR, set_disabled, SetDisabled(w.desk.people["Ana Ruiz"].person_id, True)
    )


@scene(set_disabled)
async def a_host_is_enabled_again(w: World) -> AsyncGenerator[None, None]:
    ana = w.desk.people["Ana Ruiz"].person_id
    await w.does(ADMINISTRATOR, set_disabled, SetDisabled(ana, True))
    yield
    await w.does(ADMINISTRATOR, set_disabled, SetDisabled(ana, False))


@scene(set_disabled)
async def a_patient_and_a_scheduler_are_disabled(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.claims("Rosa Lind", number)
    yield
    for name in ("Jordan Park", "Rosa Lind"):
        them = w.desk.people[name].person_id
        await w.does(ADMINISTRATOR, set_disabled, SetDisabled(them, True))


@scene(set_disabled)
async def the_only_host_who_had_not_passed_is_disabled(w: World) -> AsyncGenerator[None, None]:
    for host in ("Ana Ruiz", "Lee Chen"):
        await w.does(host, set_availability, SetAvailability(is_on=True))
    number = await w.asks("Jordan Park")
    await w.does("Ana Ruiz", pass_request, PassRequest(number))
    yield
    lee = w.desk.people["Lee Chen"].person_id
    await w.does(ADMINISTRATOR, set_disabled, SetDisabled(lee, True))


@scene(create_person)
async def a_new_host_joins(w: World) -> AsyncGenerator[None, None]:
    yield
    person = a_person("Ivo Blum", account_id=w.desk.account)
    group = w.desk.clinics["Northside"].host_group.id
    await w.does(ADMINISTRATOR, create_person, CreatePerson(person, hosts_in=frozenset({group})))


@scene(import_people)
async def hosts_are_imported(w: World) -> AsyncGenerator[None, None]:
    group = frozenset({w.desk.clinics["Northside"].host_group.id})
    one = NewPerson("Ivo Blum", "NPI-1")
    await w.does(ADMINISTRATOR, import_people, ImportPeople((one,), "America/New_York", group))
    yield
    both = frozenset({*group, w.desk.clinics["Eastside"].host_group.id})
    two = NewPerson("Ada Moor", "NPI-2")
    await w.does(ADMINISTRATOR, import_people, ImportPeople((one, two), "America/New_York", both))


@scene(import_people)
async def a_host_is_imported_who_can_answer_what_all_others_passed(
    w: World,
) -> AsyncGenerator[None, None]:
    north, south = (w.desk.clinics[name].host_group.id for name in ("Northside", "Southside"))
    ivo = (NewPerson("Ivo Blum", "NPI-1"),)
    await w.does(ADMINISTRATOR, import_people, ImportPeople(ivo, "UTC", frozenset({south})))
    account = w.desk.account
    [found] = await w.desk.store.read(lambda reading: reading.people(account, "Ivo Blum", 1))
    await w.desk.look_up("Ivo Blum", found.id)
    for host in ("Ivo Blum", "Ana Ruiz", "Lee Chen"):
        await w.does(host, set_availability, SetAvailability(is_on=True))
    number = await w.asks("Jordan Park")
    for host in ("Ana Ruiz", "Lee Chen"):
        await w.does(host, pass_request, PassRequest(number))
    yield
    await w.does(ADMINISTRATOR, import_people, ImportPeople(ivo, "UTC", frozenset({north})))


@scene(create_clinic)
async def a_clinic_with_a_host_group_that_exists(w: World) -> AsyncGenerator[None, None]:
    account, north = w.desk.account, w.desk.clinics["Northside"]
    new = a_clinic(
        id=ClinicId(0),
        account_id=account,
        name="Westside",
        patient_group=a_group("Westside patients", id=GroupId(0), account_id=account),
        host_group=north.host_group,
        services=(a_service(id=ServiceId(0), account_id=account),),
    )
    yield
    await w.does(ADMINISTRATOR, create_clinic, CreateClinic(new))


@scene(begin_login)
async def somebody_signs_in(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Jordan Park")
    yield
    await w.does("Rosa Lind", begin_login, BeginLogin("0" * 64, timedelta(hours=1)))


@scene(end_login)
async def somebody_signs_out(w: World) -> AsyncGenerator[None, None]:
    done = await w.does("Rosa Lind", begin_login, BeginLogin("0" * 64, timedelta(hours=1)))
    yield
    await w.does("Rosa Lind", end_login, EndLogin(LoginId(done.entity.id)))
