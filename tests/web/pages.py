"""Knows how to read an answer's HTML as a person would: elements, their attributes and their words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"br", "hr", "img", "input", "link", "meta", "use"}


@dataclass
class Element:
    """One element with what is inside it."""

    tag: str
    attrs: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the text with single spaces."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        return "".join(c if isinstance(c, str) else f"{c._text()}" for c in self.children)

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", **attrs: str) -> list["Element"]:
        """Return every element below with that tag and those attributes (``_`` stands for ``-``)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            e
            for e in self.walk()
            if (not tag or e.tag == tag)
            and all(
                value in e.attrs.get(name, "").split()
                if name == "class"
                else e.attrs.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attrs: str) -> "Element":
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of {tag} {attrs}"
        return found[0]

    def is_hidden(self) -> bool:
        return "hidden" in self.attrs


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            while len(self._open) > 1 and self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(html: str) -> Element:
    """Return the document."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def numbers(page: Element) -> list[str]:
    """Return the Request # of each row that is shown, top to bottom."""
    [board] = page.all("table", class_="table")
    return [row.attrs["data-number"] for row in board.all("tr") if "data-number" in row.attrs]
