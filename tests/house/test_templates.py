"""Templates keep the page's promise (no inline script, no inline style) and say what they are given."""

import importlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from tests.house.checkout import ROOT, our_files, spoken

TEMPLATES = our_files(".html", ".txt", under=("templates",))
PARTIALS = [path for path in TEMPLATES if path.name.startswith("_")]

# What every template may use without being given it: the rendering environment's globals.
ALLOWED_GLOBALS = {"static_url", "icon", "sends_mail"}

# Mail programs drop style sheets, and no Content-Security-Policy reaches a mail.
MAIL = ROOT / "templates" / "mail"

_SYNTAX = Environment(
    autoescape=True,
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
)
# Filters of ours, so that the templates parse; what they do is not looked at here.
_SYNTAX.filters.update(dict.fromkeys(("instant", "iso", "before", "spoken"), str))
_PROMISE = re.compile(r"\{#-?\s*(?P<variable>[a-z_]+): (?P<view>dispatch\.views(\.\w+)+)\s*-?#\}")
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)

over_templates = pytest.mark.parametrize("path", TEMPLATES, ids=spoken)
over_partials = pytest.mark.parametrize("path", PARTIALS, ids=spoken)


@over_templates
def test_nothing_inline_that_the_content_security_policy_would_block(path: Path) -> None:
    page = _InlineFinder(may_style=path.is_relative_to(MAIL))
    # A space for each expression: what it prints is escaped and cannot bring a tag or an attribute.
    page.feed(_JINJA.sub(" ", path.read_text(encoding="utf-8")))
    page.close()
    assert not page.found, f"{spoken(path)}: {', '.join(page.found)}"


@over_templates
def test_nothing_is_called_safe(path: Path) -> None:
    tree = _SYNTAX.parse(path.read_text(encoding="utf-8"))
    safe = [f"line {node.lineno}" for node in _unescaped(tree)]
    assert not safe, f"{spoken(path)} switches escaping off at {', '.join(safe)}"


@over_partials
def test_a_partial_names_its_one_variable_and_its_view(path: Path) -> None:
    promise = _PROMISE.match(path.read_text(encoding="utf-8"))
    assert promise, f"{spoken(path)} must start with {{# name: dispatch.views.Type #}}"
    module, _, type_name = promise["view"].rpartition(".")
    assert hasattr(importlib.import_module(module), type_name), f"there is no {promise['view']}"


@over_partials
def test_a_partial_uses_nothing_but_its_one_variable(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    promise = _PROMISE.match(source)
    used = meta.find_undeclared_variables(_SYNTAX.parse(source))
    given = {promise["variable"]} if promise else set()
    surprising = used - given - ALLOWED_GLOBALS - set(_SYNTAX.globals)
    assert not surprising, f"{spoken(path)} also uses {', '.join(sorted(surprising))}"


def test_the_finder_sees_what_it_forbids() -> None:
    page = _InlineFinder(may_style=False)
    page.feed(
        '<p style="color:red" onclick="go()">x</p><script src="a.js"></script>'
        '<script>go()</script><style>p{}</style><a href="JavaScript:go()">y</a>'
    )
    assert page.found == [
        "style= on <p> in line 1",
        "onclick= on <p> in line 1",
        "a <script> with a body in line 1",
        "a <style> element in line 1",
        "a javascript: address in line 1",
    ]
    assert list(_unescaped(_SYNTAX.parse("{{ x|safe }}")))
    assert list(_unescaped(_SYNTAX.parse("{% autoescape false %}{{ x }}{% endautoescape %}")))


class _InlineFinder(HTMLParser):
    """Collects, in words, every piece of a page that is script or style in the wrong place."""

    def __init__(self, *, may_style: bool) -> None:
        super().__init__()
        self.found: list[str] = []
        self._may_style = may_style
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        if tag == "style" and not self._may_style:
            self._find("a <style> element")
        for name, value in attrs:
            if name.startswith("on") or (name == "style" and not self._may_style):
                self._find(f"{name}= on <{tag}>")
            if value is not None and value.strip().lower().startswith("javascript:"):
                self._find("a javascript: address")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._in_script = False

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self._find("a <script> with a body")

    def _find(self, what: str) -> None:
        self.found.append(f"{what} in line {self.getpos()[0]}")


def _unescaped(tree: nodes.Template) -> Iterator[nodes.Node]:
    for node in tree.find_all((nodes.Filter, nodes.ScopedEvalContextModifier)):
        if isinstance(node, nodes.Filter):
            if node.name == "safe":
                yield node
        elif isinstance(node, nodes.ScopedEvalContextModifier) and any(
            option.key == "autoescape" for option in node.options
        ):
            yield node
