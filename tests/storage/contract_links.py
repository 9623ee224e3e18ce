"""What every store promises about links: a secret of its own, and how long each request is followed."""

from datetime import datetime

from dispatch.ports import Store, Unit
from dispatch.request import SessionRequest
from dispatch.status_link import Linked, StatusLink, read_token
from dispatch.stream import Projection
from dispatch.usecases import boards
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.people import ChangePerson, change_person
from dispatch.views import LinkCard
from dispatch.vocabulary import RequestId
from tests.builders import FrozenClock, hours, minutes, seconds
from tests.storage.town import Town

__all__ = ["TestLinks"]


async def linked(town: Town, asked: SessionRequest) -> Linked | None:
    found = await town.store.read(lambda reading: reading.linked([asked.id]))
    return found.get(asked.id)


class TestLinks:
    async def test_the_secret_is_long_and_stays_the_same(self, store: Store) -> None:
        secrets = {await store.read(lambda reading: reading.link_secret()) for _ in range(2)}
        assert [len(secret) for secret in secrets] == [32]

    async def test_an_open_request_says_whose_it_is_and_where_to_call(self, town: Town) -> None:
        asked = await town.ask()
        found = await linked(town, asked)
        assert found
        assert (found.number, found.requester_id) == (asked.number, town.mia.person_id)
        assert (found.clinic, found.account_id) == (town.clinic.name, town.clinic.account_id)
        assert (found.decided_at, found.session_ends_at) == (None, None)
        nobody = await town.store.read(lambda reading: reading.linked([RequestId(999_999)]))
        assert nobody == {}

    async def test_a_decision_and_a_session_say_how_long_it_is_followed(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        start = clock.now() + hours(24 * 20)
        asked = await town.ask(times=(start,))
        host = town.ada.person_id
        command = AcceptRequest(
            asked.number, asked.version, host, start, confirmed=frozenset({"unavailable"})
        )
        await store.perform(accept_request, command, town.sam)
        found = await linked(town, asked)
        assert found
        assert (found.decided_at, found.session_ends_at) == (clock.now(), start + minutes(20))
        link = StatusLink(asked.id, clock.now())
        assert found.lives_at(link, start + hours(2))
        assert not found.lives_at(link, start + hours(48))

    async def test_another_address_is_kept_with_its_time_and_a_first_one_ends_nothing(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        asked, mia = await town.ask(), town.mia.person_id

        async def moved_to(email: str | None) -> datetime | None:
            clock.advance(minutes(1))
            command = ChangePerson(mia, "Mia", email, None, "UTC", False)
            await store.perform(change_person, command, town.root)
            found = await linked(town, asked)
            assert found
            return found.moved_at

        await moved_to(None)
        before = await moved_to("mia-1@example.org")
        assert await moved_to("mia-1@example.org") == before
        assert await moved_to("mia-2@example.org") == clock.now()
        found = await linked(town, asked)
        secret = await store.read(lambda reading: reading.link_secret())
        posted = await store.read(
            lambda reading: reading.posted(town.clinic.account_id, only_failed=False, limit=100)
        )
        for each in posted:  # what waited while she moved goes to her new address, and leads there
            letter = await store.read(lambda reading: reading.letter(each.id))
            if letter and letter.status_link:
                link = read_token(letter.status_link, secret)
                assert found
                assert link
                assert found.lives_at(link, clock.now())
                break
        else:
            raise AssertionError("no message had a link")

    async def test_whoever_is_disabled_is_followed_by_nobody(
        self, store: Store, town: Town
    ) -> None:
        asked = await town.ask()
        disable = SetDisabled(town.mia.person_id, is_disabled=True)
        await store.perform(set_disabled, disable, town.root)
        assert await linked(town, asked) is None

    async def test_an_address_says_whose_it_is_unless_they_are_disabled(
        self, store: Store, town: Town
    ) -> None:
        pat = await town.newcomer("Pat Doe")

        def look(unit: Unit, _now: datetime) -> str:
            person = unit.people.get(pat.account_id, pat.person_id)
            assert person
            assert person.email
            return person.email

        email = await town.within(look)
        assert await store.read(lambda reading: reading.by_email(f" {email.upper()} ")) == pat
        assert await store.read(lambda reading: reading.by_email("nobody@example.org")) is None
        disable = SetDisabled(pat.person_id, is_disabled=True)
        await store.perform(set_disabled, disable, town.root)
        assert await store.read(lambda reading: reading.by_email(email)) is None

    async def test_its_stream_shows_that_request_and_nothing_that_was_written_in_it(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        # S67 S88
        asked = await town.ask(note="private words")
        await town.ask(town.omar)
        stream, now = f"request:{asked.id}", clock.now()
        shown = await store.read(
            lambda reading: boards.snapshot(reading, stream, Projection.LINK, now)
        )
        [card] = shown.views
        assert isinstance(card, LinkCard)
        assert (card.number, card.clinic) == (asked.number, town.clinic.name)
        assert "private words" not in repr(card)
        assert "Mia" not in repr(card)
        assert shown.cursor.seq == 1
        await store.perform(withdraw_request, WithdrawRequest(asked.number), town.mia)
        cursor = shown.cursor
        delta = await store.read(
            lambda reading: boards.delta(reading, stream, Projection.LINK, cursor, now)
        )
        assert [view.version for view in getattr(delta, "views", ())] == [2]

    async def test_what_somebody_asked_for_lately_comes_latest_first(
        self, town: Town, clock: FrozenClock
    ) -> None:
        first = await town.ask()
        await town.store.perform(withdraw_request, WithdrawRequest(first.number), town.mia)
        clock.advance(seconds(60))
        second = await town.ask()
        await town.ask(town.omar)

        def look(unit: Unit, now: datetime) -> list[int]:
            recent = unit.requests.recent_of(town.mia.person_id, now - seconds(30))
            before = unit.requests.recent_of(town.mia.person_id, now - hours(1))
            return [*(r.number for r in recent), 0, *(r.number for r in before)]

        assert await town.within(look) == [second.number, 0, second.number, first.number]
