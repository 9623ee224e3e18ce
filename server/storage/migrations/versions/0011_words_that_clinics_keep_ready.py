"""Words that clinics keep ready: replies, sentences for declines, and the one that was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "saved_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_saved_reply_clinic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_reply"),
    )
    op.create_index("ix_saved_reply_clinic_id", "saved_reply", ["clinic_id"])
    op.create_table(
        "decline_sentence",
        sa.Column("clinic_id", ID, nullable=False, autoincrement=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_decline_sentence_clinic_id"),
        sa.PrimaryKeyConstraint("clinic_id", "reason", name="pk_decline_sentence"),
    )
    op.add_column("request", sa.Column("declining_sentence", sa.Text(), nullable=True))
    op.add_column("request", sa.Column("decided_sentence", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("request", "decided_sentence")
    op.drop_column("request", "declining_sentence")
    op.drop_table("decline_sentence")
    op.drop_index("ix_saved_reply_clinic_id", "saved_reply")
    op.drop_table("saved_reply")
