"""Who is told of a long wait: schedulers before a request ends, an address when nobody looks."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from server.storage.schema import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PENDING = sa.text("status = 'pending'")
INSTANTS = ("reminds_at", "escalates_at", "escalated_at")
request = sa.table(
    "request",
    sa.column("id"),
    sa.column("clinic_id"),
    sa.column("type"),
    sa.column("status"),
    sa.column("submitted_at", Instant()),
    sa.column("expires_at", Instant()),
    sa.column("reminds_at", Instant()),
)
clinic = sa.table("clinic", sa.column("id"), sa.column("now_limit_seconds"))


def upgrade() -> None:
    """Go forward; what waits gets its reminder as if it had been asked for today."""
    op.add_column(
        "clinic",
        sa.Column("escalation_email", sa.String(254), nullable=False, server_default=""),
    )
    op.add_column(
        "clinic",
        sa.Column("escalation_minutes", sa.Integer(), nullable=False, server_default="5"),
    )
    for name in INSTANTS:
        op.add_column("request", sa.Column(name, Instant(), nullable=True))
    for name, column in (("reminder", "reminds_at"), ("escalation", "escalates_at")):
        op.create_index(
            f"ix_request_{name}",
            "request",
            [column],
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        )
    _remind_of_what_waits(op.get_bind())


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_request_escalation", "request")
    op.drop_index("ix_request_reminder", "request")
    for name in reversed(INSTANTS):
        op.drop_column("request", name)
    op.drop_column("clinic", "escalation_minutes")
    op.drop_column("clinic", "escalation_email")


def _remind_of_what_waits(connection: sa.Connection) -> None:
    waiting = (
        sa.select(request, clinic.c.now_limit_seconds)
        .join(clinic, clinic.c.id == request.c.clinic_id)
        .where(request.c.status == "pending")
    )
    for row in connection.execute(waiting).all():
        if row.type == "Now":
            at = row.expires_at - timedelta(seconds=row.now_limit_seconds) / 4
        else:
            half = row.submitted_at + (row.expires_at - row.submitted_at) / 2
            at = max(row.expires_at - timedelta(minutes=30), half)
        connection.execute(sa.update(request).where(request.c.id == row.id).values(reminds_at=at))
