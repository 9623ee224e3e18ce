"""Notices on their way: when each is tried next, how often it was, and how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward. What waited before anything was sent is too old to be sent by itself."""
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("wanted_at", INSTANT))
        batch.add_column(sa.Column("next_at", INSTANT))
        batch.add_column(
            sa.Column("status", sa.String(length=20), nullable=False, server_default="failed")
        )
        batch.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("settled_at", INSTANT))
        batch.add_column(
            sa.Column(
                "problem",
                sa.String(length=60),
                nullable=False,
                server_default="from before mail was sent",
            )
        )
    op.execute("UPDATE outbox SET wanted_at = created_at, next_at = created_at")
    op.execute("UPDATE outbox SET settled_at = created_at")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("wanted_at", existing_type=INSTANT, nullable=False)
        batch.alter_column("next_at", existing_type=INSTANT, nullable=False)
        batch.alter_column(
            "status",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            server_default=None,
        )
        batch.alter_column(
            "problem",
            existing_type=sa.String(length=60),
            existing_nullable=False,
            server_default="",
        )
        batch.create_index("ix_outbox_due", ["status", "next_at"])
        batch.create_index("ix_outbox_about", ["about_kind", "about_id"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("outbox") as batch:
        batch.drop_index("ix_outbox_about")
        batch.drop_index("ix_outbox_due")
        for column in ("problem", "settled_at", "tries", "status", "next_at", "wanted_at"):
            batch.drop_column(column)
