"""When a clinic closed for good; what happened in it stays.

Nobody is archived yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("clinic", sa.Column("archived_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("clinic") as batch:
        batch.drop_column("archived_at")
