"""What goes in time: sign-ins that ended are found by an index, and events need none of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_login_ended_at", "login", ["ended_at"], sqlite_where=ENDED, postgresql_where=ENDED
    )
    # Old events are found by stream and number; this one cost every commit, and served nobody.
    op.drop_index("ix_event_at", "event")


def downgrade() -> None:
    """Go back."""
    op.create_index("ix_event_at", "event", ["at"])
    op.drop_index("ix_login_ended_at", "login")
