"""Who and where: accounts, people, groups, services, clinics, availability."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from server.storage.schema import Instant, key, metadata, to
from server.storage.timetable_columns import Closures, WeekOfHours

account = Table(
    "account",
    metadata,
    key(),
    Column("name", String(200), nullable=False),
    Column("last_request_number", BigInteger, nullable=False, server_default="1000"),
    Column("zone", String(64), nullable=False, server_default="UTC"),
)

person = Table(
    "person",
    metadata,
    key(),
    to("account"),
    Column("name", String(200), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("email", String(254)),  # lower case: it is the sign-in name
    Column("phone", String(40)),
    Column("birth_date", Date),
    Column("source_identifier", String(200)),
    Column("password_hash", String(200), nullable=False, server_default=""),
    Column("is_administrator", Boolean, nullable=False),
    Column("disabled_at", Instant),
    Column("invited_at", Instant),
    Column("moved_at", Instant),
    UniqueConstraint("email"),
    UniqueConstraint("account_id", "source_identifier"),
)

patient_group = Table(
    "patient_group", metadata, key(), to("account"), Column("name", String(200), nullable=False)
)
host_group = Table(
    "host_group", metadata, key(), to("account"), Column("name", String(200), nullable=False)
)
patient_member = Table(
    "patient_member",
    metadata,
    to("patient_group", "group_id", primary_key=True),
    to("person", primary_key=True, index=True),
)
host_member = Table(
    "host_member",
    metadata,
    to("host_group", "group_id", primary_key=True),
    to("person", primary_key=True, index=True),
)

service = Table(
    "service",
    metadata,
    key(),
    to("account"),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("duration_minutes", Integer, nullable=False),
    Column("payment_required", String(200), nullable=False),
)

clinic = Table(
    "clinic",
    metadata,
    key(),
    to("account"),
    Column("name", String(200), nullable=False),
    to("patient_group"),
    to("host_group", index=True),
    Column("mode", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("target_seconds", Integer, nullable=False),
    Column("nearly_seconds", Integer),
    Column("now_limit_seconds", Integer, nullable=False),
    Column("accepts_now", Boolean, nullable=False),
    Column("accepts_scheduled", Boolean, nullable=False),
    Column("declines_unavailable", Boolean, nullable=False),
    Column("sees_in_turn", Boolean, nullable=False, server_default=true()),
    Column("unavailable_text", Text, nullable=False),
    Column("declined_text", Text, nullable=False),
    Column("phone", String(40), nullable=False),
    Column("emergency_text", Text, nullable=False),
    Column("video_url", Text, nullable=False),
    Column("hours", WeekOfHours, nullable=False, server_default="[]"),
    Column("closures", Closures, nullable=False, server_default="[]"),
    Column("escalation_email", String(254), nullable=False, server_default=""),
    Column("escalation_minutes", Integer, nullable=False, server_default="5"),
    Column("archived_at", Instant),
)
clinic_service = Table(
    "clinic_service",
    metadata,
    to("clinic", primary_key=True),
    to("service", primary_key=True),
    Column("position", Integer, nullable=False),
)
clinic_scheduler = Table(
    "clinic_scheduler",
    metadata,
    to("clinic", primary_key=True),
    to("person", primary_key=True, index=True),
)

connected_host = Table(
    "connected_host",
    metadata,
    to("person", "host_id", primary_key=True, autoincrement=False),
    Column("lease_until", Instant, nullable=False, index=True),
)
availability = Table(
    "availability",
    metadata,
    to("person", "host_id", primary_key=True, autoincrement=False),
    Column("is_on", Boolean, nullable=False),
    Column("until_at", Instant, index=True),
    Column("break_until_at", Instant, index=True),
    Column("changed_at", Instant),
    Column("version", Integer, nullable=False),
)
