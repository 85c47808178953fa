"""A figure's counts as one plain SQL statement, for people to run themselves: on SQLite and PostgreSQL as it stands.

The definitions of cohorts.py once more, written out so that they stand alone; `explain` shows them, and tests hold the
two against each other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.states import State
from bot.stats.cohort import BLANK
from bot.stats.query import Cohort, Dim, Window
from bot.stats.rates import Horizon
from bot.store.plain_sql import (
    chosen,
    column,
    flag,
    happened,
    known,
    moment,
    named,
    older,
    outcome,
    text,
    within,
)

Before = Mapping[str | None, datetime]
"""For each person (key) a moment (UTC); under None is everybody else's."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Which hand-offs are counted, how things stood when (UTC), and how far rates look.

    `before` is the window to compare with, and `reason` the code of the one reason that is counted by itself. `by` are
    the dimensions whose values are counted apart. With `old` only what was offered to somebody (key) before a moment
    (UTC) is counted; None: to everybody else.
    """

    cohort: Cohort
    as_of: datetime
    horizon: Horizon
    before: Window | None = None
    reason: str = BLANK
    by: tuple[Dim, ...] = ()
    old: Before | None = None


_SAL = "outcome IN ('accepted', 'sql', 'won')"
_ANSWER = "outcome NOT IN ('void', 'open', 'expired')"
_ENDED = "outcome NOT IN ('void', 'open')"
_FIRST: Mapping[str, str] = {
    "handed_off": "outcome <> 'void'",
    "accepted": _SAL,
    "rejected": "outcome = 'rejected'",
    "expired": "outcome = 'expired'",
    "open": "outcome = 'open'",
    "decided": _ENDED,
    "void": "outcome = 'void'",
    "sql": "outcome IN ('sql', 'won')",
    "won": "outcome = 'won'",
    "out": "outcome = 'accepted' AND went_out = 1",
    "underway": "outcome = 'accepted' AND went_out = 0",
    "rerouted": "outcome <> 'void' AND passed_on = 1",
    "from_others": "outcome <> 'void' AND moved = 1",
    "top_reason": "outcome = 'rejected' AND code = :reason",
    "accepted_by_then": f"{_SAL} AND took <= :minutes",
    "rejected_by_then": "outcome = 'rejected' AND took <= :minutes",
    "expired_by_then": "outcome = 'expired' AND took <= :minutes",
    "times_unknown": f"{_ENDED} AND took IS NULL",
    "timed": f"{_ANSWER} AND working IS NOT NULL",
    "decided_unknown": f"{_ANSWER} AND working IS NULL",
    "timed_wall": f"{_ANSWER} AND wall IS NOT NULL",
    "decided_unknown_wall": f"{_ANSWER} AND wall IS NULL",
}
_FURTHER = ("sql", "won", "out", "underway")
"""Counts for which it matters how far an accepted one came."""
_REPEATED = {"repeats": "outcome <> 'void'", "repeats_accepted": _SAL}
_SIDES = {
    "handed_off": _FIRST["handed_off"],
    "accepted": _SAL,
    "decided": _ENDED,
    "open": _FIRST["open"],
    "accepted_by_then": _FIRST["accepted_by_then"],
    "times_unknown": _FIRST["times_unknown"],
    "judged": f"(outcome = 'open' OR {_ENDED} AND took IS NOT NULL)",
}
_COMPARED = {
    **{name: f"{one} AND side = 'now'" for name, one in _SIDES.items()},
    **{f"before_{name}": f"{one} AND side = 'before'" for name, one in _SIDES.items()},
}
_DUE = {
    "due": f"outcome <> 'void' AND NOT ({_ANSWER} AND undated = 1)",
    "met": f"{_ANSWER} AND in_time = 1",
    "missed": f"(outcome = 'expired' OR {_ANSWER} AND undated = 0 AND in_time = 0)",
    "due_unknown": f"{_ANSWER} AND undated = 1",
    "overdue": "outcome = 'open'",
}
_PERIOD = {
    "period_offered": "outcome <> 'void' AND offered_then = 1",
    "period_accepted": "outcome <> 'void' AND accepted_then = 1",
    "period_sql": "outcome <> 'void' AND qualified_then = 1",
    "period_undated": f"{_SAL} AND offered_then = 1 AND dateless = 1",
}


def sql(counts: Sequence[str], of: Counted) -> str:
    """The statement that gives these counts, as columns of the same names: one row, or one for each group of `of.by`.

    ValueError for unknown counts.
    """
    for table, where in (
        (_FIRST, _offered(of)),
        (_REPEATED, ["number > 1", *within("offered_at", of.cohort.window, of.as_of)]),
        (_COMPARED, _either(of)),
        (_DUE, _was_due(of)),
        (_PERIOD, ["number = 1", f"offered_at <= {moment(of.as_of)}"]),
    ):
        if set(counts) <= table.keys():
            return _statement({name: table[name] for name in counts}, where, of)
    raise ValueError(f"counts {list(counts)}: expected some of one table of this module")


def _statement(conditions: Mapping[str, str], where: Sequence[str], of: Counted) -> str:
    stages = not conditions.keys().isdisjoint(_FURTHER)
    filled = {name: _filled(one, of, stages=stages) for name, one in conditions.items()}
    used = set(re.findall(r"[a-z_]+", " ".join(conditions.values())))
    groups = [f"of_{dim}" for dim in of.by]
    counted = [*groups, *(f"COUNT(CASE WHEN {one} THEN 1 END) AS {name}" for name, one in filled.items())]
    rows = [
        *(f"{named(column(dim, of.cohort.touch))} AS of_{dim}" for dim in of.by),
        *(f"{part} AS {name}" for name, part in _parts(of, stages=stages).items() if name in used),
    ]
    passing = [chosen(one, of.cohort.touch, of.as_of) for one in of.cohort.filters]
    return "\n".join(
        [
            *_listed("SELECT", counted, ","),
            "FROM (",
            *(f"  {line}" for line in _listed("SELECT", rows, ",")),
            "  FROM handoffs",
            *(f"  {line}" for line in _listed("WHERE", [*where, *passing], " AND")),
            ") AS counted",
            *([f"GROUP BY {', '.join(groups)}", f"ORDER BY {', '.join(groups)}"] if groups else []),
        ]
    )


def _listed(head: str, items: Sequence[str], between: str) -> Iterator[str]:
    yield head
    for place, item in enumerate(items):
        yield f"  {item}{between if place < len(items) - 1 else ''}"


def _filled(condition: str, of: Counted, *, stages: bool) -> str:
    short = condition if stages else condition.replace(_SAL, "outcome = 'accepted'")
    if of.horizon.life:
        short = short.replace("took <= :minutes", "took IS NOT NULL")
    return short.replace(":minutes", str(of.horizon.minutes)).replace(":reason", text(of.reason))


def _parts(of: Counted, *, stages: bool) -> dict[str, str]:
    """What conditions speak of, from the row of a hand-off."""
    window, now = of.cohort.window, moment(of.as_of)
    return {
        "outcome": outcome(now, stages=stages),
        "went_out": flag(happened(now, {State.DISQUALIFIED, State.LAPSED}, "disqualified_at", "lapsed_at")),
        "passed_on": flag(
            f"id IN (SELECT handoff_id FROM history WHERE kind = 'rerouted' AND at <= {now})"  # noqa: S608 shown, not run
        ),
        "moved": flag("owner <> first_owner"),
        "code": named("reason"),
        "took": known(f"took_{of.horizon.clock} / 60", now),
        "working": known("took_working", now),
        "wall": known("took_wall", now),
        "side": f"CASE WHEN {' AND '.join(within('offered_at', window))} THEN 'now' ELSE 'before' END",
        "in_time": flag("decided_at <= due_at"),
        "undated": flag("decided_at IS NULL"),
        "dateless": flag("accepted_at IS NULL"),
        "offered_then": flag(" AND ".join(within("offered_at", window))),
        "accepted_then": flag(" AND ".join(within("accepted_at", window, of.as_of))),
        "qualified_then": flag(" AND ".join(within("COALESCE(qualified_at, won_at, lost_at)", window, of.as_of))),
    }


def _offered(of: Counted) -> list[str]:
    return ["number = 1", *within("offered_at", of.cohort.window, of.as_of), *_old(of)]


def _either(of: Counted) -> list[str]:
    windows = [of.cohort.window, *([of.before] if of.before else [])]
    either = " OR ".join(f"({' AND '.join(within('offered_at', one))})" for one in windows)
    return ["number = 1", f"({either})", f"offered_at <= {moment(of.as_of)}", *_old(of)]


def _old(of: Counted) -> list[str]:
    return older("offered_at", "first_owner", of.old) if of.old else []


def _was_due(of: Counted) -> list[str]:
    """Due in the window, and by then: what is not due yet is in no figure."""
    return [*within("due_at", of.cohort.window, of.as_of), f"offered_at <= {moment(of.as_of)}"]
