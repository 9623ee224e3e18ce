"""What a name and a text may be, wherever somebody types one; it knows no field's purpose."""

from dispatch.errors import InvalidError

LONGEST_NAME = 200  # characters
LONGEST_TEXT = 500


def a_name(text: str, *, field: str = "name", of: str = "a name") -> str:
    """Return the name on one line, single-spaced.

    Raises:
        InvalidError: there is none, or it is too long.
    """
    name = one_line(text, field=field)
    if not name:
        raise InvalidError(f"Give {of}.", field=field)
    return name


def one_line(text: str, *, field: str, longest: int = LONGEST_NAME) -> str:
    """Return text that goes into mails and calendar files: no line breaks, no control characters.

    Raises:
        InvalidError: it is too long, or holds what cannot be printed.
    """
    line = " ".join(text.split())
    if len(line) > longest:
        raise InvalidError(f"Keep this under {longest} characters.", field=field)
    if not line.isprintable():
        raise InvalidError("Use letters, digits and ordinary signs only.", field=field)
    return line


def a_text(text: str, *, field: str, longest: int = LONGEST_TEXT) -> str:
    """Return trimmed text of several lines.

    Raises:
        InvalidError: it is too long.
    """
    trimmed = text.strip()
    if len(trimmed) > longest:
        raise InvalidError(f"Keep this under {longest} characters.", field=field)
    return trimmed
