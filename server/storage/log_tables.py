"""What is kept of what happened: notices, audit, idempotency, sign-ins, and the event log."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, text

from server.storage.schema import Id, Instant, key, metadata, to

_TO_ADDRESS = text("recipient_id IS NULL")
outbox = Table(
    "outbox",
    metadata,
    key(),
    to("account"),
    Column("kind", String(40), nullable=False),
    to("person", "recipient_id", nullable=True),  # null: to the address
    Column("about_kind", String(20), nullable=False),
    Column("about_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("wanted_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("settled_at", Instant, index=True),
    Column("problem", String(60), nullable=False, server_default=""),
    Column("occasion", BigInteger, nullable=False, server_default="0"),
    Column("address", String(254), nullable=False, server_default=""),
    Column("address_name", String(200), nullable=False, server_default=""),
    Column("address_zone", String(64), nullable=False, server_default=""),
    Index(  # S18: one message per recipient, kind, subject and occasion
        "uq_outbox_recipient",
        "recipient_id",
        "kind",
        "about_kind",
        "about_id",
        "occasion",
        unique=True,
    ),
    Index(  # as above, for those who are no person: nulls are never equal
        "uq_outbox_address",
        "address",
        "kind",
        "about_kind",
        "about_id",
        "occasion",
        unique=True,
        sqlite_where=_TO_ADDRESS,
        postgresql_where=_TO_ADDRESS,
    ),
    Index("ix_outbox_due", "status", "next_at"),
    Index("ix_outbox_about", "about_kind", "about_id"),
)
audit = Table(
    "audit",
    metadata,
    key(),
    to("account"),
    Column("at", Instant, nullable=False),
    Column("actor_id", Id, nullable=False),  # 0 for the system
    Column("kind", String(60), nullable=False),
    Column("entity_kind", String(20), nullable=False),
    Column("entity_id", Id, nullable=False),
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("actor_id", Id, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("entity_kind", String(20), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("number", BigInteger),
    Column("at", Instant, nullable=False, index=True),
)
_ENDED = text("ended_at IS NOT NULL")
login = Table(
    "login",
    metadata,
    key(),
    Column("token_hash", String(64), nullable=False, unique=True),
    to("person", index=True),
    Column("began_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    Index("ix_login_ended_at", "ended_at", sqlite_where=_ENDED, postgresql_where=_ENDED),
)

tries = Table(  # of whom is a keyed hash: no address, no name
    "tries",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("made", Text, nullable=False),  # milliseconds since 1970, earliest first
    Column("last_at", Instant, nullable=False, index=True),
)
secret = Table(  # drawn by chance when the table was made; a restored copy keeps its own
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("word", String(64), nullable=False),
)
stream_head = Table(
    "stream_head",
    metadata,
    Column("stream", String(60), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False, server_default="0"),  # the last seq swept away
)
event = Table(
    "event",
    metadata,
    Column("stream", String(60), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", String(8), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("entity_kind", String(20), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
)
