"""Every promise of the source has a test that names it, and docs/coverage.md says which."""

from pathlib import Path

import pytest

from tests.house import coverage
from tests.house.checklist import NOT_BUILT, PROMISES


@pytest.fixture(scope="module")
def proofs() -> dict[str, list[str]]:
    return coverage.proofs()


def test_every_promise_is_kept_by_a_test_that_names_it(proofs: dict[str, list[str]]) -> None:
    missing = coverage.unproven(proofs)
    assert not missing, "\n".join(f"{number}: {PROMISES[number]}" for number in missing)


def test_the_document_says_what_the_tests_say(proofs: dict[str, list[str]]) -> None:
    is_same = coverage.DOCUMENT.read_text(encoding="utf-8") == coverage.document(proofs)
    assert is_same, "docs/coverage.md is behind: python -m tests.house.coverage"


def test_every_number_of_the_checklist_is_promised_or_left_out_with_a_reason() -> None:
    numbers = {f"S{n}" for n in range(1, 93)} | {f"V{n}" for n in range(1, 16)}
    assert numbers == set(PROMISES) | set(NOT_BUILT)
    assert all(reason.strip() for reason in NOT_BUILT.values())


def test_a_number_counts_only_where_a_test_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tests" / "test_it.py"
    file.parent.mkdir()
    file.write_text(
        '# S1\n"""S2"""\n\n\ndef build() -> None:  # S3\n    ...\n\n\n# S4\ndef test_a() -> None:\n'
        '    """S5: so."""\n    # S7 S8\n    text = "S6"\n\n\nclass TestIt:\n    # S9\n'
        "    def test_b(self) -> None: ...  # S10\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("tests.house.checkout.ROOT", tmp_path)
    found = {number: tests for number, tests in coverage.proofs().items() if tests}
    assert found == {
        "S4": ["test_it.py::test_a"],
        "S5": ["test_it.py::test_a"],
        "S7": ["test_it.py::test_a"],
        "S8": ["test_it.py::test_a"],
        "S9": ["test_it.py::test_b"],
        "S10": ["test_it.py::test_b"],
    }
