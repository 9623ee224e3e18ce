"""Bringing one page up to date while the stream goes on: answer first, then what came meanwhile."""

from collections.abc import Sequence
from dataclasses import replace

from server.live.answers import Answers, Want
from server.live.connection import Connection
from server.live.hub import Hub

_MOST_ROUNDS = 4


def settle_at_once(
    connection: Connection, wants: Sequence[Want], hub: Hub, answers: Answers
) -> bool:
    """Bring a page up to date that has missed nothing; return False if that has to be read.

    It stands at the very event where the hub's frames go on, so it has what everybody here has, and
    from now on hears what they hear, if only that another log took the place of this one. Where the
    hub itself is late, the heads of the heartbeat show it; what a page then asks is always read.
    """
    if any(want.cursor is None or hub.places.get(want.key) != want.cursor for want in wants):
        return False
    hub.follow(connection, (want.key for want in wants))
    told = [answers.nothing_since(want, hub.places[want.key]) for want in wants]
    answers.count(told)
    for answer in told:
        connection.answer(answer.frame)
    connection.flush()
    return True


async def settle(connection: Connection, wants: Sequence[Want], hub: Hub, answers: Answers) -> None:
    """Answer a page so that it has everything up to where the hub's frames go on.

    The connection must already follow the keys. Frames that arrive during the read are held; where
    the hub has told more than the read saw, and not to this page, it reads again.
    """
    connection.hold()
    since = {want.key: hub.places.get(want.key) for want in wants}  # what is told after, we hold
    try:
        for turn in range(_MOST_ROUNDS):
            told = await answers.read(wants)
            if connection.is_closed:
                return  # nobody follows any more, and nothing may say that somebody does
            if turn == 0:  # what a page asked for; the rest is our own catching up
                answers.count(told)
            for answer in told:
                connection.answer(answer.frame)
            wants = [
                replace(answer.want, cursor=answer.cursor)
                for answer in told
                if not hub.is_told(answer.want.key, answer.cursor, since[answer.want.key])
            ]
            since = {want.key: hub.places.get(want.key) for want in wants}
            if not wants or connection.is_closed:
                return
    finally:
        connection.release()
