"""What was sent goes in time: notices that are settled are found by an index."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_outbox_settled_at", "outbox", ["settled_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_outbox_settled_at", "outbox")
