"""Messages in words: one plain text each; the HTML form is made of it, so the two never differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from dispatch.letter import Letter, Words
from server.rendering.spoken_time import spoken_datetime
from server.settings import ROOT

_LABEL = ": "  # between what a link says and its address, on a line of its own
_ITEM = "- "


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a message: a sentence or more, a list, or one link."""

    lines: Sequence[str]
    kind: str  # text, list, link
    address: str = ""


class Letters:
    """The messages of one site; ``origin`` is what its links begin with."""

    def __init__(self, origin: str, root: Path = ROOT) -> None:
        self._origin = origin.rstrip("/")
        self._templates = Environment(
            loader=FileSystemLoader(root / "templates" / "mail"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters["spoken"] = _spoken

    def words(self, letter: Letter) -> Words:
        """Return the message: its first line is the subject."""
        link = f"{self._origin}{letter.path}"
        said = self._templates.get_template(f"{letter.kind}.txt").render(letter=letter, link=link)
        subject, _, text = said.strip().partition("\n")
        text = f"{text.strip()}\n"
        paragraphs = [_paragraph(part, link) for part in text.strip().split("\n\n")]
        html = self._templates.get_template("letter.html").render(
            subject=subject, paragraphs=paragraphs
        )
        return Words(subject.strip(), text, html)


def _paragraph(part: str, link: str) -> Paragraph:
    lines = part.strip().splitlines()
    if len(lines) == 1 and lines[0].endswith(f"{_LABEL}{link}"):
        return Paragraph([lines[0].removesuffix(f"{_LABEL}{link}")], "link", link)
    if all(line.startswith(_ITEM) for line in lines):
        return Paragraph([line.removeprefix(_ITEM) for line in lines], "list")
    return Paragraph(lines, "text")


def _spoken(at: datetime, zone: str) -> str:
    """Return an instant as the recipient says it, its zone included (S91)."""
    return spoken_datetime(at, zone)
