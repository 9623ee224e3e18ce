"""A clinic's ready words are looked after: saved replies, and the sentence for each decline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.administered import find_clinic
from dispatch.clinic import Clinic
from dispatch.errors import InvalidError, NotFoundError
from dispatch.events import CONTROL, Change, EntityRef, clinic_stream, host_stream, hosts_stream
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.reply import CHOICES, MOST_REPLIES, RESPONSE_LIMIT, TITLE_LIMIT, SavedReply
from dispatch.request import SessionRequest
from dispatch.seen import refuse_unseen, reply_seen, sentences_seen
from dispatch.vocabulary import ClinicId, DeclineReason, EntityKind, ReplyId


@dataclass(frozen=True, slots=True)
class SaveReply:
    """Keep a reply ready; one without an id is new."""

    clinic_id: ClinicId
    title: str
    text: str
    reply_id: ReplyId | None = None
    seen: str | None = None  # what the form was filled from, if it is not new


@dataclass(frozen=True, slots=True)
class MoveReply:
    """Have a reply change places with the one before it, or after it."""

    clinic_id: ClinicId
    reply_id: ReplyId
    is_up: bool


@dataclass(frozen=True, slots=True)
class RemoveReply:
    """Let go of a reply; what was sent with it stays as it was sent."""

    clinic_id: ClinicId
    reply_id: ReplyId


@dataclass(frozen=True, slots=True)
class WordDeclines:
    """What requesters read of a decline, by its reason; empty: the clinic's sentence for all."""

    clinic_id: ClinicId
    sentences: tuple[tuple[DeclineReason, str], ...]
    seen: str | None = None  # what the form was filled from


def save_reply(command: SaveReply, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it and tell every card on which it can be chosen.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or the reply is not there.
        InvalidError: no name, no words, too many of either, or a name that is taken.
        StaleError: somebody changed it since the form was filled.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    replies = unit.replies.of(clinic.id)
    # First: words for a reply that is gone are offered as a new one, whatever is wrong with them.
    before = _one(command.reply_id, replies) if command.reply_id is not None else None
    title, text = " ".join(command.title.split()), command.text.strip()
    _check(title, text)
    others = [reply for reply in replies if reply.id != command.reply_id]
    if any(reply.title.casefold() == title.casefold() for reply in others):
        raise InvalidError("Another reply has that name. Give this one its own.", field="title")
    if before is not None:
        changed = replace(before, title=title, text=text)
        if changed == before:
            return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
        refuse_unseen(command.seen, reply_seen(before))
        unit.replies.save(changed)
    elif len(replies) >= MOST_REPLIES:
        raise InvalidError(f"A clinic keeps {MOST_REPLIES} replies at most.", field="title")
    else:
        unit.replies.add(SavedReply(ReplyId(0), clinic.id, title, text))
    return _told("clinic.reply_saved", clinic, actor, unit)


def move_reply(command: MoveReply, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Move it by one place; at its end of the list it stays where it is.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: the clinic or the reply is not there.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    replies = unit.replies.of(clinic.id)
    order = [reply.id for reply in replies]
    here = order.index(_one(command.reply_id, replies).id)
    there = here - 1 if command.is_up else here + 1
    if not 0 <= there < len(order):
        return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
    order[here], order[there] = order[there], order[here]
    unit.replies.order(order)
    return _told("clinic.reply_moved", clinic, actor, unit)


def remove_reply(command: RemoveReply, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Let go of it; one that is gone already is gone.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    if command.reply_id not in {reply.id for reply in unit.replies.of(clinic.id)}:
        return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
    unit.replies.remove(command.reply_id)
    return _told("clinic.reply_removed", clinic, actor, unit)


def word_declines(command: WordDeclines, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store the sentences; declines that were pressed before keep the one that was shown then.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic.
        InvalidError: a sentence is too long, or for something that nobody can choose.
        StaleError: somebody changed one since the form was filled.
    """
    clinic = find_clinic(command.clinic_id, actor, unit)
    before = unit.replies.sentences(clinic.id)
    wanted = {reason: sentence.strip() for reason, sentence in command.sentences}
    for reason, sentence in wanted.items():
        if reason not in CHOICES:
            raise InvalidError("Nobody can choose that reason.", field=str(reason))
        if len(sentence) > RESPONSE_LIMIT:
            raise InvalidError(f"Keep this under {RESPONSE_LIMIT} characters.", field=str(reason))
    changed = {r: words for r, words in wanted.items() if words != before.get(r, "")}
    if not changed:
        return Done(EntityRef(EntityKind.CLINIC, clinic.id), was_there=True)
    refuse_unseen(command.seen, sentences_seen(before))
    for reason, sentence in changed.items():
        unit.replies.word(clinic.id, reason, sentence)
    return _told("clinic.declines_worded", clinic, actor, unit)


def _one(reply_id: ReplyId, replies: Sequence[SavedReply]) -> SavedReply:
    found = next((reply for reply in replies if reply.id == reply_id), None)
    if found is None:
        raise NotFoundError("saved reply")
    return found


def _check(title: str, text: str) -> None:
    if not title:
        raise InvalidError("Give the reply a name, to find it by.", field="title")
    if len(title) > TITLE_LIMIT or not title.isprintable():
        raise InvalidError(f"Give it a name of at most {TITLE_LIMIT} characters.", field="title")
    if not text:
        raise InvalidError("Write what requesters will read.", field="text")
    if len(text) > RESPONSE_LIMIT:
        raise InvalidError(f"Keep this under {RESPONSE_LIMIT} characters.", field="text")


def _told(kind: str, clinic: Clinic, actor: Actor, unit: Unit) -> Done:
    """Tell the boards, whose open dialogs look again, and the hosts whose cards hold the words."""
    about = EntityRef(EntityKind.CLINIC, clinic.id)
    unit.record(actor, Change(kind, about, frozenset({CONTROL})))
    waiting = unit.requests.waiting_in(clinic.id)
    unit.record(actor, *(_offered_on(request, clinic) for request in waiting))
    return Done(about)


def _offered_on(request: SessionRequest, clinic: Clinic) -> Change:
    target = request.target_host_id
    hosts = host_stream(target) if target else hosts_stream(clinic.host_group.id)
    streams = frozenset({clinic_stream(clinic.id), hosts})
    return Change("request.replies_changed", EntityRef(EntityKind.REQUEST, request.id), streams)
