"""Public calendars, and what people not known yet asked for on them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_CLINIC = sa.text("host_id IS NULL")


def upgrade() -> None:
    """Go forward. No calendar is public until an administrator says so."""
    op.create_table(
        "booking_account",
        sa.Column("account_id", ID, autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booking_account_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_booking_account")),
    )
    op.create_table(
        "booking_service",
        sa.Column("service_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_booking_service_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_booking_service")),
    )
    op.create_table(
        "booking_calendar",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("clinic_id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=True),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("takes_unknown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booking_calendar_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_booking_calendar_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["person.id"], name=op.f("fk_booking_calendar_host_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_calendar")),
        sa.UniqueConstraint("slug", name=op.f("uq_booking_calendar_slug")),
    )
    op.create_index(
        "uq_booking_calendar_host", "booking_calendar", ["clinic_id", "host_id"], unique=True
    )
    op.create_index(
        "uq_booking_calendar_clinic",
        "booking_calendar",
        ["clinic_id"],
        unique=True,
        sqlite_where=OF_CLINIC,
        postgresql_where=OF_CLINIC,
    )
    op.create_table(
        "booking",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("calendar_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("answers_version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_booking_account_id")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["booking_calendar.id"], name=op.f("fk_booking_calendar_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_booking_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_asked_at"), "booking", ["asked_at"])
    op.create_index("ix_booking_email_asked_at", "booking", ["email", "asked_at"])
    op.create_table(
        "booking_time",
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_time_booking_id")
        ),
        sa.PrimaryKeyConstraint("booking_id", "rank", name=op.f("pk_booking_time")),
    )
    op.create_table(
        "booking_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_token_booking_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_booking_token")),
    )
    op.create_index(op.f("ix_booking_token_booking_id"), "booking_token", ["booking_id"])


def downgrade() -> None:
    """Go back."""
    for table in (
        "booking_token",
        "booking_time",
        "booking",
        "booking_calendar",
        "booking_service",
        "booking_account",
    ):
        op.drop_table(table)
