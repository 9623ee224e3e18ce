"""Which providers have a live page open, by a lease."""

import sqlalchemy as sa
from alembic import op

from server.storage.schema import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "connected_host",
        sa.Column("host_id", ID, nullable=False, autoincrement=False),
        sa.Column("lease_until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_connected_host_host_id"),
        sa.PrimaryKeyConstraint("host_id", name="pk_connected_host"),
    )
    op.create_index("ix_connected_host_lease_until", "connected_host", ["lease_until"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_connected_host_lease_until", "connected_host")
    op.drop_table("connected_host")
