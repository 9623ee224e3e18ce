"""The word of a link cannot be guessed, bent, or taken for that of another link."""

from datetime import UTC, datetime

import pytest

from dispatch import status_link, welcome
from dispatch.keyed_word import read_word, write_word
from dispatch.status_link import StatusLink
from dispatch.vocabulary import PersonId, RequestId
from dispatch.welcome import WelcomeLink
from tests.builders import NOON

SECRET, OTHER = bytes(range(32)), bytes(range(1, 33))
PURPOSE = b"status link"
WORD = write_word(PURPOSE, 12, NOON, SECRET)


def test_it_says_a_number_and_a_second() -> None:
    assert read_word(PURPOSE, WORD, SECRET) == (12, NOON)
    assert write_word(PURPOSE, 12, NOON.replace(microsecond=999_999), SECRET) == WORD
    assert len({write_word(PURPOSE, n, NOON, SECRET) for n in range(50)}) == 50


def test_at_least_128_bits_of_it_cannot_be_known_without_the_secret() -> None:
    # Everything but the hash is public, so count what two secrets make different.
    bent = write_word(PURPOSE, 12, NOON, OTHER)
    public = next(i for i, (a, b) in enumerate(zip(WORD, bent, strict=True)) if a != b)
    assert (len(WORD) - public) * 6 >= 128
    assert read_word(PURPOSE, bent, SECRET) is None


@pytest.mark.parametrize("place", range(40))
def test_no_letter_of_it_can_be_changed(place: int) -> None:
    other = "A" if WORD[place] != "A" else "B"
    assert read_word(PURPOSE, f"{WORD[:place]}{other}{WORD[place + 1 :]}", SECRET) is None


@pytest.mark.parametrize(
    "word", ["", "x", WORD[:-1], f"{WORD}A", f" {WORD}", f"{WORD}\n", "é" * 40, "=" * 40]
)
def test_what_is_cut_off_or_no_word_of_ours_says_nothing(word: str) -> None:
    assert read_word(PURPOSE, word, SECRET) is None


def test_the_word_of_one_kind_of_link_is_none_of_another_kind() -> None:
    assert status_link.read_token(welcome.write_token(PersonId(12), NOON, SECRET), SECRET) is None
    assert welcome.read_token(status_link.write_token(RequestId(12), NOON, SECRET), SECRET) is None


def test_links_that_were_mailed_long_ago_are_still_read() -> None:
    # As they were written before both kinds shared one module; never make these anew.
    secret, then = b"a secret of the clinic, thirty-two", datetime(2026, 3, 9, 14, 5, 7, tzinfo=UTC)
    asked = status_link.read_token("AAAAAAQSaa7Tk0KTHm-x3z7VfMEq-_h3ursBpA9y", secret)
    assert asked == StatusLink(RequestId(1042), then)
    invited = welcome.read_token("AAAAAABNaa7Tk24knX-qxssF0e4dOXfKx9X0T-D4", secret)
    assert invited == WelcomeLink(PersonId(77), then)
