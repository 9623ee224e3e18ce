"""The shared store keeps the same contract, on a real PostgreSQL that the tests bring along."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.errors import InvalidError, NotFoundError
from dispatch.people import system_actor
from dispatch.ports import Done, Store
from dispatch.retention import Kept
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import submit_request
from dispatch.usecases.notices import (
    SettleNotice,
    TakeNotice,
    settle_notice,
    take_notice,
)
from dispatch.usecases.people import ChoosePassword, choose_password
from dispatch.views import Unfinished
from dispatch.vocabulary import AccountId, NoticeKind, NoticeStatus, PersonId
from server.settings import Settings
from server.storage.accounts import SqlAccounts
from server.storage.postgres_store import PURGE_LOCK, PostgresStore
from server.storage.tables import audit, outbox
from tests.builders import FrozenClock, a_person, seconds
from tests.servers.postgres import Postgres
from tests.storage.contract import *  # noqa: F403
from tests.storage.contract_account import *  # noqa: F403
from tests.storage.contract_addressees import *  # noqa: F403
from tests.storage.contract_administrators import *  # noqa: F403
from tests.storage.contract_booking import *  # noqa: F403
from tests.storage.contract_calendar import *  # noqa: F403
from tests.storage.contract_due import *  # noqa: F403
from tests.storage.contract_forms import *  # noqa: F403
from tests.storage.contract_lines import *  # noqa: F403
from tests.storage.contract_links import *  # noqa: F403
from tests.storage.contract_log import *  # noqa: F403
from tests.storage.contract_many import *  # noqa: F403
from tests.storage.contract_post import *  # noqa: F403
from tests.storage.contract_replies import *  # noqa: F403
from tests.storage.contract_retention import *  # noqa: F403
from tests.storage.contract_rows import *  # noqa: F403
from tests.storage.contract_scope import *  # noqa: F403
from tests.storage.contract_strangers import *  # noqa: F403
from tests.storage.contract_tries import *  # noqa: F403
from tests.storage.contract_visits import *  # noqa: F403
from tests.storage.contract_vitals import *  # noqa: F403
from tests.storage.town import Town

_NUMBERS = itertools.count()
_HOLD = text("SELECT id FROM clinic WHERE id = :clinic FOR UPDATE")
_ARCHIVE = text("UPDATE clinic SET archived_at = now() WHERE id = :clinic")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    name = f"dispatch_{next(_NUMBERS)}"
    yield server.ready(name)
    server.drop(name)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest_asyncio.fixture
async def store(url: str, clock: FrozenClock) -> AsyncIterator[PostgresStore]:
    opened = PostgresStore(Settings(database_url=url), clock)
    await opened.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def accounts(store: PostgresStore) -> tuple[AccountId, AccountId]:
    return await store.create_account("First"), await store.create_account("Second")


class SharedLedger:
    """Reads the two tables with a connection of its own: what is there was committed."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url)

    async def notices(self) -> Counter[tuple[int, str, str]]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(outbox))).mappings().all()
        return Counter(
            (row["recipient_id"], row["kind"], f"{row['about_kind']}:{row['about_id']}")
            for row in rows
        )

    async def audit(self) -> int:
        async with self._engine.connect() as connection:
            found = await connection.execute(select(func.count()).select_from(audit))
            return int(found.scalar_one())

    async def close(self) -> None:
        await self._engine.dispose()


@pytest.fixture
def write(url: str) -> Callable[[str], Awaitable[None]]:
    """Write to the database behind the store's back."""

    async def written(statement: str) -> None:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

    return written


@pytest_asyncio.fixture
async def ledger(store: PostgresStore, url: str) -> AsyncIterator[SharedLedger]:
    opened = SharedLedger(url)
    yield opened
    await opened.close()


async def test_two_workers_open_the_same_empty_database_at_once(
    server: Postgres, clock: FrozenClock
) -> None:
    url = server.url("empty")
    stores = [PostgresStore(Settings(database_url=url), clock) for _ in range(4)]
    await asyncio.gather(*(one.open() for one in stores))
    assert await stores[0].accounts() == {}
    await asyncio.gather(*(one.close() for one in stores))
    server.drop("empty")


async def test_one_person_who_asks_twice_in_the_same_instant_waits_once(
    store: Store, town: Town
) -> None:
    asked = [store.perform(submit_request, town.asking(), town.mia) for _ in range(12)]
    done = await asyncio.gather(*asked)
    assert len({one.number for one in done}) == 1
    assert sum(not one.was_there for one in done) == 1


async def test_one_key_sent_twelve_times_in_the_same_instant_acts_once(
    store: Store, town: Town, ledger: SharedLedger
) -> None:
    before = await ledger.audit()
    asked = [
        store.perform(submit_request, town.asking(), town.mia, key="k" * 16) for _ in range(12)
    ]
    done = await asyncio.gather(*asked)
    assert len({(one.entity, one.number) for one in done}) == 1
    assert await ledger.audit() == before + 1


async def test_one_address_given_to_eight_people_in_the_same_instant_signs_one_in(
    store: PostgresStore, accounts: tuple[AccountId, AccountId]
) -> None:
    def made(number: int) -> CreatePerson:
        return CreatePerson(a_person(name=f"Nora {number}", email="nora@example.org"))

    system = system_actor(accounts[0])
    running = (store.perform(create_person, made(number), system) for number in range(8))
    answers = await asyncio.gather(*running, return_exceptions=True)
    kinds = Counter(type(answer) for answer in answers)
    assert kinds == {Done: 1, InvalidError: 7}, "said at the field, and no accident"


async def test_one_invitation_answered_six_times_in_the_same_instant_lets_in_once(
    store: PostgresStore, accounts: tuple[AccountId, AccountId], clock: FrozenClock
) -> None:
    system = system_actor(accounts[0])
    new = CreatePerson(a_person(email="nora@example.org"), is_invited=True)
    made = await store.perform(create_person, new, system)
    invited_at = clock.now().replace(microsecond=0)

    def chosen(number: int) -> ChoosePassword:
        return ChoosePassword(PersonId(made.entity.id), invited_at, f"hash {number}")

    running = (store.perform(choose_password, chosen(number), system) for number in range(6))
    answers = await asyncio.gather(*running, return_exceptions=True)
    kinds = Counter(type(answer) for answer in answers)
    assert kinds == {Done: 1, NotFoundError: 5}


async def test_who_asks_while_a_clinic_is_archived_is_refused_and_nothing_is_stored(
    store: PostgresStore, url: str, town: Town
) -> None:
    other, named = create_async_engine(url), {"clinic": town.clinic.id}
    async with other.begin() as archiving:
        await archiving.execute(_HOLD, named)
        asking = asyncio.ensure_future(store.perform(submit_request, town.asking(), town.mia))
        async with other.connect() as watching:
            while not (await watching.execute(_WAITING)).scalar_one():
                await watching.rollback()  # what it sees of the others is its transaction's
        await archiving.execute(_ARCHIVE, named)
    with pytest.raises(InvalidError) as refused:
        await asking
    assert "has closed and takes no requests any more" in refused.value.sentence
    await other.dispose()
    unfinished = await store.read(lambda reading: reading.unfinished(town.clinic.id))
    assert unfinished == Unfinished(0, 0)


async def test_nobody_who_asks_waits_for_what_administrators_change_in_turn(
    store: PostgresStore, town: Town
) -> None:
    async with store._engine.begin() as held:
        await held.run_sync(lambda c: SqlAccounts(c).lock(town.clinic.account_id))
        await town.ask()  # what waits for a lock gives up after two seconds, and says so


async def test_whoever_notes_how_a_message_went_holds_no_session_while_its_request_is_held(
    store: PostgresStore, url: str, town: Town, clock: FrozenClock
) -> None:
    # Or the post and whoever moves that session in the same moment would each wait for the other.
    asked = await town.ask(times=(clock.now() + seconds(3600),))
    ada, at = town.ada.person_id, asked.times[0]
    take = AcceptRequest(asked.number, 1, ada, at, confirmed=frozenset({"unavailable"}))
    await store.perform(accept_request, take, town.sam)
    due = await store.read(lambda reading: reading.due_notices(clock.now(), 100))
    told = await store.read(lambda reading: [reading.letter(key) for _, key in due])
    invitation = next(one for one in told if one and one.kind is NoticeKind.INVITATION)
    system, other = system_actor(asked.account_id), create_async_engine(url)
    await store.perform(take_notice, TakeNotice(invitation.notice_id), system)
    async with other.begin() as moving:
        await moving.execute(text(f"SELECT id FROM request WHERE id = {asked.id} FOR UPDATE"))
        sent = SettleNotice(invitation.notice_id, 1, NoticeStatus.SENT)
        settling = asyncio.ensure_future(store.perform(settle_notice, sent, system))
        async with other.connect() as watching:
            while not (await watching.execute(_WAITING)).scalar_one():
                await watching.rollback()
        await moving.execute(text("SELECT id FROM video_session FOR UPDATE NOWAIT"))
    await settling
    await other.dispose()


async def test_a_process_that_finds_another_letting_go_neither_waits_nor_deletes(
    store: PostgresStore, url: str, town: Town, clock: FrozenClock
) -> None:
    await town.ask()
    before = clock.now() + seconds(1)
    other = create_async_engine(url)
    async with other.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({PURGE_LOCK})"))
        assert await store.purge(Kept.EVENT, before, 100, [town.stream]) == 0
    await other.dispose()
    assert await store.purge(Kept.EVENT, before, 100, [town.stream]) > 0
