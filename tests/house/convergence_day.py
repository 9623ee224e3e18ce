"""Knows a day at the desk by chance: who could do what next, drawn from a seed."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from dispatch import permissions
from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.request import SessionRequest
from dispatch.usecases.assignment import UNAVAILABLE, AcceptRequest, ReturnToQueue
from dispatch.usecases.availability import SetAvailability
from dispatch.usecases.claims import ClaimRequest, EndClaims, ReleaseClaim, RenewClaims
from dispatch.usecases.following import ScheduleNext
from dispatch.usecases.intake import SubmitRequest, WithdrawRequest
from dispatch.usecases.refusal import DeclineRequest, PassRequest, UndoDecline
from dispatch.usecases.sessions import CancelSession, ChangeHost, RemindPatient, RescheduleSession
from dispatch.usecases.visits import Arrive, Depart, FinishVisit, MissPatient, StartVisit
from dispatch.vocabulary import RequestNumber, RequestStatus, RequestType, Verb
from tests.builders import NOON, hours, minutes
from tests.house.convergence_world import ADMINISTRATOR, World

Step = Callable[[], Awaitable[str]]
NOTES = ("", "A rash since Monday.", "<script>alert(1)</script> & “quotes”", "Zeile 1\nZeile 2")


class Day:
    """Chooses and does the next thing; what is refused counts as done, for it must change nothing."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.done: list[str] = []
        self.staff = [n for n, a in self._people().items() if a.schedules or a.hosts_in]
        self.patients = [n for n, a in self._people().items() if a.asks_in]

    async def step(self) -> str:
        act = self.chance.choice(
            [self._asks] * 4
            + [self._accepts] * 3
            + [self._declines, self._undoes, self._passes, self._returns] * 2
            + [self._claims, self._waits, self._visits, self._visits] * 2
            + [
                self._lets_go,
                self._keeps,
                self._leaves,
                self._withdraws,
                self._toggles,
            ]
        )
        came = await act()
        self.done.append(f"{act.__name__[1:]} {came}")
        return came

    async def _asks(self) -> str:
        clinic = self._pick([c for name, c in self._clinics().items() if name != "Far"])
        hosts = [a.person_id for a in self._people().values() if clinic.host_group.id in a.hosts_in]
        times = [
            NOON + hours(n) for n in self.chance.sample((5, 6, 7, 30), self.chance.randint(1, 3))
        ]
        is_now = self.chance.random() < 0.5
        by = self._pick([*self.patients, "Sam Ortiz"])
        command = SubmitRequest(
            clinic_id=clinic.id,
            service_id=self._pick(clinic.services).id,
            type=RequestType.NOW if is_now else RequestType.SCHEDULED,
            times=() if is_now else tuple(times),
            target_host_id=self._pick([None, None, *hosts]),
            note=self._pick(NOTES),
            zone="Europe/Berlin",
            requester_id=self._people()[self._pick(self.patients)].person_id
            if by == "Sam Ortiz"
            else None,
        )
        return await self.world.tries(by, command)

    async def _accepts(self) -> str:
        request = await self._some(RequestStatus.PENDING)
        if request is None:
            return "nothing"
        who = self._who(request, Verb.ACCEPT)
        actor, group = self._people()[who], self._clinic(request).host_group.id
        hosts = [a.person_id for a in self._people().values() if group in a.hosts_in]
        host = self._pick(hosts) if actor.schedules else actor.person_id
        sessions = frozenset(f"session:{n}" for n in range(1, 60))
        command = AcceptRequest(
            request.number,
            request.version,
            host,
            self._pick(request.times) if request.times else None,
            self._pick(NOTES),
            sessions | {UNAVAILABLE},
        )
        return await self.world.tries(who, command)

    async def _declines(self) -> str:
        return await self._on(
            RequestStatus.PENDING,
            lambda r, _: DeclineRequest(r.number, r.version, response=self._pick(NOTES)),
            Verb.DECLINE,
        )

    async def _undoes(self) -> str:
        return await self._on(
            RequestStatus.PENDING,
            lambda r, _: UndoDecline(r.number),
            Verb.UNDO_DECLINE,
        )

    async def _passes(self) -> str:
        return await self._on(RequestStatus.PENDING, lambda r, _: PassRequest(r.number), Verb.PASS)

    async def _returns(self) -> str:
        return await self._on(
            RequestStatus.ACCEPTED,
            lambda r, _: ReturnToQueue(r.number, r.version),
            Verb.RETURN_TO_QUEUE,
        )

    async def _claims(self) -> str:
        over = self.chance.random() < 0.5
        return await self._on(
            RequestStatus.PENDING,
            lambda r, who: ClaimRequest(r.number, tab(who), over),
            Verb.CLAIM,
        )

    async def _lets_go(self) -> str:
        return await self._on(
            RequestStatus.PENDING,
            lambda r, who: ReleaseClaim(r.number, tab(who)),
            Verb.CLAIM,
        )

    async def _keeps(self) -> str:
        who = self._pick(self.staff)
        return await self.world.tries(who, RenewClaims(tab(who)))

    async def _leaves(self) -> str:
        who = self._pick(self.staff)
        return await self.world.tries(who, EndClaims(tab(who)))

    async def _withdraws(self) -> str:
        return await self._on(
            RequestStatus.PENDING,
            lambda r, _: WithdrawRequest(r.number),
            Verb.WITHDRAW,
        )

    async def _toggles(self) -> str:
        who = self._pick([name for name, actor in self._people().items() if actor.hosts_in])
        until = self.world.clock.now() + self._pick([minutes(0.2), minutes(1), hours(2)])
        is_on = self.chance.random() < 0.7
        command = SetAvailability(is_on, until if is_on else None)
        return await self.world.tries(who, command)

    async def _visits(self) -> str:
        """Do something to a session, by somebody who may or may not."""
        request = await self._some(RequestStatus.ACCEPTED)
        if request is None or request.session_id is None:
            return "nothing"
        of, soon = request.session_id, self.world.clock.now() + self._pick([minutes(9), hours(3)])
        host = self._pick([a.person_id for a in self._people().values() if a.hosts_in])
        sure = frozenset({UNAVAILABLE, *(f"session:{n}" for n in range(1, 60))})
        revision = self.chance.randint(1, 3)
        command = self._pick(
            [
                Arrive(of, "tab-of-a-patient"),
                Depart(of),
                StartVisit(of),
                FinishVisit(of),
                MissPatient(of),
                RemindPatient(of),
                RescheduleSession(of, revision, soon, sure),
                ChangeHost(of, revision, host, sure),
                CancelSession(of, revision),
                ScheduleNext(of, soon + hours(48), sure),
            ]
        )
        people = self._people()
        theirs = [n for n, a in people.items() if a.person_id == request.requester_id]
        who = self._pick([*self.staff, *theirs * 4])
        return await self.world.tries(who, command)

    async def _waits(self) -> str:
        await self.world.wait(self._pick([0.4, 3, 12, 31]))
        return "done"

    async def _on(
        self,
        status: RequestStatus,
        command: Callable[[SessionRequest, str], object],
        verb: Verb,
    ) -> str:
        request = await self._some(status)
        if request is None:
            return "nothing"
        who = self._who(request, verb)
        return await self.world.tries(who, command(request, who))

    def _who(self, request: SessionRequest, verb: Verb) -> str:
        """Return somebody, mostly one who may."""
        clinic = self._clinic(request)
        may = [n for n, a in self._people().items() if permissions.may(a, verb, request, clinic)]
        return self._pick(may if may and self.chance.random() < 0.9 else self.staff)

    def _clinic(self, request: SessionRequest) -> Clinic:
        return next(c for c in self._clinics().values() if c.id == request.clinic_id)

    async def _some(self, status: RequestStatus) -> SessionRequest | None:
        """Return one of the account's requests in that status."""

        def query(reading: Any) -> list[SessionRequest]:
            found = (
                reading.request(self.world.desk.account, RequestNumber(1000 + n)) for n in range(60)
            )
            return [request for request in found if request and request.status is status]

        waiting = await self.world.store.read(query)
        return self._pick(waiting) if waiting else None

    def _people(self) -> dict[str, Actor]:
        people = self.world.desk.people
        return {n: a for n, a in people.items() if n != ADMINISTRATOR and not n.startswith("Far")}

    def _clinics(self) -> dict[str, Any]:
        return self.world.desk.clinics

    def _pick(self, among: Any) -> Any:
        return self.chance.choice(list(among))


def tab(who: str) -> str:
    return f"tab-of-{who.partition(' ')[0].lower()}"


LONGEST = timedelta(hours=4)  # nothing may begin or end by time alone in a day of chance
