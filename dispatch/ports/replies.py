"""What clinics keep ready to say, in storage."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from dispatch.reply import SavedReply
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId


class Replies(Protocol):
    """Saved replies in the clinic's own order, and its sentences for declines."""

    def of(self, clinic: ClinicId) -> Sequence[SavedReply]: ...
    def add(self, draft: SavedReply) -> SavedReply:
        """Store it behind the others; return it with its id."""

    def save(self, reply: SavedReply) -> None: ...
    def remove(self, reply: ReplyId) -> None: ...
    def order(self, replies: Sequence[ReplyId]) -> None:
        """Put all of a clinic's replies into that order."""

    def sentences(self, clinic: ClinicId) -> Mapping[DeclineReason, str]:
        """Return those that the clinic has worded itself."""

    def word(self, clinic: ClinicId, reason: DeclineReason, sentence: str) -> None:
        """Keep the sentence; an empty one is let go of."""
