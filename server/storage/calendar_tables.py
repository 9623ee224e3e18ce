"""Hosts' calendars: rules in local time, from which concrete slots are computed and never kept."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Time

from server.storage.schema import key, metadata, to

calendar_rule = Table(
    "calendar_rule",
    metadata,
    key(),
    to("person", "host_id", index=True),
    Column("kind", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),  # none: without end
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("weekdays", String(7), nullable=False),  # "024": Monday, Wednesday, Friday; "": once
    Column("starts_later", Boolean, nullable=False),
    Column("ends_later", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    sqlite_autoincrement=True,  # a page may still name a rule that is gone: it is no other
)
