"""Knows the board and its Assign dialog as a browser without scripts gets them."""

from datetime import datetime

from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.vocabulary import RequestNumber
from tests.builders import NOON, hours
from tests.web.house import House
from tests.web.pages import Element, read

BOARD = "/scheduling/requests"
THREE = (NOON + hours(3), NOON + hours(27), NOON + hours(51))


def board(house: House, path: str = BOARD) -> Element:
    answer = house.get(path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def row(page: Element, number: int) -> Element:
    return page.one("tr", data_number=str(number))


def dialog(house: House, number: int = 1001) -> Element:
    answer = house.get(f"/requests/{number}/assignment", **{"X-Fragment": "dialog"})
    assert answer.status_code == 200, answer.text
    assert "<html" not in answer.text
    return read(answer.text)


def host(house: House, name: str) -> str:
    return str(house.desk.people[name].person_id)


def occupy(house: House, name: str, start: datetime, patient: str = "Leo Finch") -> RequestNumber:
    """Give the provider a session of 20 minutes."""
    number = house.ask(patient, start)
    who = house.desk.people[name].person_id
    yes = frozenset({"unavailable", *(f"session:{n}" for n in range(1, 9))})
    command = AcceptRequest(number, 1, who, start, "", yes)
    house.run(house.desk.does, "Rosa Lind", accept_request, command)
    return number
