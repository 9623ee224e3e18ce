"""What every store promises about visits: waiting rooms, their leases, video settings, and who wins."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from dispatch.attendance import attend
from dispatch.errors import ConfirmationError, DispatchError, StaleError
from dispatch.events import EntityRef
from dispatch.lease import Lease
from dispatch.ports import Store, Unit
from dispatch.session import VideoSession
from dispatch.stream import Projection
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.sessions import (
    CancelSession,
    ChangeHost,
    RescheduleSession,
    cancel_session,
    change_host,
    reschedule_session,
)
from dispatch.usecases.visits import Arrive, StartVisit, arrive, start_visit
from dispatch.video import VideoSetting
from dispatch.views import DecidedRow, SessionRow
from dispatch.vocabulary import EntityKind, RequestNumber, SessionId, SessionStatus, VideoKind
from tests.builders import FrozenClock, hours, minutes, seconds
from tests.storage.town import Town

__all__ = ["TestAttendances", "TestVideos", "TestVisits"]
TAB = "tab-of-mia-1"
SURE = frozenset({"unavailable"})


async def planned(town: Town, clock: FrozenClock, ahead: timedelta | None = None) -> VideoSession:
    """Return a session of Mia with Ada."""
    at = clock.now() + (ahead or hours(3))
    asked = await town.ask(times=(at,))
    command = AcceptRequest(asked.number, asked.version, town.ada.person_id, at, confirmed=SURE)
    done = await town.store.perform(accept_request, command, town.sam)
    return await session(town, SessionId(done.entity.id))


async def session(town: Town, session_id: SessionId) -> VideoSession:
    account = town.clinic.account_id
    found = await town.store.read(lambda reading: reading.sitting(account, session_id))
    assert found
    return found[0]


class TestAttendances:
    async def test_a_lease_is_renewed_shortened_and_dropped_by_its_own_page_only(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        of, now, mia = await planned(town, clock), clock.now(), town.mia.person_id
        held = attend(of.id, mia, TAB, now)
        other = Lease(of.id, town.omar.person_id, TAB, now, now + hours(1))

        def change(unit: Unit, _: object) -> list[object]:
            unit.attendances.put(held)
            unit.attendances.renew(other, now)  # another person
            unit.attendances.renew(
                held.renewed(now + hours(1)), now + seconds(30)
            )  # lapsed by then
            unit.attendances.shorten(held.ending(now), was=held.renewed(now + seconds(9)))
            before = unit.attendances.of(of.id)
            unit.attendances.renew(held.renewed(now + seconds(10)), now)
            renewed = unit.attendances.of(of.id)
            assert renewed
            unit.attendances.shorten(renewed.ending(now), was=renewed)
            return [before, renewed, *unit.attendances.held_by_tab(TAB)]

        first, renewed, last = await town.within(change)
        assert first == held
        assert renewed == held.renewed(now + seconds(10))
        assert last == held.ending(now)
        assert (
            await town.within(lambda unit, _: list(unit.attendances.held_by_tab("another"))) == []
        )
        await town.within(lambda unit, _: unit.attendances.drop(of.id))
        assert await town.within(lambda unit, _: unit.attendances.of(of.id)) is None

    async def test_who_waits_is_told_on_the_patients_stream_and_falls_due(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        of, mia = await planned(town, clock, minutes(5)), town.mia.person_id
        await store.perform(arrive, Arrive(of.id, TAB), town.mia)
        stream, about = f"patient:{mia}", EntityRef(EntityKind.SESSION, of.id)
        held = await store.read(lambda reading: reading.leases([stream]))
        assert held[stream][about].lease_until == clock.now() + seconds(30)

        async def due(after: float) -> list[tuple[str, int]]:
            at = clock.now() + seconds(after)
            found = await store.read(lambda reading: reading.due(at, 20))
            return [(d.kind, d.id) for d in found if d.kind in {"absence", "visit"}]

        assert await due(29.999) == []
        assert await due(30) == [("absence", of.id)]
        over = (of.ends_at + hours(1) - clock.now()).total_seconds()
        assert ("visit", of.id) in await due(over)
        assert ("visit", of.id) not in await due(over - 1)


class TestVideos:
    async def test_what_is_set_comes_back_whole(self, store: Store, town: Town) -> None:
        clinic, ada = town.clinic.id, town.ada.person_id
        before = await store.read(lambda reading: reading.video(clinic))
        assert (before.kind, before.address) == (VideoKind.ADDRESS, town.clinic.video_url)
        jitsi = VideoSetting(
            clinic, VideoKind.JITSI, "", "meet.example.org", "app", "s" * 40, "kid"
        )
        none = VideoSetting(clinic, VideoKind.NONE)
        link = VideoSetting(clinic, VideoKind.HOST_LINK)
        for setting, has_room in ((jitsi, True), (none, False), (link, False)):
            await town.within(lambda unit, _: unit.videos.save(setting))
            assert await store.read(lambda reading: reading.video(clinic)) == setting
            assert await town.within(lambda unit, _: unit.videos.has_room(clinic, ada)) is has_room
        await town.within(lambda unit, _: unit.videos.save_link(ada, "https://v.example/ada"))
        assert await store.read(lambda reading: reading.host_link(ada)) == "https://v.example/ada"
        assert await town.within(lambda unit, _: unit.videos.has_room(clinic, ada))
        await town.within(lambda unit, _: unit.videos.save_link(ada, ""))
        assert await store.read(lambda reading: reading.host_link(ada)) == ""

    async def test_a_row_says_whether_there_is_a_link_and_never_which(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        of = await planned(town, clock)
        stream = f"patient:{town.mia.person_id}"

        async def has_video() -> list[bool]:
            now = clock.now()
            views = await store.read(lambda r: r.views(stream, Projection.ROOM, None, now))
            assert of.room not in repr(views)
            return [view.has_video for view in views if isinstance(view, SessionRow)]

        assert await has_video() == [True]
        none = VideoSetting(town.clinic.id, VideoKind.NONE)
        await town.within(lambda unit, _: unit.videos.save(none))
        assert await has_video() == [False]


class TestVisits:
    async def test_everything_of_a_session_comes_back(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        of = await planned(town, clock, minutes(5))
        changed = of.arrive(clock.now()).leave(clock.now()).remind(clock.now())
        await town.within(lambda unit, _: unit.sessions.save(changed, was=of))
        assert await session(town, of.id) == changed
        assert await town.within(lambda unit, _: unit.sessions.request_of(of.id)) == of.request_id
        for found in (
            await town.within(lambda unit, _: list(unit.sessions.open_in(town.clinic.id))),
            await town.within(lambda unit, _: list(unit.sessions.open_of(town.ada.person_id))),
        ):
            assert found == [changed]
        over = changed.start(clock.now()).complete(clock.now())
        await town.within(lambda unit, _: unit.sessions.save(over, was=changed))
        assert await town.within(lambda unit, _: list(unit.sessions.open_in(town.clinic.id))) == []

    async def test_of_everybody_who_plans_at_once_one_wins_and_nothing_is_torn(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S65: two schedulers and the host, the same revision in all their hands
        of = await planned(town, clock)
        tries = [
            store.perform(
                reschedule_session, RescheduleSession(of.id, 1, of.starts_at + hours(5)), town.sam
            ),
            store.perform(change_host, ChangeHost(of.id, 1, town.ben.person_id, SURE), town.sam),
            store.perform(cancel_session, CancelSession(of.id, 1), town.ada),
        ]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        refused = [each for each in outcomes if isinstance(each, BaseException)]
        assert len(refused) == 2
        assert all(isinstance(each, DispatchError) for each in refused), refused
        after = await session(town, of.id)
        assert after.revision == 2
        request = await town.request(await self._request(town, of))
        decision = request.decision
        assert decision
        assert (decision.host_id, decision.chosen_at) == (after.host_id, after.starts_at)

    async def test_a_host_changes_while_the_patient_arrives_and_both_are_kept(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # V12: who comes makes no plan stale, whoever is first
        of = await planned(town, clock, minutes(5))
        outcomes = await asyncio.gather(
            store.perform(change_host, ChangeHost(of.id, 1, town.ben.person_id, SURE), town.sam),
            store.perform(arrive, Arrive(of.id, TAB), town.mia),
            store.perform(start_visit, StartVisit(of.id), town.ada),
            return_exceptions=True,
        )
        after = await session(town, of.id)
        assert not isinstance(outcomes[1], BaseException)
        if isinstance(outcomes[2], BaseException):  # Ada had lost it by then
            assert (after.host_id, after.status) == (
                town.ben.person_id,
                SessionStatus.PATIENT_WAITING,
            )
        else:
            assert after.status is SessionStatus.IN_PROGRESS

    async def test_accepting_and_moving_into_one_time_see_each_other(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S66: both take the lock of the host, so the second is asked
        of = await planned(town, clock)
        at = of.starts_at + hours(4)
        asked = await town.ask(town.omar, times=(at,))
        accept = AcceptRequest(asked.number, asked.version, town.ada.person_id, at, confirmed=SURE)
        outcomes = await asyncio.gather(
            store.perform(accept_request, accept, town.sam),
            store.perform(reschedule_session, RescheduleSession(of.id, 1, at), town.sam),
            return_exceptions=True,
        )
        refused = [each for each in outcomes if isinstance(each, BaseException)]
        assert len(refused) == 1
        assert isinstance(refused[0], ConfirmationError | StaleError), refused

    async def test_the_row_of_a_decision_says_what_became_of_its_session(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S64 S85: and whatever changes it names a row of the clinic's stream
        asked = await town.ask(town.omar)
        await store.perform(withdraw_request, WithdrawRequest(asked.number), town.omar)
        of = await planned(town, clock)
        number = await self._request(town, of)
        for status in SessionStatus:
            after = replace(of, status=status, version=of.version + 1)
            await self._saved(town, after, was=of)
            of = after
            found = await self._became(town, clock, None)
            assert found == {number: status, asked.number: None}
            about = EntityRef(EntityKind.SESSION, of.id)
            assert await self._became(town, clock, {about}) == {number: status}

    async def _saved(self, town: Town, session: VideoSession, was: VideoSession) -> None:
        await town.within(lambda unit, _: unit.sessions.save(session, was=was))

    async def _became(
        self, town: Town, clock: FrozenClock, only: set[EntityRef] | None
    ) -> dict[RequestNumber, SessionStatus | None]:
        views = await town.store.read(
            lambda reading: reading.views(town.stream, Projection.DECIDED, only, clock.now())
        )
        return {row.number: row.session_status for row in views if isinstance(row, DecidedRow)}

    async def _request(self, town: Town, of: VideoSession) -> RequestNumber:
        account = town.clinic.account_id
        found = await town.store.read(lambda reading: reading.sitting(account, of.id))
        assert found
        return found[1].number
