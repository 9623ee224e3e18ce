"""A page whose person's memberships changed while it was away goes on with what it may see now."""

from typing import Any

import pytest

from dispatch.events import clinic_stream
from dispatch.usecases import boards
from dispatch.vocabulary import ClinicId
from tests.live.rig import Rig
from tests.live.serving import Serving, a_rig, code_of, hear, hello, say, serving

EVENING, DAYTIME = "evening", "daytime"


def clinic(rig: Rig, name: str) -> ClinicId:
    found: ClinicId = getattr(rig.town, name).id
    return found


def schedules(rig: Rig, *names: str) -> None:
    """Have Sam schedule these and no others, without an event: nobody here was told."""
    held = rig.town.store.rows.schedulers
    for pair in [pair for pair in held if pair[1] == rig.town.sam]:
        held.remove(pair)
    held |= {(clinic(rig, name), rig.town.sam) for name in names}


def page_of(rig: Rig, *names: str, says_rights: bool = True) -> dict[str, Any]:
    """Return the hello of a board that was loaded while Sam scheduled these."""
    schedules(rig, *names)
    view = {"view": "page", "projection": "board"}
    said = dict(hello(rig))
    said["views"] = [view | {"stream": clinic_stream(clinic(rig, name))} for name in names]
    if says_rights:
        said["rights"] = boards.rights(rig.town.actor(rig.town.sam))
    return said


async def comes_back(place: Serving, said: dict[str, Any]) -> int | None:
    """Return the code that it is sent away with; None: it is welcome, and told."""
    async with place.connect(place.rig.town.sam) as browser:
        await say(browser, said)
        try:
            await hear(browser, "frame")
        except Exception:  # noqa: BLE001 - the library's own: it was closed
            return await code_of(browser)
        return None


CHANGES = {
    "nothing": ((EVENING, DAYTIME), (EVENING, DAYTIME), None),
    "one of two lost": ((EVENING, DAYTIME), (EVENING,), 4410),
    "one gained": ((EVENING,), (EVENING, DAYTIME), 4410),
    "one for another": ((EVENING,), (DAYTIME,), 4410),
    "all lost": ((EVENING, DAYTIME), (), 4403),
}


@pytest.mark.parametrize(("before", "after", "code"), CHANGES.values(), ids=CHANGES.keys())
async def test_who_comes_back_is_told_what_became_of_their_memberships(
    before: tuple[str, ...], after: tuple[str, ...], code: int | None
) -> None:
    rig = a_rig()
    async with serving(rig) as place:
        said = page_of(rig, *before)
        schedules(rig, *after)
        assert await comes_back(place, said) == code
        assert await comes_back(place, page_of(rig, EVENING)) is None  # as it is loaded anew


async def test_a_page_that_says_nothing_of_its_rights_still_goes_on_with_what_is_left() -> None:
    rig = a_rig()
    async with serving(rig) as place:
        said = page_of(rig, EVENING, DAYTIME, says_rights=False)
        schedules(rig, EVENING)
        assert await comes_back(place, said) == 4410
        schedules(rig, DAYTIME, EVENING)
        assert await comes_back(place, said) is None


async def test_who_names_a_stream_that_was_never_theirs_is_not_loaded_again_and_again() -> None:
    rig = a_rig()
    async with serving(rig) as place:
        said = page_of(rig, EVENING, DAYTIME)
        said["rights"] = page_of(rig, EVENING)["rights"]
        assert await comes_back(place, said) == 4403


async def test_rights_are_equal_for_equal_memberships_only() -> None:
    rig = a_rig()
    one = page_of(rig, EVENING)["rights"]
    assert page_of(rig, DAYTIME)["rights"] != one
    assert page_of(rig, EVENING, DAYTIME)["rights"] != one
    assert page_of(rig, EVENING)["rights"] == one
