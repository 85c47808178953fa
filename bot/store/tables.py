"""Every table of Baton, once. Migrations are generated from here; a test holds the two against each other.

Times are UTC. `now` columns hold domain time (the demo may move it on); lease, attempt and queue times of messages
hold real time.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. Refuses naive values on the way in, and is UTC on the way out, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: expected one with a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up by itself only for INTEGER


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True)


def _ref(name: str, target: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), **options)


def _when(name: str, **options: Any) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime, **options)


leads = sa.Table(
    "leads",
    metadata,
    _id(),
    sa.Column("email", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("external_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("company", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("campaign", sa.Text),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("mql", sa.Boolean, nullable=False),  # the standing verdict; a crossing is its turn to true
    _when("created_at", nullable=False),
    _when("updated_at", nullable=False),
)

# A lead may be known by several names: "email:…" and "id:<origin>:<external id>". One name means one lead.
identities = sa.Table(
    "identities",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _ref("lead_id", "leads", nullable=False, index=True),
)

signals = sa.Table(
    "signals",
    metadata,
    _id(),
    _ref("lead_id", "leads", nullable=False),
    sa.Column("signal_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    _when("at", nullable=False),
    _when("received_at", nullable=False),
    sa.UniqueConstraint("lead_id", "signal_id"),  # the same signal twice is stored once
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    _id(),
    _ref("lead_id", "leads", nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    _ref("previous_id", "handoffs"),
    _ref("next_id", "handoffs"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("team", sa.Text),
    sa.Column("channel", sa.Text),  # where its card was sent
    sa.Column("tier", sa.Text),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("assessment", sa.JSON),
    sa.Column("source", sa.Text),
    sa.Column("campaign", sa.Text),
    sa.Column("imported", sa.Boolean, nullable=False),
    _when("offered_at", nullable=False),
    _when("due_at"),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    _when("hold_until"),
    _when("next_due_at"),
    _when("decided_at"),
    sa.Column("decided_by", sa.Text),
    _when("undo_until"),
    sa.Column("reason", sa.Text),
    sa.Column("follow_up", sa.Text),
    sa.Column("comment", sa.Text),
    *[_when(f"{done}_at") for done in ("accepted", "rejected", "voided", "expired")],
    *[_when(f"{done}_at") for done in ("qualified", "disqualified", "won", "lost", "lapsed")],
    sa.UniqueConstraint("lead_id", "number"),
    sa.Index("ix_handoffs_offered_at", "offered_at"),  # cohorts
    sa.Index("ix_handoffs_owner_offered_at", "owner", "offered_at"),  # whose turn it is
)

# The last word on "a lead has at most one live hand-off".
sa.Index(
    "uq_handoffs_one_live",
    handoffs.c.lead_id,
    unique=True,
    sqlite_where=sa.text("state IN ('offered', 'accepted', 'qualified') AND NOT imported"),
    postgresql_where=sa.text("state IN ('offered', 'accepted', 'qualified') AND NOT imported"),
)

# The sweep: only what still has a due time.
sa.Index(
    "ix_handoffs_next_due_at",
    handoffs.c.next_due_at,
    sqlite_where=sa.text("next_due_at IS NOT NULL"),
    postgresql_where=sa.text("next_due_at IS NOT NULL"),
)

history = sa.Table(
    "history",
    metadata,
    _id(),
    _when("at", nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("lead_id", "leads", nullable=False, index=True),
    _ref("handoff_id", "handoffs", index=True),
    sa.Column("by", sa.Text),
    sa.Column("detail", sa.JSON, nullable=False),
)

queue_entries = sa.Table(
    "queue_entries",
    metadata,
    _id(),
    sa.Column("queue", sa.Text, nullable=False),
    _ref("lead_id", "leads", nullable=False),
    _ref("handoff_id", "handoffs"),
    sa.Column("reason", sa.Text, nullable=False),
    _when("entered_at", nullable=False),
    _when("left_at"),
    sa.Column("left_why", sa.Text),
)

sa.Index(
    "uq_queue_entries_one_open",
    queue_entries.c.lead_id,
    queue_entries.c.queue,
    unique=True,
    sqlite_where=sa.text("left_at IS NULL"),
    postgresql_where=sa.text("left_at IS NULL"),
)

# What Slack should show: `wanted` is the version asked for, `shown` the one it has, `drawing` the one on its way.
messages = sa.Table(
    "messages",
    metadata,
    _id(),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Text, nullable=False),
    _ref("parent_id", "messages"),
    sa.Column("detail", sa.JSON, nullable=False),
    _when("created_at", nullable=False),
    _when("queued_at", nullable=False, default=lambda: datetime.now(UTC)),
    sa.Column("wanted", sa.Integer, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),
    sa.Column("drawing", sa.Integer),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("channel", sa.Text),
    sa.Column("ts", sa.Text),
    _when("attempted_at"),
    _when("lease_until"),
    _when("not_before"),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("subject", "kind", "recipient", "occurrence"),
    sa.Index("ix_messages_cards_of_channel", "kind", "recipient", "created_at"),  # the cap per channel and hour
)

# Delivery: only what is not settled.
sa.Index(
    "ix_messages_unsettled",
    messages.c.id,
    sqlite_where=sa.text("status IN ('waiting', 'sending', 'uncertain')"),
    postgresql_where=sa.text("status IN ('waiting', 'sending', 'uncertain')"),
)

policies = sa.Table(
    "policies",
    metadata,
    _id(),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("texts", sa.JSON, nullable=False),
    _when("applied_at", nullable=False),
)

switches = sa.Table(
    "switches",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    _when("set_at", nullable=False),
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    _id(),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("faults", sa.JSON, nullable=False),
    _when("received_at", nullable=False),
)
