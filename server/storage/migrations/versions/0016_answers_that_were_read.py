"""Answers that were read: a decline is put aside by its requester before they ask again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what was declined before nobody was asked to put aside."""
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("dismissed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE request SET dismissed_at = decided_at WHERE status = 'declined'")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("request") as batch:
        batch.drop_column("dismissed_at")
