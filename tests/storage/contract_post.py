"""What every store promises about the outbox: notices come back, in order, with what they say."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from dispatch import welcome
from dispatch.events import EntityRef
from dispatch.letter import Letter, Posted
from dispatch.notice import Addressee
from dispatch.people import system_actor
from dispatch.ports import Reading, Store, Unit
from dispatch.status_link import read_token
from dispatch.stream import Projection
from dispatch.usecases.assignment import (
    AcceptRequest,
    ReturnToQueue,
    accept_request,
    return_to_queue,
)
from dispatch.usecases.notices import (
    SendAgain,
    SettleNotice,
    TakeNotice,
    send_again,
    settle_notice,
    take_notice,
)
from dispatch.usecases.people import ChoosePassword, InvitePerson, choose_password, invite_person
from dispatch.views import DecidedRow, ToldView
from dispatch.vocabulary import (
    AccountId,
    EntityKind,
    NoticeId,
    NoticeKind,
    NoticeStatus,
    RequestId,
    RequestNumber,
    RequestType,
)
from tests.builders import FrozenClock, hours, minutes
from tests.storage.town import Town

__all__ = ["TestOutbox", "TestLetters"]


async def due(town: Town, clock: FrozenClock) -> list[NoticeId]:
    now = clock.now()
    found = await town.store.read(lambda reading: reading.due_notices(now, 100))
    return [notice for _, notice in found]


async def letters(town: Town, clock: FrozenClock) -> list[Letter]:
    found = []
    for notice in await due(town, clock):
        letter = await town.store.read(lambda reading: reading.letter(notice))
        assert letter
        found.append(letter)
    return found


async def followed(town: Town, letter: Letter) -> RequestId:
    """Return which request the letter's own link leads to."""

    def query(reading: Reading) -> RequestId:
        link = read_token(letter.path.removeprefix("/r/"), reading.link_secret())
        assert link
        return link.request_id

    return await town.store.read(query)


async def accepted(town: Town, clock: FrozenClock) -> RequestNumber:
    asked = await town.ask(times=(clock.now() + hours(3),))
    command = AcceptRequest(
        asked.number,
        asked.version,
        town.ada.person_id,
        asked.times[0],
        confirmed=frozenset({"unavailable"}),
    )
    await town.store.perform(accept_request, command, town.sam)
    return asked.number


class TestOutbox:
    async def test_what_is_due_comes_oldest_first_and_only_once_taken(
        self, town: Town, clock: FrozenClock, accounts: tuple[AccountId, AccountId]
    ) -> None:
        await town.ask(times=(clock.now() + hours(3),))
        first = await due(town, clock)
        assert len(first) == 4  # both providers, the scheduler, and whoever asked
        clock.advance(minutes(1))
        await town.ask(town.omar, times=(clock.now() + hours(3),))
        everything = await due(town, clock)
        assert everything[:4] == first
        assert len(everything) == 8
        system = system_actor(accounts[0])
        done = await town.store.perform(take_notice, TakeNotice(first[0]), system)
        assert not done.was_there
        assert first[0] not in await due(town, clock)
        again = await town.store.perform(take_notice, TakeNotice(first[0]), system)
        assert again.was_there
        clock.advance(minutes(5))  # the lease: whoever took it never came back
        assert first[0] in await due(town, clock)
        limited = await town.store.read(lambda reading: reading.due_notices(clock.now(), 2))
        assert len(limited) == 2

    async def test_of_several_that_take_a_message_at_once_one_gets_it(
        self, town: Town, clock: FrozenClock, accounts: tuple[AccountId, AccountId]
    ) -> None:
        # S18: each process has a post of its own
        await town.ask(times=(clock.now() + hours(3),))
        system = system_actor(accounts[0])
        for notice in await due(town, clock):
            takes = (town.store.perform(take_notice, TakeNotice(notice), system) for _ in range(5))
            done = await asyncio.gather(*takes)
            assert [each.was_there for each in done].count(False) == 1

    async def test_the_same_is_said_once_on_each_occasion_to_people_and_to_addresses(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S18
        asked = await town.ask(times=(clock.now() + hours(3),))
        about, before = EntityRef(EntityKind.REQUEST, asked.id), await due(town, clock)
        desk = Addressee(asked.account_id, "on-call@example.org", "On call", "Asia/Tokyo")

        def say(unit: Unit, now: datetime) -> None:
            for occasion in (0, 1, 1):
                unit.notify(NoticeKind.CANCELLED, [asked.requester_id], about, occasion)
                unit.notify_address(NoticeKind.CANCELLED, desk, about, occasion)

        for _ in range(2):
            await town.within(say)
        told = [one for one in await letters(town, clock) if one.notice_id not in before]
        assert sorted(one.name for one in told) == 2 * ["Mia Chen"] + 2 * ["On call"]
        for one in told:
            assert one.is_to_requester is (one.name == "Mia Chen")
            if one.name == "On call":
                assert (one.address, one.zone) == (desk.email, desk.zone)

    async def test_a_notice_keeps_how_it_ended_and_can_be_sent_again(
        self, town: Town, clock: FrozenClock, accounts: tuple[AccountId, AccountId]
    ) -> None:
        await town.ask(times=(clock.now() + hours(3),))
        notice, system = (await due(town, clock))[0], system_actor(accounts[0])
        await town.store.perform(take_notice, TakeNotice(notice), system)
        refused = SettleNotice(notice, 1, NoticeStatus.FAILED, "refused (550)")
        await town.store.perform(settle_notice, refused, system)
        posted = await self._failed(town)
        assert [(each.id, each.tries, each.problem) for each in posted] == [
            (notice, 1, "refused (550)")
        ]
        assert posted[0].settled_at == clock.now()
        assert posted[0].recipient
        await town.store.perform(send_again, SendAgain(notice), town.root)
        assert await self._failed(town) == []
        assert notice in await due(town, clock)

    async def test_the_log_is_the_accounts_own(
        self, store: Store, town: Town, clock: FrozenClock, accounts: tuple[AccountId, AccountId]
    ) -> None:
        await town.ask(times=(clock.now() + hours(3),))
        own, strange = [
            await store.read(lambda reading: reading.posted(account, only_failed=False, limit=100))
            for account in (town.clinic.account_id, *(set(accounts) - {town.clinic.account_id}))
        ]
        assert len(own) == 4
        assert [each.id for each in own] == sorted((each.id for each in own), reverse=True)
        assert strange == []

    async def test_the_lists_say_how_the_requester_was_told(
        self, town: Town, clock: FrozenClock, accounts: tuple[AccountId, AccountId]
    ) -> None:
        number = await accepted(town, clock)
        assert await self._told(town, clock, number) == ToldView(NoticeStatus.WAITING, None)
        system = system_actor(accounts[0])
        for notice in await due(town, clock):
            await town.store.perform(take_notice, TakeNotice(notice), system)
            sent = SettleNotice(notice, 1, NoticeStatus.SENT)
            await town.store.perform(settle_notice, sent, system)
        assert await self._told(town, clock, number) == ToldView(NoticeStatus.SENT, clock.now())

    async def _failed(self, town: Town) -> Sequence[Posted]:
        account = town.clinic.account_id
        return await town.store.read(
            lambda reading: reading.posted(account, only_failed=True, limit=100)
        )

    async def _told(self, town: Town, clock: FrozenClock, number: RequestNumber) -> ToldView | None:
        rows = await town.store.read(
            lambda reading: reading.views(town.stream, Projection.DECIDED, None, clock.now())
        )
        found = [row for row in rows if isinstance(row, DecidedRow) and row.number == number]
        assert len(found) == 1
        return found[0].told


class TestLetters:
    async def test_an_invitation_holds_the_link_that_is_open_now(
        self, town: Town, clock: FrozenClock
    ) -> None:
        mia = town.mia.person_id
        await town.store.perform(invite_person, InvitePerson(mia), town.root)
        (told,) = await letters(town, clock)
        assert (told.kind, told.name, told.number) == (NoticeKind.WELCOME, "Mia Chen", None)
        assert told.path == f"/welcome/{told.welcome_link}"
        secret = await town.store.read(lambda reading: reading.link_secret())
        link = welcome.read_token(told.welcome_link, secret)
        assert link is not None
        assert link.person_id == mia
        assert told.expires_at == link.invited_at + welcome.LASTS
        chosen = ChoosePassword(mia, link.invited_at, "hash")
        await town.store.perform(choose_password, chosen, system_actor(town.mia.account_id))
        (late,) = await letters(town, clock)
        assert (late.welcome_link, late.path) == ("", "/sign-in")

    async def test_a_new_request_names_the_service_and_the_times_in_their_rank(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S15 S16 S17
        times = (clock.now() + hours(5), clock.now() + hours(3))
        asked = await town.ask(times=times, note="private words")
        everything = await letters(town, clock)
        told = [one for one in everything if one.kind is NoticeKind.NEW_REQUEST]
        assert {letter.name for letter in told} == {"Dr. Ada Berg", "Dr. Ben Cole", "Sam Ortiz"}
        for letter in told:
            assert (letter.number, letter.service) == (asked.number, "Evening visit")
            assert (letter.times, letter.type) == (times, RequestType.SCHEDULED)
            assert (letter.is_to_requester, letter.meeting) == (False, None)
        [own] = [one for one in everything if one not in told]
        assert (own.kind, own.name, own.is_to_requester) == (NoticeKind.RECEIVED, "Mia Chen", True)
        assert "private words" not in repr(everything)

    async def test_an_acceptance_tells_the_requester_and_the_host_of_the_session(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S24 S58
        number = await accepted(town, clock)
        by_kind = {letter.kind: letter for letter in await letters(town, clock)}
        invitation, assigned = by_kind[NoticeKind.INVITATION], by_kind[NoticeKind.ASSIGNED]
        assert (invitation.name, invitation.is_to_requester) == ("Mia Chen", True)
        assert await followed(town, invitation) == (await town.request(number)).id
        assert (assigned.path, assigned.status_link) == ("/", "")
        assert (assigned.name, assigned.is_to_requester) == ("Dr. Ada Berg", False)
        assert invitation.meeting == assigned.meeting
        assert invitation.meeting
        assert invitation.meeting.host == "Dr. Ada Berg"
        assert invitation.meeting.starts_at == clock.now() + hours(3)
        assert not invitation.meeting.is_cancelled

    async def test_a_cancellation_is_a_later_revision_of_the_same_meeting(
        self, town: Town, clock: FrozenClock
    ) -> None:
        number = await accepted(town, clock)
        before = {letter.kind: letter for letter in await letters(town, clock)}
        version = (await town.request(number)).version
        await town.store.perform(return_to_queue, ReturnToQueue(number, version), town.sam)
        told = [one for one in await letters(town, clock) if one.kind is NoticeKind.CANCELLED]
        was = before[NoticeKind.INVITATION].meeting
        assert was
        assert sorted(one.name for one in told) == ["Dr. Ada Berg", "Mia Chen"]
        for one in told:
            assert one.meeting
            assert one.meeting.is_cancelled
            assert one.meeting.id == was.id
            assert one.meeting.revision == was.revision + 1
