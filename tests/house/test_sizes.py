"""A file near 300 lines is two nouns."""

from tests.house.checkout import our_files, spoken

MOST_LINES = 300
RECORDS = "server/storage/migrations/versions/"  # each the record of one day, never edited again


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        spoken(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in our_files(".py", ".js", ".css", ".html")
        if not spoken(path).startswith(RECORDS)
    }
    too_long = sorted(
        ((lines, name) for name, lines in lengths.items() if lines > MOST_LINES), reverse=True
    )
    assert not too_long, f"over {MOST_LINES} lines, worst first: " + ", ".join(
        f"{name} ({lines})" for lines, name in too_long
    )
