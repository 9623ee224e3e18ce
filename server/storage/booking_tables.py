"""Public calendars: which there are, and what people not known yet asked for on them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from server.storage.schema import Instant, key, metadata, to

_OF_CLINIC = text("host_id IS NULL")

booking_account = Table(
    "booking_account",
    metadata,
    to("account", primary_key=True, autoincrement=False),
    Column("is_on", Boolean, nullable=False),
)
booking_service = Table(
    "booking_service", metadata, to("service", primary_key=True, autoincrement=False)
)
booking_calendar = Table(
    "booking_calendar",
    metadata,
    key(),
    to("account"),
    to("clinic"),
    to("person", "host_id", nullable=True),  # none: the clinic's own
    Column("slug", String(60), nullable=False, unique=True),
    Column("is_on", Boolean, nullable=False),
    Column("takes_unknown", Boolean, nullable=False),  # said for the clinic
    Index("uq_booking_calendar_host", "clinic_id", "host_id", unique=True),
    Index(
        "uq_booking_calendar_clinic",
        "clinic_id",
        unique=True,
        sqlite_where=_OF_CLINIC,
        postgresql_where=_OF_CLINIC,
    ),
)

booking = Table(
    "booking",
    metadata,
    key(),
    to("account"),
    to("booking_calendar", "calendar_id"),
    to("service"),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("answers_version", Integer, nullable=False),
    Column("answers", Text, nullable=False),  # server/storage/form_text.py
    Column("asked_at", Instant, nullable=False, index=True),
    Column("confirmed_at", Instant),
    Column("number", BigInteger),
    Column("was_there", Boolean, nullable=False),
    Index("ix_booking_email_asked_at", "email", "asked_at"),
)
booking_time = Table(
    "booking_time",
    metadata,
    to("booking", primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("starts_at", Instant, nullable=False),
)
booking_token = Table(
    "booking_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # the token itself is in the mail only
    to("booking", index=True),
)
