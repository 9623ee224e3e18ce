"""Every wait is watched, also where a clinic has nobody to alert yet."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from server.storage.schema import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

request = sa.table(
    "request",
    sa.column("id"),
    sa.column("clinic_id"),
    sa.column("status"),
    sa.column("submitted_at", Instant()),
    sa.column("escalates_at", Instant()),
    sa.column("escalated_at", Instant()),
)
clinic = sa.table(
    "clinic", sa.column("id"), sa.column("target_seconds"), sa.column("escalation_minutes")
)


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    unwatched = (
        sa.select(request, clinic.c.target_seconds, clinic.c.escalation_minutes)
        .join(clinic, clinic.c.id == request.c.clinic_id)
        .where(
            request.c.status == "pending",
            request.c.escalates_at.is_(None),
            request.c.escalated_at.is_(None),
        )
    )
    for row in connection.execute(unwatched).all():
        late_at = row.submitted_at + timedelta(seconds=row.target_seconds)
        at = late_at + timedelta(minutes=row.escalation_minutes)
        connection.execute(sa.update(request).where(request.c.id == row.id).values(escalates_at=at))


def downgrade() -> None:
    """Go back: nothing is lost by what is set."""
