"""Notices on their way out: taken for one try, settled by what the mail server said, sent again."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef, clinic_stream
from dispatch.notice import Notice
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.vocabulary import EntityKind, NoticeId, NoticeStatus, RequestId, SessionId


@dataclass(frozen=True, slots=True)
class TakeNotice:
    """Try it now; of several processes one gets it."""

    id: NoticeId


@dataclass(frozen=True, slots=True)
class SettleNotice:
    """Say how the try with this number ended.

    ``status`` is waiting for a try that failed for now; ``chance``, from 0 to 1, spreads the next.
    """

    id: NoticeId
    tries: int
    status: NoticeStatus
    problem: str = ""
    chance: float = 0.5


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Have a dead letter tried once more."""

    id: NoticeId


def take_notice(command: TakeNotice, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Begin a try; ``was_there`` says that there is nothing to try.

    Raises:
        NotFoundError: no such notice.
    """
    notice = _notice(command.id, actor, unit)
    if not notice.is_due(now):
        return Done(_ref(notice), was_there=True)
    taken = notice.take(now)
    unit.notices.save(taken)
    if taken.status is not NoticeStatus.WAITING:
        _tell(taken, actor, unit)
        return Done(_ref(notice), was_there=True)
    return Done(_ref(notice))


def settle_notice(command: SettleNotice, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Note how a try ended; a try whose lease another process took over can only have succeeded.

    Raises:
        NotFoundError: no such notice.
    """
    notice = _notice(command.id, actor, unit)
    is_overtaken = notice.tries != command.tries and command.status is not NoticeStatus.SENT
    if notice.status is not NoticeStatus.WAITING or is_overtaken:
        return Done(_ref(notice), was_there=True)
    settled = _settled(notice, command, now)
    unit.notices.save(settled)
    if settled.status is not NoticeStatus.WAITING:
        _tell(settled, actor, unit)
    return Done(_ref(notice))


def send_again(command: SendAgain, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Put a dead letter back at the foot of the ladder.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such notice in their account.
        InvalidError: it is no dead letter.
    """
    if not actor.is_administrator:
        raise NotAllowedError("Only an administrator can do that.")
    notice = _notice(command.id, actor, unit).again(now)
    unit.notices.save(notice)
    _tell(notice, actor, unit)
    return Done(_ref(notice))


def _settled(notice: Notice, command: SettleNotice, now: datetime) -> Notice:
    match command.status:
        case NoticeStatus.SENT:
            return notice.sent(now)
        case NoticeStatus.NO_ADDRESS:
            return notice.unaddressed(now)
        case NoticeStatus.WAITING | NoticeStatus.FAILED as status:
            is_final = status is NoticeStatus.FAILED
            return notice.failed(command.problem, now, is_final=is_final, chance=command.chance)


def _notice(notice_id: NoticeId, actor: Actor, unit: Unit) -> Notice:
    notice = unit.notices.by_id(actor.account_id, notice_id)
    if notice is None:
        raise NotFoundError("message")
    return notice


def _tell(notice: Notice, actor: Actor, unit: Unit) -> None:
    """Tell the schedulers of the request, whose lists show how its requester was told."""
    request_id = _request_of(notice, unit)
    request = unit.requests.by_id(request_id) if request_id is not None else None
    if request is None:
        return
    kind = "again" if notice.status is NoticeStatus.WAITING else str(notice.status)
    about = EntityRef(EntityKind.REQUEST, request.id)
    streams = frozenset({clinic_stream(request.clinic_id)})
    unit.record(actor, Change(f"notice.{kind}", about, streams))


def _request_of(notice: Notice, unit: Unit) -> RequestId | None:
    if notice.about.kind is EntityKind.REQUEST:
        return RequestId(notice.about.id)
    if notice.about.kind is not EntityKind.SESSION:
        return None  # of somebody not known yet: no list shows it
    # The session is not held: whoever changes one holds its request first.
    return unit.sessions.request_of(SessionId(notice.about.id))


def _ref(notice: Notice) -> EntityRef:
    return EntityRef(EntityKind.NOTICE, notice.id)
