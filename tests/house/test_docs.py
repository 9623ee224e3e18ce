"""docs/architecture.md names only files and functions that exist, and the layers as they are held."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import OUR_FOLDERS, ROOT, our_files, syntax

DOCUMENT = ROOT / "docs" / "architecture.md"

_IN_BACKTICKS = re.compile(r"`([^`]+)`")
_CALL = re.compile(r"(?P<name>[A-Za-z_][\w.]*)\(.*\)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)*")


def test_every_path_in_the_architecture_exists() -> None:
    missing = [
        f"line {line}: {token}"
        for line, cell in _cells(in_tables_only=False)
        for token in _IN_BACKTICKS.findall(cell)
        if (path := _as_path(token)) is not None and not list(ROOT.glob(path))
    ]
    assert not missing, "\n".join(missing)


def test_every_decision_has_a_number_of_its_own() -> None:
    named = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [int(path.read_text().split(maxsplit=2)[1].rstrip(".")) for path in named]
    assert titles == [int(path.name[:4]) for path in named] == [*range(1, len(named) + 1)]


@pytest.mark.parametrize("package", ["dispatch", "server"])
def test_the_import_rule_is_told_as_it_is_held(package: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    held = next(c for c in contracts["contracts"] if c["id"] == f"{package}-layers")["layers"]
    told = re.search(rf"^{package}: +((?:.+\n)+?)(?=\w+:|```)", DOCUMENT.read_text(), re.MULTILINE)
    assert told is not None, f"the layers of {package} are gone from docs/architecture.md"
    assert " ".join(told[1].split()) == re.sub(r"[()]", "", " > ".join(held))


def test_every_function_named_beside_its_file_is_defined_there() -> None:
    """Beside: `path:function`, or in the same cell of a table as a `path`."""
    missing = []
    for line, cell in _cells(in_tables_only=True):
        tokens = _IN_BACKTICKS.findall(cell)
        files = [file for token in tokens for file in _files_of(token)]
        for token in tokens:
            path, _, name = token.partition(":")
            if name and _as_path(path) is not None:
                wanted, places = name, _files_of(path)
            elif files and _as_path(token) is None:
                wanted, places = token, files
            else:
                continue
            if not any(_defines(place, wanted) for place in places):
                missing.append(f"line {line}: {token}")
    assert not missing, "\n".join(missing)


def test_every_call_in_a_table_names_something_of_ours() -> None:
    """`accept_request(command, ...)` in a cell without a path is defined somewhere in the code."""
    code = our_files(".py", ".js", under=("dispatch", "server", "static"))
    missing = [
        f"line {line}: {token}"
        for line, cell in _cells(in_tables_only=True)
        for token in _IN_BACKTICKS.findall(cell)
        if _CALL.fullmatch(token) and not any(_defines(file, token) for file in code)
    ]
    assert not missing, "\n".join(missing)


def test_the_change_is_told_hop_by_hop_in_a_table() -> None:
    paths = [
        token
        for _, cell in _cells(in_tables_only=True)
        for token in _IN_BACKTICKS.findall(cell)
        if _as_path(token) is not None
    ]
    assert paths, "the table that follows one change through the files is gone"


@pytest.mark.parametrize(
    ("token", "path"),
    [
        ("dispatch/request.py", "dispatch/request.py"),
        ("dispatch/request.py:accept", "dispatch/request.py"),
        ("server/web/…", "server/web"),
        ("static/js/*.js", "static/js/*.js"),
        ("tests/", "tests"),
        ("/requests/1042/acceptance", None),
        ("dispatch.ports", None),
        ("application/json", None),
        ("accept_request(command, unit)", None),
    ],
)
def test_what_counts_as_a_path(token: str, path: str | None) -> None:
    assert _as_path(token) == path


def _cells(*, in_tables_only: bool) -> Iterator[tuple[int, str]]:
    assert DOCUMENT.is_file(), "docs/architecture.md is the map of this house; it must be there"
    in_fence = False
    for number, line in enumerate(DOCUMENT.read_text(encoding="utf-8").splitlines(), start=1):
        in_fence ^= line.lstrip().startswith("```")
        if in_fence:
            continue
        if line.startswith("|"):
            yield from ((number, cell) for cell in re.split(r"(?<!\\)\|", line.strip("|")))
        elif not in_tables_only:
            yield number, line


def _as_path(token: str) -> str | None:
    """Read the token as a path from the root of the checkout, if it is one; an ellipsis ends it."""
    path = token.partition(":")[0].removesuffix("…").rstrip("/")
    folder, slash, _ = token.partition("/")
    return path if slash and folder in OUR_FOLDERS and " " not in token else None


def _files_of(token: str) -> list[Path]:
    path = _as_path(token)
    found = ROOT.glob(path) if path is not None else ()
    return [
        file
        for place in found
        for file in (sorted(place.rglob("*")) if place.is_dir() else [place])
        if file.suffix in {".py", ".js", ".html", ".css"}
    ]


def _defines(file: Path, token: str) -> bool:
    call = _CALL.fullmatch(token)
    name = call["name"] if call else token
    if not _NAME.fullmatch(name):
        return True  # a form, a route or a piece of SQL, not a name
    if file.suffix == ".py":
        return name in _definitions(syntax(file))
    words = re.findall(r"[\w$-]+", file.read_text(encoding="utf-8"))
    return set(name.split(".")) <= set(words)


def _definitions(tree: ast.Module) -> set[str]:
    """List functions, classes and assigned names: plain, and members also as `Class.member`."""
    names: set[str] = set()
    owners: list[ast.Module | ast.ClassDef] = [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)),
    ]
    for owner in owners:
        prefix = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
        for node in owner.body:
            names |= {spelling for name in _bound(node) for spelling in (name, prefix + name)}
    return names


def _bound(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return set()
