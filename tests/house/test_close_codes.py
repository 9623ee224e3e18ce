"""Every close code is told to readers, and every page knows what to do on it."""

import re

from server.live.codes import Close
from tests.house.checkout import ROOT

_ROW = re.compile(r"^\| ([\d, ]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_ENDING = re.compile(r'^  (\d{4}): (?:\{ does: "([a-z-]+)"|null)', re.MULTILINE)
_WORDS = {
    "": "reconnects",
    "reload-once": "reloads once",
    "sign-in": "asks to sign in again",
    "empty": "empties the page",
    "stop": "stops",
    "reload": "reloads",
}


def told() -> dict[int, str]:
    document = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    table = document.partition("## Close codes")[2].partition("\n## ")[0]
    rows = _ROW.findall(table)
    return {int(code): does for codes, does in rows for code in codes.split(",")}


def done() -> dict[int, str]:
    script = (ROOT / "static" / "js" / "backoff.js").read_text(encoding="utf-8")
    return {int(code): does for code, does in _ENDING.findall(script)}


def test_every_close_code_is_in_the_document_and_in_the_page() -> None:
    codes = {int(code) for code in Close}
    assert codes <= set(told())
    assert set(told()) == set(done())


def test_the_page_does_what_the_document_says() -> None:
    wrong = {code: does for code, does in told().items() if _WORDS[done()[code]] not in does}
    assert not wrong
