"""What both databases promise of what strangers leave behind; memory keeps everything."""

from datetime import datetime

from dispatch.booking import CONFIRM_WITHIN
from dispatch.events import EntityRef
from dispatch.notice import Addressee
from dispatch.people import system_actor
from dispatch.ports import Unit
from dispatch.retention import Kept
from dispatch.usecases.tries import ForgiveTry, forgive_try
from dispatch.vocabulary import AccountId, EntityKind, NoticeKind
from tests.builders import FrozenClock, hours, minutes, seconds
from tests.storage.contract_booking import a_booking, calendar, stored
from tests.storage.contract_retention import SharedOrOwn, let_go
from tests.storage.contract_tries import HERE, SAM, tried
from tests.storage.town import Town

__all__ = ["TestOldBookings", "TestOldTries"]


class TestOldBookings:
    async def test_what_a_stranger_asked_for_is_forgotten_after_a_day_with_its_message(
        self, store: SharedOrOwn, town: Town, clock: FrozenClock
    ) -> None:
        own = await stored(town, calendar(town))
        account = town.clinic.account_id

        def ask(unit: Unit, now: datetime) -> None:
            booking = unit.bookings.add(a_booking(town, own, now))
            unit.bookings.add_token(booking.id, f"{booking.id:064}")
            about = EntityRef(EntityKind.BOOKING, booking.id)
            addressee = Addressee(account, booking.email, "", booking.zone)
            unit.notify_address(NoticeKind.CONFIRM_BOOKING, addressee, about)

        await town.within(ask)
        clock.advance(hours(1))
        await town.within(ask)
        clock.advance(CONFIRM_WITHIN - hours(1))
        assert await let_go(store, clock, Kept.BOOKING) == 0
        clock.advance(seconds(1))
        assert await let_go(store, clock, Kept.BOOKING) == 1
        left = await store.read(lambda r: r.posted(account, only_failed=False, limit=9))
        assert len(left) == 1
        clock.advance(hours(1))
        assert await let_go(store, clock, Kept.BOOKING) == 1
        assert await store.read(lambda r: r.posted(account, only_failed=False, limit=9)) == []


class TestOldTries:
    async def test_a_try_goes_when_it_counts_no_more_and_one_that_was_forgiven_at_once(
        self, store: SharedOrOwn, clock: FrozenClock
    ) -> None:
        await tried(store, SAM)
        clock.advance(minutes(59))
        await tried(store, HERE)
        await store.perform(forgive_try, ForgiveTry(HERE), system_actor(AccountId(0)))
        assert await let_go(store, clock, Kept.TRY) == 1
        clock.advance(minutes(1) + seconds(1))
        assert await let_go(store, clock, Kept.TRY) == 1
        assert await let_go(store, clock, Kept.TRY) == 0
