"""One process holds a database, whatever name the file is called by."""

from pathlib import Path

import pytest

from server.settings import SettingError, Settings
from server.storage.sqlite_store import SqliteStore
from tests.builders import FrozenClock


def test_a_second_name_of_the_file_does_not_open_it_twice(tmp_path: Path) -> None:
    real, other = tmp_path / "dispatch.db", tmp_path / "other.db"
    store = SqliteStore(Settings(database_url=f"sqlite:///{real}"), FrozenClock())
    try:
        other.symlink_to(real)
        with pytest.raises(SettingError, match="in use"):
            SqliteStore(Settings(database_url=f"sqlite:///{other}"), FrozenClock()).close()
    finally:
        store.close()
