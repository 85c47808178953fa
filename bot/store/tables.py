"""The tables, once; those about Baton's own people stand in staff_tables.py. A test holds the migrations against them.

Times are UTC. `now` columns hold domain time (the demo may move it on); lease, attempt and queue times of messages
hold real time.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.store.columns import id_, metadata, partial, ref, when

leads = sa.Table(
    "leads",
    metadata,
    id_(),
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
    # The touch it came with first, and the one before the present: blank while source and campaign are its only one.
    *[sa.Column(name, sa.Text) for name in ("first_source", "first_campaign", "former_source", "former_campaign")],
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("mql", sa.Boolean, nullable=False),  # the standing verdict; a crossing is its turn to true
    when("crossed_at"),  # when it last crossed
    sa.Column("judge_on", sa.Date),  # the next UTC day on which its verdict may turn without anything coming in
    when("created_at", nullable=False),
    when("updated_at", nullable=False),
)

# The nightly pass: only MQLs can fall.
partial("ix_leads_judge_on", "judge_on IS NOT NULL", leads.c.judge_on)

# A lead may be known by several names: "email:…" and "id:<origin>:<external id>". One name means one lead.
identities = sa.Table(
    "identities",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    ref("lead_id", "leads", nullable=False, index=True),
)

signals = sa.Table(
    "signals",
    metadata,
    id_(),
    ref("lead_id", "leads", nullable=False),
    sa.Column("signal_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("value", sa.Float),
    when("at", nullable=False),
    when("received_at", nullable=False),
    sa.UniqueConstraint("lead_id", "signal_id"),  # the same signal twice is stored once
    sa.Index("ix_signals_lead_id_at", "lead_id", "at"),  # the newest ones, for the card
)

# What an assessment reads in place of the signals: how many of a type on a UTC day, and their values, in hundredths.
signal_days = sa.Table(
    "signal_days",
    metadata,
    ref("lead_id", "leads", primary_key=True),
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("value", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    id_(),
    ref("lead_id", "leads", nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    ref("previous_id", "handoffs"),
    ref("next_id", "handoffs"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("first_owner", sa.Text),  # whom it was offered to
    sa.Column("team", sa.Text),
    sa.Column("channel", sa.Text),  # where its card was sent
    sa.Column("tier", sa.Text),
    when("owner_since"),
    sa.Column("breached_by", sa.Text),  # who owned it when it became overdue
    when("snoozed_until"),
    sa.Column("nudge", sa.Text),  # the subject of the message that last reminded its owner
    sa.Column("raised_from", sa.Text),  # the tier it was offered under, once a new signal has raised it
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("facets", sa.JSON(none_as_null=True)),  # what else cohorts are told apart by, at the offer
    sa.Column("source", sa.Text),
    sa.Column("campaign", sa.Text),
    sa.Column("imported", sa.Boolean, nullable=False),
    when("offered_at", nullable=False),
    when("due_at"),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    when("hold_until"),
    when("next_due_at"),
    when("decided_at"),
    sa.Column("decided_by", sa.Text),
    sa.Column("took_wall", sa.Integer),  # seconds from the offer to its end, on the clock
    sa.Column("took_working", sa.Integer),  # and of its first owner's working time
    when("undo_until"),
    sa.Column("reason", sa.Text),
    sa.Column("follow_up", sa.Text),
    sa.Column("comment", sa.Text),
    *[when(f"{done}_at") for done in ("accepted", "rejected", "voided", "expired")],
    *[when(f"{done}_at") for done in ("qualified", "disqualified", "won", "lost", "lapsed")],
    sa.UniqueConstraint("lead_id", "number"),
    sa.Index("ix_handoffs_offered_at", "offered_at"),  # cohorts
    sa.Index("ix_handoffs_due_at_offered_at", "due_at", "offered_at"),  # cohorts of what was due
    sa.Index("ix_handoffs_owner_owner_since", "owner", "owner_since"),  # what somebody got today, and how it ended
)

# Open cards: how many somebody has, and which of a tier are due first.
partial("ix_handoffs_open_of_owner", "state = 'offered' AND NOT imported", handoffs.c.owner, handoffs.c.due_at)

partial("ix_handoffs_open_of_tier", "state = 'offered' AND NOT imported", handoffs.c.tier, handoffs.c.due_at)

# What one direct message reminds of.
partial("ix_handoffs_nudge", "nudge IS NOT NULL", handoffs.c.nudge)

# The last word on "a lead has at most one live hand-off".
partial(
    "uq_handoffs_one_live",
    "state IN ('offered', 'accepted', 'qualified') AND NOT imported",
    handoffs.c.lead_id,
    unique=True,
)

# The sweep: only what still has a due time.
partial("ix_handoffs_next_due_at", "next_due_at IS NOT NULL", handoffs.c.next_due_at)

# What is large, and read one hand-off at a time; an imported one has none.
grounds = sa.Table(
    "grounds",
    metadata,
    ref("handoff_id", "handoffs", primary_key=True),
    sa.Column("assessment", sa.JSON),  # at the offer
    sa.Column("reassessed", sa.JSON),  # the newest one since
    sa.Column("deadline", sa.JSON),  # why it is due when it is
    sa.Column("routings", sa.JSON),  # why each owner got it, the newest last
)

history = sa.Table(
    "history",
    metadata,
    id_(),
    when("at", nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    ref("lead_id", "leads", nullable=False, index=True),
    ref("handoff_id", "handoffs", index=True),
    sa.Column("by", sa.Text),
    sa.Column("detail", sa.JSON, nullable=False),
)

# Of a window, how often leads were passed on.
partial("ix_history_rerouted", "kind = 'rerouted'", history.c.at, history.c.handoff_id)

queue_entries = sa.Table(
    "queue_entries",
    metadata,
    id_(),
    sa.Column("queue", sa.Text, nullable=False),
    ref("lead_id", "leads", nullable=False),
    ref("handoff_id", "handoffs"),
    sa.Column("reason", sa.Text, nullable=False),
    when("entered_at", nullable=False),
    when("left_at"),
    sa.Column("left_why", sa.Text),
)

partial("uq_queue_entries_one_open", "left_at IS NULL", queue_entries.c.lead_id, queue_entries.c.queue, unique=True)

# What Slack should show: `wanted` is the version asked for, `shown` the one it has, `drawing` the one on its way.
messages = sa.Table(
    "messages",
    metadata,
    id_(),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Text, nullable=False),
    ref("parent_id", "messages"),
    sa.Column("detail", sa.JSON, nullable=False),
    when("created_at", nullable=False),
    when("queued_at", nullable=False, default=lambda: datetime.now(UTC)),
    sa.Column("wanted", sa.Integer, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),
    sa.Column("drawing", sa.Integer),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("channel", sa.Text),
    sa.Column("ts", sa.Text),
    when("attempted_at"),
    when("lease_until"),
    when("not_before"),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("subject", "kind", "recipient", "occurrence"),
    sa.Index("ix_messages_cards_of_channel", "kind", "recipient", "created_at"),  # the cap per channel and hour
)

# Delivery: only what is not settled.
partial("ix_messages_unsettled", "status IN ('waiting', 'sending', 'uncertain')", messages.c.id)

policies = sa.Table(
    "policies",
    metadata,
    id_(),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("texts", sa.JSON, nullable=False),
    when("applied_at", nullable=False),
)

# What the auditor found and is still so: one row per kind.
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("sample", sa.Text, nullable=False),
    when("since", nullable=False),
    sa.Column("told_on", sa.Date),
)

switches = sa.Table(
    "switches",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    when("set_at", nullable=False),
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    id_(),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("faults", sa.JSON, nullable=False),
    when("received_at", nullable=False),
)
