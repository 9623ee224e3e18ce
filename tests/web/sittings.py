"""Knows how a house comes by a session, and how it stands."""

from typing import Any

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.vocabulary import SessionId, SessionStatus
from tests.builders import NOON, hours
from tests.web.house import House

AT = NOON + hours(3)


def planned(house: House, *times: Any, host: str = "Lee Chen", patient: str = "Jordan Park") -> int:
    """Return the session of an accepted request."""
    number = house.ask(patient, *times)
    request = house.request(number)
    command = AcceptRequest(
        number,
        request.version,
        house.desk.people[host].person_id,
        times[0] if times else None,
        confirmed=frozenset({"unavailable", *(f"session:{n}" for n in range(1, 20))}),
    )
    rosa = house.desk.people["Rosa Lind"]
    return house.run(house.desk.store.perform, accept_request, command, rosa).entity.id


def status(house: House, session: int) -> SessionStatus:
    account = house.desk.account
    found = house.read(lambda r: r.sitting(account, SessionId(session)))
    assert found
    return found[0].status
