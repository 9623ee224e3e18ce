"""Bringing one page up to date while the stream goes on: answer first, then what came meanwhile."""

from collections.abc import Sequence
from dataclasses import replace

from server.live.answers import Answers, Want
from server.live.connection import Connection
from server.live.hub import Hub

_MOST_ROUNDS = 4


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
