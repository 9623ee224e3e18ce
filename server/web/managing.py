"""One session managed by its clinic or its host: another time, another host, not at all (V11)."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.errors import (
    ConfirmationError,
    DispatchError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from dispatch.events import clinic_stream, host_stream
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.stream import Projection, Snapshot
from dispatch.usecases.boards import joinable, snapshot
from dispatch.usecases.following import ScheduleNext, schedule_next
from dispatch.usecases.session_pages import HostOption, Seen, other_hosts, session_seen
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
from dispatch.usecases.visits import MissPatient, miss_patient
from dispatch.vocabulary import PersonId, SessionId
from server.web.errors import STATUS, sentence_of
from server.web.forms import Form, read_form
from server.web.login import signed_in
from server.web.places import session_of
from server.web.replies import page, see_other
from server.web.state import WebState

C = TypeVar("C")
WEEK = timedelta(days=7)
DONE = {  # what the page says after something was done
    "time": "The session is at another time now. Both are told, with an updated calendar file.",
    "host": "The session has another provider now. All three are told.",
    "cancellation": "The session is cancelled. Both are told.",
    "removal": "The session is removed. Nobody is told.",
    "reminder": "The invitation was sent again.",
    "no-show": "The session is closed: the patient did not come. Nobody is told.",
    "next": "The next session is scheduled. Both are told.",
}


@dataclass(frozen=True, slots=True)
class Managed:
    """One rendering: the session as it is, what was typed, and what is wrong or to confirm."""

    seen: Seen
    others: Sequence[HostOption]
    now: datetime
    zone: str  # the viewer's: what is typed is in it
    key: str
    section: str = ""  # whose form was sent
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    confirm: tuple[str, ...] = ()
    done: str = ""

    @property
    def is_late(self) -> bool:
        """Return whether to cancel is only to remove (V11)."""
        return self.seen.session.is_late(self.now)

    @property
    def starts_here(self) -> datetime:
        """Return its start on the viewer's clock."""
        return self.seen.session.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def next_here(self) -> datetime:
        """Return the same hour on the viewer's clock a week later, whatever the clocks do."""
        return self.starts_here.replace(tzinfo=None) + WEEK

    @property
    def today(self) -> str:
        """Return the first day that can be chosen."""
        return self.now.astimezone(ZoneInfo(self.zone)).date().isoformat()

    def value(self, section: str, name: str, otherwise: str) -> str:
        """Return what a field of one of the forms shows."""
        return self.typed.get(name, otherwise) if section == self.section else otherwise

    def of(self, section: str) -> Mapping[str, str]:
        """Return what is wrong with one of the forms."""
        return self.problems if section == self.section else {}


async def manage(request: Request[WebState]) -> Response:
    """Show the session and everything that can be done to it."""
    actor = (await signed_in(request)).actor
    done = DONE.get(request.query_params.get("done", ""), "")
    return await _shown(request, actor, Form([]), done=done)


async def time(request: Request[WebState]) -> Response:
    """Move it to another time."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> RescheduleSession:
        return RescheduleSession(
            session_id, _revision(form), _typed_time(form, actor), _confirmed(form)
        )

    return await _do(request, "time", reschedule_session, command)


async def host(request: Request[WebState]) -> Response:
    """Give it to another provider."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> ChangeHost:
        chosen = form.optional_integer("host")
        host_id = None if chosen is None else PersonId(chosen)
        return ChangeHost(session_id, _revision(form), host_id, _confirmed(form))

    return await _do(request, "host", change_host, command)


async def cancellation(request: Request[WebState]) -> Response:
    """Call it off, which tells both; or remove it, which tells nobody."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> CancelSession:
        return CancelSession(session_id, _revision(form), tells=form.text("tells") == "1")

    form = await read_form(request)
    word = "cancellation" if form.cut("tells") == "1" else "removal"
    return await _do(request, word, cancel_session, command)


async def reminder(request: Request[WebState]) -> Response:
    """Send the invitation again (V10)."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> RemindPatient:
        return RemindPatient(session_id)

    return await _do(request, "reminder", remind_patient, command)


async def following(request: Request[WebState]) -> Response:
    """Schedule the next one of the same two."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> ScheduleNext:
        return ScheduleNext(session_id, _typed_time(form, actor), _confirmed(form))

    return await _do(request, "next", schedule_next, command)


async def no_show(request: Request[WebState]) -> Response:
    """Close it because the patient did not come."""

    def command(form: Form, actor: Actor, session_id: SessionId) -> MissPatient:
        return MissPatient(session_id)

    return await _do(request, "no-show", miss_patient, command)


async def _do(
    request: Request[WebState],
    section: str,
    usecase: UseCase[C],
    command_of: Callable[[Form, Actor, SessionId], C],
) -> Response:
    actor = (await signed_in(request)).actor
    form = await read_form(request)
    session_id = session_of(request)
    try:
        command = command_of(form, actor, session_id)
        outcome = await request.state["store"].perform(usecase, command, actor, key=form.key)
    except (NotFoundError, NotAllowedError):
        raise
    except DispatchError as refused:
        return await _shown(request, actor, form, section=section, refused=refused)
    return see_other(f"/sessions/{outcome.entity.id}/manage?done={section}")


async def _shown(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    *,
    section: str = "",
    refused: DispatchError | None = None,
    done: str = "",
) -> Response:
    session_id = session_of(request)
    now = request.state["clock"].now()

    def look(
        reading: Reading,
    ) -> tuple[Seen, Sequence[HostOption], Sequence[Snapshot]]:
        seen = session_seen(reading, actor, session_id)
        if not (seen.is_schedulers or seen.is_hosts):
            raise NotFoundError("session")
        others = other_hosts(reading, seen, now) if seen.is_schedulers else ()
        return seen, others, _live(reading, actor, seen, now)

    seen, others, live = await request.state["store"].read(look)
    managed = Managed(
        seen,
        others,
        now,
        actor.zone,
        secrets.token_urlsafe(16),
        section=section,
        typed=form.typed(),
        problems={} if refused is None else {refused.field: sentence_of(request, refused)},
        confirm=refused.confirm if isinstance(refused, ConfirmationError) else (),
        done=done,
    )
    status = 200 if refused is None else STATUS.get(refused.code, 409)
    return page(
        request, "session/manage.html", status, page_name="manage", managed=managed, live=live
    )


def _live(reading: Reading, actor: Actor, seen: Seen, now: datetime) -> Sequence[Snapshot]:
    """Return the stream that tells of the session; none where it is over, or of who has left."""
    stream, projection = host_stream(actor.person_id), Projection.HOST
    if seen.is_schedulers:
        stream, projection = clinic_stream(seen.session.clinic_id), Projection.SESSIONS
    if stream not in joinable(actor):
        return ()
    found = snapshot(reading, stream, projection, now)
    return [found] if seen.row.entity in {view.entity for view in found.views} else ()


def _typed_time(form: Form, actor: Actor) -> datetime:
    times = form.local_instants(["time"], actor.zone)
    if not times:
        raise InvalidError("Enter a day and a time.", field="time")
    return times[0]


def _revision(form: Form) -> int:
    return form.integer("revision", otherwise="Open the session again, and press once more.")


def _confirmed(form: Form) -> frozenset[str]:
    return frozenset(form.many("confirm"))


routes = [
    Route("/sessions/{id:number}/manage", manage, methods=["GET"]),
    Route("/sessions/{id:number}/time", time, methods=["POST"]),
    Route("/sessions/{id:number}/host", host, methods=["POST"]),
    Route("/sessions/{id:number}/cancellation", cancellation, methods=["POST"]),
    Route("/sessions/{id:number}/reminder", reminder, methods=["POST"]),
    Route("/sessions/{id:number}/next", following, methods=["POST"]),
    Route("/sessions/{id:number}/no-show", no_show, methods=["POST"]),
]
