"""What is kept only for a time, and for how long; audit rows and requests are not among it."""

from datetime import timedelta
from enum import StrEnum

from dispatch.tries import HOUR


class Kept(StrEnum):
    """What grows by itself and is let go of when it is old."""

    EVENT = "event"  # of the log; a page that read further back takes a snapshot
    KEY = "key"  # of a command that was answered; sent again later, it acts again
    LOGIN = "login"  # a sign-in that is over
    BOOKING = "booking"  # of somebody not known yet, confirmed or not
    TRY = "try"  # at a door; only the last hour's are counted
    NOTICE = "notice"  # of the outbox, since it was sent or given up; it holds no text


KEPT_FOR = {
    Kept.EVENT: timedelta(days=7),
    Kept.KEY: timedelta(hours=24),
    Kept.LOGIN: timedelta(hours=24),
    Kept.BOOKING: timedelta(hours=24),  # as long as its link works
    Kept.TRY: HOUR,
    Kept.NOTICE: timedelta(days=90),
}
DEMO_KEPT_FOR = {**KEPT_FOR, Kept.EVENT: timedelta(days=40)}  # as long as the past it is born with
