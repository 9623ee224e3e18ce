"""The work: session requests with their times, passes and claims."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.storage.schema import Id, Instant, key, metadata, to

_PENDING = text("status = 'pending'")

request = Table(
    "request",
    metadata,
    key(),
    to("account"),
    Column("number", BigInteger, nullable=False),
    to("clinic"),
    to("service"),
    to("person", "requester_id", index=True),
    to("person", "target_host_id", nullable=True),
    to("person", "submitted_by_id"),
    Column("type", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("declining_by_id", Id),
    Column("declining_reason", String(40)),
    Column("declining_response", Text),
    Column("declining_due_at", Instant),
    Column("decided_by_id", Id),  # 0 for the system
    Column("decided_at", Instant),
    Column("decided_reason", String(40)),
    Column("response", Text),
    Column("accepted_host_id", Id),
    Column("accepted_at_time", Instant),
    Column("session_id", Id),
    Column("reminds_at", Instant),
    Column("escalates_at", Instant),
    Column("escalated_at", Instant),
    Column("dismissed_at", Instant),  # of a decline: when its requester put it aside
    Column("declining_sentence", Text),
    Column("decided_sentence", Text),
    UniqueConstraint("account_id", "number"),
    Index(  # one open request per person and clinic
        "uq_request_open",
        "clinic_id",
        "requester_id",
        unique=True,
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index("ix_request_clinic_id_status_submitted_at", "clinic_id", "status", "submitted_at"),
    Index(
        "ix_request_target_pending",
        "target_host_id",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(
        "ix_request_due",
        "declining_due_at",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(
        "ix_request_expiry",
        "expires_at",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(
        "ix_request_reminder",
        "reminds_at",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(
        "ix_request_escalation",
        "escalates_at",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index("ix_request_clinic_id_decided_at", "clinic_id", "decided_at"),
)
requested_time = Table(
    "requested_time",
    metadata,
    to("request", primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("starts_at", Instant, nullable=False, index=True),
)
request_pass = Table(
    "request_pass",
    metadata,
    to("request", primary_key=True),
    to("person", "host_id", primary_key=True, index=True),
    Column("reason", Text, nullable=False),
    Column("passed_at", Instant, nullable=False),
)
told_wait = Table(  # the first range that the requester was shown
    "told_wait",
    metadata,
    to("request", primary_key=True, autoincrement=False),
    Column("low_minutes", Integer, nullable=False),
    Column("high_minutes", Integer, nullable=False),
    Column("told_at", Instant, nullable=False),
)
claim = Table(
    "claim",
    metadata,
    to("request", primary_key=True, autoincrement=False),
    to("person"),
    Column("tab", String(64), nullable=False, index=True),
    Column("taken_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False, index=True),
)
