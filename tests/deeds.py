"""Knows which use case does what a command says, so that a test need name the command alone."""

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any, get_type_hints

import dispatch.usecases
from dispatch.ports import UseCase


@cache
def every_use_case() -> dict[type, UseCase[Any]]:
    """Return what can be done at the desk by its command: each function of (command, actor, unit, now)."""
    found: dict[type, UseCase[Any]] = {}
    for module in pkgutil.iter_modules(dispatch.usecases.__path__):
        there = importlib.import_module(f"dispatch.usecases.{module.name}")
        for name, function in inspect.getmembers(there, inspect.isfunction):
            is_its_own = function.__module__ == there.__name__ and not name.startswith("_")
            if is_its_own and [*inspect.signature(function).parameters] == [
                "command",
                "actor",
                "unit",
                "now",
            ]:
                command = get_type_hints(function)["command"]
                assert command not in found, f"{name} and {found[command]} want the same command"
                found[command] = function
    return found


def usecase_of(command: object) -> UseCase[Any]:
    return every_use_case()[type(command)]
