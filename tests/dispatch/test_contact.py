"""What is an e-mail address is said once, whoever types it."""

import pytest

from dispatch.contact import EMAIL_LIMIT, checked_email, is_email, newly_typed_email
from dispatch.errors import InvalidError

ADDRESSES = [
    "ada@example.org",
    "Ada.Fell+desk@mail.example.org",
    "o'neill@example.org",
    "a_b-c@sub-domain.example.org",
    f"{'a' * 64}@example.org",
]
NONE = [
    "ada",
    "ada@clinic",
    "@example.org",
    "ada@",
    "ada@@example.org",
    "ada fell@example.org",
    "ada@exam_ple.org",
    "ada@example..org",
    "ada@.example.org",
    "ada@example.org.",
    ".ada@example.org",
    "ada.@example.org",
    "a..da@example.org",
    "<ada@example.org>",
    "ada@example.org, ben@example.org",
    "ada@example.org\nBcc: ben@example.org",
    "ada@example.org\x00",
    "ädä@example.org",
    f"{'a' * 65}@example.org",
    f"ada@{'a.' * 125}org",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_kept_in_small_letters(text: str) -> None:
    assert is_email(text)
    assert checked_email(f" {text}\n") == text.lower()


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_address_is_a_sentence_at_its_field(text: str) -> None:
    assert not is_email(text)
    with pytest.raises(InvalidError) as refused:
        checked_email(text, field="alert")
    assert refused.value.field == "alert"
    too_long = len(text) > EMAIL_LIMIT
    said = "Keep this under 254 characters." if too_long else "like name@example.com."
    assert refused.value.sentence.endswith(said)


def test_what_was_kept_before_there_was_one_rule_stays_until_another_is_typed() -> None:
    assert newly_typed_email("Ada@Clinic", "ada@clinic") == "ada@clinic"
    assert newly_typed_email(" ", "ada@clinic") == newly_typed_email(None, "ada@clinic") == ""
    with pytest.raises(InvalidError):
        newly_typed_email("ben@clinic", "ada@clinic")
