"""A clinic's ready words: who keeps them, who is told, and that what was sent stays as it was sent."""

from typing import Any

import pytest

from dispatch.errors import InvalidError, NotAllowedError, NotFoundError
from dispatch.reply import CHOICES, MOST_REPLIES, RESPONSE_LIMIT, TITLE_LIMIT
from dispatch.stream import Projection
from dispatch.usecases.dialog import assignment
from dispatch.usecases.replies import MoveReply, RemoveReply, SaveReply, WordDeclines
from dispatch.views import HostCard, PatientCard
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId
from tests.dispatch.desk import Desk

ADDRESS = "Call 911 if it gets worse."


def keep(desk: Desk, title: str, text: str = ADDRESS, **more: Any) -> None:
    command = SaveReply(desk.evening.id, title, text, **more)
    desk.does(desk.root, command)


def titles(desk: Desk) -> list[str]:
    found = desk.store.ask(lambda reading: reading.saved_replies(desk.evening.id))
    return [reply.title for reply in found]


def key(desk: Desk, title: str) -> ReplyId:
    found = desk.store.ask(lambda reading: reading.saved_replies(desk.evening.id))
    return next(reply.id for reply in found if reply.title == title)


def word(desk: Desk, *sentences: tuple[DeclineReason, str]) -> bool:
    command = WordDeclines(desk.evening.id, sentences)
    return desk.does(desk.root, command).was_there


def test_replies_are_kept_in_the_order_that_the_clinic_gives_them(desk: Desk) -> None:
    for title in ("One", "Two", "Three"):
        keep(desk, title)
    assert titles(desk) == ["One", "Two", "Three"]

    def move(title: str, *, is_up: bool) -> bool:
        command = MoveReply(desk.evening.id, key(desk, title), is_up)
        return desk.does(desk.root, command).was_there

    move("Three", is_up=True)
    assert titles(desk) == ["One", "Three", "Two"]
    move("One", is_up=False)
    assert titles(desk) == ["Three", "One", "Two"]
    assert move("Three", is_up=True)  # it is the first already
    assert move("Two", is_up=False)
    keep(desk, "Second", "Other words.", reply_id=key(desk, "One"))
    assert titles(desk) == ["Three", "Second", "Two"]
    command = RemoveReply(desk.evening.id, key(desk, "Second"))
    assert not desk.does(desk.root, command).was_there
    assert desk.does(desk.root, command).was_there
    assert titles(desk) == ["Three", "Two"]


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("", "Words", "title"),
        ("   ", "Words", "title"),
        ("x" * (TITLE_LIMIT + 1), "Words", "title"),
        ("bell\x07", "Words", "title"),
        ("Name", "", "text"),
        ("Name", " \n ", "text"),
        ("Name", "x" * (RESPONSE_LIMIT + 1), "text"),
        ("tWO", "Words", "title"),
    ],
)
def test_what_cannot_be_a_reply_is_a_sentence_and_changes_nothing(
    desk: Desk, title: str, text: str, field: str
) -> None:
    keep(desk, "Two")
    rows = desk.store.rows
    with pytest.raises(InvalidError) as refused:
        keep(desk, title, text)
    assert (refused.value.field, desk.store.rows) == (field, rows)


def test_there_are_only_as_many_replies_as_can_be_overlooked(desk: Desk) -> None:
    for number in range(MOST_REPLIES):
        keep(desk, f"Reply {number}")
    with pytest.raises(InvalidError):
        keep(desk, "One more")
    keep(desk, "Reply 0", "New words", reply_id=key(desk, "Reply 0"))


def test_only_an_administrator_of_the_account_looks_after_them(desk: Desk) -> None:
    # S54 S55
    keep(desk, "One")
    mine = key(desk, "One")
    commands = [
        SaveReply(desk.evening.id, "Two", "Words"),
        MoveReply(desk.evening.id, mine, True),
        RemoveReply(desk.evening.id, mine),
        WordDeclines(desk.evening.id, ()),
    ]
    for command in commands:
        for person in (desk.sam, desk.ada, desk.mia):
            with pytest.raises(NotAllowedError):
                desk.does(person, command)
    for clinic in (desk.foreign.id, ClinicId(404)):
        keep_in = SaveReply(clinic, "Two", "Words")
        with pytest.raises(NotFoundError):
            desk.does(desk.root, keep_in)
    for title in ("Theirs", "One", ""):  # that it is gone comes before what is wrong with it
        with pytest.raises(NotFoundError):
            keep(desk, title, reply_id=ReplyId(404))
    elsewhere = SaveReply(desk.daytime.id, "Mine", "Words", mine)
    with pytest.raises(NotFoundError):
        desk.does(desk.root, elsewhere)


def test_every_card_that_offers_them_and_every_open_dialog_hears_of_a_change(desk: Desk) -> None:
    # S41
    desk.turn_on(desk.ada)
    desk.ask()
    directed = desk.ask(by=desk.omar, target_host_id=desk.ada)
    before = dict(desk.store.rows.heads)
    keep(desk, "One")
    moved = {stream for stream, head in desk.store.rows.heads.items() if head != before.get(stream)}
    group = desk.evening.host_group.id
    assert moved == {f"clinic:{desk.evening.id}", f"hosts:{group}", f"host:{desk.ada}", "control"}
    seen = desk.snapshot(f"host:{desk.ada}", Projection.HOST)
    [card] = [view for view in seen.views if isinstance(view, HostCard)]
    assert [reply.text for reply in card.replies] == [ADDRESS]
    found = desk.store.ask(lambda r: assignment(r, desk.actor(desk.sam), directed, desk.now))
    assert [reply.title for reply in found.replies] == ["One"]


def test_a_decline_says_the_sentence_of_its_reason_as_it_was_when_it_was_pressed(
    desk: Desk,
) -> None:
    # S48 S51 S57
    word(desk, (DeclineReason.NO_ONE_AVAILABLE, " Nobody is free tonight. "))
    number = desk.ask()
    dialog = desk.store.ask(lambda r: assignment(r, desk.actor(desk.sam), number, desk.now))
    assert set(dialog.sentences) == set(CHOICES)
    assert dialog.sentences[DeclineReason.NO_ONE_AVAILABLE] == "Nobody is free tonight."
    assert dialog.sentences[DeclineReason.DUPLICATE] == desk.evening.declined_text
    desk.decline(number, reason=DeclineReason.NO_ONE_AVAILABLE, response="Try tomorrow.")
    word(desk, (DeclineReason.NO_ONE_AVAILABLE, "Something else altogether."))
    desk.wait(10)
    desk.sweep()
    card = read_by_mia(desk)
    assert (card.declined_text, card.response) == ("Nobody is free tonight.", "Try tomorrow.")


def test_an_undone_decline_leaves_no_sentence_behind(desk: Desk) -> None:
    word(desk, (DeclineReason.DUPLICATE, "You asked already."))
    number = desk.ask()
    desk.decline(number, reason=DeclineReason.DUPLICATE)
    desk.undo(number)
    desk.decline(number)
    desk.wait(10)
    desk.sweep()
    assert read_by_mia(desk).declined_text == desk.evening.declined_text


def test_an_empty_sentence_is_the_clinics_own_again_and_the_same_one_is_no_change(
    desk: Desk,
) -> None:
    assert not word(desk, (DeclineReason.OTHER, "We are sorry."))
    assert word(desk, (DeclineReason.OTHER, "We are sorry."))
    assert not word(desk, (DeclineReason.OTHER, ""))
    assert desk.store.ask(lambda reading: reading.decline_sentences(desk.evening.id)) == {}


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (DeclineReason.HOST_UNAVAILABLE, "Decided by nobody."),
        (DeclineReason.OTHER, "x" * (RESPONSE_LIMIT + 1)),
    ],
)
def test_what_cannot_be_a_sentence_is_refused(
    desk: Desk, reason: DeclineReason, sentence: str
) -> None:
    rows = desk.store.rows
    with pytest.raises(InvalidError) as refused:
        word(desk, (reason, sentence))
    assert (refused.value.field, desk.store.rows) == (reason, rows)


def read_by_mia(desk: Desk) -> PatientCard:
    seen = desk.snapshot(f"patient:{desk.mia}", Projection.PATIENT)
    return next(view for view in seen.views if isinstance(view, PatientCard))
