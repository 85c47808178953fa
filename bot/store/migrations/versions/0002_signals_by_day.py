"""signals by day, and when a lead crossed"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_days",
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_signal_days_lead_id")),
        sa.PrimaryKeyConstraint("lead_id", "type", "day", name=op.f("pk_signal_days")),
        sqlite_with_rowid=False,
    )
    op.add_column("handoffs", sa.Column("raised_from", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("reassessed", sa.JSON(), nullable=True))
    op.add_column("leads", sa.Column("crossed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("leads", sa.Column("judge_on", sa.Date(), nullable=True))
    op.add_column("signals", sa.Column("value", sa.Float(), nullable=True))
    op.create_index(
        "ix_leads_judge_on",
        "leads",
        ["judge_on"],
        unique=False,
        sqlite_where=sa.text("judge_on IS NOT NULL"),
        postgresql_where=sa.text("judge_on IS NOT NULL"),
    )
    op.create_index("ix_signals_lead_id_at", "signals", ["lead_id", "at"], unique=False)
    _fill_signal_days()
    _fill_crossed_at()
    op.execute("UPDATE leads SET judge_on = '2000-01-01' WHERE mql")


def _fill_signal_days() -> None:
    """Signals had no values yet. SQLite keeps moments as text in UTC, which begins with the day."""
    day = "substr(at, 1, 10)" if op.get_bind().dialect.name == "sqlite" else "CAST(at AT TIME ZONE 'UTC' AS DATE)"
    op.execute(
        f"INSERT INTO signal_days (lead_id, type, day, count, value) "  # noqa: S608 - one of the two lines above
        f"SELECT lead_id, type, {day}, count(*), 0 FROM signals GROUP BY lead_id, type, {day}"
    )


def _fill_crossed_at() -> None:
    op.execute(
        "UPDATE leads SET crossed_at = (SELECT max(at) FROM history WHERE lead_id = leads.id AND kind = 'crossed') "
        "WHERE id IN (SELECT lead_id FROM history WHERE kind = 'crossed')"
    )


def downgrade() -> None:
    op.drop_index("ix_signals_lead_id_at", "signals")
    op.drop_index("ix_leads_judge_on", "leads")
    op.drop_column("signals", "value")
    op.drop_column("leads", "judge_on")
    op.drop_column("leads", "crossed_at")
    op.drop_column("handoffs", "reassessed")
    op.drop_column("handoffs", "raised_from")
    op.drop_table("signal_days")
