"""On SQLite too, the number of a rule or a saved reply that is gone is never another's.

A page that was open meanwhile names it still, and must not change or send what nobody saw on it.
PostgreSQL counts so by itself.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_REMOVED_ONE_BY_ONE = ("calendar_rule", "saved_reply")


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _REMOVED_ONE_BY_ONE:
            counting = {"sqlite_autoincrement": True}
            with op.batch_alter_table(name, recreate="always", table_kwargs=counting):
                pass


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _REMOVED_ONE_BY_ONE:
            with op.batch_alter_table(name, recreate="always"):
                pass
