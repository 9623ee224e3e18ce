"""The tables, the same on SQLite and PostgreSQL, by what they are about."""

from server.storage.booking_tables import (
    booking,
    booking_account,
    booking_calendar,
    booking_service,
    booking_time,
    booking_token,
)
from server.storage.calendar_tables import calendar_rule
from server.storage.form_tables import form_version, request_answers
from server.storage.log_tables import (
    audit,
    event,
    idempotency,
    login,
    outbox,
    secret,
    stream_head,
    tries,
)
from server.storage.place_tables import (
    account,
    availability,
    clinic,
    clinic_scheduler,
    clinic_service,
    connected_host,
    host_group,
    host_member,
    patient_group,
    patient_member,
    person,
    service,
)
from server.storage.reply_tables import decline_sentence, saved_reply
from server.storage.request_tables import claim, request, request_pass, requested_time, told_wait
from server.storage.schema import metadata
from server.storage.session_tables import attendance, clinic_video, host_video, video_session

__all__ = [
    "account",
    "attendance",
    "audit",
    "availability",
    "booking",
    "booking_account",
    "booking_calendar",
    "booking_service",
    "booking_time",
    "booking_token",
    "calendar_rule",
    "claim",
    "clinic",
    "clinic_scheduler",
    "clinic_service",
    "clinic_video",
    "connected_host",
    "decline_sentence",
    "event",
    "form_version",
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
    "request_answers",
    "request_pass",
    "requested_time",
    "saved_reply",
    "secret",
    "service",
    "stream_head",
    "told_wait",
    "tries",
    "video_session",
]
