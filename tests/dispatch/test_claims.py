"""Who is assigning what: seen by all, in nobody's way."""

from datetime import datetime
from typing import Any

import pytest

from dispatch.claim import take
from dispatch.errors import DecidedError, NotAllowedError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.usecases.claims import EndClaims, ReleaseClaim, RenewClaims
from dispatch.usecases.groups import RemoveMember
from dispatch.usecases.schedulers import RemoveScheduler, remove_scheduler
from dispatch.vocabulary import GroupKind, PersonId, RequestNumber
from tests.builders import seconds
from tests.dispatch.desk import TAB, Desk

HOSTS = GroupKind.HOSTS


def held(desk: Desk, number: int) -> tuple[int, str, float] | None:
    """Return who holds the claim, where, and for how many more seconds."""
    claim = desk.store.rows.claims.get(desk.request(number).id)
    if claim is None:
        return None
    return claim.person_id, claim.tab, (claim.lease_until - desk.now).total_seconds()


def test_a_claim_lasts_thirty_seconds_unless_its_page_renews_it(desk: Desk) -> None:
    # S88
    number = desk.ask()
    desk.claim(number)
    assert held(desk, number) == (desk.sam, TAB, 30)
    desk.wait(29)
    rung = len(desk.rung())
    desk.does(desk.sam, RenewClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 30)
    assert len(desk.rung()) == rung, "renewing makes no event"
    desk.wait(29.999)
    assert desk.sweep() == []
    desk.wait(0.001)
    assert desk.sweep() == ["claim"]
    assert held(desk, number) is None
    assert desk.rung()[-1] == "request.claim_lapsed"


def test_a_closed_page_leaves_five_seconds(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.does(desk.sam, EndClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 5)
    desk.wait(3)
    desk.does(desk.sam, EndClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 2), "ending twice gives no more time"
    desk.does(desk.sam, RenewClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 30), "a quick reload keeps it"


def test_a_page_that_is_back_on_another_worker_is_not_ended_by_the_first(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.wait(10)
    desk.does(desk.sam, RenewClaims(TAB))
    first_worker = EndClaims(TAB, renewed_at=desk.now)
    desk.wait(4)
    desk.does(desk.sam, RenewClaims(TAB))  # by the second
    desk.wait(2)
    desk.does(desk.sam, first_worker)
    assert held(desk, number) == (desk.sam, TAB, 28)
    second_worker = EndClaims(TAB, renewed_at=desk.now - seconds(2))
    desk.does(desk.sam, second_worker)
    assert held(desk, number) == (desk.sam, TAB, 5), "whoever renewed last ends it"


def test_a_claim_that_was_taken_since_the_last_renewal_ends_with_its_page(desk: Desk) -> None:
    number, renewed_at = desk.ask(), desk.now
    for _ in range(2):  # taken, and taken again by the page that holds it
        desk.wait(3)
        desk.claim(number)
        desk.does(desk.sam, EndClaims(TAB, renewed_at))
        assert held(desk, number) == (desk.sam, TAB, 5)


def test_a_lapsed_claim_is_not_renewed_so_that_it_ends_once(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.wait(30)
    desk.does(desk.sam, RenewClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 0)
    assert desk.sweep() == ["claim"]


def test_the_page_of_somebody_else_neither_renews_nor_ends_it(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.wait(10)
    desk.does(desk.sue, RenewClaims(TAB))
    desk.does(desk.sue, EndClaims(TAB))
    assert held(desk, number) == (desk.sam, TAB, 20)


def test_a_second_person_is_told_who_is_assigning_and_may_take_over(desk: Desk) -> None:
    # S65
    number = desk.ask()
    desk.claim(number)
    with pytest.raises(DecidedError) as error:
        desk.claim(number, by=desk.sue, tab="tab-of-sue")
    assert error.value.sentence == "Sam Ortiz is assigning this request."
    desk.claim(number, by=desk.sue, tab="tab-of-sue", take_over=True)
    assert held(desk, number) == (desk.sue, "tab-of-sue", 30)
    assert desk.rung()[-1] == "request.taken_over"


def test_a_lapsed_claim_is_free_before_the_sweep_comes(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.wait(30)
    desk.claim(number, by=desk.sue, tab="tab-of-sue")
    assert held(desk, number) == (desk.sue, "tab-of-sue", 30)
    assert desk.rung()[-1] == "request.claimed"
    assert desk.sweep() == []


def test_claiming_again_from_the_same_page_renews_and_from_another_moves(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    desk.wait(10)
    rung = len(desk.rung())
    assert desk.claim(number).was_there
    assert len(desk.rung()) == rung
    assert not desk.claim(number, tab="another-tab").was_there
    assert held(desk, number) == (desk.sam, "another-tab", 30)


def test_only_the_page_that_holds_it_releases_it(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    release = ReleaseClaim(RequestNumber(number), TAB)
    other_tab = ReleaseClaim(RequestNumber(number), "another-tab")
    assert desk.does(desk.sue, release).was_there
    assert desk.does(desk.sam, other_tab).was_there
    assert held(desk, number) == (desk.sam, TAB, 30)
    assert not desk.does(desk.sam, release).was_there
    assert held(desk, number) is None
    assert desk.does(desk.sam, release).was_there


def test_a_claim_blocks_nobody_who_may_answer(desk: Desk) -> None:
    # S44 S65
    desk.turn_on(desk.ben)
    first, second = desk.ask(), desk.ask(by=desk.omar)
    for number in (first, second):
        desk.claim(number)
    assert desk.accept(first, by=desk.sue).host_id == desk.ben
    desk.decline(second, by=desk.sue)
    desk.withdraw(second, by=desk.omar)
    assert not desk.store.rows.claims


def test_a_claim_changes_no_version_so_that_it_spoils_no_click(desk: Desk) -> None:
    number = desk.ask()
    before = desk.request(number)
    desk.claim(number)
    assert desk.request(number) == before


def test_who_has_no_say_in_a_clinic_any_more_lets_go_of_what_they_were_deciding_there(
    desk: Desk,
) -> None:
    mine, theirs = desk.ask(), desk.ask(clinic=desk.daytime)
    desk.claim(mine, by=desk.sue)
    desk.claim(theirs, by=desk.ada)
    for number, command in (
        (mine, RemoveScheduler(desk.evening.id, PersonId(desk.sue))),
        (theirs, RemoveMember(HOSTS, desk.daytime.host_group.id, PersonId(desk.ada))),
    ):
        desk.does(desk.root, command)
        desk.does(command.person_id, RenewClaims(TAB))  # their page stays open for other work
        assert held(desk, number) is None
        assert "request.released" in desk.rung()


def test_a_right_that_goes_elsewhere_leaves_a_claim_where_it_is(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number, by=desk.sue)
    desk.does(desk.root, RemoveScheduler(desk.daytime.id, PersonId(desk.sue)))
    desk.does(desk.root, RemoveScheduler(desk.evening.id, PersonId(desk.sam)))
    assert held(desk, number) == (desk.sue, TAB, 30)


def test_a_claim_that_somebody_takes_over_just_then_stays_theirs(desk: Desk) -> None:
    number = desk.ask()
    desk.claim(number)
    sues = take(desk.request(number).id, PersonId(desk.sue), TAB, desk.now)

    def taken_over_meanwhile(
        command: RemoveScheduler, actor: Actor, unit: Unit, now: datetime
    ) -> Done:
        held_by = unit.claims.held_by

        def and_then_is_taken(person: PersonId) -> Any:
            found = held_by(person)
            unit.claims.put(sues)
            return found

        unit.claims.held_by = and_then_is_taken  # type: ignore[method-assign]
        return remove_scheduler(command, actor, unit, now)

    command = RemoveScheduler(desk.evening.id, PersonId(desk.sam))
    desk.store.run(taken_over_meanwhile, command, desk.actor(desk.root))
    assert held(desk, number) == (desk.sue, TAB, 30)
    assert "request.released" not in desk.rung()


def test_who_may_claim(desk: Desk) -> None:
    # S55
    number = desk.ask()
    with pytest.raises(NotAllowedError):
        desk.claim(number, by=desk.mia)
    for stranger in (desk.tom, desk.sid, desk.dan, desk.root):
        with pytest.raises(NotFoundError):
            desk.claim(number, by=stranger)
    desk.claim(number, by=desk.ada)
    desk.wait(seconds(31).total_seconds())
    desk.claim(number)
