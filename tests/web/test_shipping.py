"""A page asks for one script and one sheet; they hold what they import, and nothing is joined that is not understood."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.rendering.joining import Joiner, NotJoinedError
from server.rendering.shipping import Shipped, shipped
from tests.house.checkout import ROOT, our_files, spoken
from tests.web.house import House, open_house

STATIC = ROOT / "static"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("shipping")) as opened:
        yield opened


def written(folder: Path, **modules: str) -> Path:
    """Write modules; return where the first of them is."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder / f"{next(iter(modules))}.js"


def test_every_kind_of_page_has_its_script_and_its_sheet() -> None:
    kinds = {"plain"}
    for path in our_files(".html", under=("templates",)):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"{% block kind %}(\w+){% endblock %}", text)
        assert len(found) < 2, spoken(path)
        kinds |= {*found}
        assert path.name == "base.html" or "<script" not in text, spoken(path)
        assert path.name in ("base.html", "letter.html") or "stylesheet" not in text, spoken(path)
    assert len(kinds) > 5
    assert {path.stem for path in (STATIC / "js" / "pages").iterdir()} == kinds
    assert {path.stem for path in (STATIC / "css" / "pages").iterdir()} == kinds


def test_every_module_and_every_sheet_is_on_some_page() -> None:
    files = shipped(STATIC).files
    scripts = b"".join(text for name, text in files.items() if name.startswith("js/pages/"))
    for path in our_files(".js", under=("static",)):
        assert f"{{ // {path.parent.name}/{path.name}\n".encode() in scripts, spoken(path)
    named = "".join(
        path.read_text(encoding="utf-8") for path in our_files(".css", under=("static",))
    )
    linked = (ROOT / "templates" / "layouts" / "base.html").read_text(encoding="utf-8")
    for path in our_files(".css", under=("static",)):
        is_named = path.parent.name == "pages" or f'{path.name}")' in named or path.name in linked
        assert is_named, spoken(path)


def test_what_speaks_to_readers_is_not_shipped() -> None:
    files = shipped(STATIC).files
    for name, text in files.items():
        lines = text.decode().splitlines() if "/pages/" in name else []
        assert not [line for line in lines if line.startswith(("//", "/*"))], name
        assert not [line for line in lines if line != line.lstrip()], name
    assert "export " not in files["js/pages/board.js"].decode()


def test_only_imports_exports_indentation_and_comments_differ_from_what_was_written() -> None:
    def lines_of(text: str) -> set[str]:
        plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        lines = (line.strip().removeprefix("export ") for line in plain.splitlines())
        return {line for line in lines if line and not line.startswith(("//", "import "))}

    scripts = "".join(
        text.decode()
        for name, text in shipped(STATIC).files.items()
        if name.startswith("js/pages/")
    )
    sent = lines_of(scripts)
    for path in our_files(".js", under=("static",)):
        for line in lines_of(path.read_text(encoding="utf-8")) - sent:
            ends = [found.start() for found in re.finditer(" // ", line)]
            assert any(line[:end] in sent for end in ends), (spoken(path), line)


@pytest.mark.parametrize(
    ("line", "is_sure"),
    [
        ("go(); // and why", True),
        ('say("it\'s // no comment"); // and why', True),
        ("half(a / b); // a slash may begin something else", False),
        ("const text = 'one // two';", False),
        ("const text = `one // two`;", False),
        ('const text = "\\" // two";', False),
        ('const text = "one // two";', False),
        ("go(); // and why */", False),
    ],
)
def test_a_comment_behind_what_is_done_goes_where_it_is_surely_one(
    tmp_path: Path, line: str, is_sure: bool
) -> None:
    _, sent, *_ = Joiner().script(written(tmp_path, page=f"{line}\n")).splitlines()
    assert sent == (line.rpartition(" // ")[0] if is_sure else line)


def test_a_module_is_there_once_and_after_those_that_it_imports(tmp_path: Path) -> None:
    entry = written(
        tmp_path,
        page='import "./b.js";\nimport { a as first } from "./a.js";\nfirst();\n',
        b='import { a } from "./a.js";\na();\n',
        a="export const a = () => 1;\n",
    )
    script = Joiner().script(entry)
    assert [line[-4:] for line in script.splitlines() if line.startswith("{ //")] == [
        "a.js",
        "b.js",
        "e.js",
    ]
    assert "const { a: first } = joined_0;" in script


@pytest.mark.parametrize(
    "line",
    [
        'import {\n  a,\n} from "./a.js";',
        'import a from "./a.js";',
        'import * as all from "./a.js";',
        'import { nowhere } from "./a.js";',
        "import { a } from 'a';",
        'export * from "./a.js";',
        "const x = 1;\nexport { x };",
        "export default 1;",
        "export let x = 1;",
        'const later = () => import("./a.js");',
        "const here = import.meta.url;",
        "const text = `one\n  two`;",
        'const text = "one \\\n  two";',
        'import { a } from "./page.js";',
    ],
)
def test_a_module_in_any_other_form_is_refused(tmp_path: Path, line: str) -> None:
    entry = written(tmp_path, page=f"{line}\n", a="export const a = 1;\n")
    with pytest.raises(NotJoinedError):
        Joiner().script(entry)


def test_sheets_keep_their_layers_and_their_order(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text(
        '/* A page. */\n@import url("main.css");\n@import url("own.css");\n'
    )
    (tmp_path / "main.css").write_text(
        '@layer reset, components;\n@import url("a.css") layer(reset);\n'
    )
    (tmp_path / "a.css").write_text("/* A\n   comment */\na {\n  color: red;\n}\n")
    (tmp_path / "own.css").write_text("b {\n  content: '/* no comment */';\n}\n")
    assert Joiner().sheet(tmp_path / "page.css") == (
        "@layer reset, components;\n@layer reset {\na {\ncolor: red;\n}\n}\nb {\ncontent: '/* no comment */';\n}\n"
    )


@pytest.mark.parametrize("rule", ["@import 'a.css';", "a { background: url(a.png); }"])
def test_a_sheet_that_names_files_in_another_way_is_refused(tmp_path: Path, rule: str) -> None:
    (tmp_path / "page.css").write_text(f"{rule}\n")
    with pytest.raises(NotJoinedError):
        Joiner().sheet(tmp_path / "page.css")


def test_another_module_behind_a_page_is_another_release(tmp_path: Path) -> None:
    (tmp_path / "js" / "pages").mkdir(parents=True)
    (tmp_path / "js" / "pages" / "plain.js").write_text('import "../a.js";\n')
    (tmp_path / "js" / "a.js").write_text("one();\n")
    first = Shipped(tmp_path)
    assert first.release == Shipped(tmp_path).release
    (tmp_path / "js" / "a.js").write_text("two();\n")
    second = Shipped(tmp_path)
    assert b"two();" in second.files["js/pages/plain.js"]
    assert first.release != second.release


def test_a_file_is_sent_packed_to_whoever_can_unpack_it(house: House) -> None:
    path = f"/static/{shipped(STATIC).release}/js/pages/patient.js"
    packed = house.client.get(path, headers={"accept-encoding": "gzip, br"})
    plain = house.client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-type"].partition(";")[0] in (
        "text/javascript",
        "application/javascript",
    )
    icons = house.client.get("/static/anolderone/icons.svg", headers={"accept-encoding": "gzip"})
    assert icons.headers["content-type"] == "image/svg+xml"
    assert gzip.decompress(shipped(STATIC).packed("icons.svg")) == icons.content


def test_a_page_of_another_release_asks_and_is_told_what_is_so_now(house: House) -> None:
    first = house.client.get("/static/anolderone/css/pages/plain.css")
    assert first.headers["cache-control"] == "no-cache"
    tag = {"if-none-match": first.headers["etag"]}
    again = house.client.get("/static/anolderone/css/pages/plain.css", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = house.client.get(
        "/static/anolderone/css/pages/plain.css", headers={"if-none-match": 'W/"x"'}
    )
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["js/none.js", "../pyproject.toml", "js/", "", "js%2fmain.js%00"])
def test_what_is_not_shipped_is_not_found(house: House, path: str) -> None:
    assert house.client.get(f"/static/{shipped(STATIC).release}/{path}").status_code == 404
