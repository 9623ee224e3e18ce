"""An open page offers to ask for as long as some clinic takes it: then it is loaded anew."""

from dataclasses import replace

import pytest

from dispatch.events import patient_stream
from dispatch.stream import Projection
from dispatch.usecases.administration import CreateClinic
from dispatch.usecases.archive import ArchiveClinic, RestoreClinic
from dispatch.usecases.clinics import ChangeClinic
from dispatch.usecases.groups import RemoveMember
from dispatch.vocabulary import ClinicId, GroupKind, PersonId
from server.live.connection import Connection
from tests.builders import details_of
from tests.live.rig import FakeWire, Rig


@pytest.fixture
async def rig() -> Rig:
    """Mia asks in the evening alone, Omar in both clinics."""
    rig = Rig()
    group = rig.town.daytime.patient_group.id
    rig.town.does(rig.town.root, RemoveMember(GroupKind.PATIENTS, group, rig.town.mia))
    await rig.catch_up()
    return rig


async def my_visits(rig: Rig, person: PersonId) -> tuple[Connection, FakeWire]:
    token = rig.sign_in(person)
    found = rig.town.store.ask(lambda reading: reading.login(token, rig.town.now))
    assert found
    page, wire = rig.open(person, login=found[0])
    await rig.follow(page, (patient_stream(person), Projection.PATIENT))
    rig.live.rounds.begin(page)
    await rig.catch_up()
    return page, wire


async def told(rig: Rig) -> None:
    await rig.catch_up()
    await rig.live.rounds.go()


async def test_whoever_may_ask_nowhere_once_a_clinic_is_archived_loads_anew(rig: Rig) -> None:
    # S85 S87
    _, mias = await my_visits(rig, rig.town.mia)
    _, omars = await my_visits(rig, rig.town.omar)
    sam, sams = rig.open(rig.town.sam, login=99)
    await rig.follow(sam, rig.board)
    before = rig.store.reads
    rig.town.does(rig.town.root, ArchiveClinic(rig.town.evening.id))
    await told(rig)
    assert (mias.code, omars.code, sams.code) == (4410, None, None), "he still asks by day"
    assert rig.store.reads <= before + 3, "all of them were read together"


async def test_whoever_may_ask_again_once_it_is_restored_loads_anew(rig: Rig) -> None:
    rig.town.does(rig.town.root, ArchiveClinic(rig.town.evening.id))
    _, mias = await my_visits(rig, rig.town.mia)
    rig.town.does(rig.town.root, RestoreClinic(rig.town.evening.id))
    await told(rig)
    assert mias.code == 4410


async def test_so_does_whose_group_asks_there_no_more_or_somewhere_at_last(rig: Rig) -> None:
    town = rig.town
    _, mias = await my_visits(rig, town.mia)
    others = details_of(town.evening, patient_group_id=town.daytime.patient_group.id)
    town.does(town.root, ChangeClinic(town.evening.id, others))
    await told(rig)
    assert mias.code == 4410
    _, mias = await my_visits(rig, town.mia)
    another = replace(town.evening, id=ClinicId(0), name="Night Clinic")
    town.does(town.root, CreateClinic(another))
    await told(rig)
    assert mias.code == 4410
