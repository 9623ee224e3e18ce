"""Saved replies and the sentences for declines in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.reply import SavedReply
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId
from tests.fakes.memory import Memory


@dataclass
class FakeReplies:
    rows: Memory

    def of(self, clinic: ClinicId) -> Sequence[SavedReply]:
        return replies_of(self.rows, clinic)

    def add(self, draft: SavedReply) -> SavedReply:
        stored = replace(draft, id=ReplyId(self.rows.next_id("reply")))
        self.rows.replies[stored.id] = stored
        return stored

    def save(self, reply: SavedReply) -> None:
        self.rows.replies[reply.id] = reply

    def remove(self, reply: ReplyId) -> None:
        del self.rows.replies[reply]

    def order(self, replies: Sequence[ReplyId]) -> None:
        for key in replies:  # a dict keeps the order in which its keys came
            self.rows.replies[key] = self.rows.replies.pop(key)

    def sentences(self, clinic: ClinicId) -> Mapping[DeclineReason, str]:
        return sentences_of(self.rows, clinic)

    def word(self, clinic: ClinicId, reason: DeclineReason, sentence: str) -> None:
        self.rows.sentences.pop((clinic, reason), None)
        if sentence:
            self.rows.sentences[clinic, reason] = sentence


def replies_of(rows: Memory, clinic: ClinicId) -> tuple[SavedReply, ...]:
    return tuple(reply for reply in rows.replies.values() if reply.clinic_id == clinic)


def sentences_of(rows: Memory, clinic: ClinicId) -> Mapping[DeclineReason, str]:
    return {reason: words for (of, reason), words in rows.sentences.items() if of == clinic}
