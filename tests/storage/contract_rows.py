"""What every store promises about its rows: they come back as they went in, to whom they belong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from dispatch.choice import Rival
from dispatch.claim import Claim, take
from dispatch.ports import Leases, Store, Unit
from dispatch.session import VideoSession
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import DeclineReason, RequestId, SessionId
from tests.builders import NOON, FrozenClock, a_session, hours, minutes, seconds
from tests.storage.town import Town

__all__ = ["TestRowsComeBack", "TestWhatTouches", "TestRivals", "TestHistory", "TestOutcomes"]

_LONG_AGO = NOON - hours(24)


class TestRowsComeBack:
    async def test_a_request_keeps_every_word_and_the_rank_of_its_times(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S6 S8 S9
        now = clock.now()
        elsewhere = timezone(timedelta(hours=5, minutes=45))
        ranked = (now + hours(9), (now + hours(3)).astimezone(elsewhere), now + hours(5))
        asked = await town.ask(
            times=ranked,
            note="Äh, „Kopf“ 🤕\n<b>",
            zone="Asia/Kathmandu",
            target_host_id=town.ada.person_id,
        )
        assert asked.times == ranked
        assert all(at.tzinfo is not None and at.utcoffset() == timedelta() for at in asked.times)
        assert asked.note == "Äh, „Kopf“ 🤕\n<b>"
        assert (asked.zone, asked.target_host_id) == ("Asia/Kathmandu", town.ada.person_id)
        assert (asked.submitted_at, asked.submitted_by_id) == (now, town.mia.person_id)
        declining = asked.decline(DeclineReason.DUPLICATE, "Wörter", town.sam.person_id, now)
        await town.within(lambda unit, _: unit.requests.save(declining, was=asked))
        assert await town.request(asked.number) == declining
        declined = declining.complete_decline(now + seconds(10))
        await town.within(lambda unit, _: unit.requests.save(declined, was=declining))
        assert await town.request(asked.number) == declined

    async def test_an_acceptance_and_its_session_come_back(
        self, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask(times=(clock.now() + hours(2),))
        ada, sam = town.ada.person_id, town.sam.person_id
        accepted = asked.accept(ada, asked.times[0], "See you", sam, clock.now())

        def store_both(unit: Unit, now: datetime) -> SessionId:
            session = unit.sessions.add(accepted.session_for(minutes(20), "room"))
            unit.requests.save(replace(accepted, session_id=session.id), was=asked)
            return session.id

        session_id = await town.within(store_both)
        assert await town.request(asked.number) == replace(accepted, session_id=session_id)
        kept = await town.within(lambda unit, now: unit.sessions.by_id(session_id))
        assert kept == replace(accepted.session_for(minutes(20), "room"), id=session_id)

    async def test_a_clinic_keeps_its_settings_and_the_order_of_its_services(
        self, town: Town
    ) -> None:
        # S1 S5
        made = town.clinic
        assert [service.name for service in made.services] == ["Evening visit", "Evening advice"]
        assert (made.patient_group.name, made.host_group.name) == (
            "Evening Patients",
            "Evening Providers",
        )
        changed = replace(
            made,
            target_seconds=240,
            nearly_seconds=200,
            now_limit_seconds=60,
            accepts_now=False,
            accepts_scheduled=False,
            declines_unavailable=False,
            unavailable_text="Off.",
            declined_text="No.",
            phone="555",
            emergency_text="911",
        )
        stored = await town.within(lambda unit, now: unit.clinics.add(changed))
        again = await town.store.read(lambda reading: reading.clinic(made.account_id, stored.id))
        assert again == replace(changed, id=stored.id)
        assert stored.id != made.id

    async def test_availability_claims_and_passes_come_back(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked, ada, now = await town.ask(), town.ada.person_id, clock.now()

        def change(unit: Unit, now: datetime) -> None:
            toggle = unit.hosts.availability(ada)
            assert (toggle.is_on, toggle.version) == (False, 0)
            unit.hosts.save_availability(toggle.turn_on(None, now))
            unit.claims.put(take(asked.id, town.sam.person_id, "tab-tab-1", now))
            unit.claims.put(take(asked.id, town.sam.person_id, "tab-tab-2", now))
            unit.requests.add_pass(asked.id, ada, "busy", now)

        await town.within(change)
        toggles = await store.read(lambda r: r.availabilities([ada, town.ben.person_id]))
        assert toggles[ada].until_at == now + hours(12)
        assert not toggles[town.ben.person_id].is_on
        tabs = await town.within(
            lambda unit, _: [len(unit.claims.held_by_tab(f"tab-tab-{n}")) for n in (1, 2)]
        )
        assert tabs == [0, 1]
        sam = town.sam.person_id
        theirs = await town.within(
            lambda unit, _: [[c.of for c in unit.claims.held_by(who)] for who in (sam, ada)]
        )
        assert theirs == [[asked.id], []]
        assert await store.read(lambda reading: reading.passed_by(asked.id)) == {ada}
        clinics = [town.clinic.id]
        passed = await town.within(lambda unit, _: [r.id for r in unit.requests.passed_on(clinics)])
        assert passed == [asked.id]
        assert not await town.within(lambda unit, _: list(unit.requests.passed_on([])))
        await town.within(lambda unit, _: unit.requests.clear_passes(asked.id))
        await town.within(lambda unit, _: unit.claims.drop(asked.id))
        assert not await store.read(lambda reading: reading.passed_by(asked.id))
        assert await town.within(lambda unit, _: unit.claims.of(asked.id)) is None

    async def test_a_lease_is_set_only_where_the_claim_is_still_what_was_read(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # Renewing locks no request: somebody may have taken over, or the sweep may have been first.
        asked, now = await town.ask(), clock.now()
        mine = take(asked.id, town.sam.person_id, "tab-tab-1", now)
        theirs = take(asked.id, town.ada.person_id, "tab-tab-2", now)
        later = replace(mine, lease_until=now + seconds(60))
        sooner = replace(mine, lease_until=now + seconds(5))

        async def after(
            change: Callable[[Leases[RequestId]], None], held: Claim | None = mine
        ) -> Claim | None:
            def step(unit: Unit, _: datetime) -> Claim | None:
                if held:
                    unit.claims.put(held)
                change(unit.claims)
                now_held = unit.claims.of(asked.id)
                unit.claims.drop(asked.id)
                return now_held

            return await town.within(step)

        assert await after(lambda claims: claims.renew(later, now)) == later
        assert await after(lambda claims: claims.renew(later, now), held=theirs) == theirs
        assert await after(lambda claims: claims.renew(later, now), held=None) is None
        assert await after(lambda claims: claims.renew(later, now + seconds(30))) == mine
        assert await after(lambda claims: claims.renew(later, now + seconds(31))) == mine
        assert await after(lambda claims: claims.shorten(sooner, mine)) == sooner
        assert await after(lambda claims: claims.shorten(sooner, mine), held=later) == later
        assert await after(lambda claims: claims.shorten(sooner, mine), held=None) is None


def _add(draft: VideoSession, unit: Unit, now: datetime) -> None:
    unit.sessions.add(draft)


class TestWhatTouches:
    async def test_sessions_are_found_when_they_touch_either_end_and_not_when_cancelled(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S42 S43 S46: a gap of exactly two hours is listed, so the edges belong to the question
        start, end = clock.now(), clock.now() + hours(1)
        asked = await town.ask()
        base = a_session(
            start,
            account_id=town.clinic.account_id,
            clinic_id=town.clinic.id,
            request_id=asked.id,
            service_id=asked.service_id,
            host_id=town.ada.person_id,
            requester_id=town.mia.person_id,
        )
        spans = {
            "ends at the start": (start - minutes(20), start),
            "ends before": (start - minutes(20), start - seconds(1)),
            "inside": (start + minutes(5), start + minutes(6)),
            "around": (start - hours(1), end + hours(1)),
            "starts at the end": (end, end + minutes(20)),
            "starts after": (end + seconds(1), end + minutes(20)),
        }
        ada = town.ada.person_id
        for room, (starts_at, ends_at) in spans.items():
            draft = replace(base, starts_at=starts_at, ends_at=ends_at, room=room)
            await town.within(partial(_add, draft))
        cancelled = await town.within(
            lambda unit, now: unit.sessions.add(replace(base, room="off"))
        )
        await town.within(
            lambda unit, now: unit.sessions.save(cancelled.cancel(now - hours(9)), was=cancelled)
        )
        await town.within(
            lambda unit, now: unit.sessions.add(
                replace(base, host_id=town.ben.person_id, room="ben")
            )
        )
        expected = {"ends at the start", "inside", "around", "starts at the end"}
        found = await town.within(lambda unit, now: unit.sessions.of_host(ada, start, end))
        assert {session.room for session in found} == expected
        read = await store.read(lambda reading: reading.sessions_of([ada], start, end))
        assert {session.room for session in read} == expected


class TestRivals:
    async def test_rivals_want_the_same_host_at_one_of_the_same_times_in_any_clinic(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S66
        at, ada = clock.now() + hours(3), town.ada.person_id
        day = await town.beside("Daytime")
        mine = await town.ask(times=(at, at + hours(9)), target_host_id=ada)
        near = await town.ask(town.omar, times=(at - hours(1), at), target_host_id=ada)
        there: dict[str, Any] = {"clinic_id": day.id, "service_id": day.services[0].id}
        far = await town.ask(**there, times=(at + hours(9), at), target_host_id=ada)
        others: tuple[dict[str, Any], ...] = (
            {"times": (at + hours(1),), "target_host_id": ada},
            {"times": (at,), "target_host_id": town.ben.person_id},
            {"times": (at,)},
            {"target_host_id": ada},
        )
        for changes in others:
            who = await town.newcomer("Lou Vale", asks_in={day.patient_group.id})
            await town.ask(who, **there, **changes)

        async def rivals() -> list[Rival]:
            return list(await store.read(lambda reading: reading.rivals(mine)))

        assert await rivals() == [Rival(r.number, r.clinic_id) for r in (near, far)]
        await store.perform(withdraw_request, WithdrawRequest(near.number), town.omar)
        assert await rivals() == [Rival(far.number, day.id)]


class TestHistory:
    async def test_what_is_looked_back_on_is_what_people_who_are_signed_in_were_answered(
        self, store: Store, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        account, start = town.clinic.account_id, clock.now()
        for of in (town, other_town):
            for person in (of.mia, of.omar):
                asked = await of.ask(person)
                await of.store.perform(withdraw_request, WithdrawRequest(asked.number), person)
        (older,) = await town.within(
            lambda unit, now: [r.id for r in unit.requests.recent_of(town.mia.person_id, _LONG_AGO)]
        )
        clock.advance(hours(30))
        waiting = await town.ask(town.mia)

        async def found(since: datetime, decided_by: datetime) -> list[RequestId]:
            return await town.within(
                lambda unit, now: [
                    r.id for r in unit.requests.looked_back_on(account, since, decided_by, now)
                ]
            )

        assert await found(_LONG_AGO, clock.now()) == [], "nobody is signed in"
        for person in (town.mia, other_town.mia):
            await store.perform(begin_login, BeginLogin(f"{person.person_id:064}"), person)
        assert await found(_LONG_AGO, clock.now()) == [older], f"not {waiting.id}, which waits"
        assert await found(_LONG_AGO, start) == [older]
        assert await found(_LONG_AGO, start - seconds(1)) == []
        assert await found(start, clock.now()) == []
        clock.advance(hours(13))
        assert await found(_LONG_AGO, clock.now()) == [], "the sign-in is over"


class TestOutcomes:
    async def test_what_the_system_decided_says_so(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S65: the pages write "automatically" for it
        asked = await town.ask()
        expired = asked.expire(clock.now())
        await town.within(lambda unit, now: unit.requests.save(expired, was=asked))
        outcomes = await store.read(lambda reading: reading.outcomes([asked.id]))
        outcome = outcomes[asked.id]
        assert (outcome.by, outcome.status, outcome.at) == ("The system", "expired", clock.now())

    async def test_a_pending_request_has_no_outcome(self, store: Store, town: Town) -> None:
        asked = await town.ask()
        assert not await store.read(lambda reading: dict(reading.outcomes([asked.id])))
