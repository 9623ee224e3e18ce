"""The last hour's tries at a door, counted for all workers together."""

import sqlalchemy as sa
from alembic import op

from server.storage.schema import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "tries",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_tries"),
    )
    op.create_index("ix_tries_last_at", "tries", ["last_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_tries_last_at", "tries")
    op.drop_table("tries")
