"""The signals of leads: each stored once, and counted in one line per lead, type and UTC day.

An assessment reads the lines and never the signals, so that a new one costs the same however many came before it.
Whoever adds signals holds the lead's row lock, which keeps two of its lines from being written at once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.criteria.days import Day, hundredths, reaches, stands_before, utc_day
from bot.criteria.definition import Criteria
from bot.lead import Signal
from bot.store.engine import Tx, insert_into
from bot.store.tables import signal_days, signals

DAY = timedelta(days=1)


class UnknownType(NamedTuple):
    """A type of signal that no rule knows: how many signals of how many leads, and the last day one happened on."""

    type: str
    signals: int
    leads: int
    last: date


_SIGNAL = [signals.c[name] for name in ("signal_id", "type", "at", "note", "value")]
_OF_LEAD = signals.c.lead_id == sa.bindparam("lead")
_THIS_LINE = (
    (signal_days.c.lead_id == sa.bindparam("lead"))
    & (signal_days.c.type == sa.bindparam("of_type"))
    & (signal_days.c.day == sa.bindparam("on_day"))
)
_KNOWN = sa.select(*_SIGNAL).where(_OF_LEAD, signals.c.signal_id.in_(sa.bindparam("ids", expanding=True)))
_REPLACE = (
    sa.update(signals)
    .where(_OF_LEAD, signals.c.signal_id == sa.bindparam("which"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("type", "at", "note", "value")})
)
_DROP_EMPTY = sa.delete(signal_days).where(_THIS_LINE, signal_days.c["count"] == 0)
_ALL = sa.select(*_SIGNAL).where(_OF_LEAD).order_by(signals.c.at, signals.c.id)
_NEWEST = (
    sa.select(*_SIGNAL).where(_OF_LEAD).order_by(signals.c.at.desc(), signals.c.id.desc()).limit(sa.bindparam("most"))
)
_TYPES: sa.BindParameter[Any] = sa.bindparam("types", expanding=True)
_LAST_DAY = sa.select(sa.func.max(signal_days.c.day)).where(
    signal_days.c.lead_id == sa.bindparam("lead"),
    signal_days.c.type.in_(_TYPES),
    signal_days.c.day <= sa.bindparam("today"),
)
_NEXT_DAY = sa.select(sa.func.min(signal_days.c.day)).where(
    signal_days.c.lead_id == sa.bindparam("lead"), signal_days.c.day > sa.bindparam("today")
)
_LAST_AT = sa.select(sa.func.max(signals.c.at)).where(
    _OF_LEAD,
    signals.c.type.in_(_TYPES),
    signals.c.at >= sa.bindparam("start"),
    signals.c.at < sa.bindparam("end"),
)
_AHEAD = (
    sa.select(signals.c.id)
    .where(_OF_LEAD, signals.c.at >= sa.bindparam("start"), signals.c.at < sa.bindparam("end"))
    .where(signals.c.received_at < sa.bindparam("start"))
    .limit(1)
)
_UNKNOWN = (
    sa.select(
        signal_days.c.type,
        sa.cast(sa.func.sum(signal_days.c["count"]), sa.BigInteger),
        sa.func.count(signal_days.c.lead_id.distinct()),
        sa.func.max(signal_days.c.day),
    )
    .where(signal_days.c.type.not_in(sa.bindparam("known", expanding=True)))
    .group_by(signal_days.c.type)
    .order_by(sa.func.sum(signal_days.c["count"]).desc(), signal_days.c.type)
)


def add_signals(tx: Tx, lead_id: int, new: Sequence[Signal], now: datetime) -> int:
    """Store signals of a lead that is locked; how many ids were new. `now` is UTC.

    Where an id comes again with other content, the version that `stands_before` the other is kept, so that the order
    of arrival never matters.
    """
    if not new:
        return 0
    told = _once_each(new)
    rows = [{"lead_id": lead_id, "received_at": now, **_row(one)} for one in told.values()]
    fresh = set(tx.execute(_add(tx.dialect.name), rows).scalars())
    again = {id_: one for id_, one in told.items() if id_ not in fresh}
    replaced = _replaced(tx, lead_id, again) if again else []
    _count(tx, lead_id, [told[id_] for id_ in fresh], replaced)
    return len(fresh)


def days_of(tx: Tx, lead_id: int, criteria: Criteria, today: date) -> list[Day]:
    """The lead's lines that can count on `today` (a UTC day), in any order."""
    reach = reaches(criteria, today)
    if not reach:
        return []
    values: dict[str, object] = {"lead": lead_id, "today": today}
    for place, (type_, one) in enumerate(reach.items()):
        values |= {f"type_{place}": type_, f"since_{place}": one.since or date.min}
        values |= {f"most_{place}": one.most} if one.most is not None else {}
    statement = _days_query(tuple(one.most is not None for one in reach.values()))
    return [Day(*row) for row in tx.execute(statement, values)]


def newest_signals(
    tx: Tx, lead_id: int, most: int, *, after: datetime | None = None, until: datetime | None = None
) -> list[Signal]:
    """The lead's signals that happened last, newest first: those received after `after` and not after `until`."""
    query, values = _NEWEST, {"lead": lead_id, "most": most}
    if after is not None:
        query = query.where(signals.c.received_at > after)
    if until is not None:
        query = query.where(signals.c.received_at <= until)
    return [Signal(*row) for row in tx.execute(query, values)]


def all_signals(tx: Tx, lead_id: int) -> list[Signal]:
    """All signals of a lead, oldest first. For explanations and replays: there may be very many."""
    return [Signal(*row) for row in tx.execute(_ALL, {"lead": lead_id})]


def last_signal_at(tx: Tx, lead_id: int, types: Collection[str], today: date) -> datetime | None:
    """When the lead's last signal of these types happened, up to the end of a UTC day, as assessments count (UTC).

    The lines name the day, so that one day's signals are read.
    """
    asked = {"lead": lead_id, "types": list(types)}
    day = tx.execute(_LAST_DAY, {**asked, "today": today}).scalar_one()
    if day is None:
        return None
    start = datetime.combine(day, time(), UTC)
    at: datetime | None = tx.execute(_LAST_AT, {**asked, "start": start, "end": start + DAY}).scalar_one()
    return at


def next_day(tx: Tx, lead_id: int, today: date) -> date | None:
    """The first UTC day after `today` of which a signal is stored already."""
    day: date | None = tx.execute(_NEXT_DAY, {"lead": lead_id, "today": today}).scalar_one()
    return day


def came_of_age(tx: Tx, lead_id: int, since: date, today: date) -> bool:
    """Whether a signal of the UTC days from `since` to `today` had been stored before those days began."""
    start, end = datetime.combine(since, time(), UTC), datetime.combine(today, time(), UTC) + DAY
    return tx.execute(_AHEAD, {"lead": lead_id, "start": start, "end": end}).first() is not None


def unknown_types(tx: Tx, known: Collection[str]) -> list[UnknownType]:
    """What came in under types other than `known`, the most frequent first."""
    return [UnknownType(*row) for row in tx.execute(_UNKNOWN, {"known": list(known)})]


def _once_each(new: Iterable[Signal]) -> dict[str, Signal]:
    """By id, the version that stands; in the order of the ids, as every writer writes them."""
    kept: dict[str, Signal] = {}
    for one in new:
        if one.id not in kept or stands_before(one, kept[one.id]):
            kept[one.id] = one
    return dict(sorted(kept.items()))


def _row(signal: Signal) -> dict[str, Any]:
    return {
        "signal_id": signal.id,
        "type": signal.type,
        "at": signal.at,
        "note": signal.note,
        "value": signal.value,
    }


def _replaced(tx: Tx, lead_id: int, again: Mapping[str, Signal]) -> list[tuple[Signal, Signal]]:
    """Ids that came again with other content, where that content stands: what was stored, and what is now."""
    stored = [Signal(*row) for row in tx.execute(_KNOWN, {"lead": lead_id, "ids": list(again)})]
    replaced = [(old, again[old.id]) for old in stored if stands_before(again[old.id], old)]
    rows = [
        {"lead": lead_id, "which": new.id, **{f"new_{name}": value for name, value in _row(new).items()}}
        for _, new in replaced
    ]
    if rows:
        tx.execute(_REPLACE, rows)
    return replaced


def _count(tx: Tx, lead_id: int, fresh: Iterable[Signal], replaced: Iterable[tuple[Signal, Signal]]) -> None:
    """Add the new signals to their lines; one that was replaced leaves its line for that of its new version."""
    counts: Counter[tuple[str, date]] = Counter()
    values: Counter[tuple[str, date]] = Counter()
    for sign, one in _changes(fresh, replaced):
        line = one.type, utc_day(one.at)
        counts[line] += sign
        values[line] += sign * hundredths(one.value)
    changed = sorted(line for line in counts if counts[line] or values[line])
    rows = [
        {"lead_id": lead_id, "type": type_, "day": day, "count": counts[type_, day], "value": values[type_, day]}
        for type_, day in changed
    ]
    if rows:
        tx.execute(_add_up(tx.dialect.name), rows)
    fewer = [{"lead": lead_id, "of_type": type_, "on_day": day} for type_, day in changed if counts[type_, day] < 0]
    if fewer:
        tx.execute(_DROP_EMPTY, fewer)


def _changes(fresh: Iterable[Signal], replaced: Iterable[tuple[Signal, Signal]]) -> Iterator[tuple[int, Signal]]:
    yield from ((1, one) for one in fresh)
    for old, new in replaced:
        yield from ((-1, old), (1, new))


@cache
def _add(dialect: str) -> sa.Insert:
    statement: sa.Insert = insert_into(signals, dialect).on_conflict_do_nothing().returning(signals.c.signal_id)
    return statement


@cache
def _add_up(dialect: str) -> sa.Insert:
    statement = insert_into(signal_days, dialect)
    sums = {name: signal_days.c[name] + statement.excluded[name] for name in ("count", "value")}
    keys = list(signal_days.primary_key.columns)
    return statement.on_conflict_do_update(index_elements=keys, set_=sums)  # type: ignore[no-any-return]


@cache
def _days_query(limited: tuple[bool, ...]) -> sa.CompoundSelect[Any]:
    """One select per type, each a walk back along the key from today, which ends where nothing more can count."""
    columns = [signal_days.c[name] for name in ("type", "day", "count", "value")]
    parts = []
    for place, ends in enumerate(limited):
        part = sa.select(*columns).where(
            signal_days.c.lead_id == sa.bindparam("lead"),
            signal_days.c.type == sa.bindparam(f"type_{place}"),
            signal_days.c.day.between(sa.bindparam(f"since_{place}"), sa.bindparam("today")),
        )
        newest = part.order_by(signal_days.c.day.desc())
        parts.append(sa.select(newest.limit(sa.bindparam(f"most_{place}")).subquery()) if ends else part)
    return sa.union_all(*parts)
