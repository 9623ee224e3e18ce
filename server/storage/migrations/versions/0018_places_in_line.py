"""Places in line: whether a clinic sees people in turn, and what each was told to wait."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    # No batch: SQLite would copy the table, and others refer to it.
    op.add_column(
        "clinic", sa.Column("sees_in_turn", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_table(
        "told_wait",
        sa.Column("request_id", ID, autoincrement=False, nullable=False),
        sa.Column("low_minutes", sa.Integer(), nullable=False),
        sa.Column("high_minutes", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_told_wait_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_told_wait")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("told_wait")
    op.drop_column("clinic", "sees_in_turn")
