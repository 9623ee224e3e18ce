"""Saved replies and the sentences for declines in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from dispatch.reply import SavedReply
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId
from server.storage.tables import decline_sentence, saved_reply

_CLINICS: BindParameter[list[int]] = bindparam("clinics", expanding=True)
_REPLIES = (
    select(saved_reply)
    .where(saved_reply.c.clinic_id.in_(_CLINICS))
    .order_by(saved_reply.c.clinic_id, saved_reply.c.position, saved_reply.c.id)
)
_SENTENCES = select(decline_sentence).where(decline_sentence.c.clinic_id.in_(_CLINICS))
_BEHIND = select(func.coalesce(func.max(saved_reply.c.position), 0) + 1).where(
    saved_reply.c.clinic_id == bindparam("clinic")
)
_ADD = insert(saved_reply).returning(saved_reply.c.id)
_PLACE = (
    update(saved_reply)
    .where(saved_reply.c.id == bindparam("b_id"))
    .values(position=bindparam("place"))
)


class SqlReplies:
    """``dispatch.ports.Replies`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, clinic: ClinicId) -> Sequence[SavedReply]:
        return replies_of(self._connection, [clinic])[clinic]

    def add(self, draft: SavedReply) -> SavedReply:
        """Store it behind the others; return it with its id."""
        place = self._connection.execute(_BEHIND, {"clinic": draft.clinic_id}).scalar_one()
        row = {
            "clinic_id": draft.clinic_id,
            "position": place,
            "title": draft.title,
            "text": draft.text,
        }
        return replace(draft, id=ReplyId(self._connection.execute(_ADD, row).scalar_one()))

    def save(self, reply: SavedReply) -> None:
        self._connection.execute(
            update(saved_reply)
            .where(saved_reply.c.id == reply.id)
            .values(title=reply.title, text=reply.text)
        )

    def remove(self, reply: ReplyId) -> None:
        self._connection.execute(delete(saved_reply).where(saved_reply.c.id == reply))

    def order(self, replies: Sequence[ReplyId]) -> None:
        """Put all of a clinic's replies into that order."""
        places = [{"b_id": reply, "place": place} for place, reply in enumerate(replies, start=1)]
        self._connection.execute(_PLACE, places)

    def sentences(self, clinic: ClinicId) -> Mapping[DeclineReason, str]:
        return sentences_of(self._connection, [clinic])[clinic]

    def word(self, clinic: ClinicId, reason: DeclineReason, sentence: str) -> None:
        """Keep the sentence; an empty one is let go of."""
        self._connection.execute(
            delete(decline_sentence).where(
                decline_sentence.c.clinic_id == clinic, decline_sentence.c.reason == reason
            )
        )
        if sentence:
            row = {"clinic_id": clinic, "reason": reason, "sentence": sentence}
            self._connection.execute(insert(decline_sentence), row)


def replies_of(
    connection: Connection, clinics: Collection[ClinicId]
) -> Mapping[ClinicId, tuple[SavedReply, ...]]:
    """Return the saved replies of each clinic, in its order."""
    found: dict[ClinicId, tuple[SavedReply, ...]] = dict.fromkeys(clinics, ())
    for row in connection.execute(_REPLIES, {"clinics": list(clinics)}).mappings():
        found[row["clinic_id"]] += (_reply(row),)
    return found


def sentences_of(
    connection: Connection, clinics: Collection[ClinicId]
) -> Mapping[ClinicId, Mapping[DeclineReason, str]]:
    """Return the sentences that each clinic has worded itself."""
    found: dict[ClinicId, dict[DeclineReason, str]] = {clinic: {} for clinic in clinics}
    for row in connection.execute(_SENTENCES, {"clinics": list(clinics)}):
        found[row.clinic_id][DeclineReason(row.reason)] = row.sentence
    return found


def _reply(row: RowMapping) -> SavedReply:
    return SavedReply(ReplyId(row["id"]), ClinicId(row["clinic_id"]), row["title"], row["text"])
