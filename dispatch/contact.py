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


def checked_email(text: str, field: str = "email") -> str:
    """Return an e-mail address in small letters.

    Raises:
        InvalidError: it is none.
    """
    email = text.strip().lower()
    local = email.partition("@")[0]
    if (
        len(email) > EMAIL_LIMIT
        or not _EMAIL.fullmatch(email)
        or ".." in email
        or local.startswith(".")
        or local.endswith(".")
    ):
        raise InvalidError("Enter an e-mail address, like name@example.com.", field=field)
    return email


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
