"""A claim on a waiting request hides it from nobody for long, and brings no second alert."""

import pytest

from dispatch.usecases.claims import ReleaseClaim, RenewClaims
from tests.dispatch.desk import TAB, Desk
from tests.dispatch.test_patience import ON_CALL, row, told


@pytest.fixture
def desk() -> Desk:
    """Return the town; the evening clinic has an address for what nobody looks at."""
    town = Desk()
    town.evening = town.change_clinic(town.evening, escalation_email=ON_CALL, escalation_minutes=3)
    return town


def test_a_page_left_open_on_the_claim_hides_nobody(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(7 * 60)
    desk.claim(number)
    for _ in range(18):  # the browser is there; whoever sat before it is not
        assert told(desk) == []
        desk.wait(10)
        desk.does(desk.sam, RenewClaims(TAB))
        desk.sweep()
    assert told(desk) == [ON_CALL]
    assert desk.store.rows.claims, "it is still theirs to decide"
    assert row(desk).escalated_at == desk.now
    for _ in range(60):
        desk.wait(10)
        desk.does(desk.sam, RenewClaims(TAB))
        desk.sweep()
    assert told(desk) == [ON_CALL]


def test_who_takes_it_up_after_the_alert_and_lets_go_alerts_nobody_again(desk: Desk) -> None:
    number = desk.ask()
    desk.wait(8 * 60)
    assert desk.sweep() == ["escalation"]
    alerted_at = desk.now
    desk.claim(number)
    desk.wait(60)
    desk.does(desk.sam, ReleaseClaim(number, TAB))
    for _ in range(40):
        desk.wait(60)
        assert "escalation" not in desk.sweep()
    assert told(desk) == [ON_CALL]
    assert row(desk).escalated_at == alerted_at
