"""A notice may go to a bare address, and say the same about the same thing on another occasion."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TO_ADDRESS = sa.text("recipient_id IS NULL")
SAID = ["kind", "about_kind", "about_id"]
NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("outbox", naming_convention=NAMES) as batch:
        batch.add_column(sa.Column("occasion", sa.BigInteger(), nullable=False, server_default="0"))
        for name, length in (("address", 254), ("address_name", 200), ("address_zone", 64)):
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.alter_column("recipient_id", existing_type=ID, nullable=True)
        batch.drop_constraint("uq_outbox_recipient_id_kind_about_kind_about_id", type_="unique")
        batch.create_index("uq_outbox_recipient", ["recipient_id", *SAID, "occasion"], unique=True)
        batch.create_index(
            "uq_outbox_address",
            ["address", *SAID, "occasion"],
            unique=True,
            sqlite_where=TO_ADDRESS,
            postgresql_where=TO_ADDRESS,
        )


def downgrade() -> None:
    """Go back; what went to an address, or came on another occasion, is let go of."""
    op.execute("DELETE FROM outbox WHERE recipient_id IS NULL OR occasion <> 0")
    with op.batch_alter_table("outbox", naming_convention=NAMES) as batch:
        batch.drop_index("uq_outbox_address")
        batch.drop_index("uq_outbox_recipient")
        batch.create_unique_constraint(
            "uq_outbox_recipient_id_kind_about_kind_about_id", ["recipient_id", *SAID]
        )
        batch.alter_column("recipient_id", existing_type=ID, nullable=False)
        for name in ("address_zone", "address_name", "address", "occasion"):
            batch.drop_column(name)
