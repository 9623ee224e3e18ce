"""Names and subjects as headers and calendar files may hold them."""

import unicodedata

NAME_LIMIT = 80  # characters
_ENDS = frozenset(
    {"Cc", "Cf", "Zl", "Zp"}
)  # control, invisible formatting, line and paragraph ends


def in_one_line(text: str, limit: int = NAME_LIMIT) -> str:
    """Return it without what could end a header, or hide or turn round a part of it."""
    kept = (" " if unicodedata.category(sign) in _ENDS else sign for sign in text)
    return " ".join("".join(kept).split())[:limit]
