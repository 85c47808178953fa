"""working time, owners, absences"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(
        "ix_absences_open",
        "absences",
        ["person"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "findings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_findings")),
    )
    op.create_table(
        "profiles",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_profiles")),
    )
    op.create_table(
        "turns",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_turns")),
    )
    op.add_column("handoffs", sa.Column("owner_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("breached_by", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("nudge", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("deadline", sa.JSON(), nullable=True))
    op.add_column("handoffs", sa.Column("routings", sa.JSON(), nullable=True))
    op.add_column("handoffs", sa.Column("took_wall", sa.Integer(), nullable=True))
    op.add_column("handoffs", sa.Column("took_working", sa.Integer(), nullable=True))
    op.drop_index("ix_handoffs_owner_offered_at", "handoffs")
    op.create_index(
        "ix_handoffs_nudge",
        "handoffs",
        ["nudge"],
        unique=False,
        sqlite_where=sa.text("nudge IS NOT NULL"),
        postgresql_where=sa.text("nudge IS NOT NULL"),
    )
    op.create_index(
        "ix_handoffs_open_of_owner",
        "handoffs",
        ["owner", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'offered' AND NOT imported"),
        postgresql_where=sa.text("state = 'offered' AND NOT imported"),
    )
    op.create_index(
        "ix_handoffs_open_of_tier",
        "handoffs",
        ["tier", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'offered' AND NOT imported"),
        postgresql_where=sa.text("state = 'offered' AND NOT imported"),
    )
    op.execute("UPDATE handoffs SET owner_since = offered_at WHERE owner IS NOT NULL")
    op.create_index("ix_handoffs_owner_owner_since", "handoffs", ["owner", "owner_since"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_handoffs_owner_owner_since", "handoffs")
    op.drop_index("ix_handoffs_open_of_tier", "handoffs")
    op.drop_index("ix_handoffs_open_of_owner", "handoffs")
    op.drop_index("ix_handoffs_nudge", "handoffs")
    op.create_index("ix_handoffs_owner_offered_at", "handoffs", ["owner", "offered_at"], unique=False)
    op.drop_column("handoffs", "took_working")
    op.drop_column("handoffs", "took_wall")
    op.drop_column("handoffs", "routings")
    op.drop_column("handoffs", "deadline")
    op.drop_column("handoffs", "nudge")
    op.drop_column("handoffs", "snoozed_until")
    op.drop_column("handoffs", "breached_by")
    op.drop_column("handoffs", "owner_since")
    op.drop_table("findings")
    op.drop_table("turns")
    op.drop_table("profiles")
    op.drop_index("ix_absences_open", "absences")
    op.drop_table("absences")
