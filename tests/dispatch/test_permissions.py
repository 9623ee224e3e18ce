"""Every verb against everyone who might try it, in a table written from the mission's words."""

from dataclasses import replace

import pytest

from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.people import Actor, system_actor
from dispatch.permissions import (
    PERMITTED,
    Relation,
    may,
    may_ask,
    may_ask_for_others,
    relations,
    require,
)
from dispatch.request import SessionRequest
from dispatch.vocabulary import ClinicId, GroupId, PersonId, RequestStatus, Verb
from tests.builders import ACCOUNT, OTHER_ACCOUNT, a_clinic, a_request, a_request_that_is, an_actor

CLINIC = a_clinic()
HOSTS, PATIENTS, ELSEWHERE = CLINIC.host_group.id, CLINIC.patient_group.id, GroupId(99)
TO_GROUP = a_request()
TO_SEVEN = a_request(target_host_id=PersonId(7))
ACCEPTED = a_request_that_is(RequestStatus.ACCEPTED)  # for host 7
ACCEPTED_FROM_SEVEN = replace(ACCEPTED, target_host_id=PersonId(8))  # asked of 8, given to 7

WHO: dict[str, tuple[Actor, SessionRequest]] = {
    "requester": (an_actor(1, asks_in=[PATIENTS]), TO_GROUP),
    "other requester": (an_actor(2, asks_in=[PATIENTS]), TO_GROUP),
    "scheduler": (an_actor(9, schedules=[CLINIC.id]), TO_GROUP),
    "scheduler, directed": (an_actor(9, schedules=[CLINIC.id]), TO_SEVEN),
    "scheduler elsewhere": (an_actor(9, schedules=[ClinicId(2)]), TO_GROUP),
    "host of the group": (an_actor(7, hosts_in=[HOSTS]), TO_GROUP),
    "host elsewhere": (an_actor(7, hosts_in=[ELSEWHERE]), TO_GROUP),
    "directed host": (an_actor(7, hosts_in=[HOSTS]), TO_SEVEN),
    "host, asked another": (an_actor(8, hosts_in=[HOSTS]), TO_SEVEN),
    "directed, left group": (an_actor(7, hosts_in=[ELSEWHERE]), TO_SEVEN),
    "session's host": (an_actor(7, hosts_in=[HOSTS]), ACCEPTED_FROM_SEVEN),
    "host of the group, after": (an_actor(8, hosts_in=[HOSTS]), ACCEPTED),
    "administrator": (an_actor(5, is_administrator=True), TO_GROUP),
    "scheduler and requester": (an_actor(1, schedules=[CLINIC.id], asks_in=[PATIENTS]), TO_GROUP),
    "the system": (system_actor(ACCOUNT), TO_GROUP),
    "nobody in particular": (an_actor(6), TO_GROUP),
}

# y: may; n: knows of it and may not; -: must not learn that it exists.
VERBS = [
    "claim",
    "pass",
    "accept",
    "decline",
    "undo_decline",
    "complete_decline",
    "auto_decline",
    "withdraw",
    "expire",
    "return_to_queue",
    "dismiss",
]
TABLE = """
                          cl pa ac de un co au wi ex re di
requester                | n  n  n  n  n  n  n  y  n  n  y
other requester          | -  -  -  -  -  -  -  -  -  -  -
scheduler                | y  n  y  y  y  n  n  y  n  y  n
scheduler, directed      | y  n  y  y  y  n  n  y  n  y  n
scheduler elsewhere      | -  -  -  -  -  -  -  -  -  -  -
host of the group        | y  y  y  n  n  n  n  n  n  n  n
host elsewhere           | -  -  -  -  -  -  -  -  -  -  -
directed host            | y  n  y  y  y  n  n  n  n  n  n
host, asked another      | -  -  -  -  -  -  -  -  -  -  -
directed, left group     | -  -  -  -  -  -  -  -  -  -  -
session's host           | n  n  n  n  n  n  n  n  n  y  n
host of the group, after | y  y  y  n  n  n  n  n  n  n  n
administrator            | -  -  -  -  -  -  -  -  -  -  -
scheduler and requester  | y  n  y  y  y  n  n  y  n  y  y
the system               | n  n  n  n  n  y  y  n  y  n  n
nobody in particular     | -  -  -  -  -  -  -  -  -  -  -
"""
ROWS = {
    name.strip(): marks.split()
    for name, _, marks in (line.partition("|") for line in TABLE.strip("\n").splitlines()[1:])
}
CELLS = [
    (who, verb, mark)
    for who, marks in ROWS.items()
    for verb, mark in zip(VERBS, marks, strict=True)
]


def test_no_cell_of_the_matrix_is_missing() -> None:
    assert set(ROWS) == set(WHO)
    assert {*VERBS, "submit"} == {str(verb) for verb in Verb} == {str(verb) for verb in PERMITTED}
    met = {held for actor, request in WHO.values() for held in relations(actor, request, CLINIC)}
    assert met == set(Relation)


@pytest.mark.parametrize(("who", "verb", "mark"), CELLS)
def test_everyone_may_what_the_table_says(who: str, verb: str, mark: str) -> None:
    # S28 S54 S55 S67
    actor, request = WHO[who]
    assert may(actor, Verb(verb), request, CLINIC) is (mark == "y")
    if mark == "y":
        require(actor, Verb(verb), request, CLINIC)
        return
    with pytest.raises(NotFoundError if mark == "-" else NotAllowedError):
        require(actor, Verb(verb), request, CLINIC)


@pytest.mark.parametrize(("who", "verb"), [(who, verb) for who in WHO for verb in Verb])
def test_from_another_account_nothing_exists(who: str, verb: Verb) -> None:
    # S55
    actor, request = WHO[who]
    stranger = replace(actor, account_id=OTHER_ACCOUNT)
    assert not may(stranger, verb, request, CLINIC)
    with pytest.raises(NotFoundError) as refused:
        require(stranger, verb, request, CLINIC)
    missing = NotFoundError()
    assert (refused.value.code, refused.value.sentence) == (missing.code, missing.sentence)


@pytest.mark.parametrize(
    ("relation", "for_self", "for_others"),
    [
        ({"asks_in": [PATIENTS]}, True, False),
        ({"asks_in": [ELSEWHERE]}, False, False),
        ({"schedules": [CLINIC.id]}, False, True),
        ({"schedules": [ClinicId(2)]}, False, False),
        ({"hosts_in": [HOSTS]}, False, False),
        ({"is_administrator": True}, False, False),
        ({"asks_in": [HOSTS], "hosts_in": [PATIENTS]}, False, False),
    ],
)
def test_who_may_ask(relation: dict[str, object], for_self: bool, for_others: bool) -> None:
    # S3
    actor = an_actor(1, **relation)
    assert (may_ask(actor, CLINIC), may_ask_for_others(actor, CLINIC)) == (for_self, for_others)
    stranger = replace(actor, account_id=OTHER_ACCOUNT)
    assert not may_ask(stranger, CLINIC)
    assert not may_ask_for_others(stranger, CLINIC)
