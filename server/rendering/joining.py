"""Modules become one script and style sheets one sheet; what cannot be joined surely is refused.

This is no compiler. It knows of a script only the lines that import and export, which this house
writes in one form; each module goes into a block of its own, after those that it imports, as a
browser would run them. What only speaks to readers is left out: whole lines, and the end of a line
where that is surely a comment. Everything else stays as it was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

_IMPORT = re.compile(r'import (?:\{ (?P<names>[\w, ]+) \} from )?"(?P<path>\.[^"]+)";')
_EXPORT = re.compile(r"export (?=(?:async function|function|class|const) (?P<name>\w+)\b)")
_UNKNOWN = re.compile(r"(?:import|export)\b|.*\bimport\s*[(.]")
# Blank lines, and those that hold nothing but a comment, which may go on over several.
_FOR_READERS = re.compile(
    r"^[ \t]*(?://[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*\*/[ \t]*)?\n", re.MULTILINE
)
# Before a comment at the end of a line may stand plain text in double quotes, and nothing else in
# which two slashes could mean something else. Where more stands there, the comment is shipped.
_ASIDE = re.compile(r"""(?P<code>[^"'`/]*(?:"[^"\\]*"[^"'`/]*)*?)[ \t]+//(?!.*\*/).*""")
_SHEET = re.compile(r'@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>[a-z]+)\))?;\n')
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class NotJoinedError(ValueError):
    """A file that is written in a way that nobody here can join."""


@dataclass(frozen=True, slots=True)
class _Module:
    """One module: what it takes of which others, what it gives, and what it does."""

    imports: tuple[tuple[Path, tuple[str, ...]], ...]
    exports: frozenset[str]
    lines: tuple[str, ...]


class Joiner:
    """Reads each file once, however many pages need it."""

    def __init__(self) -> None:
        self._modules: dict[Path, _Module] = {}
        self._sheets: dict[Path, str] = {}

    def script(self, entry: Path) -> str:
        """Return a script that does what the module does with all that it imports, in one file."""
        order: dict[Path, int] = {}
        self._line_up(entry, order, ())
        return "".join(self._block(path, order) for path in order)

    def sheet(self, path: Path) -> str:
        """Return a style sheet with those that it imports inside, in their layers."""
        if path not in self._sheets:

            def inside(found: re.Match[str]) -> str:
                inner = self.sheet(_beside(path, found["path"]))
                return f"@layer {found['layer']} {{\n{inner}}}\n" if found["layer"] else inner

            text = _SHEET.sub(inside, _told(path))
            if "@import" in text or "url(" in text:
                raise NotJoinedError(f"{path.name} names another file in a way not known here")
            self._sheets[path] = _INDENTATION.sub("", text)
        return self._sheets[path]

    def _line_up(self, path: Path, order: dict[Path, int], asking: tuple[Path, ...]) -> None:
        """Put a module behind those that it imports, in the order in which a browser runs them."""
        if path in asking:
            raise NotJoinedError(f"{path.name} imports itself by way of {asking[-1].name}")
        if path in order:
            return
        for imported, names in self._read(path).imports:
            self._line_up(imported, order, (*asking, path))
            missing = {name.split()[0] for name in names} - self._read(imported).exports
            if missing:
                raise NotJoinedError(f"{path.name}: {imported.name} has no {sorted(missing)}")
        order[path] = len(order)

    def _read(self, path: Path) -> _Module:
        if path not in self._modules:
            self._modules[path] = _module(path)
        return self._modules[path]

    def _block(self, path: Path, order: dict[Path, int]) -> str:
        """Return a module as a block: its names stay inside, what it exports is one object."""
        module, own = self._read(path), f"joined_{order[path]}"
        takes = [
            f"const {{ {', '.join(names).replace(' as ', ': ')} }} = joined_{order[imported]};"
            for imported, names in module.imports
            if names
        ]
        gives = [f"{own} = {{ {', '.join(sorted(module.exports))} }};"] if module.exports else []
        name = f"{path.parent.name}/{path.name}"
        opens = [*([f"let {own};"] if gives else []), f"{{ // {name}"]
        return "\n".join([*opens, *takes, *module.lines, *gives, "}", ""])


def _module(path: Path) -> _Module:
    imports, exports, lines = [], set(), []
    for line in _code(path):
        if found := _IMPORT.fullmatch(line):
            names = (found["names"] or "").split(", ") if found["names"] else []
            imports.append((_beside(path, found["path"]), tuple(names)))
        elif found := _EXPORT.match(line):
            exports.add(found["name"])
            lines.append(line[found.end() :])
        elif _UNKNOWN.match(line):
            raise NotJoinedError(f"{path.name}: this line cannot be joined: {line}")
        else:
            lines.append(line.lstrip(" \t"))
    return _Module(tuple(imports), frozenset(exports), tuple(lines))


def _code(path: Path) -> Iterator[str]:
    """Yield the lines that do something; text over several lines would lose its indentation."""
    for line in _told(path).split("\n"):
        if line.count("`") % 2 or line.endswith("\\"):
            raise NotJoinedError(f"{path.name}: text goes on in the next line: {line}")
        aside = _ASIDE.fullmatch(line)
        yield aside["code"] if aside else line


def _told(path: Path) -> str:
    return _FOR_READERS.sub("", path.read_text(encoding="utf-8"))


def _beside(path: Path, address: str) -> Path:
    return Path(normpath(path.parent / address))
