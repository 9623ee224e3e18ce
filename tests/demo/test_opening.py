"""Whoever opens the demo finds it alive: at the first start, a minute later and a week later."""

import time
from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.events import clinic_stream
from dispatch.people import NewPerson, Person
from dispatch.ports import Reading
from dispatch.request import SessionRequest
from dispatch.stream import Projection
from dispatch.usecases.administration import CreateClinic, create_clinic
from dispatch.usecases.clinics import ChangeClinic, ClinicDetails, change_clinic
from dispatch.usecases.dialog import assignment
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.views import DecidedRow, SessionRow
from dispatch.vocabulary import ClinicMode, GroupId, RequestNumber, RequestStatus, RequestType, Role
from server.demo.cast import (
    ACCOUNT,
    ADMINISTRATOR,
    EVERYBODY,
    PATIENT,
    PROVIDER,
    PROVIDERS,
    SCHEDULER,
    DemoError,
    find_cast,
)
from server.demo.founding import found
from server.demo.opening import open_demo
from server.demo.places import northside
from server.demo.shifted_clock import ShiftedClock
from server.roster import Roster
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock, minutes, seconds
from tests.demo.conftest import Demo

TARGET = timedelta(minutes=5)


async def everybody(demo: Demo) -> list[Person]:
    return list(await demo.store.read(lambda reading: reading.people(ACCOUNT, "", EVERYBODY)))


async def test_two_clinics_one_on_demand_and_one_by_calendar(demo: Demo) -> None:
    assert [clinic.mode for clinic in demo.cast.clinics] == [
        ClinicMode.ON_DEMAND,
        ClinicMode.CALENDAR,
    ]
    north, bay = demo.cast.clinics
    assert north.host_group.id != bay.host_group.id  # S1
    assert north.patient_group.id != bay.patient_group.id
    assert any(service.payment_required for service in bay.services)


async def test_nine_providers_some_of_them_in_both_groups(demo: Demo) -> None:
    north, bay = demo.cast.clinics
    hosts = await demo.store.read(
        lambda reading: (reading.hosts_of(north.host_group.id), reading.hosts_of(bay.host_group.id))
    )
    ids = [{person.id for person in group} for group in hosts]
    assert len(ids[0] | ids[1]) == len(PROVIDERS) == 9
    assert len(ids[0] & ids[1]) >= 2


async def test_a_visitor_can_be_each_role(demo: Demo) -> None:
    for source, role in (
        (SCHEDULER, Role.SCHEDULER),
        (PROVIDER, Role.HOST),
        (PATIENT, Role.REQUESTER),
        (ADMINISTRATOR, Role.ADMINISTRATOR),
    ):
        person = demo.cast.people[source]
        actor = await demo.store.read(lambda reading: reading.actor(person))
        assert actor is not None
        assert actor.roles == {role}


async def test_the_visitors_scheduler_has_two_clinics_and_another_has_one(demo: Demo) -> None:
    visitor = demo.cast.people[SCHEDULER]
    desk = demo.cast.desk(demo.cast.harbor.id).person_id
    actors = await demo.store.read(lambda reading: (reading.actor(visitor), reading.actor(desk)))
    assert [len(actor.schedules) for actor in actors if actor] == [2, 1]  # S32, S34


async def test_six_wait_at_staggered_ages_and_one_turns_red_within_a_minute(demo: Demo) -> None:
    there = await demo.waiting()
    ages = [demo.clock.now() - one.row.submitted_at for one in there]
    assert len(there) == 6
    assert len(set(ages)) == 6
    assert (max(ages), min(ages)) == (minutes(20), seconds(30))
    assert [age for age in ages if timedelta() < TARGET - age <= minutes(1)]  # S79


async def test_the_six_are_different_kinds_of_work(demo: Demo) -> None:
    there = await demo.waiting()
    scheduled = [one for one in there if one.request.type is RequestType.SCHEDULED]
    assert sorted(len(one.request.times) for one in scheduled) == [2, 3]  # S6
    directed = [one for one in there if one.request.target_host_id]
    assert [one.row.request_to for one in directed] == ["Dr. Amara Okafor"]  # S4
    assert [one.row.on_behalf_by for one in there if one.row.on_behalf_by] == ["Luis Herrera"]
    assert demo.cast.people[PATIENT] not in {one.request.requester_id for one in there}


async def test_every_time_asked_for_is_still_to_come(demo: Demo) -> None:
    for one in await demo.waiting():
        assert all(time > demo.clock.now() for time in one.request.times)


async def test_a_visitor_meets_possible_conflicts(demo: Demo) -> None:
    scheduler = demo.cast.people[SCHEDULER]
    now = demo.clock.now()
    actor = await demo.store.read(lambda reading: reading.actor(scheduler))
    assert actor
    found = Counter[RequestType]()
    for one in await demo.waiting():
        number = one.request.number
        seen = await demo.store.read(lambda reading: assignment(reading, actor, number, now))
        found[one.request.type] += sum(len(option.conflicts) for option in seen.providers)
        assert any(option.is_available for option in seen.providers)
    assert found[RequestType.SCHEDULED]  # S42
    assert found[RequestType.NOW]  # S45


async def test_forty_days_are_behind_it(demo: Demo) -> None:
    now = demo.clock.now()

    def answered(reading: Reading) -> list[SessionRequest]:
        found = (reading.request(ACCOUNT, RequestNumber(number)) for number in range(1, 5000))
        return [request for request in found if request and request.decision]

    requests = await demo.store.read(answered)
    statuses = Counter(request.status for request in requests)
    assert statuses[RequestStatus.ACCEPTED] > 40
    assert statuses[RequestStatus.DECLINED] >= 5
    assert statuses[RequestStatus.WITHDRAWN] >= 3
    assert max(now - request.submitted_at for request in requests) > timedelta(days=38)
    decided_at = [request.decision.at if request.decision else now for request in requests]
    assert all(one.submitted_at < at <= now for one, at in zip(requests, decided_at, strict=True))


async def test_today_and_tomorrow_have_something_to_show(demo: Demo) -> None:
    now = demo.clock.now()
    for projection, view in (
        (Projection.DECIDED, DecidedRow),
        (Projection.SESSIONS, SessionRow),
    ):
        for clinic in demo.cast.clinics:
            stream = clinic_stream(clinic.id)
            rows = await demo.store.read(
                lambda reading: reading.views(stream, projection, None, now)
            )
            assert [row for row in rows if isinstance(row, view)], (clinic.name, projection)


async def test_a_second_start_keeps_everything_and_still_has_one_about_to_turn(demo: Demo) -> None:
    before = {one.request.number for one in await demo.waiting()}
    people = len(await everybody(demo))
    demo.clock.advance(minutes(6))
    opened = await demo.start_again()
    there = await demo.waiting()
    assert not opened.is_new
    assert before <= {one.request.number for one in there}
    assert len(await everybody(demo)) == people
    ages = [demo.clock.now() - one.row.submitted_at for one in there]
    assert [age for age in ages if timedelta() < TARGET - age <= minutes(1)]
    assert len(there) == 7


async def test_starting_again_at_once_adds_nothing(demo: Demo) -> None:
    await demo.start_again()
    assert len(await demo.waiting()) == 6


@pytest.mark.parametrize("days", [1, 9, 60])
async def test_after_days_of_silence_the_board_is_fresh_again(demo: Demo, days: int) -> None:
    before = {one.request.number for one in await demo.waiting()}
    demo.clock.advance(timedelta(days=days))
    await demo.start_again()
    there = await demo.waiting()
    fresh = [one for one in there if demo.clock.now() - one.row.submitted_at <= minutes(20)]
    assert len(fresh) >= 5
    assert 6 <= len(there) <= 12
    old = [await _request(demo, number) for number in before]
    expired = [one for one in old if one.status is RequestStatus.EXPIRED]
    assert len(expired) >= 4  # the Now requests, as on any day
    hosts = [demo.cast.people[who] for who in PROVIDERS]
    later = demo.clock.now() + timedelta(days=9)
    slots = await demo.store.read(
        lambda reading: reading.slots(hosts, later, later + timedelta(days=4))
    )
    assert slots


async def test_providers_are_available_with_various_ends(demo: Demo) -> None:
    hosts = demo.cast.hosts(demo.cast.northside)
    toggles = await demo.store.read(lambda reading: reading.availabilities(hosts))
    now = demo.clock.now()
    ends = {toggle.until_at for toggle in toggles.values() if toggle.is_available_at(now)}
    assert len(ends) >= 3
    assert not toggles[demo.cast.people[PROVIDER]].is_on  # the visitor turns it on


async def test_a_roster_joins_once_and_moves_nobody(demo: Demo) -> None:
    roster = Roster(
        patients=tuple(NewPerson(f"Patient {n}", f"mrn:{n}") for n in range(150)),
        practitioners=(
            *(NewPerson(f"Dr. {n}", f"npi:{n}", email=f"dr{n}@example.com") for n in range(120)),
            NewPerson("Somebody else", PROVIDER),
        ),
    )
    north, bay = demo.cast.clinics
    groups = (north.host_group.id, bay.host_group.id)
    counts = []
    for _ in range(2):
        opened = await demo.start_again(roster)
        found = await demo.store.read(lambda reading: [len(reading.hosts_of(g)) for g in groups])
        counts.append((found, len(await everybody(demo))))
    assert counts[0] == counts[1]
    assert sum(counts[0][0]) > 120 + 9  # some are in both
    assert opened.arrived
    assert (opened.arrived.patients, opened.arrived.already_here) == (0, 271)
    names = {person.source_identifier: person.name for person in await everybody(demo)}
    assert names[PROVIDER] == "Dr. Amara Okafor"
    patients = await demo.store.read(lambda reading: reading.patients(bay.id, "Patient 1", 500))
    assert len(patients) == 61


async def test_the_demo_leaves_other_databases_alone(tmp_path: Path, clock: FrozenClock) -> None:
    shifted = ShiftedClock(clock)
    store = SqliteStore(Settings(database_url=f"sqlite:///{tmp_path}/real.db"), shifted)
    await store.create_account("A real clinic")
    with pytest.raises(DemoError, match="leaves it alone"):
        await open_demo(store, shifted)
    assert await store.read(lambda reading: reading.people(ACCOUNT, "", 1)) == []
    store.close()


async def test_a_demo_that_was_never_finished_says_so(tmp_path: Path, clock: FrozenClock) -> None:
    shifted = ShiftedClock(clock)
    store = SqliteStore(Settings(database_url=f"sqlite:///{tmp_path}/half.db"), shifted)
    await found(store)
    with pytest.raises(DemoError, match="--reset"):
        await store.read(find_cast)
    store.close()


async def test_it_starts_in_less_than_three_seconds(tmp_path: Path, clock: FrozenClock) -> None:
    took: list[float] = []
    while len(took) < 3 and min(took, default=3) >= 3:  # who shares a core's cache can only slow it
        shifted, path = ShiftedClock(clock), tmp_path / f"quick-{len(took)}.db"
        began = time.process_time()  # of all threads; what else the machine does is not counted
        store = SqliteStore(Settings(database_url=f"sqlite:///{path}"), shifted)
        await open_demo(store, shifted)
        store.close()
        took.append(time.process_time() - began)
    assert min(took) < 3


async def _request(demo: Demo, number: RequestNumber) -> SessionRequest:
    found = await demo.store.read(lambda reading: reading.request(ACCOUNT, number))
    assert found
    return found


async def test_a_visitor_who_changes_the_clinics_is_let_in_again_and_so_is_the_demo(
    demo: Demo,
) -> None:
    north, bay = demo.cast.clinics
    administrator = demo.cast.actor(ADMINISTRATOR)
    third = replace(northside(ACCOUNT), name="A third clinic")
    groups: dict[str, Any] = {
        "patient_group": replace(north.patient_group, id=GroupId(0), name="Third patients"),
        "host_group": replace(north.host_group, id=GroupId(0), name="Third providers"),
    }
    await demo.store.perform(create_clinic, CreateClinic(replace(third, **groups)), administrator)
    own: dict[str, Any] = {
        each.name: getattr(north, each.name, None) for each in fields(ClinicDetails)
    }
    own |= {"patient_group_id": north.patient_group.id, "host_group_id": north.host_group.id}
    renamed = ClinicDetails(**(own | {"name": "Northside renamed", "accepts_now": False}))
    renamed = replace(renamed, accepts_scheduled=True)
    await demo.store.perform(change_clinic, ChangeClinic(north.id, renamed), administrator)
    await demo.store.perform(
        set_disabled, SetDisabled(demo.cast.hosts(north)[-1], True), administrator
    )
    cast = await demo.store.read(find_cast)
    assert cast is not None
    assert [clinic.id for clinic in cast.clinics] == [north.id, bay.id]
    assert cast.hosts(cast.northside) == demo.cast.hosts(north)
    demo.clock.advance(timedelta(days=3))
    opened = await demo.start_again()
    assert not opened.is_new
    assert opened.cast.northside.name == "Northside renamed"
