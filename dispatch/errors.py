"""Every refusal the desk can give: a stable code, and a sentence that a person can act on."""

import math
from datetime import datetime, timedelta


class DispatchError(Exception):
    """A refusal. Nothing was changed.

    ``code`` is stable and may be tested against; ``sentence`` is for the person who asked and
    holds nothing that they may not know. Instants inside a sentence are given in ``at`` and the
    sentence then holds ``{at}``, so that the edge can write them in the reader's zone.
    """

    code = "refused"

    def __init__(self, sentence: str, *, at: datetime | None = None, field: str = "") -> None:
        super().__init__(self.code)  # the log may show the code, never the sentence
        self.sentence = sentence
        self.at = at
        self.field = field  # the form field to point at, if one is to blame


class StoreAwayError(Exception):
    """What keeps the desk cannot be reached. Nothing was changed, and a later try may succeed.

    No refusal: nothing was decided, so whoever catches those must not take it for an answer.
    """

    code = "away"
    sentence = "We can't reach our records just now. Nothing was changed. Try again."


class NotFoundError(DispatchError):
    """It does not exist, or this person may not know that it does: the same answer (S55)."""

    code = "not_found"

    def __init__(self, what: str = "request") -> None:
        super().__init__(f"We can't find that {what}. It may be gone, or the link may be cut off.")


class NotAllowedError(DispatchError):
    """The person may know of it, and may not do this to it."""

    code = "not_allowed"


class InvalidError(DispatchError):
    """What was sent cannot be used; the sentence says what to send instead."""

    code = "invalid"


class DecidedError(DispatchError):
    """Somebody was first; the sentence says who did what, and ``at`` when (S65)."""

    code = "already_decided"


class StaleError(DispatchError):
    """The row changed after this person looked, and is still pending."""

    code = "changed_meanwhile"


class FormChangedError(DispatchError):
    """The clinic's questions are not those that were answered."""

    code = "form_changed"

    def __init__(self) -> None:
        super().__init__(
            "The clinic changed its questions while you were writing. What you typed is still here "
            "where it fits. Look through the questions and send again."
        )


class ConfirmationError(DispatchError):
    """Allowed, but only after a look at ``confirm``: the tokens to send back to say yes."""

    code = "needs_confirmation"

    def __init__(self, sentence: str, *, confirm: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.confirm = confirm


class AlreadySentError(DispatchError):
    """The same idempotency key came with another body; what was sent first stands."""

    code = "already_sent"


class TooManyTriesError(DispatchError):
    """It was tried too often; ``seconds`` is how long the next try has to wait."""

    code = "too_many_tries"

    def __init__(self, wait: timedelta) -> None:
        self.seconds = math.ceil(wait.total_seconds())
        minutes = -(-self.seconds // 60)
        self.spoken = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many tries. Wait {self.spoken}, then try again.")
