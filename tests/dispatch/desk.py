"""A small town around the desk: two clinics that share hosts, a strange account, and everyone in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.clinic import Clinic
from dispatch.decision import Decision
from dispatch.form import Question
from dispatch.people import Actor, system_actor
from dispatch.ports import Done
from dispatch.recurrence import Recurrence, once
from dispatch.request import SessionRequest
from dispatch.session import VideoSession
from dispatch.stream import Delta, Projection, Snapshot
from dispatch.usecases import boards
from dispatch.usecases.administration import (
    CreateClinic,
    CreatePerson,
    create_clinic,
    create_person,
)
from dispatch.usecases.assignment import AcceptRequest, ReturnToQueue
from dispatch.usecases.availability import SetAvailability
from dispatch.usecases.claims import ClaimRequest
from dispatch.usecases.forms import SaveForm
from dispatch.usecases.intake import SubmitRequest, WithdrawRequest
from dispatch.usecases.refusal import DeclineRequest, PassRequest, UndoDecline
from dispatch.usecases.slot_rules import AddRules, add_rules
from dispatch.usecases.sweep import Settle, settle
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    GroupId,
    NoticeKind,
    PersonId,
    RequestNumber,
    RequestType,
    RuleKind,
    ServiceId,
    SessionId,
)
from tests.builders import (
    ACCOUNT,
    NOON,
    OTHER_ACCOUNT,
    FrozenClock,
    a_clinic,
    a_group,
    a_person,
    a_service,
)
from tests.deeds import usecase_of
from tests.fakes import FakeStore

TAB = "tab-of-a-test"


class Desk:
    """Every use case in one line each, over memory. Persons are ids; ``clock`` moves by hand.

    ``evening`` is on demand, ``daytime`` a calendar clinic; Ada answers in both. ``foreign`` is of
    another account.
    """

    def __init__(self, make: Callable[[FrozenClock], FakeStore] = FakeStore) -> None:
        self.clock = FrozenClock(NOON)
        self.store = make(self.clock)
        self.evening = self._clinic("Evening")
        self.daytime = self._clinic("Daytime", mode=ClinicMode.CALENDAR)
        self.foreign = self._clinic("Foreign", account=OTHER_ACCOUNT)
        evening, daytime, foreign = self.evening, self.daytime, self.foreign
        self.mia = self._person("Mia Chen", asks=[evening, daytime])
        self.omar = self._person("Omar Diaz", asks=[evening, daytime])
        self.ada = self._person("Dr. Ada Berg", hosts=[evening, daytime])
        self.ben = self._person("Dr. Ben Cole", hosts=[evening])
        self.dan = self._person("Dr. Dan Ek", hosts=[daytime])
        self.sam = self._person("Sam Ortiz", schedules=[evening])
        self.sue = self._person("Sue Park", schedules=[evening, daytime])
        self.tom = self._person("Tom Reed", schedules=[daytime])
        self.root = self._person("Ruth Gold", is_administrator=True)
        self.zoe = self._person("Zoe Far", account=OTHER_ACCOUNT, asks=[foreign])
        self.hal = self._person("Dr. Hal Far", account=OTHER_ACCOUNT, hosts=[foreign])
        self.sid = self._person("Sid Far", account=OTHER_ACCOUNT, schedules=[foreign])

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def wait(self, seconds: float) -> datetime:
        return self.clock.advance(timedelta(seconds=seconds))

    def actor(self, person: int) -> Actor:
        actor = self.store.ask(lambda reading: reading.actor(PersonId(person)))
        assert actor, "disabled or unknown"
        return actor

    def does(self, by: int, command: object, key: str | None = None) -> Done:
        """Do what a command says."""
        return self.store.run(usecase_of(command), command, self.actor(by), key=key)

    # What people do -----------------------------------------------------------------------------

    def ask(
        self, *times: datetime, by: int | None = None, key: str | None = None, **more: Any
    ) -> RequestNumber:
        """Submit a request of Mia to the evening clinic; return its number."""
        number = self.submit(*times, by=by, key=key, **more).number
        assert number
        return number

    def submit(
        self,
        *times: datetime,
        by: int | None = None,
        clinic: Clinic | None = None,
        key: str | None = None,
        **more: Any,
    ) -> Done:
        clinic = clinic or self.evening
        given: dict[str, Any] = {
            "clinic_id": clinic.id,
            "service_id": clinic.services[0].id,
            "type": RequestType.SCHEDULED if times else RequestType.NOW,
            "times": times,
        }
        command = SubmitRequest(**given | more)
        return self.does(by or self.mia, command, key)

    def make_form(
        self,
        *questions: Question,
        clinic: Clinic | None = None,
        by: int | None = None,
        **more: Any,
    ) -> Done:
        """Save the next version of a clinic's form, the evening's by its administrator."""
        clinic_id = (clinic or self.evening).id
        was = self.store.ask(lambda reading: reading.form(clinic_id)).version
        given: dict[str, Any] = {"clinic_id": clinic_id, "was": was, "questions": questions}
        return self.does(by or self.root, SaveForm(**given | more))

    def accept(
        self,
        number: int,
        *confirmed: str,
        by: int | None = None,
        key: str | None = None,
        **more: Any,
    ) -> VideoSession:
        """Accept for Ben by Sam, with the version that is current; return the session."""
        given: dict[str, Any] = {
            "number": RequestNumber(number),
            "expected_version": self.request(number).version,
            "host_id": self.ben,
            "confirmed": frozenset(confirmed),
        }
        command = AcceptRequest(**given | more)
        done = self.does(by or self.sam, command, key)
        return self.store.rows.sessions[SessionId(done.entity.id)]

    def decline(self, number: int, *, by: int | None = None, **more: Any) -> Done:
        given: dict[str, Any] = {
            "number": RequestNumber(number),
            "expected_version": self.request(number).version,
        }
        return self.does(by or self.sam, DeclineRequest(**given | more))

    def undo(self, number: int, *, by: int | None = None) -> Done:
        return self.does(by or self.sam, UndoDecline(RequestNumber(number)))

    def pass_on(self, number: int, by: int) -> Done:
        return self.does(by, PassRequest(RequestNumber(number)))

    def withdraw(self, number: int, *, by: int | None = None) -> Done:
        command = WithdrawRequest(RequestNumber(number))
        return self.does(by or self.mia, command)

    def give_back(self, number: int, *, by: int | None = None, **more: Any) -> Done:
        given: dict[str, Any] = {
            "number": RequestNumber(number),
            "expected_version": self.request(number).version,
        }
        return self.does(by or self.sam, ReturnToQueue(**given | more))

    def claim(
        self, number: int, *, by: int | None = None, tab: str = TAB, take_over: bool = False
    ) -> Done:
        command = ClaimRequest(RequestNumber(number), tab, take_over)
        return self.does(by or self.sam, command)

    def turn_on(self, *hosts: int, until: datetime | None = None) -> None:
        for host in hosts:
            self.does(host, SetAvailability(True, until))

    def turn_off(self, host: int) -> None:
        self.does(host, SetAvailability(False))

    def open_slot(self, host: int, starts_at: datetime, lasts: timedelta) -> None:
        self.open_hours(host, once(starts_at, starts_at + lasts, "UTC"))

    def open_hours(
        self, host: int, *hours: Recurrence, kind: RuleKind = RuleKind.SLOT, by: int | None = None
    ) -> Done:
        actor = self.actor(by) if by else system_actor(ACCOUNT)
        return self.store.run(add_rules, AddRules(PersonId(host), hours, kind), actor)

    def sweep(self) -> list[str]:
        """Settle everything that is due, as the worker does; return the kinds."""
        dues = self.store.ask(lambda reading: reading.due(self.now, 100))
        for due in dues:
            self.store.run(settle, Settle(due), system_actor(due.account_id))
        return [due.kind for due in dues]

    # What became of it --------------------------------------------------------------------------

    def request(self, number: int) -> SessionRequest:
        return next(r for r in self.store.rows.requests.values() if r.number == number)

    def decision(self, number: int) -> Decision:
        decision = self.request(number).decision
        assert decision, "nobody has answered"
        return decision

    def notices(self, kind: NoticeKind) -> list[int]:
        """Return who is told, once for each notice."""
        return sorted(
            n.recipient_id or 0 for n in self.store.rows.outbox.values() if n.kind is kind
        )

    def rung(self, since: int = 0) -> list[str]:
        """Return the kinds of changes, in order."""
        return [row.kind for row in self.store.rows.audit[since:]]

    def snapshot(self, stream: str, projection: Projection) -> Snapshot:
        return self.store.ask(
            lambda reading: boards.snapshot(reading, stream, projection, self.now)
        )

    def delta(self, before: Snapshot) -> Delta | None:
        read = (before.stream, before.projection, before.cursor, self.now)
        found = self.store.ask(lambda reading: boards.delta(reading, *read))
        return found if isinstance(found, Delta) else None

    # How the town was built ---------------------------------------------------------------------

    def _clinic(self, name: str, account: int = ACCOUNT, **more: Any) -> Clinic:
        groups = {
            "patient_group": a_group(f"{name} Patients", id=GroupId(0), account_id=account),
            "host_group": a_group(f"{name} Providers", id=GroupId(0), account_id=account),
        }
        services = (a_service(id=ServiceId(0), account_id=account, name=f"{name} visit"),)
        clinic = a_clinic(
            id=ClinicId(0),
            account_id=account,
            name=f"{name} Clinic",
            services=services,
            **groups,
            **more,
        )
        done = self.store.run(create_clinic, CreateClinic(clinic), system_actor(clinic.account_id))
        return self.store.rows.clinics[ClinicId(done.entity.id)]

    def _person(
        self,
        name: str,
        account: int = ACCOUNT,
        asks: list[Clinic] | None = None,
        hosts: list[Clinic] | None = None,
        schedules: list[Clinic] | None = None,
        **more: Any,
    ) -> PersonId:
        person = a_person(name, account_id=account, **more)
        command = CreatePerson(
            person,
            schedules=frozenset(clinic.id for clinic in schedules or ()),
            hosts_in=frozenset(clinic.host_group.id for clinic in hosts or ()),
            asks_in=frozenset(clinic.patient_group.id for clinic in asks or ()),
        )
        done = self.store.run(create_person, command, system_actor(person.account_id))
        return PersonId(done.entity.id)

    def change_clinic(self, clinic: Clinic, **changes: Any) -> Clinic:
        """Give a clinic other settings; there is no use case for it yet."""
        changed = replace(self.store.rows.clinics[clinic.id], **changes)
        self.store.rows.clinics[clinic.id] = changed
        return changed
