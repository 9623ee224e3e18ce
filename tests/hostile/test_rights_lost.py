"""Whoever loses one of several rights keeps the others, and what was accepted for them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.usecases.claims import ClaimRequest, claim_request
from dispatch.usecases.groups import RemoveMember, remove_member
from dispatch.usecases.schedulers import RemoveScheduler, remove_scheduler
from dispatch.vocabulary import GroupKind, SessionStatus
from tests.builders import minutes
from tests.web.board_pages import BOARD, board, dialog, row
from tests.web.house import House, words
from tests.web.office import ADMINISTRATOR, open_office
from tests.web.sittings import AT, planned, status


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_office(tmp_path) as opened:
        yield opened


def test_a_scheduler_of_one_clinic_less_keeps_the_others_and_what_they_decide_there(
    house: House,
) -> None:
    # S34 S55 V9
    north, south = (house.desk.clinics[name].id for name in ("Northside", "Southside"))
    lost, kept = house.ask("Jordan Park"), house.ask("Mia Wells", clinic="Southside")
    for number in (lost, kept):
        house.run(house.desk.does, "Sam Ortiz", claim_request, ClaimRequest(number, "tab-of-sam"))
    sam = house.desk.people["Sam Ortiz"].person_id
    house.run(house.desk.does, ADMINISTRATOR, remove_scheduler, RemoveScheduler(north, sam))
    house.enter("Sam Ortiz")
    seen = house.get(BOARD)
    assert "Mia Wells" in words(seen)
    assert "Jordan Park" not in seen.text
    assert set(re.findall(r"clinic:(\d+)", seen.text)) == {str(south)}
    assert house.get(f"/requests/{lost}/assignment").status_code == 404
    assert house.get(f"/requests/{kept}/assignment").status_code == 200
    house.enter("Tom Vale")
    rows = board(house)
    assert row(rows, kept).one("span", class_="chip--claim").words == "Sam Ortiz is assigning"
    assert row(rows, lost).all("span", class_="chip--claim") == []


def test_a_provider_who_left_the_group_still_holds_the_visit_that_was_promised(
    house: House,
) -> None:
    # S28 V9: their dashboard is gone, their patient is not
    session = planned(house, AT)
    waiting = house.ask("Mia Wells", AT, host="Lee Chen")
    lee = house.desk.people["Lee Chen"].person_id
    group = house.desk.clinics["Northside"].host_group.id
    leaves = RemoveMember(GroupKind.HOSTS, group, lee)
    house.run(house.desk.does, ADMINISTRATOR, remove_member, leaves)
    house.clock.set(AT - minutes(5))
    house.enter("Lee Chen")
    assert house.get("/dashboard").status_code == 404
    path = f"/sessions/{session}"
    page = house.get(path)
    assert page.status_code == 200
    assert "Visit with Jordan Park" in words(page)
    assert "data-live=" not in page.text, "none of the streams is theirs any more"
    assert house.post(f"{path}/start").status_code == 303
    assert house.get(f"{path}/video").headers["location"].startswith("https://video.example.org/")
    assert house.post(f"{path}/end").status_code == 303
    assert status(house, session) is SessionStatus.COMPLETED
    refused = house.post(
        f"/dashboard/requests/{waiting}/acceptance", {"version": "1", "time": AT.isoformat()}
    )
    assert refused.status_code in (403, 404)
    house.enter("Rosa Lind")  # what asked for them stays for the schedulers
    assert "Mia Wells" in words(house.get(BOARD))
    offered = [one.attrs["value"] for one in dialog(house, waiting).all("input", name="host")]
    assert offered
    assert str(lee) not in offered
