"""The clauses of plain SQL: moments, states and filters as both databases read them, written out for people.

reproduce.py builds its statements of them. SQLite compares moments as text, so their form matters. Nothing here is run
by Baton itself.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime, timedelta

from bot.handoff.states import AFTER_ACCEPT, State
from bot.stats.cohort import BLANK
from bot.stats.query import Dim, Filter, Touch, Window

TICK = timedelta(microseconds=1)


def within(column: str, window: Window, as_of: datetime | None = None) -> list[str]:
    """That a moment lies in a window, and not after the as-of date."""
    found = [f"{column} {_from(window.start)}", f"{column} {_before(window.end)}"]
    return [*found, f"{column} <= {moment(as_of)}"] if as_of and as_of < window.end else found


def older(at: str, whose: str, before: Mapping[str | None, datetime]) -> list[str]:
    """That a moment lies before the one of whoever it belongs to; under None is everybody else's."""
    other, by_moment = before[None], dict[datetime, list[str]]()
    for key, start in before.items():
        if key is not None and start != other:
            by_moment.setdefault(start, []).append(key)
    if not by_moment:
        return [f"{at} {_before(other)}"]
    apart = [f"{whose} IN ({_texts(keys)}) AND {at} {_before(start)}" for start, keys in by_moment.items()]
    listed = _texts([key for keys in by_moment.values() for key in keys])
    return [f"({' OR '.join(apart)} OR COALESCE({whose}, '') NOT IN ({listed}) AND {at} {_before(other)})"]


def outcome(now: str, *, stages: bool) -> str:
    """How far a hand-off had come at a moment: void, accepted, rejected, expired or open.

    With `stages` those accepted ones that came further are sql, or won.
    """
    qualified = happened(now, {State.QUALIFIED, State.WON, State.LOST}, "qualified_at", "won_at", "lost_at")
    won = happened(now, {State.WON}, "won_at")
    further = (
        f"\n        CASE WHEN {qualified} THEN"
        f"\n          CASE WHEN {won} THEN 'won' ELSE 'sql' END"
        "\n        ELSE 'accepted' END"
    )
    came = further if stages else " 'accepted'"
    lines = (
        f"WHEN {happened(now, {State.VOID}, 'voided_at')} THEN 'void'",
        f"WHEN {accepted(now)} THEN{came}",
        f"WHEN {happened(now, {State.REJECTED}, 'rejected_at')} THEN 'rejected'",
        f"WHEN {happened(now, {State.EXPIRED}, 'expired_at')} THEN 'expired'",
        "ELSE 'open'",
    )
    return "\n      ".join(("CASE", *lines)) + "\n    END"


def accepted(now: str) -> str:
    """That it had been accepted, whatever came of it."""
    dates = ("accepted_at", "disqualified_at", "lapsed_at", "qualified_at", "won_at", "lost_at")
    return happened(now, AFTER_ACCEPT, *dates)


def happened(now: str, states: Set[State], *columns: str) -> str:
    """One of its dates is over, or it is in the state and has none of them: then it counts from the offer on."""
    dated = [f"{column} <= {now}" for column in columns]
    none = f"COALESCE({', '.join(columns)}) IS NULL" if len(columns) > 1 else f"{columns[0]} IS NULL"
    return f"({' OR '.join(dated)} OR state IN ({_texts(sorted(states))}) AND {none})"


def known(took: str, now: str) -> str:
    """How long something took, unless it was not over by then."""
    return f"CASE WHEN COALESCE(accepted_at, rejected_at, expired_at) > {now} THEN NULL ELSE {took} END"


def flag(condition: str) -> str:
    """1 where it holds, else 0."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


_COLUMNS = {
    **{name: name for name in ("source", "campaign", "team", "tier", "reason")},
    **{name: f"facets ->> '{name}'" for name in ("channel", "usecase", "segment", "region", "product")},
    **{name: f"facets ->> '{name}'" for name in ("grade", "type")},
    "rep": "owner",
    "version": "policy",
    "band": "CAST(CAST(facets ->> 'score' AS INTEGER) / 10 * 10 AS TEXT)",
}


def column(dim: Dim, touch: Touch) -> str:
    """Where the value of a dimension stands: of all but the reason, which is one of rejected ones, week and month."""
    foreign = dim in ("source", "campaign") and touch != "trigger"
    return f"facets ->> '{touch}_{dim}'" if foreign else _COLUMNS[dim]


def chosen(one: Filter, touch: Touch, as_of: datetime) -> str:
    """That a hand-off passes a filter, as things stood then."""
    if one.key == "score":
        score = "CAST(facets ->> 'score' AS INTEGER)"
        low, high = one.low, one.high
        bounds = [
            *([f"{score} >= {low}"] if low is not None else []),
            *([f"{score} <= {high}"] if high is not None else []),
        ]
        inside = f"COALESCE({' AND '.join(bounds) or 'TRUE'}, FALSE)"
    elif one.key in ("week", "month"):
        inside = f"({' OR '.join(_days(value) for value in one.values)})"
    else:
        inside = f"{named(column(one.key, touch))} IN ({_texts(one.values)})"
        if one.key == "reason":
            inside = f"({outcome(moment(as_of), stages=False)} = 'rejected' AND {inside})"
    return f"NOT {inside}" if one.negated else inside


def _days(value: str) -> str:
    """The week that begins on a Monday, 2026-03-02, or the month 2026-03, by the day of the offer."""
    first = date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    last = first + timedelta(days=7) if len(value) > 7 else (first + timedelta(days=31)).replace(day=1)
    return f"(offered_at >= '{first} 00:00:00+00' AND offered_at < '{last} 00:00:00+00')"


def named(value: str) -> str:
    """The name of the group by what stands in a column."""
    return f"CASE WHEN TRIM(COALESCE({value}, '')) = '' THEN {text(BLANK)} ELSE {value} END"


def _texts(values: Sequence[str]) -> str:
    return ", ".join(map(text, values))


def text(value: str) -> str:
    """A literal."""
    return "'" + str(value).replace("'", "''") + "'"


def moment(at: datetime) -> str:
    """For `<=`: as text it is more than the same moment without a zone, as SQLite keeps it, and less than the next."""
    return f"'{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"


def _from(at: datetime) -> str:
    if at.microsecond:
        return f"> {moment(at - TICK)}"
    return f">= '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00'"  # as text it is less than the moment with ".000000"


def _before(at: datetime) -> str:
    if at.microsecond:
        return f"<= {moment(at - TICK)}"
    return f"< '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00'"
