"""Taking the line away from whoever lost the right to it; nothing is written to them afterwards."""

from dataclasses import replace

from dispatch.people import Actor
from dispatch.usecases.boards import rights
from server.live.codes import Close
from server.live.connection import Connection
from server.live.hub import Hub
from server.live.look import Revoked
from server.live.seams import Visitor


def revoke(revoked: Revoked, hub: Hub) -> None:
    """Close the sockets of ended sign-ins, and of people who may no longer see what they follow."""
    for person_id, actor in revoked.people.items():
        for connection in hub.of_person(person_id):
            meet_again(connection, actor)
    for login_id in revoked.logins:  # of whoever is still somebody here
        for connection in hub.of_login(login_id):
            connection.end(Close.SIGNED_OUT)
    if revoked.people or revoked.unread:  # it may be they who asked for what a link follows
        for connection in hub.connections:
            if connection.login_id is None:
                connection.revalidate_at = 0.0


def meet_again(connection: Connection, actor: Actor | None) -> None:
    """Take note of who the person is now."""
    visitor = connection.visitor
    if actor is None or not isinstance(visitor, Visitor):
        connection.end(Close.NOT_ALLOWED)
    elif rights(actor) != visitor.rights:
        connection.end(Close.MEMBERSHIPS)
    elif actor != visitor.actor:  # or pages of one sign-in would stop sharing theirs
        connection.visitor = replace(visitor, actor=actor)


def check_again(connection: Connection, actor: Actor | None) -> None:
    """Take note of whose sign-in it is now, as the database says; None: nobody's."""
    # A restored database gives the numbers of lost sign-ins to others.
    if actor is None or actor.person_id != connection.whose:
        connection.end(Close.SIGNED_OUT)
    else:
        meet_again(connection, actor)
