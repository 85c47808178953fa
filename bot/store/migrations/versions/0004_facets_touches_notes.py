"""facets, touches, notes"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("block", name=op.f("pk_looks")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_on"), "notes", ["on"], unique=False)
    op.create_table(
        "shares",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=True),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
    )
    op.add_column("leads", sa.Column("first_source", sa.Text(), nullable=True))
    op.add_column("leads", sa.Column("first_campaign", sa.Text(), nullable=True))
    op.add_column("leads", sa.Column("former_source", sa.Text(), nullable=True))
    op.add_column("leads", sa.Column("former_campaign", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("first_owner", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("facets", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(
        "ix_history_rerouted",
        "history",
        ["at", "handoff_id"],
        unique=False,
        sqlite_where=sa.text("kind = 'rerouted'"),
        postgresql_where=sa.text("kind = 'rerouted'"),
    )
    _fill_handoffs()
    op.create_index("ix_handoffs_due_at_offered_at", "handoffs", ["due_at", "offered_at"], unique=False)


# What there is already. JSON is read as text, and whatever it holds: nothing of it may stop the migration. The rules
# are those of this release, and stay here as they are.

BATCH = 1_000
ENDINGS = ("accepted_at", "rejected_at", "voided_at", "expired_at")
OF_LEAD = ("channel", "usecase", "segment", "region", "product")

_MOMENT = sa.DateTime(timezone=True)
_LEADS = sa.table("leads", sa.column("id"), sa.column("country"), sa.column("attributes", sa.Text))
_HISTORY = sa.table("history", *map(sa.column, ("id", "handoff_id", "kind")), sa.column("detail", sa.Text))
_HANDOFFS = sa.table(
    "handoffs",
    *map(sa.column, ("id", "lead_id", "owner", "source", "campaign", "took_wall", "first_owner")),
    sa.column("assessment", sa.Text),
    sa.column("facets", sa.JSON(none_as_null=True)),
    sa.column("offered_at", _MOMENT),
    *(sa.column(name, _MOMENT) for name in ENDINGS),
)


def _text(column: sa.ColumnElement[Any]) -> sa.Label[str]:
    return sa.cast(column, sa.Text).label(column.name)


def _fill_handoffs() -> None:
    """Whom each was offered to, how long it was open, and its facets; of the lead as it is now, and of one touch."""
    own = [_HANDOFFS.c[name] for name in ("id", "owner", "source", "campaign", "took_wall", "offered_at", *ENDINGS)]
    rows = (
        sa.select(*own, _LEADS.c.country, _text(_LEADS.c.attributes), _text(_HANDOFFS.c.assessment))
        .join_from(_HANDOFFS, _LEADS, _LEADS.c.id == _HANDOFFS.c.lead_id)
        .where(_HANDOFFS.c.id > sa.bindparam("last"))
        .order_by(_HANDOFFS.c.id)
        .limit(BATCH)
    )
    fill = sa.update(_HANDOFFS).where(_HANDOFFS.c.id == sa.bindparam("handoff"))
    fill = fill.values({name: sa.bindparam(f"new_{name}") for name in ("first_owner", "took_wall", "facets")})
    database, last = op.get_bind(), 0
    while batch := database.execute(rows, {"last": last}).all():
        last = batch[-1].id
        offered = _offered_to(database, batch[0].id, last)
        database.execute(fill, [_filled(row, offered.get(row.id, row.owner)) for row in batch])


def _offered_to(database: sa.Connection, first: int, last: int) -> dict[int, str]:
    """By hand-off, as the history has it: routings were not kept from the beginning."""
    events = sa.select(_HISTORY.c.handoff_id, _text(_HISTORY.c.detail)).where(
        _HISTORY.c.handoff_id.between(first, last), _HISTORY.c.kind == "offered"
    )
    owners = ((row.handoff_id, _object(row.detail).get("owner")) for row in database.execute(events))
    return {handoff: owner for handoff, owner in owners if isinstance(owner, str)}


def _filled(row: Any, first_owner: str | None) -> dict[str, Any]:
    ended = min((at for at in (getattr(row, name) for name in ENDINGS) if at), default=None)
    took = row.took_wall if row.took_wall is not None else _seconds(row.offered_at, ended)
    facets = {
        **_of_lead(_object(row.attributes), row.country),
        **_of_touch(row.source, row.campaign),
        **dict(_of_assessment(_object(row.assessment))),
    }
    return {"handoff": row.id, "new_first_owner": first_owner, "new_took_wall": took, "new_facets": facets or None}


def _seconds(offered: datetime, ended: datetime | None) -> int | None:
    return round((ended - offered).total_seconds()) if ended and ended >= offered else None


def _object(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "null")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _of_lead(attributes: Mapping[str, Any], country: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    spelled = [(key.casefold().translate(str.maketrans("", "", " -_")), key) for key in attributes]
    for name, key in sorted(spelled, key=lambda one: (one[0] != one[1], one[1])):
        word = _word(attributes[key])
        if name in OF_LEAD and word:
            found.setdefault(name, word)
    region = _word(country)
    return {"region": region, **found} if region else found


def _of_touch(source: str | None, campaign: str | None) -> dict[str, str]:
    words = {"source": _storable(source or ""), "campaign": _storable(campaign or "")}
    return {f"{which}_{name}": word for which in ("first", "last") for name, word in words.items() if word.strip()}


def _of_assessment(told: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    fit, level, tier = told.get("fit"), told.get("behaviour"), told.get("tier")
    points: list[Any] = [told.get("fit_points"), told.get("behaviour_points")]
    if fit in ("A", "B", "C", "D") and level in (1, 2, 3, 4):
        yield "grade", f"{fit}{int(level)}"
    if all(isinstance(one, int) for one in points):
        yield "score", sum(points) // 100
    if tier and isinstance(told.get("lines"), list):
        yield "type", (_word(told.get("because")) if _on_track(told) else None) or "points"


def _on_track(told: Mapping[str, Any]) -> bool:
    return any(
        isinstance(line, dict)
        and (line.get("axis"), line.get("outcome"), line.get("label")) == ("fast track", "met", told.get("because"))
        for line in told["lines"]
    )


def _word(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    text = f"{value + 0:.15g}" if isinstance(value, float) else str(value)
    return " ".join(_storable(text).split())[:255].rstrip() or None


def _storable(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode()


def downgrade() -> None:
    op.drop_index("ix_handoffs_due_at_offered_at", "handoffs")
    op.drop_index("ix_history_rerouted", "history")
    op.drop_column("handoffs", "facets")
    op.drop_column("handoffs", "first_owner")
    op.drop_column("leads", "former_campaign")
    op.drop_column("leads", "former_source")
    op.drop_column("leads", "first_campaign")
    op.drop_column("leads", "first_source")
    op.drop_table("shares")
    op.drop_index(op.f("ix_notes_on"), "notes")
    op.drop_table("notes")
    op.drop_table("looks")
