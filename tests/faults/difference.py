"""What a page shows, held against what is so."""

import re
from collections.abc import Iterable, Mapping

from dispatch.stream import Cursor
from tests.faults.page import Page

Copy = tuple[int, str]  # version and HTML of one row
_LEASE = re.compile(r'data-lease-until="[^"]*"')
# A patient's place and range come with no number: they are told beside the rows, and each copy has
# those of the moment in which it was read.
_LINE = re.compile(r'(<div class="line"[^>]*>).*?(?=<p class="line__safe">)', re.DOTALL)


def elsewhere(pages: Iterable[Page], heads: Mapping[str, Cursor]) -> str:
    """Return in words which page is not where its stream is; empty if all are."""
    for page in pages:
        for key, cursor in page.twin.cursors.items():
            head = heads[key.partition("/")[0]]
            if cursor is None or (cursor["seq"], cursor["tag"]) != (head.seq, head.tag):
                return f"{page.account.name} is at {cursor}, {key} at {head}"
    return ""


def differs(page: Page, views: Mapping[str, Mapping[str, Copy]]) -> str:
    """Return in words what a page shows that is not so; empty if all of it is.

    ``views`` are those of each stream and projection.
    """
    truth: dict[str, Copy] = {}
    for key in page.twin.cursors:
        for entity, copy in views[key].items():
            truth[entity] = max(copy, truth.get(entity, copy), key=lambda one: one[0])
    shown = {name: (copy["version"], copy["html"]) for name, copy in page.twin.shown.items()}
    for entity in sorted({*truth, *shown}):
        mine, so = shown.get(entity), truth.get(entity)
        if mine is None or so is None:
            return f"{page.account.name} {'misses' if so else 'still shows'} {entity}"
        if mine[0] != so[0] or _sequenced(mine[1]) != _sequenced(so[1]):
            return f"{page.account.name} shows version {mine[0]} of {entity}, not {so[0]} as is so"
    return ""


def _sequenced(html: str) -> str:
    """Return what of a row changes by events alone."""
    return _LINE.sub(r"\1", _LEASE.sub("", html))
