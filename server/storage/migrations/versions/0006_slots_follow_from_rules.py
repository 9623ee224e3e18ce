"""Slots follow from rules in local time; a slot that was kept becomes a rule for that one time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

RULE = sa.table(
    "calendar_rule",
    sa.column("id", sa.BigInteger()),
    sa.column("host_id", sa.BigInteger()),
    sa.column("kind", sa.String()),
    sa.column("zone", sa.String()),
    sa.column("first_day", sa.Date()),
    sa.column("last_day", sa.Date()),
    sa.column("starts", sa.Time()),
    sa.column("ends", sa.Time()),
    sa.column("weekdays", sa.String()),
    sa.column("starts_later", sa.Boolean()),
    sa.column("ends_later", sa.Boolean()),
)
SLOT = sa.table(
    "slot",
    sa.column("id", sa.BigInteger()),
    sa.column("host_id", sa.BigInteger()),
    sa.column("starts_at", INSTANT),
    sa.column("ends_at", INSTANT),
)
PERSON = sa.table("person", sa.column("id", sa.BigInteger()), sa.column("zone", sa.String()))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "calendar_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("starts_later", sa.Boolean(), nullable=False),
        sa.Column("ends_later", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_calendar_rule_host_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_rule"),
    )
    with op.batch_alter_table("calendar_rule") as batch:
        batch.create_index("ix_calendar_rule_host_id", ["host_id"])
    found = op.get_bind().execute(
        sa.select(SLOT.c.host_id, SLOT.c.starts_at, SLOT.c.ends_at, PERSON.c.zone)
        .join(PERSON, PERSON.c.id == SLOT.c.host_id)
        .order_by(SLOT.c.id)
    )
    rules = [rule(*row) for row in found]
    if rules:
        op.bulk_insert(RULE, rules)
    op.drop_table("slot")


def downgrade() -> None:
    """Go back. An earlier release knows neither weekly slots nor time off: they are lost."""
    op.create_table(
        "slot",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_slot_host_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
    )
    with op.batch_alter_table("slot") as batch:
        batch.create_index("ix_slot_host_id_starts_at", ["host_id", "starts_at"])
    once = sa.select(RULE).where(RULE.c.kind == "slot", RULE.c.weekdays == "").order_by(RULE.c.id)
    slots = [slot(row) for row in op.get_bind().execute(once)]
    if slots:
        op.bulk_insert(SLOT, slots)
    op.drop_table("calendar_rule")


def rule(host_id: int, starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, object]:
    """Return the rule for one slot as the host's own clock shows it."""
    try:
        there = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        zone, there = "UTC", ZoneInfo("UTC")
    first, last = (aware(at).astimezone(there) for at in (starts_at, ends_at))
    return {
        "host_id": host_id,
        "kind": "slot",
        "zone": zone,
        "first_day": first.date(),
        "last_day": last.date(),
        "starts": first.time(),
        "ends": last.time(),
        "weekdays": "",
        "starts_later": bool(first.fold),
        "ends_later": bool(last.fold),
    }


def slot(row: sa.Row[Any]) -> dict[str, object]:
    """Return the slot that a rule for one time stands for."""
    there = ZoneInfo(row.zone)
    starts_at = datetime.combine(row.first_day, row.starts, there).replace(fold=row.starts_later)
    ends_at = datetime.combine(row.last_day, row.ends, there).replace(fold=row.ends_later)
    kept = {"starts_at": starts_at, "ends_at": ends_at}
    if op.get_bind().dialect.name == "sqlite":  # keeps no zone
        return {"host_id": row.host_id} | {n: naive(at) for n, at in kept.items()}
    return {"host_id": row.host_id} | kept


def aware(at: datetime) -> datetime:
    """Return the instant with its zone, which SQLite does not keep."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def naive(at: datetime) -> datetime:
    """Return the instant as SQLite keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)
