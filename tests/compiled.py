"""A template is compiled once for each process of the tests; every application they open would do it anew."""

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import Environment


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Have the templates of all environments that can say the same things share their code."""
    anew: Callable[..., Any] = Environment.compile
    kept: dict[Any, Any] = {}

    def compile(
        self: Environment, source: Any, name: Any = None, filename: Any = None, *more: Any
    ) -> Any:
        if filename is None or more:  # no file of ours
            return anew(self, source, name, filename, *more)
        words = (self.autoescape, frozenset(self.filters), frozenset(self.globals))
        key = (source, name, filename, *words)
        if key not in kept:
            kept[key] = anew(self, source, name, filename)
        return kept[key]

    patch.setattr(Environment, "compile", compile)
