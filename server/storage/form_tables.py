"""Pre-request forms by version, and the answers that came with requests."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from server.storage.schema import Id, Instant, metadata, to

form_version = Table(
    "form_version",
    metadata,
    to("clinic", primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("questions", Text, nullable=False),  # server/storage/form_text.py
    Column("has_note", Boolean, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by_id", Id, nullable=False),  # 0 for the system
)
# Beside the request, not in it: no list of requests reads what only its own people may.
request_answers = Table(
    "request_answers",
    metadata,
    to("request", primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("answers", Text, nullable=False),  # server/storage/form_text.py
)
