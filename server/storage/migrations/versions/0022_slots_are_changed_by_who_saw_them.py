"""A version for each rule of a calendar: whoever changes one has seen it as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "calendar_rule", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("calendar_rule") as batch:
        batch.drop_column("version")
