"""The storage ports kept in memory; the contract tests hold them to what SQLite does."""

from tests.fakes.store import FakeStore

__all__ = ["FakeStore"]
