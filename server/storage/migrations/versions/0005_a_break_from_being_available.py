"""A break from being available: until when, beside the end of the toggle."""

import sqlalchemy as sa
from alembic import op

from server.storage.schema import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("availability", sa.Column("break_until_at", Instant(), nullable=True))
    op.create_index("ix_availability_break_until_at", "availability", ["break_until_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_availability_break_until_at", "availability")
    op.drop_column("availability", "break_until_at")
