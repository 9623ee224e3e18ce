"""Somebody new is invited, and chooses a password themself."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("person", sa.Column("invited_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_column("invited_at")
