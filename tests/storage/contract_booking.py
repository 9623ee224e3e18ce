"""What every store promises of public calendars and of what strangers ask for on them."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch.answers import Answer, Answered
from dispatch.booking import CONFIRM_WITHIN, MOST_LETTERS, Booking, BookingSettings, PublicCalendar
from dispatch.events import EntityRef
from dispatch.form import QuestionKey, QuestionKind
from dispatch.letter import Letter, Posted
from dispatch.notice import Addressee
from dispatch.ports import Unit
from dispatch.vocabulary import (
    AccountId,
    BookingId,
    CalendarId,
    EntityKind,
    NoticeKind,
    NoticeStatus,
    RequestNumber,
    RequestType,
)
from tests.builders import FrozenClock, hours
from tests.storage.town import Town

__all__ = ["TestPublicCalendars", "TestBookings"]

ANSWERED = Answered(
    3,
    (Answer(QuestionKey(1), "Where does it hurt?", QuestionKind.SHORT_TEXT, ("Knee",), True),),
)


def calendar(town: Town, slug: str = "evening", **changes: Any) -> PublicCalendar:
    own = PublicCalendar(CalendarId(0), town.clinic.account_id, town.clinic.id, None, slug)
    return replace(own, **changes)


async def stored(town: Town, wanted: PublicCalendar) -> PublicCalendar:
    return await town.within(lambda unit, now: unit.public_calendars.save(wanted))


def a_booking(town: Town, of: PublicCalendar, asked_at: datetime, **changes: Any) -> Booking:
    given: dict[str, Any] = {
        "id": BookingId(0),
        "account_id": town.clinic.account_id,
        "calendar_id": of.id,
        "service_id": town.clinic.services[1].id,
        "times": (asked_at + hours(5), asked_at + hours(3)),
        "name": "Vera New",
        "email": "vera@example.net",
        "phone": "",
        "zone": "Europe/Berlin",
        "answered": ANSWERED,
        "asked_at": asked_at,
    }
    return Booking(**given | changes)


class TestPublicCalendars:
    async def test_a_calendar_comes_back_by_its_address_and_changes(self, town: Town) -> None:
        made = await stored(town, calendar(town, is_on=True, takes_unknown=True))
        found = await town.store.read(lambda r: r.public_calendar("evening"))
        assert found == made
        assert await town.store.read(lambda r: r.public_calendar_by_id(made.id)) == made
        assert await town.store.read(lambda r: r.public_calendar("nothing")) is None
        await stored(town, replace(made, slug="late", is_on=False))
        assert await town.store.read(lambda r: r.public_calendar("evening")) is None
        changed = await town.store.read(lambda r: r.public_calendar("late"))
        assert changed == replace(made, slug="late", is_on=False)

    async def test_who_may_ask_is_said_by_the_clinic_for_its_hosts(self, town: Town) -> None:
        # S13
        ada = await stored(town, calendar(town, "ada", host_id=town.ada.person_id, is_on=True))
        assert not (await self._all(town))["ada"].takes_unknown
        own = await stored(town, calendar(town, takes_unknown=True))
        found = await self._all(town)
        assert {slug: one.takes_unknown for slug, one in found.items()} == {
            "ada": True,
            "evening": True,
        }
        assert (found["ada"].id, found["ada"].host_id) == (ada.id, town.ada.person_id)
        await stored(town, replace(own, takes_unknown=False))
        assert not (await self._all(town))["ada"].takes_unknown

    async def test_an_account_shows_nothing_until_it_says_what(
        self, town: Town, other_town: Town
    ) -> None:
        # S14
        account, other = town.clinic.account_id, other_town.clinic.account_id
        assert await self._settings(town, account) == BookingSettings(account)
        both = frozenset(service.id for service in town.clinic.services)
        for wanted in (
            BookingSettings(account, True, both),
            BookingSettings(account, False, frozenset({town.clinic.services[1].id})),
        ):
            await town.within(lambda unit, now: unit.public_calendars.save_settings(wanted))
            assert await self._settings(town, account) == wanted
        assert await self._settings(town, other) == BookingSettings(other)
        known = await town.within(lambda unit, now: unit.public_calendars.services(account))
        assert known == both

    async def _all(self, town: Town) -> dict[str, PublicCalendar]:
        clinic = town.clinic.id
        found = await town.store.read(lambda r: r.public_calendars(clinic))
        return {one.slug: one for one in found}

    async def _settings(self, town: Town, account: AccountId) -> BookingSettings:
        return await town.store.read(lambda r: r.booking_settings(account))


class TestBookings:
    async def test_a_booking_is_found_by_each_of_its_links(
        self, town: Town, clock: FrozenClock
    ) -> None:
        own = await stored(town, calendar(town))

        def keep(unit: Unit, now: datetime) -> Booking:
            booking = unit.bookings.add(a_booking(town, own, now))
            unit.bookings.add_token(booking.id, "a" * 64)
            unit.bookings.add_token(booking.id, "b" * 64)
            return booking

        kept = await town.within(keep)
        assert kept == replace(a_booking(town, own, clock.now()), id=kept.id)
        for token in ("a" * 64, "b" * 64):
            assert await town.store.read(lambda r: r.booking(token)) == kept
        assert await town.store.read(lambda r: r.booking("c" * 64)) is None

    async def test_what_became_of_it_is_kept(self, town: Town, clock: FrozenClock) -> None:
        own = await stored(town, calendar(town))

        def keep(unit: Unit, now: datetime) -> Booking:
            booking = unit.bookings.add(a_booking(town, own, now))
            unit.bookings.add_token(booking.id, "a" * 64)
            confirmed = booking.confirm(RequestNumber(1042), now, was_there=True)
            unit.bookings.save(confirmed)
            return confirmed

        confirmed = await town.within(keep)
        assert await town.store.read(lambda r: r.booking("a" * 64)) == confirmed
        again = await town.within(lambda unit, now: unit.bookings.by_token("a" * 64))
        assert again == confirmed

    async def test_what_an_address_asked_for_lately_is_counted_by_account(
        self, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        mine = await stored(town, calendar(town))
        theirs = await stored(other_town, calendar(other_town, "foreign"))
        since = clock.now()
        await town.within(lambda unit, now: unit.bookings.add(a_booking(town, mine, now)))
        clock.advance(hours(1))
        for where, of in ((town, mine), (other_town, theirs)):
            await where.within(lambda u, now: u.bookings.add(a_booking(where, of, now)))
        account = town.clinic.account_id
        counts = await town.within(
            lambda unit, now: [
                unit.bookings.count_since(account, email, at)
                for email, at in (
                    ("vera@example.net", since - hours(1)),
                    ("vera@example.net", since),
                    ("other@example.net", since - hours(1)),
                )
            ]
        )
        assert counts == [2, 1, 0]

    async def test_of_many_who_ask_with_one_address_at_once_no_more_find_room_than_there_is(
        self, town: Town, clock: FrozenClock
    ) -> None:
        own = await stored(town, calendar(town))

        def ask(unit: Unit, now: datetime) -> bool:
            draft = a_booking(town, own, now)
            sent = unit.bookings.count_since(draft.account_id, draft.email, now - CONFIRM_WITHIN)
            if sent < MOST_LETTERS:
                unit.bookings.add(draft)
            return sent < MOST_LETTERS

        found = await asyncio.gather(*(town.within(ask) for _ in range(8)))
        assert sum(found) == MOST_LETTERS

    async def test_its_message_says_what_was_asked_for_and_is_in_the_log(
        self, town: Town, clock: FrozenClock
    ) -> None:
        own = await stored(town, calendar(town))
        account = town.clinic.account_id

        def ask(unit: Unit, now: datetime) -> None:
            booking = unit.bookings.add(a_booking(town, own, now))
            unit.notify_address(
                NoticeKind.CONFIRM_BOOKING,
                Addressee(account, booking.email, "", booking.zone),
                EntityRef(EntityKind.BOOKING, booking.id),
            )

        await town.within(ask)
        [posted] = await town.store.read(lambda r: r.posted(account, only_failed=False, limit=9))
        assert isinstance(posted, Posted)
        assert (posted.address, posted.recipient, posted.number) == ("vera@example.net", "", None)
        assert posted.status is NoticeStatus.WAITING
        letter = await town.store.read(lambda r: r.letter(posted.id))
        assert isinstance(letter, Letter)
        assert (letter.kind, letter.number) == (NoticeKind.CONFIRM_BOOKING, None)
        assert (letter.clinic, letter.service) == (town.clinic.name, town.clinic.services[1].name)
        assert letter.times == (clock.now() + hours(5), clock.now() + hours(3))
        assert (letter.type, letter.zone) == (RequestType.SCHEDULED, "Europe/Berlin")
        assert letter.expires_at == clock.now() + CONFIRM_WITHIN
        assert (letter.address, letter.name) == ("vera@example.net", "")
        assert "Knee" not in repr(letter)
        assert "Vera" not in repr(letter)

    async def test_a_person_is_found_by_their_address_in_their_own_account(
        self, town: Town, other_town: Town
    ) -> None:
        account, other = town.clinic.account_id, other_town.clinic.account_id
        person = await town.within(lambda u, now: u.people.get(account, town.mia.person_id))
        assert person
        assert person.email
        email = person.email.upper()
        assert await town.within(lambda u, now: u.people.by_email(account, email)) == person
        assert await town.within(lambda u, now: u.people.by_email(other, email)) is None
