"""The tables about the people who work with Baton: whose turn it is, who is away, what Slack says of them and shows
them, what they noted down and passed on.

They hold keys of persons, as the configuration names them.
"""

import sqlalchemy as sa

from bot.store.columns import id_, metadata, partial, when

# How much of a lead each person is owed, in millionths: what makes taking turns fair. Routing's own, no statistic.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("balance", sa.BigInteger, nullable=False),
)

# Who is not there, beside what the configuration says: said by people, or found out. `first` and `last` are days by
# the clock of the person's own zone; without a last one it lasts until somebody ends it.
absences = sa.Table(
    "absences",
    metadata,
    id_(),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("by", sa.Text),
    when("began_at", nullable=False),
    when("ended_at"),
    sa.Column("ended_by", sa.Text),
)

partial("ix_absences_open", "ended_at IS NULL", absences.c.person)

# What Slack says of people, as last seen: a hint for them and their manager, and whether their account is gone.
profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("status", sa.Text),
    when("status_until"),
    sa.Column("answer", sa.Text),  # what they said when asked about that status
    sa.Column("gone", sa.Boolean, nullable=False),
    when("seen_at", nullable=False),
)

# Which blocks this workspace's Slack has taken or refused, as last tried.
looks = sa.Table(
    "looks",
    metadata,
    sa.Column("block", sa.Text, primary_key=True),  # its type
    sa.Column("taken", sa.Boolean, nullable=False),
    when("since", nullable=False),
)

# What happened outside and may show in the numbers: marked on its UTC day. A note is removed, never deleted.
notes = sa.Table(
    "notes",
    metadata,
    id_(),
    sa.Column("on", sa.Date, nullable=False, index=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("by", sa.Text),
    when("created_at", nullable=False),
    when("removed_at"),
    sa.Column("removed_by", sa.Text),
)

# Numbers that went to somebody else than whoever asked, or left Slack; `names`: those of people were in it.
shares = sa.Table(
    "shares",
    metadata,
    id_(),
    when("at", nullable=False),
    sa.Column("by", sa.Text),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("where", sa.Text),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("names", sa.Boolean, nullable=False),
)
