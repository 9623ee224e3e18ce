"""The door of a visit opens ten minutes before and shuts with its time, whether or not anybody swept."""

import pytest

from dispatch.errors import DecidedError, InvalidError, NotFoundError
from dispatch.usecases.groups import RemoveMember
from dispatch.usecases.session_pages import Seen, entrance, session_seen
from dispatch.usecases.visits import Arrive, FinishVisit, StartVisit
from dispatch.vocabulary import GroupKind, PersonId, SessionId, SessionStatus
from tests.builders import minutes, seconds
from tests.dispatch.desk import Desk
from tests.dispatch.sittings import TAB, does, planned, session


def is_open(desk: Desk, who: int, of: int) -> bool:
    actor = desk.actor(who)
    found = desk.store.ask(lambda r: entrance(r, actor, session(desk, of).id, desk.now))
    return found is not None


def test_nobody_enters_or_starts_too_early_or_when_its_time_is_over(desk: Desk) -> None:
    # V10: with the sentence that says from when on, or since when not
    of = planned(desk)
    steps = ((desk.mia, Arrive(of.id, TAB)), (desk.ben, StartVisit(of.id)))
    desk.clock.set(of.starts_at - minutes(10) - seconds(1))
    for who, step in steps:
        with pytest.raises(InvalidError) as early:
            does(desk, who, step)
        assert early.value.at == of.starts_at - minutes(10)
    desk.clock.set(of.ends_at)
    before = desk.store.rows
    for who, step in steps:
        with pytest.raises(DecidedError) as late:
            does(desk, who, step)
        assert late.value.sentence == "This session ended at {at}."
        assert late.value.at == of.ends_at
        assert not is_open(desk, who, of.id)
    assert desk.store.rows is before
    assert session(desk, of.id).status is SessionStatus.SCHEDULED, "nobody has swept yet"
    desk.clock.set(of.ends_at - seconds(1))
    for who, step in steps:
        does(desk, who, step)
        assert is_open(desk, who, of.id) is (step == steps[1][1])


def test_the_door_shuts_when_a_visit_has_had_its_time(desk: Desk) -> None:
    # V10
    of = planned(desk)
    desk.clock.set(of.starts_at)
    begun = does(desk, desk.ben, StartVisit(of.id))
    desk.clock.set(begun.closes_at - seconds(1))
    assert (is_open(desk, desk.mia, of.id), is_open(desk, desk.ben, of.id)) == (True, True)
    desk.clock.set(begun.closes_at)
    assert session(desk, of.id).status is SessionStatus.IN_PROGRESS, "nobody has swept yet"
    assert (is_open(desk, desk.mia, of.id), is_open(desk, desk.ben, of.id)) == (False, False)


def look(desk: Desk, who: PersonId, of: SessionId) -> Seen:
    actor = desk.actor(who)
    return desk.store.ask(lambda reading: session_seen(reading, actor, of))


def test_a_session_that_went_back_is_no_hosts_door_any_more(desk: Desk) -> None:
    # V10: not that of who had it, nor of who has the next one
    first = planned(desk)
    number = desk.store.rows.requests[first.request_id].number
    desk.give_back(number)
    second = desk.accept(number, "unavailable", time=first.starts_at, host_id=desk.ada)
    desk.clock.set(first.starts_at)
    for who in (desk.ben, desk.ada):
        with pytest.raises(NotFoundError):
            look(desk, who, first.id)
        with pytest.raises(NotFoundError):
            is_open(desk, who, first.id)
        with pytest.raises(NotFoundError):
            does(desk, who, StartVisit(first.id))
    assert not is_open(desk, desk.mia, first.id), "its patient reads what became of it"
    does(desk, desk.ada, StartVisit(second.id))
    assert (is_open(desk, desk.ada, second.id), is_open(desk, desk.mia, second.id)) == (True, True)


def test_a_host_who_left_the_group_still_holds_what_was_accepted_for_them(desk: Desk) -> None:
    # S28 V9: nobody's visit falls away because of a list
    of = planned(desk)
    group = desk.evening.host_group.id
    desk.does(desk.root, RemoveMember(GroupKind.HOSTS, group, PersonId(desk.ben)))
    assert desk.actor(desk.ben).hosts_in == frozenset()
    desk.clock.set(of.starts_at)
    does(desk, desk.ben, StartVisit(of.id))
    assert is_open(desk, desk.ben, of.id)
    assert does(desk, desk.ben, FinishVisit(of.id)).status is SessionStatus.COMPLETED
