"""The import rule: the contracts in pyproject.toml, and a domain that needs nothing but Python."""

import subprocess
import sys

from tests.house.checkout import ROOT, imported_modules, our_files, spoken, syntax


def test_the_contracts_of_the_import_rule_are_kept() -> None:
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo', '--no-cache'])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_domain_imports_only_itself_and_the_standard_library() -> None:
    foreign = [
        f"{spoken(path)}:{line} imports {module}"
        for path in our_files(".py", under=("dispatch",))
        for line, module in imported_modules(syntax(path))
        if module.partition(".")[0] not in {"dispatch", *sys.stdlib_module_names}
    ]
    assert not foreign, "\n".join(foreign)
