"""Whatever people do, in whatever order: what must hold after every single step."""

from collections import Counter
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dispatch.clinic import Clinic
from dispatch.errors import DispatchError
from dispatch.vocabulary import NoticeKind, RequestStatus, SessionStatus
from tests.builders import hours
from tests.dispatch.desk import Desk
from tests.dispatch.pages import Page

WHO = st.sampled_from(["mia", "omar", "ada", "ben", "dan", "sam", "sue", "tom", "zoe", "root"])
PATIENTS = st.sampled_from(["mia", "omar"])
STAFF = st.sampled_from(["sue", "sam", "ada", "ben", "tom"])
HOSTS = st.sampled_from(["ada", "ben", "dan"])
CLINICS = st.sampled_from(["evening", "daytime"])
PICK = st.integers(0, 3)  # counted from the newest request
SHORT = st.sampled_from([0.5, 4.0, 9.999, 10.0, 30.0, 300.0, 3600.0, 5 * 3600.0])
ENDINGS = {RequestStatus.DECLINED: NoticeKind.DECLINED, RequestStatus.EXPIRED: NoticeKind.EXPIRED}


class AnyDay(RuleBasedStateMachine):
    """People try everything, allowed or not; a refusal changes nothing, which the fake ensures."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.make_desk()
        self.pages = [Page.open(self.desk, *place) for place in Page.places(self.desk)]

    def make_desk(self) -> Desk:
        return Desk()

    def person(self, name: str) -> int:
        person: int = getattr(self.desk, name)
        return person

    def number(self, pick: int) -> int:
        numbers = [request.number for request in self.desk.store.rows.requests.values()]
        return numbers[-1 - pick % len(numbers)]

    def attempt(self, act: str, *args: object, **more: object) -> None:
        with suppress(DispatchError):
            getattr(self.desk, act)(*args, **more)

    def someone_asked(self) -> bool:
        return bool(self.desk.store.rows.requests)

    @initialize(host=HOSTS)
    def open_the_doors(self, host: str) -> None:
        for name in ("ada", "ben", "dan"):
            self.desk.turn_on(self.person(name))
        self.desk.ask()
        self.desk.ask(by=self.desk.omar, target_host_id=self.person(host), clinic=self.home(host))

    def home(self, host: str) -> Clinic:
        return self.desk.daytime if host == "dan" else self.desk.evening

    @rule(who=PATIENTS, to=st.none() | HOSTS, ahead=st.lists(st.integers(1, 8), max_size=3))
    def ask(self, who: str, to: str | None, ahead: list[int]) -> None:
        times = [self.desk.now + hours(h) for h in ahead]
        host, clinic = to and self.person(to), self.home(to or "ada")
        self.attempt("submit", *times, by=self.person(who), clinic=clinic, target_host_id=host)

    @rule(clinic=CLINICS, requester=WHO, by=WHO)
    def ask_for(self, clinic: str, requester: str, by: str) -> None:
        given, patient = getattr(self.desk, clinic), self.person(requester)
        self.attempt("submit", by=self.person(by), clinic=given, requester_id=patient)

    @precondition(someone_asked)
    @rule(pick=PICK, by=STAFF, host=HOSTS, rank=st.integers(0, 2), bold=st.booleans())
    def accept(self, pick: int, by: str, host: str, rank: int, bold: bool) -> None:
        request = self.desk.request(self.number(pick))
        time = request.times[rank % len(request.times)] if request.times else None
        sessions = [f"session:{session}" for session in self.desk.store.rows.sessions]
        yes = ["unavailable", *sessions] if bold else []
        self.attempt(
            "accept", request.number, *yes, by=self.person(by), host_id=self.person(host), time=time
        )

    @precondition(someone_asked)
    @rule(pick=PICK, by=STAFF, act=st.sampled_from(["decline", "undo", "give_back", "claim"]))
    def answer(self, pick: int, by: str, act: str) -> None:
        self.attempt(act, self.number(pick), by=self.person(by))

    @precondition(someone_asked)
    @rule(pick=PICK, by=WHO, act=st.sampled_from(["decline", "undo", "withdraw", "give_back"]))
    def meddle(self, pick: int, by: str, act: str) -> None:
        self.attempt(act, self.number(pick), by=self.person(by))

    @precondition(someone_asked)
    @rule(pick=PICK, by=HOSTS)
    def pass_on(self, pick: int, by: str) -> None:
        self.attempt("pass_on", self.number(pick), self.person(by))

    @rule(host=HOSTS, is_on=st.booleans())
    def toggle(self, host: str, is_on: bool) -> None:
        self.attempt("turn_on" if is_on else "turn_off", self.person(host))

    @rule(seconds=SHORT, swept=st.booleans())
    def wait(self, seconds: float, swept: bool) -> None:
        self.desk.wait(seconds)
        if swept:
            self.desk.sweep()

    @invariant()
    def one_open_request_for_a_person_in_a_clinic(self) -> None:
        rows = self.desk.store.rows.requests.values()
        pending = [r for r in rows if r.status is RequestStatus.PENDING]
        assert len({(r.requester_id, r.clinic_id) for r in pending}) == len(pending)

    @invariant()
    def live_sessions_are_the_accepted_requests(self) -> None:
        # S62 S65: so nothing that was declined, withdrawn or expired has one
        rows = self.desk.store.rows
        live = {
            s.request_id: s
            for s in rows.sessions.values()
            if s.status is not SessionStatus.CANCELLED
        }
        accepted = {r.id: r for r in rows.requests.values() if r.status is RequestStatus.ACCEPTED}
        assert live.keys() == accepted.keys()
        for request_id, request in accepted.items():
            session, decision = live[request_id], request.decision
            assert decision is not None
            assert (request.session_id, decision.host_id) == (session.id, session.host_id)
            assert session.requester_id == request.requester_id
            assert session.starts_at == decision.chosen_at
            assert not request.times or decision.chosen_at in request.times

    @invariant()
    def one_acceptance_each_unless_it_was_given_back(self) -> None:
        # S65
        steps: dict[int, list[str]] = {}
        for row in self.desk.store.rows.audit:
            if row.kind in {"request.accepted", "request.returned"}:
                steps.setdefault(row.entity.id, []).append(row.kind)
        for kinds in steps.values():
            turns = ["request.accepted", "request.returned"] * len(kinds)
            assert kinds == turns[: len(kinds)]

    @invariant()
    def one_message_to_the_requester_for_every_ending(self) -> None:
        # S18 S56 S58
        rows = self.desk.store.rows
        sent = Counter((n.kind, n.recipient_id, str(n.about)) for n in rows.outbox.values())
        assert set(sent.values()) <= {1}
        kinds = {*ENDINGS.values(), NoticeKind.INVITATION, NoticeKind.WITHDRAWN}
        endings = {n for n in sent if n[0] in kinds}
        expected = {
            (ENDINGS[r.status], r.requester_id, f"request:{r.id}")
            for r in rows.requests.values()
            if r.status in ENDINGS
        }
        expected |= {
            (NoticeKind.WITHDRAWN, r.requester_id, f"request:{r.id}")
            for r in rows.requests.values()
            if r.status is RequestStatus.WITHDRAWN
            and r.decision
            and r.decision.by_id != r.requester_id
        }
        expected |= {
            (NoticeKind.INVITATION, s.requester_id, f"session:{s.id}")
            for s in rows.sessions.values()
        }
        assert endings == expected

    @invariant()
    def numbers_follow_submission(self) -> None:
        # S11 S30
        rows = sorted(self.desk.store.rows.requests.values(), key=lambda r: r.number)
        assert [r.number for r in rows] == list(range(1001, 1001 + len(rows)))
        assert rows == sorted(rows, key=lambda r: (r.submitted_at, r.number))

    @invariant()
    def a_decision_stands_exactly_where_the_wait_has_ended(self) -> None:
        for request in self.desk.store.rows.requests.values():
            assert (request.decision is None) is (request.status is RequestStatus.PENDING)
            assert request.declining is None or request.status is RequestStatus.PENDING
            assert (request.session_id is None) is (request.status is not RequestStatus.ACCEPTED)

    @invariant()
    def every_stream_is_dense(self) -> None:
        # S90
        rows = self.desk.store.rows
        for stream, events in rows.log.items():
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert rows.heads[stream].seq == len(events)

    @invariant()
    def every_page_that_followed_shows_what_a_fresh_one_shows(self) -> None:
        # S35 S64 S85 S90
        self.pages = [page.follow(self.desk) for page in self.pages]
        for page in self.pages:
            fresh = Page.open(self.desk, page.stream, page.projection)
            assert page.shown(self.desk.now) == fresh.shown(self.desk.now), page.stream
            assert page.cursor == fresh.cursor


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(
    max_examples=120,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
