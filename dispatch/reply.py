"""Words that a clinic keeps ready for its requesters; whoever answers may use them or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.clinic import Clinic
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId

TITLE_LIMIT = 60  # characters
RESPONSE_LIMIT = 500  # characters of a response to the requester, saved or typed
MOST_REPLIES = 30  # of one clinic: a list that can be overlooked
# Those that a person chooses from; what the system decides has words of its own.
CHOICES = (
    DeclineReason.NO_ONE_AVAILABLE,
    DeclineReason.NOT_SUITABLE,
    DeclineReason.DUPLICATE,
    DeclineReason.OTHER,
)


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A text to put into a response, under the name by which staff find it."""

    id: ReplyId
    clinic_id: ClinicId
    title: str
    text: str


def sentence_for(
    reason: DeclineReason, clinic: Clinic, sentences: Mapping[DeclineReason, str]
) -> str:
    """Return what the requester reads of a decline for that reason, whatever else is written."""
    return sentences.get(reason) or clinic.declined_text
