"""What clinics keep ready to say: replies in their order, and sentences for declines."""

from sqlalchemy import Column, Integer, String, Table, Text

from server.storage.schema import key, metadata, to

saved_reply = Table(
    "saved_reply",
    metadata,
    key(),
    to("clinic", index=True),
    Column("position", Integer, nullable=False),
    Column("title", String(60), nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,  # a page may still name a reply that is gone: it is no other
)
decline_sentence = Table(
    "decline_sentence",
    metadata,
    to("clinic", primary_key=True, autoincrement=False),
    Column("reason", String(40), primary_key=True),
    Column("sentence", Text, nullable=False),
)
