"""One message to one person about one thing, and when it is tried again; knows no mail server."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.errors import InvalidError
from dispatch.events import EntityRef
from dispatch.vocabulary import AccountId, NoticeId, NoticeKind, NoticeStatus, PersonId

# After each try that failed, how long until the next; after the last one it is a dead letter.
LADDER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
JITTER = 0.2  # of a step, earlier or later: what failed together does not come back together
LEASE = timedelta(minutes=5)  # for one try; longer than every time limit of a mail server together
USEFUL = timedelta(days=3)  # a notice that nobody could send for so long tells nobody anything
PROBLEM_LIMIT = 60  # characters
# Of a request that waits, to whoever may answer it: not to those who may no longer know of it when
# the message is sent.
FOR_STAFF = frozenset({NoticeKind.NEW_REQUEST, NoticeKind.ALL_PASSED, NoticeKind.EXPIRING})


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is written to and is no person of the account, or not yet one."""

    account_id: AccountId
    email: str
    name: str
    zone: str  # IANA name; every time in the message is said in it (S91)


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox. While a try runs, ``next_at`` is the end of its lease.

    It goes to a person, or to an addressee. ``occasion`` tells two messages of one kind about one
    thing apart, such as two changes of one session by its version; a repeat of the same is dropped.
    """

    id: NoticeId
    account_id: AccountId
    kind: NoticeKind
    recipient_id: PersonId | None  # None: to the addressee
    about: EntityRef
    created_at: datetime
    wanted_at: datetime  # by the desk, or last by an administrator who sends it again
    next_at: datetime
    status: NoticeStatus = NoticeStatus.WAITING
    tries: int = 0
    settled_at: datetime | None = None  # when it was sent, or given up
    occasion: int = 0
    addressee: Addressee | None = None
    problem: str = ""  # of the last try: a code and a few words, never an address or a text

    def is_due(self, now: datetime) -> bool:
        """Return whether it may be tried."""
        return self.status is NoticeStatus.WAITING and self.next_at <= now

    def take(self, now: datetime) -> "Notice":
        """Return it with one more try begun: nobody else tries until the lease has run out.

        One that has waited too long to tell anybody anything becomes a dead letter instead.
        """
        if now - self.wanted_at > USEFUL:
            return replace(
                self, status=NoticeStatus.FAILED, settled_at=now, problem="not sent in time"
            )
        return replace(self, tries=self.tries + 1, next_at=now + LEASE)

    def sent(self, now: datetime) -> "Notice":
        """Return it as taken by the mail server."""
        return replace(self, status=NoticeStatus.SENT, settled_at=now, problem="")

    def unaddressed(self, now: datetime) -> "Notice":
        """Return it as one that nobody can be sent."""
        return replace(self, status=NoticeStatus.NO_ADDRESS, settled_at=now)

    def failed(self, problem: str, now: datetime, *, is_final: bool, chance: float) -> "Notice":
        """Return it with its next try, or as a dead letter.

        ``is_final`` is a refusal that time does not change; ``chance``, from 0 to 1, spreads the
        tries of messages that failed together.
        """
        problem = " ".join(problem.split())[:PROBLEM_LIMIT]
        if is_final or self.tries > len(LADDER):
            return replace(self, status=NoticeStatus.FAILED, settled_at=now, problem=problem)
        step = LADDER[self.tries - 1] * (1 + JITTER * (2 * chance - 1))
        return replace(self, next_at=now + step, problem=problem)

    def again(self, now: datetime) -> "Notice":
        """Return a dead letter as one to be tried at once, from the foot of the ladder.

        Raises:
            InvalidError: it is none.
        """
        if self.status is not NoticeStatus.FAILED:
            raise InvalidError("Only a message that could not be delivered can be sent again.")
        return replace(
            self,
            status=NoticeStatus.WAITING,
            tries=0,
            next_at=now,
            wanted_at=now,
            settled_at=None,
            problem="",
        )
