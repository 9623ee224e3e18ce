"""Since when a person has another e-mail address: what was mailed to the one before ends then."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("person", sa.Column("moved_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_column("moved_at")
