"""A clinic has hours and closures, and an account a zone that new things of it start with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: clinics stay open at all hours."""
    op.add_column("account", sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"))
    op.add_column("clinic", sa.Column("hours", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("clinic", sa.Column("closures", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("clinic") as batch:
        batch.drop_column("closures")
        batch.drop_column("hours")
    with op.batch_alter_table("account") as batch:
        batch.drop_column("zone")
