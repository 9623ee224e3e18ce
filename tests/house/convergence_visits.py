"""Knows the scenes of sessions: planned anew, waited for, held, missed."""

from collections.abc import AsyncGenerator
from typing import Any

from dispatch.usecases.claims import EndClaims, end_claims
from dispatch.usecases.following import ScheduleNext, schedule_next
from dispatch.usecases.sessions import (
    CancelSession,
    ChangeHost,
    RemindPatient,
    RescheduleSession,
    cancel_session,
    change_host,
    remind_patient,
    reschedule_session,
)
from dispatch.usecases.sweep import settle
from dispatch.usecases.video import SetHostLink, SetVideo, set_host_link, set_video
from dispatch.usecases.visits import (
    Arrive,
    Depart,
    FinishVisit,
    MissPatient,
    StartVisit,
    arrive,
    depart,
    finish_visit,
    miss_patient,
    start_visit,
)
from dispatch.video import VideoSetting
from dispatch.vocabulary import SessionId, VideoKind
from tests.builders import hours
from tests.house.convergence_stage import LATER, accept, scene
from tests.house.convergence_world import ADMINISTRATOR, World

JORDAN, ANA, ROSA = "Jordan Park", "Ana Ruiz", "Rosa Lind"
SURE = frozenset({"unavailable", *(f"session:{n}" for n in range(1, 20))})


async def session(w: World, *times: Any) -> SessionId:
    """Return a session of Jordan with Ana: at once, or at the first of some times."""
    number = await w.asks(JORDAN, *times)
    await accept(w, number, ANA, by=ROSA)
    found = (await w.request(number)).session_id
    assert found
    return found


async def waiting(w: World) -> SessionId:
    of = await session(w)
    await w.does(JORDAN, arrive, Arrive(of, "tab-of-jordan"))
    return of


@scene(reschedule_session)
async def moved_near_what_another_clinic_is_asked_for(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Mia Wells", LATER[2], host=ANA, clinic="Southside")
    of = await session(w, LATER[0])
    yield
    await w.does(ROSA, reschedule_session, RescheduleSession(of, 1, LATER[2], SURE))


@scene(arrive)
async def the_patient_comes(w: World) -> AsyncGenerator[None, None]:
    of = await session(w)
    yield
    await w.does(JORDAN, arrive, Arrive(of, "tab-of-jordan"))


@scene(arrive)
async def the_patient_comes_back(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    await w.does(JORDAN, depart, Depart(of))
    yield
    await w.does(JORDAN, arrive, Arrive(of, "tab-of-jordan"))


@scene(depart)
async def the_patient_leaves(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    yield
    await w.does(JORDAN, depart, Depart(of))


@scene(settle)
async def the_patients_page_is_gone(w: World) -> AsyncGenerator[None, None]:
    await waiting(w)
    await w.does(JORDAN, end_claims, EndClaims("tab-of-jordan"))
    yield
    await w.wait(5)


@scene(start_visit)
async def the_visit_begins(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    yield
    await w.does(ANA, start_visit, StartVisit(of))


@scene(finish_visit)
async def the_visit_ends(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    await w.does(ANA, start_visit, StartVisit(of))
    yield
    await w.does(ANA, finish_visit, FinishVisit(of))


@scene(miss_patient)
async def the_patient_does_not_come(w: World) -> AsyncGenerator[None, None]:
    of = await session(w)
    yield
    await w.does(ROSA, miss_patient, MissPatient(of))


@scene(settle)
async def nobody_comes(w: World) -> AsyncGenerator[None, None]:
    await session(w)
    yield
    await w.wait(20 * 60)


@scene(settle)
async def the_host_does_not_come(w: World) -> AsyncGenerator[None, None]:
    await waiting(w)
    yield
    await w.wait(80 * 60)


@scene(reschedule_session)
async def moved_to_another_time(w: World) -> AsyncGenerator[None, None]:
    of = await session(w, LATER[0])
    yield
    await w.does(ROSA, reschedule_session, RescheduleSession(of, 1, LATER[1], SURE))


@scene(reschedule_session)
async def a_visit_of_now_moved_to_tomorrow(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    yield
    await w.does(ANA, reschedule_session, RescheduleSession(of, 1, LATER[2], SURE))


@scene(change_host)
async def given_to_another_host(w: World) -> AsyncGenerator[None, None]:
    of = await session(w, LATER[0])
    lee = w.desk.people["Lee Chen"].person_id
    yield
    await w.does(ROSA, change_host, ChangeHost(of, 1, lee, SURE))


@scene(cancel_session)
async def called_off(w: World) -> AsyncGenerator[None, None]:
    of = await session(w, LATER[0])
    yield
    await w.does(ROSA, cancel_session, CancelSession(of, 1))


@scene(cancel_session)
async def removed(w: World) -> AsyncGenerator[None, None]:
    of = await waiting(w)
    await w.wait(301)
    yield
    await w.does(ANA, cancel_session, CancelSession(of, 1, tells=False))


@scene(remind_patient)
async def reminded(w: World) -> AsyncGenerator[None, None]:
    of = await session(w, LATER[0])
    yield
    await w.does(ROSA, remind_patient, RemindPatient(of))


@scene(schedule_next)
async def the_next_one(w: World) -> AsyncGenerator[None, None]:
    of = await session(w, LATER[0])
    yield
    await w.does(ROSA, schedule_next, ScheduleNext(of, LATER[0] + hours(7 * 24), SURE))


@scene(set_video)
async def the_clinic_takes_its_video_away(w: World) -> AsyncGenerator[None, None]:
    await session(w, LATER[0])
    setting = VideoSetting(w.desk.clinics["Northside"].id, VideoKind.NONE)
    yield
    await w.does(ADMINISTRATOR, set_video, SetVideo(setting))


@scene(set_host_link)
async def a_provider_gets_a_link(w: World) -> AsyncGenerator[None, None]:
    await session(w, LATER[0])
    setting = VideoSetting(w.desk.clinics["Northside"].id, VideoKind.HOST_LINK)
    await w.does(ADMINISTRATOR, set_video, SetVideo(setting))
    link = SetHostLink(w.desk.people[ANA].person_id, "https://video.example.org/ana")
    yield
    await w.does(ADMINISTRATOR, set_host_link, link)
