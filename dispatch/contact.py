"""How somebody says who they are: a name, an e-mail address, a telephone number; one line each."""

import re

from dispatch.errors import InvalidError

NAME_LIMIT, EMAIL_LIMIT, PHONE_LIMIT = 100, 254, 40  # characters
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./-]+")
_FEWEST_DIGITS = 5


def checked_name(text: str, field: str = "name") -> str:
    """Return a name with single blanks.

    Raises:
        InvalidError: none, too long, or with signs that no name has: line ends, invisible ones.
    """
    name = " ".join(text.split(" "))
    if not name.strip():
        raise InvalidError("Enter your name.", field=field)
    if len(name) > NAME_LIMIT:
        raise InvalidError(f"Keep the name under {NAME_LIMIT} characters.", field=field)
    if not name.isprintable():
        raise InvalidError("Write the name on one line, in letters.", field=field)
    return " ".join(name.split())


def is_email(text: str) -> bool:
    """Tell whether it is an e-mail address that mail can go to: the one rule for all of them."""
    local = text.partition("@")[0]
    return (
        len(text) <= EMAIL_LIMIT
        and _EMAIL.fullmatch(text) is not None
        and ".." not in text
        and not local.startswith(".")
        and not local.endswith(".")
    )


def checked_email(text: str, field: str = "email") -> str:
    """Return an e-mail address in small letters.

    Raises:
        InvalidError: it is none, or is too long for one.
    """
    email = text.strip().lower()
    if len(email) > EMAIL_LIMIT:
        raise InvalidError(f"Keep this under {EMAIL_LIMIT} characters.", field=field)
    if not is_email(email):
        raise InvalidError("Enter an e-mail address, like name@example.com.", field=field)
    return email


def newly_typed_email(text: str | None, kept: str, field: str = "email") -> str:
    """Return an address as it is to be kept, or "" where none was given.

    What is kept already passes as it is: whoever corrects something beside it did not type it.

    Raises:
        InvalidError: it is another one, and is no address.
    """
    typed = (text or "").strip()
    if not typed:
        return ""
    return kept if typed.lower() == kept.lower() else checked_email(typed, field)


def checked_phone(text: str, field: str = "phone") -> str:
    """Return a telephone number with single blanks; empty where none was given.

    Raises:
        InvalidError: it is none.
    """
    phone = " ".join(text.split(" ")).strip()
    digits = sum(sign.isdigit() for sign in phone)
    if phone and (
        len(phone) > PHONE_LIMIT or digits < _FEWEST_DIGITS or not _PHONE.fullmatch(phone)
    ):
        raise InvalidError("Enter a phone number, like 555 010 0142.", field=field)
    return phone
