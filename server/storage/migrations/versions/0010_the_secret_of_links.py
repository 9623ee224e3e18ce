"""The secret of links: drawn once, so that only this database can tell a link that it gave out."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    table = op.create_table(
        "secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.bulk_insert(table, [{"name": "status_link", "word": secrets.token_hex(32)}])


def downgrade() -> None:
    """Go back; every link that is out goes with it."""
    op.drop_table("secret")
