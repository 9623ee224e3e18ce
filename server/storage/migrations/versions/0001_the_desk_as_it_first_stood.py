"""The desk as it first stood."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("last_request_number", sa.BigInteger(), server_default="1000", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_table(
        "event",
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_event"),
    )
    with op.batch_alter_table("event") as batch:
        batch.create_index("ix_event_at", ["at"])

    op.create_table(
        "idempotency",
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name="pk_idempotency"),
    )
    with op.batch_alter_table("idempotency") as batch:
        batch.create_index("ix_idempotency_at", ["at"])

    op.create_table(
        "stream_head",
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_stream_head"),
    )
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_audit_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "host_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_host_group_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_host_group"),
    )
    op.create_table(
        "patient_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_patient_group_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patient_group"),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("source_identifier", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), server_default="", nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_person_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint(
            "account_id", "source_identifier", name="uq_person_account_id_source_identifier"
        ),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )
    op.create_table(
        "service",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("payment_required", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_service_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
    )
    op.create_table(
        "availability",
        sa.Column("host_id", ID, autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_availability_host_id"),
        sa.PrimaryKeyConstraint("host_id", name="pk_availability"),
    )
    with op.batch_alter_table("availability") as batch:
        batch.create_index("ix_availability_until_at", ["until_at"])

    op.create_table(
        "clinic",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("patient_group_id", ID, nullable=False),
        sa.Column("host_group_id", ID, nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("nearly_seconds", sa.Integer(), nullable=True),
        sa.Column("now_limit_seconds", sa.Integer(), nullable=False),
        sa.Column("accepts_now", sa.Boolean(), nullable=False),
        sa.Column("accepts_scheduled", sa.Boolean(), nullable=False),
        sa.Column("declines_unavailable", sa.Boolean(), nullable=False),
        sa.Column("unavailable_text", sa.Text(), nullable=False),
        sa.Column("declined_text", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("emergency_text", sa.Text(), nullable=False),
        sa.Column("video_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_clinic_account_id"),
        sa.ForeignKeyConstraint(
            ["host_group_id"], ["host_group.id"], name="fk_clinic_host_group_id"
        ),
        sa.ForeignKeyConstraint(
            ["patient_group_id"], ["patient_group.id"], name="fk_clinic_patient_group_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clinic"),
    )
    with op.batch_alter_table("clinic") as batch:
        batch.create_index("ix_clinic_host_group_id", ["host_group_id"])

    op.create_table(
        "host_member",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["host_group.id"], name="fk_host_member_group_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_host_member_person_id"),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_host_member"),
    )
    with op.batch_alter_table("host_member") as batch:
        batch.create_index("ix_host_member_person_id", ["person_id"])

    op.create_table(
        "login",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_login_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_login"),
        sa.UniqueConstraint("token_hash", name="uq_login_token_hash"),
    )
    with op.batch_alter_table("login") as batch:
        batch.create_index("ix_login_person_id", ["person_id"])
        batch.create_index("ix_login_until_at", ["until_at"])

    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", ID, nullable=False),
        sa.Column("about_kind", sa.String(length=20), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_outbox_account_id"),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name="fk_outbox_recipient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "recipient_id",
            "kind",
            "about_kind",
            "about_id",
            name="uq_outbox_recipient_id_kind_about_kind_about_id",
        ),
    )
    op.create_table(
        "patient_member",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["patient_group.id"], name="fk_patient_member_group_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_patient_member_person_id"),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_patient_member"),
    )
    with op.batch_alter_table("patient_member") as batch:
        batch.create_index("ix_patient_member_person_id", ["person_id"])

    op.create_table(
        "slot",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_slot_host_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
    )
    with op.batch_alter_table("slot") as batch:
        batch.create_index("ix_slot_host_id_starts_at", ["host_id", "starts_at"])

    op.create_table(
        "clinic_scheduler",
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_clinic_scheduler_clinic_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_clinic_scheduler_person_id"),
        sa.PrimaryKeyConstraint("clinic_id", "person_id", name="pk_clinic_scheduler"),
    )
    with op.batch_alter_table("clinic_scheduler") as batch:
        batch.create_index("ix_clinic_scheduler_person_id", ["person_id"])

    op.create_table(
        "clinic_service",
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_clinic_service_clinic_id"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_clinic_service_service_id"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "service_id", name="pk_clinic_service"),
    )
    op.create_table(
        "request",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("requester_id", ID, nullable=False),
        sa.Column("target_host_id", ID, nullable=True),
        sa.Column("submitted_by_id", ID, nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declining_by_id", ID, nullable=True),
        sa.Column("declining_reason", sa.String(length=40), nullable=True),
        sa.Column("declining_response", sa.Text(), nullable=True),
        sa.Column("declining_due_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_reason", sa.String(length=40), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("accepted_host_id", ID, nullable=True),
        sa.Column("accepted_at_time", INSTANT, nullable=True),
        sa.Column("session_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_request_account_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_request_clinic_id"),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name="fk_request_requester_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_request_service_id"),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name="fk_request_submitted_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["target_host_id"], ["person.id"], name="fk_request_target_host_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("account_id", "number", name="uq_request_account_id_number"),
    )
    with op.batch_alter_table("request") as batch:
        batch.create_index("ix_request_clinic_id_decided_at", ["clinic_id", "decided_at"])
        batch.create_index(
            "ix_request_clinic_id_status_submitted_at", ["clinic_id", "status", "submitted_at"]
        )
        batch.create_index(
            "ix_request_due", ["declining_due_at"], sqlite_where=PENDING, postgresql_where=PENDING
        )
        batch.create_index(
            "ix_request_expiry", ["expires_at"], sqlite_where=PENDING, postgresql_where=PENDING
        )
        batch.create_index("ix_request_requester_id", ["requester_id"])
        batch.create_index(
            "ix_request_target_pending",
            ["target_host_id"],
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        )
        batch.create_index(
            "uq_request_open",
            ["clinic_id", "requester_id"],
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        )

    op.create_table(
        "claim",
        sa.Column("request_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("tab", sa.String(length=64), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_claim_person_id"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_claim_request_id"),
        sa.PrimaryKeyConstraint("request_id", name="pk_claim"),
    )
    with op.batch_alter_table("claim") as batch:
        batch.create_index("ix_claim_lease_until", ["lease_until"])
        batch.create_index("ix_claim_tab", ["tab"])

    op.create_table(
        "request_pass",
        sa.Column("request_id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_request_pass_host_id"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_pass_request_id"),
        sa.PrimaryKeyConstraint("request_id", "host_id", name="pk_request_pass"),
    )
    with op.batch_alter_table("request_pass") as batch:
        batch.create_index("ix_request_pass_host_id", ["host_id"])

    op.create_table(
        "requested_time",
        sa.Column("request_id", ID, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name="fk_requested_time_request_id"
        ),
        sa.PrimaryKeyConstraint("request_id", "rank", name="pk_requested_time"),
    )
    with op.batch_alter_table("requested_time") as batch:
        batch.create_index("ix_requested_time_starts_at", ["starts_at"])

    op.create_table(
        "video_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("requester_id", ID, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_video_session_account_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_video_session_clinic_id"),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_video_session_host_id"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_video_session_request_id"),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["person.id"], name="fk_video_session_requester_id"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_video_session_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_video_session"),
    )
    with op.batch_alter_table("video_session") as batch:
        batch.create_index("ix_video_session_clinic_id_ends_at", ["clinic_id", "ends_at"])
        batch.create_index("ix_video_session_host_id_starts_at", ["host_id", "starts_at"])
        batch.create_index("ix_video_session_request_id", ["request_id"])


def downgrade() -> None:
    """Go back."""
    for table in (
        "video_session",
        "requested_time",
        "request_pass",
        "claim",
        "request",
        "clinic_service",
        "clinic_scheduler",
        "slot",
        "patient_member",
        "outbox",
        "login",
        "host_member",
        "clinic",
        "availability",
        "service",
        "person",
        "patient_group",
        "host_group",
        "audit",
        "stream_head",
        "idempotency",
        "event",
        "account",
    ):
        op.drop_table(table)
