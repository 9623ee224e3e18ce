"""What every store promises where two administrators change the same thing in the same instant."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from dispatch.errors import DispatchError, StaleError
from dispatch.people import Actor, Person
from dispatch.ports import Done, Reading, Store, Unit, UseCase
from dispatch.reply import CHOICES
from dispatch.seen import (
    account_seen,
    alerts_seen,
    booking_seen,
    calendar_seen,
    clinic_seen,
    group_seen,
    hours_seen,
    link_seen,
    person_seen,
    reply_seen,
    sentences_seen,
    service_seen,
    video_seen,
)
from dispatch.timetable import Hours
from dispatch.usecases.accounts import ChangeAccount, change_account
from dispatch.usecases.alerts import SetAlerts, set_alerts
from dispatch.usecases.booking_setup import SetBooking, SetCalendar, set_booking, set_calendar
from dispatch.usecases.clinics import ChangeClinic, change_clinic
from dispatch.usecases.groups import RenameGroup, rename_group
from dispatch.usecases.hours import SetHours, set_hours
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.people import ChangePerson, InvitePerson, change_person, invite_person
from dispatch.usecases.replies import SaveReply, WordDeclines, save_reply, word_declines
from dispatch.usecases.services import ChangeService, change_service
from dispatch.usecases.video import SetHostLink, SetVideo, set_host_link, set_video
from dispatch.video import VideoSetting
from dispatch.vocabulary import GroupKind, PersonId, VideoKind
from tests.builders import details_of
from tests.storage.town import Town

__all__ = ["TestAdministrators"]

AT_ONCE = 4
Sent = tuple[UseCase[Any], object]
Form = Callable[[Town, Reading, int], Sent]  # as the n-th of several fills it


def account(town: Town, r: Reading, n: int) -> Sent:
    seen = account_seen(r.account(town.clinic.account_id))
    return change_account, ChangeAccount(f"Name {n}", "UTC", seen)


def person(town: Town, r: Reading, n: int) -> Sent:
    mia = _person(r, town.mia)
    seen = person_seen(mia)
    return change_person, ChangePerson(mia.id, f"Mia {n}", None, None, "UTC", False, seen)


def clinic(town: Town, r: Reading, n: int) -> Sent:
    return change_clinic, ChangeClinic(
        town.clinic.id, details_of(town.clinic, name=f"Name {n}"), clinic_seen(town.clinic)
    )


def hours(town: Town, r: Reading, n: int) -> Sent:
    week = (Hours(n, 540, 1020),)
    return set_hours, SetHours(town.clinic.id, week, hours_seen(town.clinic))


def alerts(town: Town, r: Reading, n: int) -> Sent:
    return set_alerts, SetAlerts(town.clinic.id, "", 10 + n, alerts_seen(town.clinic))


def service(town: Town, r: Reading, n: int) -> Sent:
    was = town.clinic.services[0]
    return change_service, ChangeService(was.id, f"Name {n}", "", 20, "", service_seen(was))


def group(town: Town, r: Reading, n: int) -> Sent:
    was = town.clinic.host_group
    return rename_group, RenameGroup(GroupKind.HOSTS, was.id, f"Name {n}", group_seen(was))


def video(town: Town, r: Reading, n: int) -> Sent:
    key = town.clinic.id
    address = f"https://video.example.org/{n}/{{room}}"
    wanted = VideoSetting(key, VideoKind.ADDRESS, address=address)
    return set_video, SetVideo(wanted, video_seen(r.video(key)))


def link(town: Town, r: Reading, n: int) -> Sent:
    key = town.ada.person_id
    seen = link_seen(r.host_link(key))
    return set_host_link, SetHostLink(key, f"https://video.example.org/{n}", seen)


def reply(town: Town, r: Reading, n: int) -> Sent:
    [was] = r.saved_replies(town.clinic.id)
    return save_reply, SaveReply(town.clinic.id, was.title, f"Text {n}", was.id, reply_seen(was))


def sentences(town: Town, r: Reading, n: int) -> Sent:
    seen = sentences_seen(r.decline_sentences(town.clinic.id))
    wanted = tuple((reason, f"Sentence {n}") for reason in CHOICES)
    return word_declines, WordDeclines(town.clinic.id, wanted, seen)


def booking(town: Town, r: Reading, n: int) -> Sent:
    chosen = frozenset(each.id for each in town.clinic.services[: 1 + n % 2])
    seen = booking_seen(r.booking_settings(town.clinic.account_id))
    return set_booking, SetBooking(n < 2, chosen, seen)


def calendar(town: Town, r: Reading, n: int) -> Sent:
    [was] = r.public_calendars(town.clinic.id)
    seen = calendar_seen(was)
    return set_calendar, SetCalendar(town.clinic.id, None, f"name-{n}", True, False, seen)


FORMS: tuple[Form, ...] = (
    account,
    person,
    clinic,
    hours,
    alerts,
    service,
    group,
    video,
    link,
    reply,
    sentences,
    booking,
    calendar,
)


def _there(town: Town) -> tuple[Sent, ...]:
    """Return what makes the rows that are then changed: of two new ones the second is found out."""
    key, [_, second] = town.clinic.id, town.clinic.services
    return (
        (save_reply, SaveReply(key, "Hello", "Good day.")),
        (set_video, SetVideo(VideoSetting(key, VideoKind.HOST_LINK))),
        (set_host_link, SetHostLink(town.ada.person_id, "https://video.example.org/ada")),
        (word_declines, WordDeclines(key, tuple((reason, "No.") for reason in CHOICES))),
        (set_booking, SetBooking(True, frozenset({second.id}))),
        (set_calendar, SetCalendar(key, None, "evening", True)),
    )


class TestAdministrators:
    @pytest.mark.parametrize("form", FORMS)
    async def test_of_several_who_send_one_form_at_once_one_is_kept_and_the_others_are_told(
        self, store: Store, town: Town, form: Form
    ) -> None:
        for usecase, command in _there(town):
            await store.perform(usecase, command, town.root)
        await asyncio.gather(*(town.within(_nothing) for _ in range(AT_ONCE)))  # all are connected
        sent = await store.read(lambda reading: [form(town, reading, n) for n in range(AT_ONCE)])
        answers = await asyncio.gather(
            *(store.perform(usecase, command, town.root) for usecase, command in sent),
            return_exceptions=True,
        )
        assert Counter(map(type, answers)) == {Done: 1, StaleError: AT_ONCE - 1}

    async def test_of_two_who_take_each_others_right_at_once_one_keeps_it(
        self, store: Store, town: Town
    ) -> None:
        for _ in range(5):
            both = town.root, await town.newcomer("Otto Gold", is_administrator=True)
            answers = await asyncio.gather(
                *(_taken_by(town, one, other) for one, other in (both, both[::-1])),
                return_exceptions=True,
            )
            assert sum(isinstance(answer, Done) for answer in answers) == 1
            assert sum(isinstance(answer, DispatchError) for answer in answers) == 1
            [left] = await _administrators(town)
            town.root = next(one for one in both if one.person_id == left)

    async def test_a_right_that_is_taken_while_they_are_invited_stays_taken(
        self, store: Store, town: Town
    ) -> None:
        for n in range(5):
            other = await town.newcomer("Otto Gold", is_administrator=True)
            answers = await asyncio.gather(
                store.perform(invite_person, InvitePerson(other.person_id), town.root),
                store.perform(invite_person, InvitePerson(other.person_id), town.root),
                _taken_by(town, town.root, other, f"otto.{n}@example.net"),
                store.perform(invite_person, InvitePerson(other.person_id), town.root),
            )
            assert [type(answer) for answer in answers] == [Done] * 4
            assert await _administrators(town) == [town.root.person_id]

    async def test_who_is_disabled_and_who_loses_the_right_at_once_are_not_both_gone(
        self, store: Store, town: Town
    ) -> None:
        for _ in range(5):
            one, other = town.root, await town.newcomer("Otto Gold", is_administrator=True)
            answers = await asyncio.gather(
                _taken_by(town, one, other),
                store.perform(set_disabled, SetDisabled(one.person_id, True), other),
                return_exceptions=True,
            )
            assert sum(isinstance(answer, Done) for answer in answers) == 1
            [left] = await _administrators(town)
            town.root = next(each for each in (one, other) if each.person_id == left)


def _nothing(unit: Unit, now: datetime) -> None:
    """Do nothing."""


def _person(r: Reading, who: Actor) -> Person:
    found = r.person(who.account_id, who.person_id)
    assert found
    return found


async def _administrators(town: Town) -> list[PersonId]:
    account = town.clinic.account_id
    return list(await town.within(lambda unit, now: unit.people.administrators(account)))


def _taken_by(town: Town, one: Actor, other: Actor, email: str | None = None) -> Awaitable[Done]:
    command = ChangePerson(other.person_id, "Gold", email, None, "UTC", False)
    return town.store.perform(change_person, command, one)
