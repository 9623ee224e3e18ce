"""The sessions made of requests, who waits for them, and where their video is."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from server.storage.schema import Instant, key, metadata, to

OPEN_SESSION = text(
    "status IN ('in_progress', 'patient_away', 'patient_waiting', 'ready', 'scheduled')"
)

video_session = Table(
    "video_session",
    metadata,
    key(),
    to("account"),
    to("clinic"),
    to("request", index=True),
    to("service"),
    to("person", "host_id"),
    to("person", "requester_id"),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("room", String(64), nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("closes_at", Instant, nullable=False),
    Column("arrived_at", Instant),
    Column("left_at", Instant),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column("reminded_at", Instant),
    Index("ix_video_session_host_id_starts_at", "host_id", "starts_at"),
    Index("ix_video_session_clinic_id_closes_at", "clinic_id", "closes_at"),
    Index("ix_video_session_requester_id_starts_at", "requester_id", "starts_at"),
    Index(
        "ix_video_session_due",
        "closes_at",
        sqlite_where=OPEN_SESSION,
        postgresql_where=OPEN_SESSION,
    ),
)

attendance = Table(
    "attendance",
    metadata,
    to("video_session", "session_id", primary_key=True, autoincrement=False),
    to("person"),
    Column("tab", String(64), nullable=False, index=True),
    Column("came_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False, index=True),
)
clinic_video = Table(  # a clinic without its row has the address in its own video_url
    "clinic_video",
    metadata,
    to("clinic", primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("domain", String(260), nullable=False),
    Column("app_id", String(200), nullable=False),
    Column("secret", String(500), nullable=False),
    Column("key_id", String(200), nullable=False),
)
host_video = Table(
    "host_video",
    metadata,
    to("person", "host_id", primary_key=True, autoincrement=False),
    Column("link", String(500), nullable=False),
)
