"""Who is told that a request waits too long: schedulers before it ends, an address if nobody looks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.patience import escalation_at, reminder_at
from dispatch.stream import Projection
from dispatch.usecases.alerts import SetAlerts
from dispatch.usecases.claims import ReleaseClaim, RenewClaims
from dispatch.usecases.clinics import ChangeClinic
from dispatch.views import BoardRow
from dispatch.vocabulary import NoticeKind, RequestNumber, RequestStatus, RequestType
from tests.builders import NOON, a_clinic, details_of, hours, minutes
from tests.dispatch.desk import TAB, Desk

ON_CALL = "on-call@clinic.example"


@pytest.fixture
def desk() -> Desk:
    """Return the town; the evening clinic has an address for what nobody looks at."""
    town = Desk()
    town.evening = town.change_clinic(town.evening, escalation_email=ON_CALL, escalation_minutes=3)
    return town


def told(desk: Desk, kind: NoticeKind = NoticeKind.ESCALATED) -> list[str]:
    """Return the bare addresses that are told, once for each notice."""
    kept = (one for one in desk.store.rows.outbox.values() if one.kind is kind)
    return [one.addressee.email for one in kept if one.addressee]


def row(desk: Desk) -> BoardRow:
    seen = desk.snapshot(f"clinic:{desk.evening.id}", Projection.BOARD)
    [found] = [view for view in seen.views if isinstance(view, BoardRow)]
    return found


# Before it ends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "wanted"),
    [
        (hours(48), hours(47.5)),
        (hours(1), minutes(30)),
        (minutes(40), minutes(20)),  # half an hour before would be right after it came in
        (minutes(2), minutes(1)),
    ],
)
def test_of_a_scheduled_request_half_an_hour_before_its_last_time(
    ahead: timedelta, wanted: timedelta
) -> None:
    assert reminder_at(RequestType.SCHEDULED, NOON, NOON + ahead) == NOON + wanted


def test_of_a_now_request_when_three_quarters_of_its_time_are_over(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=3600, escalation_email="")
    number = desk.ask()
    desk.wait(45 * 60 - 0.001)
    assert desk.sweep() == []
    desk.wait(0.001)
    assert desk.sweep() == ["reminder"]
    assert desk.notices(NoticeKind.EXPIRING) == sorted([desk.sam, desk.sue])
    assert desk.request(number).status is RequestStatus.PENDING
    assert desk.sweep() == []
    desk.wait(15 * 60)
    assert desk.sweep() == ["expiry"]
    assert desk.notices(NoticeKind.EXPIRED) == [desk.mia]
    assert len(desk.notices(NoticeKind.EXPIRING)) == 2


def test_the_last_of_several_times_counts(desk: Desk) -> None:
    desk.change_clinic(desk.evening, escalation_email="")
    desk.ask(desk.now + hours(5), desk.now + hours(2))
    desk.wait(4.5 * 3600)
    assert desk.sweep() == ["reminder"]


def test_what_is_answered_or_being_declined_reminds_nobody(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=3600, escalation_email="")
    desk.turn_on(desk.ben)
    desk.accept(desk.ask())
    other = desk.ask(by=desk.omar)
    desk.wait(45 * 60 - 5)
    desk.decline(other)
    desk.wait(5)
    assert desk.sweep() == ["visit"]  # nobody came to the one that was accepted
    desk.wait(5)
    assert desk.sweep() == ["decline"]
    assert desk.notices(NoticeKind.EXPIRING) == []


def test_a_returned_request_has_its_whole_time_again_and_is_reminded_of_again(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=3600, escalation_email="")
    desk.turn_on(desk.ben)
    number = desk.ask()
    desk.wait(46 * 60)
    desk.sweep()
    desk.accept(number)
    desk.give_back(number)
    assert desk.sweep() == []
    desk.wait(45 * 60)
    assert desk.sweep() == ["reminder"]
    assert len(desk.notices(NoticeKind.EXPIRING)) == 4


# When nobody looks ------------------------------------------------------------------------------


def test_the_minutes_count_from_the_target_or_from_when_somebody_was_last_there() -> None:
    clinic = a_clinic(escalation_email=ON_CALL, escalation_minutes=3, target_seconds=300)
    assert escalation_at(clinic, NOON, NOON) == NOON + minutes(8)
    assert escalation_at(clinic, NOON, NOON + minutes(4)) == NOON + minutes(8)
    assert escalation_at(clinic, NOON, NOON + minutes(7)) == NOON + minutes(10)


def test_an_abandoned_request_alerts_the_address_by_itself_once_and_says_so_on_its_row(
    desk: Desk,
) -> None:
    desk.ask()
    before = desk.snapshot(f"clinic:{desk.evening.id}", Projection.BOARD)
    desk.wait(8 * 60 - 0.001)
    assert desk.sweep() == []
    assert row(desk).escalated_at is None
    desk.wait(0.001)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL]
    assert row(desk).escalated_at == desk.now
    delta = desk.delta(before)
    assert delta
    assert [view for view in delta.views if isinstance(view, BoardRow)] == [row(desk)]
    desk.wait(3600)
    assert "escalation" not in desk.sweep()
    assert told(desk) == [ON_CALL]


def test_a_clinic_without_an_address_alerts_nobody(desk: Desk) -> None:
    desk.change_clinic(desk.evening, escalation_email="")
    desk.ask()
    desk.wait(3600)
    assert desk.sweep() == []


def test_an_address_that_a_clinic_gets_hears_of_those_who_wait_too_long_already(
    desk: Desk,
) -> None:
    desk.change_clinic(desk.evening, escalation_email="")
    desk.ask()
    desk.wait(3600)
    desk.change_clinic(desk.evening, escalation_email=ON_CALL)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL]


def test_scheduled_requests_wait_too(desk: Desk) -> None:
    desk.ask(desk.now + hours(5))
    desk.wait(8 * 60)
    assert desk.sweep() == ["escalation"]


def test_while_somebody_works_on_it_nobody_is_alerted(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(7 * 60)
    desk.claim(number)
    for _ in range(17):  # nearly three minutes, with the page's socket alive
        desk.wait(10)
        desk.does(desk.sam, RenewClaims(TAB))
        desk.sweep()
    assert told(desk) == []
    desk.does(desk.sam, ReleaseClaim(number, TAB))
    desk.wait(3 * 60 - 1)
    assert desk.sweep() == []
    desk.wait(1)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL]


def test_a_page_that_died_with_the_claim_hides_nobody(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(7 * 60)
    desk.claim(number)
    desk.wait(30)
    assert desk.sweep() == ["claim"]
    desk.wait(3 * 60)
    assert desk.sweep() == ["escalation"]


def test_a_decline_taken_back_gives_the_clinic_its_minutes_again(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(8 * 60 - 1)
    desk.decline(number)
    desk.wait(5)
    assert desk.sweep() == []
    desk.undo(number)
    desk.wait(3 * 60 - 1)
    assert desk.sweep() == []
    desk.wait(1)
    assert desk.sweep() == ["escalation"]


def test_a_request_that_is_given_back_waits_anew_and_can_alert_again(desk: Desk) -> None:
    desk.turn_on(desk.ben)
    number = desk.ask()
    desk.wait(8 * 60)
    desk.sweep()
    desk.accept(number)
    desk.give_back(number)
    assert row(desk).escalated_at is None
    desk.wait(3 * 60 - 1)
    assert desk.sweep() == []
    desk.wait(1)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL, ON_CALL]


def test_a_clinic_that_got_more_patience_meanwhile_is_believed(desk: Desk) -> None:
    desk.ask()
    desk.wait(60)
    desk.change_clinic(desk.evening, escalation_minutes=30)
    desk.wait(7 * 60)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == []
    desk.wait(27 * 60 - 1)
    assert desk.sweep() == []
    desk.wait(1)
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL]


def test_less_patience_counts_at_once_for_those_who_wait_already(desk: Desk) -> None:
    slow = SetAlerts(desk.evening.id, ON_CALL, 60)
    desk.does(desk.root, slow)
    desk.ask()
    desk.wait(8 * 60)
    assert desk.sweep() == []
    desk.does(desk.root, replace(slow, minutes=3))
    assert desk.sweep() == ["escalation"]
    assert told(desk) == [ON_CALL]


def test_a_nearer_target_counts_at_once_and_the_last_hand_on_a_request_still_does(
    desk: Desk,
) -> None:
    left, touched = desk.ask(), desk.ask(by=desk.omar)
    desk.wait(10)
    desk.claim(touched)
    desk.wait(6 * 60)
    desk.does(desk.sam, ReleaseClaim(touched, TAB))
    details = details_of(desk.evening, target_seconds=60)
    desk.does(desk.root, ChangeClinic(desk.evening.id, details))
    assert desk.sweep() == ["escalation"]
    assert desk.request(left).escalated_at == desk.now
    desk.wait(3 * 60)
    assert desk.sweep() == ["escalation"]
    assert desk.request(touched).escalated_at == desk.now


def test_an_alert_changes_nothing_for_whoever_is_deciding(desk: Desk) -> None:
    # S83: red stays red, and the page that was open before can still accept
    desk.turn_on(desk.ben)
    number = desk.ask()
    seen = desk.request(number)
    desk.wait(8 * 60)
    desk.sweep()
    assert desk.request(number).submitted_at == seen.submitted_at
    desk.accept(RequestNumber(number), expected_version=seen.version)
    assert desk.request(number).status is RequestStatus.ACCEPTED


def test_what_expires_first_alerts_nobody(desk: Desk) -> None:
    desk.change_clinic(desk.evening, now_limit_seconds=480)
    desk.ask()
    desk.wait(480)
    desk.sweep()
    assert told(desk) == []
