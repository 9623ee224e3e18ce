"""Sessions know who came and how they ended; waiting rooms have leases, clinics their own video."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("status IN ('in_progress', 'patient_away', 'patient_waiting', 'ready', 'scheduled')")


def upgrade() -> None:
    """Go forward; nobody noted what became of the sessions that are over, so they were held."""
    with op.batch_alter_table("video_session") as batch:
        batch.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
        for name in ("closes_at", "arrived_at", "left_at", "started_at", "ended_at", "reminded_at"):
            batch.add_column(sa.Column(name, INSTANT))
    op.execute("UPDATE video_session SET closes_at = ends_at, revision = version")
    op.execute(
        "UPDATE video_session SET status = 'completed', ended_at = ends_at "
        "WHERE status IN ('ready', 'scheduled') AND ends_at <= CURRENT_TIMESTAMP"
    )
    with op.batch_alter_table("video_session") as batch:
        batch.alter_column("closes_at", existing_type=INSTANT, nullable=False)
        batch.drop_index("ix_video_session_clinic_id_ends_at")
        batch.create_index("ix_video_session_clinic_id_closes_at", ["clinic_id", "closes_at"])
        batch.create_index("ix_video_session_requester_id_starts_at", ["requester_id", "starts_at"])
    op.create_index(
        "ix_video_session_due",
        "video_session",
        ["closes_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "attendance",
        sa.Column("session_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("tab", sa.String(64), nullable=False),
        sa.Column("came_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["video_session.id"], name="fk_attendance_session_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendance_person_id"),
        sa.PrimaryKeyConstraint("session_id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_tab", "attendance", ["tab"])
    op.create_index("ix_attendance_lease_until", "attendance", ["lease_until"])
    op.create_table(
        "clinic_video",
        sa.Column("clinic_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("domain", sa.String(260), nullable=False),
        sa.Column("app_id", sa.String(200), nullable=False),
        sa.Column("secret", sa.String(500), nullable=False),
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_clinic_video_clinic_id"),
        sa.PrimaryKeyConstraint("clinic_id", name="pk_clinic_video"),
    )
    op.create_table(
        "host_video",
        sa.Column("host_id", ID, autoincrement=False, nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_host_video_host_id"),
        sa.PrimaryKeyConstraint("host_id", name="pk_host_video"),
    )


def downgrade() -> None:
    """Go back; visits that took place, or did not, are scheduled sessions of the past again."""
    for table in ("host_video", "clinic_video", "attendance"):
        op.drop_table(table)
    op.execute("UPDATE video_session SET status = 'scheduled' WHERE status <> 'cancelled'")
    op.drop_index("ix_video_session_due", "video_session")
    with op.batch_alter_table("video_session") as batch:
        batch.drop_index("ix_video_session_requester_id_starts_at")
        batch.drop_index("ix_video_session_clinic_id_closes_at")
        batch.create_index("ix_video_session_clinic_id_ends_at", ["clinic_id", "ends_at"])
        for name in (
            "reminded_at",
            "ended_at",
            "started_at",
            "left_at",
            "arrived_at",
            "closes_at",
            "reminders",
            "revision",
        ):
            batch.drop_column(name)
