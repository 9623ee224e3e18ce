"""The tables, the same on SQLite and PostgreSQL, by what they are about."""

from server.storage.log_tables import audit, event, idempotency, login, outbox, stream_head
from server.storage.place_tables import (
    account,
    availability,
    clinic,
    clinic_scheduler,
    clinic_service,
    host_group,
    host_member,
    patient_group,
    patient_member,
    person,
    service,
    slot,
)
from server.storage.request_tables import (
    claim,
    request,
    request_pass,
    requested_time,
)
from server.storage.schema import metadata
from server.storage.session_tables import attendance, clinic_video, host_video, video_session

__all__ = [
    "account",
    "attendance",
    "audit",
    "availability",
    "claim",
    "clinic",
    "clinic_scheduler",
    "clinic_service",
    "clinic_video",
    "event",
    "host_group",
    "host_member",
    "host_video",
    "idempotency",
    "login",
    "metadata",
    "outbox",
    "patient_group",
    "patient_member",
    "person",
    "request",
    "request_pass",
    "requested_time",
    "service",
    "slot",
    "stream_head",
    "video_session",
]
