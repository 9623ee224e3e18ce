"""What the clinics ask before a request, by version, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "form_version",
        sa.Column("clinic_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("has_note", sa.Boolean, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "version", name="pk_form_version"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_form_version_clinic_id"),
    )
    op.create_table(
        "request_answers",
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_request_answers"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name="fk_request_answers_request_id"
        ),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("request_answers")
    op.drop_table("form_version")
