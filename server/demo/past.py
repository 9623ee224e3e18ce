"""The forty days before the demo's first: requests asked, answered and taken back, by use cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dispatch.clinic import Clinic
from dispatch.errors import ConfirmationError
from dispatch.people import Actor, system_actor
from dispatch.ports import Due, Store
from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, accept_request
from dispatch.usecases.intake import (
    DismissAnswer,
    SubmitRequest,
    WithdrawRequest,
    dismiss_answer,
    submit_request,
    withdraw_request,
)
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.usecases.sweep import Settle, settle
from dispatch.usecases.visits import FinishVisit, StartVisit, finish_visit, start_visit
from dispatch.vocabulary import (
    DeclineReason,
    PersonId,
    RequestId,
    RequestNumber,
    RequestType,
    SessionId,
)
from server.demo.cast import ACCOUNT, PATIENT, PROVIDER, Cast
from server.demo.delivered import deliver
from server.demo.forms import HARBOR_FORM, NORTHSIDE_FORM, answer_form
from server.demo.hours import at, working_day
from server.demo.shifted_clock import ShiftedClock
from server.demo.words import REFUSALS, WELCOMES

DAYS = 40
_HOURS = range(8, 18)  # when people ask
_DECLINED, _WITHDRAWN = 0.13, 0.25  # of all: up to here declined, up to here withdrawn
_VISIT = timedelta(minutes=15)  # how long one takes, whatever was planned
_UNDO = timedelta(seconds=11)  # a decline is sent ten seconds after it was pressed


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was just made; nobody has touched it, so its version is 1."""

    number: RequestNumber
    id: RequestId
    clinic: Clinic
    times: tuple[datetime, ...]
    patient: PersonId


@dataclass(frozen=True, slots=True)
class Past:
    """Writes the past: sets the clock to an instant and lets somebody act in it."""

    store: Store
    clock: ShiftedClock
    cast: Cast
    chance: Random
    now: datetime  # where the past ends

    async def write(self) -> None:
        """Write forty days, then the last hours, which leave upcoming sessions and conflicts."""
        now = self.now
        for days_ago in range(DAYS, 0, -1):
            day = (now - timedelta(days=days_ago)).astimezone(ZoneInfo(self.cast.northside.zone))
            for hour in self._busy_hours(is_weekend=day.weekday() > 4):
                minute = self.chance.randrange(60)
                asked_at = at(day.date(), hour, minute, self.cast.northside.zone)
                if asked_at < now - timedelta(hours=6):
                    await self._request(asked_at)
        await self._last_hours(now)

    def _busy_hours(self, *, is_weekend: bool) -> list[int]:
        count = 1 if is_weekend else self.chance.choice((2, 2, 3))
        return sorted(self.chance.sample(_HOURS, count))

    async def _request(self, asked_at: datetime) -> None:
        is_now = self.chance.random() < 0.6
        clinic = self.cast.northside if is_now else self.cast.harbor
        patients = [*self.cast.patients(), self.cast.people[PATIENT]]
        asked = await self._ask(asked_at, clinic, self.chance.choice(patients))
        if asked is None:
            return
        wait = timedelta(
            minutes=self.chance.uniform(1, 9) if is_now else self.chance.uniform(8, 70)
        )
        draw = self.chance.random()
        if draw < _DECLINED:
            await self._decline(asked_at + wait, asked)
        elif draw < _WITHDRAWN:
            await self._withdraw(asked_at + wait, asked)
        else:
            await self._accept(asked_at + wait, asked)
        await deliver(self.store, self.clock.now())

    async def _last_hours(self, now: datetime) -> None:
        """Let today have happened too: the Decided page shows it, and it is what conflicts with."""
        north, bay, cast = self.cast.northside, self.cast.harbor, self.cast
        patients = cast.patients()
        ago = {hours: now - timedelta(hours=hours) for hours in (5, 4, 3, 2)}
        soon = working_day(now, bay.zone, 1)
        for asked_at, patient, host, hour, minute in (
            (ago[5], patients[0], cast.people[PROVIDER], 10, 30),
            (ago[4], patients[1], cast.people["npi:0000000004"], 12, 0),
            (ago[3], cast.people[PATIENT], cast.people[PROVIDER], 14, 0),
        ):
            times = (at(soon, hour, minute, bay.zone),)
            asked = await self._ask(asked_at, bay, patient, times=times)
            if asked is not None:
                await self._accept(asked_at + timedelta(minutes=20), asked, hosts=[host])
            await deliver(self.store, self.clock.now())
        for asked_at, patient, host in (
            (ago[2], patients[2], cast.people["npi:0000000005"]),
            (now - timedelta(minutes=70), patients[3], cast.people["npi:0000000003"]),
            (now - timedelta(minutes=14), patients[4], cast.people["npi:0000000002"]),
        ):
            asked = await self._ask(asked_at, north, patient)
            if asked is not None:
                await self._accept(asked_at + timedelta(minutes=3), asked, hosts=[host])
            await deliver(self.store, self.clock.now())
        asked = await self._ask(now - timedelta(minutes=55), north, patients[5])
        if asked is not None:
            await self._decline(now - timedelta(minutes=49), asked)
        await deliver(self.store, self.clock.now())

    async def _ask(
        self,
        asked_at: datetime,
        clinic: Clinic,
        patient: PersonId,
        *,
        times: tuple[datetime, ...] | None = None,
    ) -> Asked | None:
        service = self.chance.choice(clinic.services)
        if times is None:
            times = () if clinic.accepts_now else self._wishes(asked_at, clinic)
        form = NORTHSIDE_FORM if clinic.id == self.cast.northside.id else HARBOR_FORM
        given, note = answer_form(form, service.name, asked_at, self.chance)
        command = SubmitRequest(
            clinic_id=clinic.id,
            service_id=service.id,
            type=RequestType.SCHEDULED if times else RequestType.NOW,
            times=times,
            note=note,
            zone=clinic.zone,
            given=given,
        )
        self.clock.set_to(asked_at)
        done = await self.store.perform(submit_request, command, self.cast.actor(patient))
        if done.was_there or done.number is None:
            return None
        return Asked(done.number, RequestId(done.entity.id), clinic, times, patient)

    def _wishes(self, asked_at: datetime, clinic: Clinic) -> tuple[datetime, ...]:
        days = self.chance.sample(range(1, 5), self.chance.choice((1, 2, 2, 3)))
        return tuple(
            at(
                working_day(asked_at, clinic.zone, ahead),
                self.chance.randrange(9, 16),
                self.chance.choice((0, 30)),
                clinic.zone,
            )
            for ahead in days
        )

    async def _accept(
        self, decided_at: datetime, asked: Asked, *, hosts: list[PersonId] | None = None
    ) -> None:
        """Accept it for the first of the hosts who has no other session then."""
        able = self.cast.hosts(asked.clinic)
        time = self.chance.choice(asked.times) if asked.times else None
        reply = self.chance.choice(WELCOMES)
        self.clock.set_to(decided_at)
        for host in hosts or self.chance.sample(able, len(able)):
            command = AcceptRequest(
                asked.number, 1, host, time, reply, confirmed=frozenset({UNAVAILABLE})
            )
            try:
                done = await self.store.perform(accept_request, command, self._desk(asked))
            except ConfirmationError:  # they have a session at that time
                continue
            await self._hold(SessionId(done.entity.id), time or decided_at, host)
            return
        await self._decline(decided_at, asked)

    async def _hold(self, session_id: SessionId, starts_at: datetime, host: PersonId) -> None:
        """Let the visit have taken place, if it is over by now."""
        if starts_at + _VISIT > self.now:
            return
        actor = self.cast.actor(host)
        self.clock.set_to(starts_at)
        await self.store.perform(start_visit, StartVisit(session_id), actor)
        self.clock.set_to(starts_at + _VISIT)
        await self.store.perform(finish_visit, FinishVisit(session_id), actor)

    async def _decline(self, decided_at: datetime, asked: Asked) -> None:
        reason = self.chance.choice((DeclineReason.NOT_SUITABLE, DeclineReason.NO_ONE_AVAILABLE))
        command = DeclineRequest(asked.number, 1, reason, self.chance.choice(REFUSALS))
        self.clock.set_to(decided_at)
        await self.store.perform(decline_request, command, self._desk(asked))
        self.clock.set_to(decided_at + _UNDO)
        due = Settle(Due("decline", ACCOUNT, asked.id))
        await self.store.perform(settle, due, system_actor(ACCOUNT))
        read = DismissAnswer(asked.number)  # or they could not ask again (V3)
        await self.store.perform(dismiss_answer, read, self.cast.actor(asked.patient))

    async def _withdraw(self, decided_at: datetime, asked: Asked) -> None:
        self.clock.set_to(decided_at)
        await self.store.perform(withdraw_request, WithdrawRequest(asked.number), self._desk(asked))

    def _desk(self, asked: Asked) -> Actor:
        return self.cast.desk(asked.clinic.id)
