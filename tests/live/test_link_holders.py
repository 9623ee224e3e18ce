"""Whoever holds a request's link follows that request, and nothing else, for as long as it leads there."""

from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from dispatch.status_link import write_token
from dispatch.usecases.clinics import ChangeClinic
from server.live.codes import Close
from server.live.seams import Holder
from tests.builders import details_of, hours
from tests.fakes.link_rows import SECRET
from tests.live.rig import TAB, Page, Rig
from tests.live.serving import Serving, a_rig, code_of, hear, say, serving
from tests.live.test_revocation import disable


def token_of(rig: Rig, number: int) -> str:
    return write_token(rig.town.request(number).id, rig.town.now, SECRET)


def by_link(place: Serving, token: str, **headers: str) -> connect:
    """Return a browser without a cookie that comes with a link."""
    given = {"Origin": f"http://{place.host}"} | headers
    return connect(f"ws://{place.host}/r/{token}/live", additional_headers=given, proxy=None)


def hello(stream: str, projection: str = "link", tab: str = TAB) -> dict[str, Any]:
    view = {"view": "page", "stream": stream, "projection": projection}
    return {"type": "hello", "tab": tab, "views": [view]}


async def test_a_link_follows_its_request_live() -> None:  # S88
    rig = a_rig()
    number = rig.town.ask()
    key = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place, by_link(place, token_of(rig, number)) as browser:
        await say(browser, hello(key))
        page = Page()
        page.hear(await hear(browser, "frame"))
        assert page.entities == {key: (1, f"<li>link {key} 1</li>")}
        rig.town.accept(number)
        rig.ring()
        page.hear(await hear(browser, "frame"))
        assert page.entities[key][0] == 2
        assert (await hear(browser, "heartbeat"))["heads"].keys() == {key}


@pytest.mark.parametrize(
    ("stream", "projection"),
    [
        ("request:{other}", "link"),
        ("request:{own}", "board"),
        ("request:{own}", "patient"),
        ("patient:{mia}", "patient"),
        ("clinic:{evening}", "board"),
    ],
)
async def test_it_can_name_nothing_else(stream: str, projection: str) -> None:  # S67
    rig = a_rig()
    own, other = rig.town.ask(), rig.town.ask(by=rig.town.omar)
    named = stream.format(
        own=rig.town.request(own).id,
        other=rig.town.request(other).id,
        mia=rig.town.mia,
        evening=rig.town.evening.id,
    )
    async with serving(rig) as place, by_link(place, token_of(rig, own)) as browser:
        await say(browser, hello(named, projection))
        assert await code_of(browser) == Close.NOT_ALLOWED


async def test_nobody_who_is_signed_in_joins_by_name_what_links_follow() -> None:
    rig = a_rig()
    number = rig.town.ask()
    stream = f"request:{rig.town.request(number).id}"
    for person in (rig.town.mia, rig.town.sam):
        async with serving(rig) as place, place.connect(person) as browser:
            await say(browser, hello(stream))
            assert await code_of(browser) == Close.NOT_ALLOWED


async def test_a_word_that_nobody_gave_out_opens_nothing() -> None:
    rig = a_rig()
    number = rig.town.ask()
    token = token_of(rig, number)
    bent = f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"
    unknown = write_token(rig.town.request(number).id, rig.town.now, b"another")
    async with serving(rig) as place:
        for word in (bent, unknown, "x"):
            with pytest.raises(InvalidStatus) as refused:
                async with by_link(place, word):
                    pass
            assert refused.value.response.status_code == 403
        with pytest.raises(InvalidStatus):
            async with by_link(place, token, Origin="http://evil.example"):
                pass
        assert not rig.hub.connections


async def test_a_page_whose_link_has_ended_is_told_to_load_anew() -> None:
    rig = a_rig()
    number = rig.town.ask()
    token = token_of(rig, number)
    rig.town.withdraw(number)
    rig.town.clock.advance(hours(7 * 24))
    async with serving(rig) as place, by_link(place, token) as browser:
        assert await code_of(browser) == Close.MEMBERSHIPS


async def test_an_open_page_goes_when_its_link_ends() -> None:
    rig = a_rig()
    number = rig.town.ask()
    stream = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place, by_link(place, token_of(rig, number)) as browser:
        await say(browser, hello(stream))
        await hear(browser, "frame")
        [connection] = rig.hub.connections
        connection.revalidate_at = 0
        await rig.live.rounds.check_due()
        assert not connection.is_closed  # it is still open, so its link lives
        rig.town.withdraw(number)
        rig.town.clock.advance(hours(7 * 24))
        connection.revalidate_at = 0
        await rig.live.rounds.check_due()
        assert await code_of(browser) == Close.MEMBERSHIPS


async def test_an_open_page_goes_when_the_one_who_asked_is_disabled() -> None:
    rig = a_rig()
    number = rig.town.ask()
    stream = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place, by_link(place, token_of(rig, number)) as browser:
        await say(browser, hello(stream))
        await hear(browser, "frame")
        disable(rig, rig.town.mia)
        rig.ring()
        assert await code_of(browser) == Close.MEMBERSHIPS


def answered_yesterday(rig: Rig) -> tuple[str, str]:
    """Return the link of a request that was withdrawn 25 hours ago, and its stream."""
    number = rig.town.ask()
    rig.town.withdraw(number)
    rig.town.clock.advance(hours(25))
    return token_of(rig, number), f"request:{rig.town.request(number).id}"


def renamed(rig: Rig, name: str) -> None:
    clinic = rig.town.store.rows.clinics[rig.town.evening.id]
    rig.town.does(rig.town.root, ChangeClinic(clinic.id, details_of(clinic, name=name)))


async def test_the_page_of_an_old_link_is_given_the_words_that_the_office_changed() -> None:
    # S85: though nobody is signed in, and nothing is rung for each of the people of a clinic
    rig = a_rig()
    rig.renderer.names_clinics = True
    token, stream = answered_yesterday(rig)
    async with serving(rig) as place, by_link(place, token) as browser:
        await say(browser, hello(stream))
        page = Page()
        page.hear(await hear(browser, "frame"))
        before, rung = page.entities[stream][1], rig.head(stream)
        renamed(rig, "Lakeside")
        rig.ring()
        told = await hear(browser, "frame")
        page.hear(told)
        assert (told["after"], told["why"]) == (None, "new"), "a snapshot that nobody is told of"
        assert page.entities[stream][1] == before.replace("Evening Clinic", "Lakeside")
        assert rig.head(stream) == rung


async def test_the_page_of_an_old_link_that_comes_back_missed_no_other_words() -> None:
    # S85 S90: its stream stands where it stood
    rig = a_rig()
    rig.renderer.names_clinics = True
    token, stream = answered_yesterday(rig)
    async with serving(rig) as place:
        page = Page()
        async with by_link(place, token) as browser:
            await say(browser, hello(stream))
            page.hear(await hear(browser, "frame"))
        await place.until(lambda: not rig.hub.connections)
        renamed(rig, "Lakeside")
        async with by_link(place, token) as browser:
            again = hello(stream)
            again["views"][0] |= {"seq": page.cursor, "tag": page.tag}
            await say(browser, again)
            page.hear(await hear(browser, "frame"))
    assert "Lakeside" in page.entities[stream][1]


async def test_the_office_s_words_cost_nothing_to_pages_whose_streams_are_told_of_them() -> None:
    rig = a_rig()
    number = rig.town.ask()
    stream = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place, by_link(place, token_of(rig, number)) as browser:
        await say(browser, hello(stream))
        first = await hear(browser, "frame")
        renamed(rig, "Lakeside")
        rig.ring()
        told = await hear(browser, "frame")
        assert told["after"] == first["seq"], "what was rung is told, and no snapshot beside it"
        assert rig.live.answers.snapshots["new"] == 1


async def test_a_page_that_was_open_when_its_request_was_answered_is_old_a_day_later() -> None:
    rig = a_rig()
    number = rig.town.ask()
    stream = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place, by_link(place, token_of(rig, number)) as browser:
        await say(browser, hello(stream))
        await hear(browser, "frame")
        rig.town.withdraw(number)
        [connection] = rig.hub.connections
        connection.revalidate_at = 0
        await rig.live.rounds.check_due()
        assert isinstance(connection.visitor, Holder)
        assert not connection.visitor.looks_back_at(rig.town.now)
        assert connection.visitor.looks_back_at(rig.town.now + hours(24))


async def test_pages_of_one_link_are_as_many_as_those_of_one_person() -> None:
    rig = a_rig(pages=2)
    number = rig.town.ask()
    stream, token = f"request:{rig.town.request(number).id}", token_of(rig, number)
    async with (
        serving(rig) as place,
        by_link(place, token) as first,
        by_link(place, token) as second,
        by_link(place, token) as third,
    ):
        for index, browser in enumerate((first, second)):
            await say(browser, hello(stream, tab=f"tab-number-{index}"))
            await hear(browser, "frame")
        await say(third, hello(stream, tab="tab-number-3"))
        assert await code_of(third) == Close.TOO_MANY


async def test_a_page_of_a_link_that_closes_lets_go_of_nobodys_claims() -> None:
    rig = a_rig()
    number = rig.town.ask()
    rig.town.claim(number)
    stream = f"request:{rig.town.request(number).id}"
    async with serving(rig) as place:
        async with by_link(place, token_of(rig, number)) as browser:
            await say(browser, hello(stream))
            await hear(browser, "frame")
        await place.until(lambda: not rig.hub.connections)
        assert rig.store.performed == []
