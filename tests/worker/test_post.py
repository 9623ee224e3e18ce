"""The post delivers every notice once, keeps trying, gives up in the open, and holds up nobody."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from dispatch.booking import PublicCalendar
from dispatch.events import EntityRef
from dispatch.letter import Letter, Posted, Words
from dispatch.notice import LADDER, LEASE, Addressee
from dispatch.ports import Unit
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.notices import settle_notice
from dispatch.vocabulary import CalendarId, EntityKind, NoticeKind, NoticeStatus
from server.mail.smtp import SmtpMail
from server.rendering.letters import Letters
from server.settings import Settings
from server.storage.sqlite_store import SqliteStore
from server.tokens import hash_of
from server.worker.post import Post
from tests.builders import FrozenClock, hours, seconds
from tests.mail.test_envelope import ORIGIN, SENDER
from tests.servers.mail import (
    Sink,
    Talk,
    away,
    gone_after_the_dot,
    rude,
    silent,
    silent_after_data,
    sink,
)
from tests.servers.sqlite import ready_file
from tests.storage.contract_booking import a_booking, stored
from tests.storage.town import Town, settle

_WORD = re.compile(r"/booking/([A-Za-z0-9_-]+)")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest_asyncio.fixture
async def store(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(Settings(database_url=ready_file(tmp_path / "dispatch.db")), clock)
    yield opened
    await asyncio.to_thread(opened.close)


@pytest_asyncio.fixture
async def town(store: SqliteStore) -> Town:
    return await settle(store, await store.create_account("One"))


@pytest_asyncio.fixture
async def mail() -> AsyncIterator[Sink]:
    async with sink() as opened:
        yield opened


def a_post(store: Any, clock: FrozenClock, url: str) -> Post:
    smtp = SmtpMail(url, SENDER, ORIGIN, clock, step_seconds=0.3)
    return Post(store, smtp, Letters(ORIGIN), clock, lambda: 0.5)


async def posted(town: Town) -> list[Posted]:
    account = town.clinic.account_id
    return [
        *await town.store.read(
            lambda reading: reading.posted(account, only_failed=False, limit=100)
        )
    ]


async def test_a_new_request_is_mailed_once_to_each_who_is_told(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    # S15 S16 S17 S18
    await town.ask(times=(clock.now() + hours(3),))
    post = a_post(store, clock, mail.url)
    assert await post.go_once() == 4
    assert await post.go_once() == 0
    subjects = Counter(message["Subject"] for message in mail.messages)
    assert subjects == {"Video Session Request": 3, "We have your video session request": 1}
    assert len(set(mail.recipients)) == len(mail.recipients) == 4
    assert {each.status for each in await posted(town)} == {NoticeStatus.SENT}


async def test_two_posts_at_once_send_nothing_twice(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    # S18
    for actor in (town.mia, town.omar):
        await town.ask(actor, times=(clock.now() + hours(3),))
    posts = [a_post(store, clock, mail.url) for _ in range(3)]
    await asyncio.gather(*(post.go_once() for post in posts))
    ids = Counter(message["Message-ID"] for message in mail.messages)
    assert (len(ids), set(ids.values())) == (8, {1})


async def test_what_a_server_does_not_take_now_climbs_the_ladder_and_arrives(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))
    post = a_post(store, clock, mail.url)
    mail.answer = "451 later"
    await post.go_once()
    assert mail.messages == []
    waiting = await posted(town)
    assert {(each.status, each.tries, each.problem) for each in waiting} == {
        (NoticeStatus.WAITING, 1, "refused (451)")
    }
    assert {each.next_at - clock.now() for each in waiting} == {LADDER[0]}
    clock.advance(LADDER[0] - seconds(1))
    assert await post.go_once() == 0
    mail.answer = "250 yes"
    clock.advance(seconds(1))
    assert await post.go_once() == 4
    assert len(mail.messages) == 4


async def test_what_failed_together_does_not_come_back_together(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))
    mail.answer = "451 later"
    left = [0.0, 0.25, 0.75, 1.0]
    smtp = SmtpMail(mail.url, SENDER, ORIGIN, clock)
    await Post(store, smtp, Letters(ORIGIN), clock, left.pop).go_once()
    assert left == []  # one draw for each message
    waits = sorted(each.next_at - clock.now() for each in await posted(town))
    assert waits == [seconds(wait) for wait in (48, 54, 66, 72)]  # a minute, a fifth either way


async def test_after_seven_tries_it_is_a_dead_letter(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(60),))
    post = a_post(store, clock, mail.url)
    mail.answer = "451 later"
    for step in LADDER:
        assert await post.go_once() == 4
        clock.advance(step)
    assert await post.go_once() == 4
    assert {(each.status, each.tries) for each in await posted(town)} == {(NoticeStatus.FAILED, 7)}
    clock.advance(hours(48))
    assert await post.go_once() == 0


async def test_a_refusal_for_ever_is_a_dead_letter_at_once(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))
    mail.answer_to_recipient = "550 no such mailbox"
    await a_post(store, clock, mail.url).go_once()
    assert {(each.status, each.problem) for each in await posted(town)} == {
        (NoticeStatus.FAILED, "refused (550)")
    }


async def test_a_crash_after_the_servers_yes_doubles_the_message_under_one_id(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))

    class Crashing:
        """A process that dies between the mail server's 250 and its own commit."""

        read = store.read

        def perform(self, usecase: Any, command: Any, actor: Any) -> Awaitable[Any]:
            if usecase is settle_notice:
                raise RuntimeError("killed")
            return store.perform(usecase, command, actor)

    await a_post(Crashing(), clock, mail.url).go_once()
    assert len(mail.messages) == 4
    sane = a_post(store, clock, mail.url)
    assert await sane.go_once() == 0  # the lease of the dead
    clock.advance(LEASE)
    assert await sane.go_once() == 4
    ids = Counter(message["Message-ID"] for message in mail.messages)
    assert set(ids.values()) == {2}


async def test_a_crash_before_the_servers_yes_doubles_nothing(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))

    class Dying:
        """A process that dies on its way to the mail server."""

        async def send(self, letter: Letter, words: Words) -> None:
            raise RuntimeError("killed")

    await Post(store, Dying(), Letters(ORIGIN), clock, lambda: 0.5).go_once()
    sane = a_post(store, clock, mail.url)
    assert await sane.go_once() == 0  # the lease of the dead
    clock.advance(LEASE)
    assert await sane.go_once() == 4
    ids = Counter(message["Message-ID"] for message in mail.messages)
    assert (len(ids), set(ids.values())) == (4, {1})
    assert {(each.status, each.tries) for each in await posted(town)} == {(NoticeStatus.SENT, 2)}


@pytest.mark.parametrize("talk", [away, silent, silent_after_data, gone_after_the_dot])
async def test_what_a_server_never_said_yes_to_arrives_once_it_does(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink, talk: Talk
) -> None:
    await town.ask(times=(clock.now() + hours(3),))
    async with rude(talk) as url:
        assert await a_post(store, clock, url).go_once() == 4
    assert {(each.status, each.tries) for each in await posted(town)} == {(NoticeStatus.WAITING, 1)}
    clock.advance(LADDER[0])
    assert await a_post(store, clock, mail.url).go_once() == 4
    ids = Counter(message["Message-ID"] for message in mail.messages)
    assert (len(ids), set(ids.values())) == (4, {1})
    assert {each.status for each in await posted(town)} == {NoticeStatus.SENT}


async def test_nobody_to_send_it_to_is_said_and_not_tried_again(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink
) -> None:
    await town.ask(times=(clock.now() + hours(3),))
    disable = SetDisabled(town.ada.person_id, is_disabled=True)
    await store.perform(set_disabled, disable, town.root)
    post = a_post(store, clock, mail.url)
    await post.go_once()
    by_status = Counter(each.status for each in await posted(town))
    assert by_status == {NoticeStatus.SENT: 3, NoticeStatus.NO_ADDRESS: 1}
    clock.advance(hours(30))
    assert await post.go_once() == 0


async def test_a_hanging_mail_server_holds_up_no_request(
    store: SqliteStore, town: Town, clock: FrozenClock
) -> None:
    # S19
    await town.ask(times=(clock.now() + hours(3),))
    async with rude(silent) as url:
        going = asyncio.create_task(a_post(store, clock, url).go_once())
        async with asyncio.timeout(30):
            while not any(each.tries for each in await posted(town)):
                pass  # each look is a read of the database
        asked = await town.ask(town.omar)
        assert not going.done()
        assert (await town.request(asked.number)).number == asked.number
        await going


async def test_a_link_that_lets_in_is_in_the_message_alone_and_new_for_each_try(
    store: SqliteStore, town: Town, clock: FrozenClock, mail: Sink, tmp_path: Path
) -> None:
    # V7: of the word only its hash is kept, and what did arrive works, whatever the post believed
    own = PublicCalendar(CalendarId(0), town.clinic.account_id, town.clinic.id, None, "evening")
    kept = await stored(town, own)
    about: list[EntityRef] = []

    def ask(unit: Unit, now: datetime) -> None:
        booking = unit.bookings.add(a_booking(town, kept, now))
        about.append(EntityRef(EntityKind.BOOKING, booking.id))
        to = Addressee(town.clinic.account_id, booking.email, "", booking.zone)
        unit.notify_address(NoticeKind.CONFIRM_BOOKING, to, about[0])

    await town.within(ask)
    mail.answer = "451 later"
    await a_post(store, clock, mail.url).go_once()
    mail.answer = "250 OK"
    clock.advance(LADDER[0] * 2)
    await a_post(store, clock, mail.url).go_once()
    [message] = mail.messages
    assert (message["To"], message["Subject"]) == (
        "vera@example.net",
        "Please confirm your video session request",
    )
    body = message.get_body(("plain",))
    assert body
    [word] = set(_WORD.findall(body.get_content()))
    assert len(word) == 43  # 256 bits
    booking = await store.read(lambda reading: reading.booking(hash_of(word)))
    assert booking
    assert booking.id == about[0].id
    written = on_disk(tmp_path)
    assert hash_of(word).encode() in written
    assert word.encode() not in written
    assert "Vera" not in str(message)  # a stranger's words are mailed to nobody


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("dispatch.db*"))
