"""People not known yet: their request waits off the board until they confirm it by mail."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.booking import CONFIRM_WITHIN, MOST_LETTERS
from dispatch.errors import DecidedError, InvalidError, NotAllowedError, NotFoundError
from dispatch.people import system_actor
from dispatch.usecases.booking_confirmation import (
    ConfirmBooking,
    GiveLink,
    confirm_booking,
    give_link,
)
from dispatch.usecases.logins import SetDisabled
from dispatch.vocabulary import EntityKind, NoticeKind, PersonId
from tests.builders import ACCOUNT, OTHER_ACCOUNT, hours, minutes
from tests.dispatch.calendar_desk import (
    TEN,
    TIMES,
    a_desk,
    confirm,
    link,
    member,
    off_for_the_account,
    off_for_the_clinic,
    opened,
    person_of,
    stranger,
)
from tests.dispatch.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def test_what_a_stranger_asks_for_is_on_no_board_until_they_confirm(desk: Desk) -> None:
    # S12 V7
    before = {stream: head.seq for stream, head in desk.store.rows.heads.items()}
    stranger(desk)
    assert not desk.store.rows.requests
    assert {stream: head.seq for stream, head in desk.store.rows.heads.items()} == before
    token = link(desk)
    assert not desk.store.rows.requests  # a link that was given is not one that was followed
    done = confirm(desk, token)
    assert done.number
    request = desk.request(done.number)
    assert (request.times, request.zone, request.note) == (TIMES, "Europe/Berlin", "My knee.")
    assert desk.store.rows.heads[f"clinic:{desk.daytime.id}"].seq > before.get(
        f"clinic:{desk.daytime.id}", 0
    )
    person = person_of(desk, done.number)
    assert (person.name, person.email, person.phone) == (
        "Vera New",
        "vera@example.net",
        "+49 30 5550 1234",
    )
    assert (person.zone, person.is_administrator) == ("Europe/Berlin", False)
    assert desk.daytime.patient_group.id in desk.actor(person.id).asks_in
    assert desk.sue in desk.notices(NoticeKind.NEW_REQUEST)
    assert desk.notices(NoticeKind.WELCOME) == [person.id]  # who is new may choose a password


def test_the_message_goes_to_the_bare_address_and_repeats_no_words_of_the_stranger(
    desk: Desk,
) -> None:
    stranger(desk, name="Buy pills at http://evil.example")
    [notice] = desk.store.rows.outbox.values()
    assert notice.kind is NoticeKind.CONFIRM_BOOKING
    assert notice.recipient_id is None
    assert notice.addressee
    assert (notice.addressee.email, notice.addressee.name) == ("vera@example.net", "")


def test_confirming_twice_is_confirming_once(desk: Desk) -> None:
    stranger(desk)
    token = link(desk)
    first, again = confirm(desk, token), confirm(desk, token)
    assert (again.number, again.was_there) == (first.number, True)
    assert len(desk.store.rows.requests) == 1


def test_every_link_of_one_booking_leads_to_the_same(desk: Desk) -> None:
    stranger(desk)
    one, other = link(desk, "a" * 64), link(desk, "b" * 64)
    assert confirm(desk, one).number == confirm(desk, other).number


def test_a_link_dies_after_a_day(desk: Desk) -> None:
    stranger(desk)
    token = link(desk)
    desk.clock.advance(CONFIRM_WITHIN)
    with pytest.raises(NotFoundError):
        confirm(desk, token)
    with pytest.raises(NotFoundError):
        confirm(desk, "x" * 64)
    assert not desk.store.rows.requests


def test_a_link_confirms_nothing_in_another_account(desk: Desk) -> None:  # S55
    stranger(desk)
    command = ConfirmBooking(link(desk))
    with pytest.raises(NotFoundError):
        desk.store.run(confirm_booking, command, system_actor(OTHER_ACCOUNT))
    assert not desk.store.rows.requests


def test_an_address_that_is_known_asks_as_that_person_and_changes_nothing_about_them(
    desk: Desk,
) -> None:
    known = desk.store.rows.people[desk.mia]
    desk.store.rows.people[desk.mia] = replace(known, email="mia@example.org")
    known = desk.store.rows.people[desk.mia]
    strange = stranger(desk)
    same = stranger(desk, email="MIA@example.org", name="Not Mia", phone="555 000 0000")
    assert (same.entity.kind, same.was_there) == (strange.entity.kind, strange.was_there)
    assert not desk.store.rows.requests  # knowing an address is not having its mail
    done = confirm(desk, link(desk))
    assert done.number
    assert desk.request(done.number).requester_id == desk.mia
    assert desk.store.rows.people[desk.mia] == known
    assert not desk.notices(NoticeKind.WELCOME)


def test_a_known_person_who_already_waits_in_the_clinic_gets_no_second_request(desk: Desk) -> None:
    desk.store.rows.people[desk.mia] = replace(
        desk.store.rows.people[desk.mia], email="mia@example.org"
    )
    first = member(desk)
    stranger(desk, TEN + minutes(20), email="mia@example.org")
    done = confirm(desk, link(desk))
    assert done.number == first.number
    [booking] = desk.store.rows.bookings.values()
    assert booking.was_there
    assert len(desk.store.rows.requests) == 1


def test_a_disabled_person_cannot_come_back_by_mail(desk: Desk) -> None:
    desk.store.rows.people[desk.mia] = replace(
        desk.store.rows.people[desk.mia], email="mia@example.org"
    )
    desk.does(desk.root, SetDisabled(PersonId(desk.mia), True))
    stranger(desk, email="mia@example.org")
    with pytest.raises(NotAllowedError):
        confirm(desk, link(desk))
    assert not desk.store.rows.requests


def test_an_address_of_another_account_stays_that_accounts_sign_in(desk: Desk) -> None:
    desk.store.rows.people[desk.zoe] = replace(
        desk.store.rows.people[desk.zoe], email="vera@example.net"
    )
    stranger(desk)
    done = confirm(desk, link(desk))
    assert done.number
    person = person_of(desk, done.number)
    assert person.account_id == ACCOUNT
    assert person.email is None
    assert desk.store.rows.people[desk.zoe].account_id == OTHER_ACCOUNT
    desk.withdraw(done.number, by=person.id)
    stranger(desk)
    again = confirm(desk, link(desk, "z" * 64))
    assert again.number
    assert person_of(desk, again.number).id == person.id  # the same person, not a third


def test_times_that_went_meanwhile_are_left_out_and_none_left_is_said(desk: Desk) -> None:
    stranger(desk)
    stranger(desk, TEN, email="other@example.net")
    early = link(desk, "e" * 64)
    taken = member(desk, TEN, slug="ada")
    assert taken.number
    desk.accept(taken.number, by=desk.sue, host_id=PersonId(desk.ada), time=TEN)
    with pytest.raises(DecidedError):
        confirm(desk, early)
    [first, _] = desk.store.rows.bookings.values()
    desk.store.rows.booking_tokens["t" * 64] = first.id
    done = confirm(desk, "t" * 64)
    assert done.number
    assert desk.request(done.number).times == (TEN + minutes(40),)


@pytest.mark.parametrize("turn_off", [off_for_the_account, off_for_the_clinic])
def test_what_was_closed_meanwhile_cannot_be_confirmed(
    desk: Desk, turn_off: Callable[[Desk], None]
) -> None:
    # S13
    stranger(desk)
    token = link(desk)
    turn_off(desk)
    with pytest.raises(NotFoundError):
        confirm(desk, token)
    assert not desk.store.rows.requests


def test_strangers_cannot_ask_where_the_clinic_wants_none(desk: Desk) -> None:
    stranger(desk)
    token = link(desk)
    opened(desk, takes_unknown=False)
    for slug in ("daytime", "ada"):
        with pytest.raises(NotAllowedError):
            stranger(desk, slug=slug)
    with pytest.raises(NotFoundError):
        confirm(desk, token)


def test_an_address_gets_three_links_a_day_and_the_answer_stays_the_same(desk: Desk) -> None:
    answers = [stranger(desk) for _ in range(MOST_LETTERS + 2)]
    assert len(desk.store.rows.outbox) == MOST_LETTERS
    assert {answer.entity.kind for answer in answers} == {EntityKind.BOOKING}
    desk.clock.advance(CONFIRM_WITHIN)
    desk.open_slot(desk.ada, TEN + hours(24), hours(2))
    stranger(desk, TEN + hours(24))
    assert len(desk.store.rows.outbox) == MOST_LETTERS + 1


def test_the_same_key_is_the_same_booking(desk: Desk) -> None:
    first, again = stranger(desk, key="k" * 22), stranger(desk, key="k" * 22)
    assert first.entity == again.entity
    assert len(desk.store.rows.bookings) == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", " "),
        ("name", "Vera\nBcc: everybody@example.org"),
        ("name", "Vera\r\nSubject: x"),
        ("name", "Ve\u202era"),
        ("name", "Ve\x07ra"),
        ("name", "V" * 101),
        ("email", ""),
        ("email", "vera"),
        ("email", "vera@example"),
        ("email", "vera@@example.net"),
        ("email", "vera@example.net\nBcc: a@example.org"),
        ("email", "vera@example.net, other@example.net"),
        ("email", "<vera@example.net>"),
        ("email", "ve..ra@example.net"),
        ("email", ".vera@example.net"),
        ("email", f"{'v' * 250}@example.net"),
        ("phone", "call me"),
        ("phone", "12"),
        ("phone", "1" * 41),
        ("phone", "+1 555;ext=<script>"),
        ("zone", "Moon/Base"),
        ("note", "n" * 2001),
    ],
)
def test_who_somebody_is_has_to_make_sense(desk: Desk, field: str, text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        stranger(desk, **{field: text})
    assert refused.value.field == field
    assert not desk.store.rows.bookings


def test_names_of_all_kinds_are_kept_as_they_are(desk: Desk) -> None:
    for count, name in enumerate(
        ["<b>Vera</b>", 'O’Hara, "Vee"', "李小龍", "José=cmd|' /C calc'!A0"]
    ):
        stranger(desk, name=name, email=f"v{count}@example.net")
    kept = [booking.name for booking in desk.store.rows.bookings.values()]
    assert kept[0] == "<b>Vera</b>"
    assert len(kept) == 4


def test_only_the_post_puts_links_into_messages(desk: Desk) -> None:
    stranger(desk)
    [notice] = desk.store.rows.outbox
    with pytest.raises(NotAllowedError):
        desk.does(desk.root, GiveLink(notice, "h" * 64))
    other = desk.ask(by=desk.mia)
    assert other
    told = next(n.id for n in desk.store.rows.outbox.values() if n.about.kind != EntityKind.BOOKING)
    with pytest.raises(NotFoundError):
        desk.store.run(give_link, GiveLink(told, "h" * 64), system_actor(ACCOUNT))
