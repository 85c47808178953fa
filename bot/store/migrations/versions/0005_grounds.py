"""grounds: what is large leaves the hand-off's row"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PAPERS = ("assessment", "reassessed", "deadline", "routings")


def upgrade() -> None:
    op.create_table(
        "grounds",
        sa.Column("handoff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=True) for name in PAPERS),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_grounds_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_grounds")),
    )
    op.execute(
        "INSERT INTO grounds (handoff_id, assessment, reassessed, deadline, routings) "
        "SELECT id, assessment, reassessed, deadline, routings FROM handoffs WHERE NOT imported"
    )
    for name in PAPERS:
        op.drop_column("handoffs", name)
    if op.get_bind().dialect.name == "postgresql":  # there a column that is dropped leaves its bytes in each row
        op.execute("CLUSTER handoffs USING pk_handoffs")
        op.execute("ALTER TABLE handoffs SET WITHOUT CLUSTER")


def downgrade() -> None:
    for name in PAPERS:
        op.add_column("handoffs", sa.Column(name, sa.JSON(), nullable=True))
    op.execute(
        "UPDATE handoffs SET (assessment, reassessed, deadline, routings) = "
        "(SELECT assessment, reassessed, deadline, routings FROM grounds WHERE handoff_id = handoffs.id)"
    )
    op.drop_table("grounds")
