"""The demo company's past as a CSV file, brought in as anybody's would be: by what `baton import history` calls."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.config.load import load
from bot.intake import mapping
from bot.intake.history import import_history
from bot.store.engine import Store
from demo.company import HERE, Company
from demo.past import Past, past

HANDOFFS = 240
TEAM = "sales"


def bring_in(company: Company, now: datetime, handoffs: int = HANDOFFS) -> int:
    """Write the past before `now` (UTC) into the demo's folder and import it. How many leads it tells of.

    Raises RuntimeError with the faults where a row was not taken. The command would do; it takes two seconds to start.
    """
    path = company.folder / "past.csv"
    write(path, past(load(HERE / "config"), now, handoffs))
    store = Store(company.database)
    try:
        done = import_history(store, now, path, mapping.load(HERE / "past.yaml", mapping.HistoryMap))
    finally:
        store.close()
    if done.refused:
        raise RuntimeError("\n".join(["the demo's past was not taken:", *map(str, done.faults)]))
    return done.new


def write(path: Path, ones: Iterable[Past]) -> None:
    """One row for each lead, with the columns that past.yaml reads: a file knows one hand-off of a lead."""
    rows = [_row(one) for one in ones if one.number == 1]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _row(one: Past) -> dict[str, str | int]:
    refused = one.outcome in {"rejected", "void"}
    return {
        **one.who._asdict(),
        "country": one.country,
        "employees": one.employees,
        "source": one.source,
        "campaign": one.campaign,
        "rep": one.owner,
        "team": TEAM,
        "tier": one.tier,
        "handed_off": _utc(one.offered_at),
        "due": _utc(one.due_at),
        "accepted": _utc(one.ended_at if one.outcome == "accepted" else None),
        "rejected": _utc(one.ended_at if refused else None),
        "reason": one.reason or "",
        "answer": one.follow_up or "",
        "expired": _utc(one.ended_at if one.outcome == "expired" else None),
        "qualified": _utc(one.qualified_at),
        "disqualified": _utc(one.disqualified_at),
        "dropped_for": one.disqualified_for or "",
        "won": _utc(one.won_at),
        "lost": _utc(one.lost_at),
    }


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
