"""What a comparison of two policies says, in a terminal and as JSON. docs/scoring.md explains every line."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.blocks.text import clean
from bot.blocks.width import padded, widths
from bot.stats.criteria_diff import CriteriaDiff, Example, Side

LONGEST = 40
MOST_SOURCES = 10
CAVEAT = (
    "A replay takes each signal as heard when it happened, each lead as it is known today, and no card as decided.",
    "How many cards there would be, it can say; what reps would make of leads they never saw, it cannot.",
)


def diff_text(found: CriteriaDiff, old: str, new: str) -> str:
    """The comparison as lines of plain text; `old` and `new` are what was asked for."""
    asked = [f"{head}  {side.version}  {clean(name, 80)}" for head, side, name in _sides(found, old, new)]
    if found.same:
        return "\n".join([*asked, "", f"No difference to {_leads(found)}: {found.both} cross under both."])
    return "\n".join(
        [
            *asked,
            f"{_leads(found)}, UTC.",
            "",
            *_table(["", "OLD", "NEW"], _figures(found)),
            *_moved(found),
            *_alone("Cross under NEW alone", found.new),
            *_alone("Cross under OLD alone", found.old),
            *_sources(found),
            "",
            *CAVEAT,
        ]
    )


def diff_json(found: CriteriaDiff) -> dict[str, Any]:
    """The comparison as JSON types. Times are ISO 8601 in UTC."""
    return {
        "start": found.window.start.isoformat(),
        "end": found.window.end.isoformat(),
        "leads": found.leads,
        "cross_under_both": found.both,
        "moved": [{"old": was, "new": is_, "leads": count} for (was, is_), count in found.moved.most_common()],
        "old": _side_json(found.old, found.window.days),
        "new": _side_json(found.new, found.window.days),
    }


def _sides(found: CriteriaDiff, old: str, new: str) -> Iterable[tuple[str, Side, str]]:
    return ("OLD", found.old, old), ("NEW", found.new, new)


def _leads(found: CriteriaDiff) -> str:
    window = found.window
    dates = f"{window.start:%Y-%m-%d} to {window.end:%Y-%m-%d}"
    return f"{_many(found.leads, 'lead')} with a signal in {_many(window.days, 'day')}, {dates}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _figures(found: CriteriaDiff) -> list[list[str]]:
    sides, days = (found.old, found.new), found.window.days
    rows = {
        "Leads that cross": [f"{side.leads:,}" for side in sides],
        "  under both": [f"{found.both:,}"] * 2,
        "  under this one alone": [f"{side.alone:,}" for side in sides],
        "  under the other one before these days": [f"{side.elsewhen:,}" for side in sides],
        "Crossings held back for missing data": [f"{side.waiting_for_data:,}" for side in sides],
        "Cards": [f"{side.cards:,}" for side in sides],
        "Reps": [f"{side.reps:,}" for side in sides],
        "Cards per rep and day": [_number(side.per_rep(side.cards / days)) for side in sides],
        "  on the busiest day": [_busiest(side) for side in sides],
    }
    return [[label, *cells] for label, cells in rows.items()]


def _busiest(side: Side) -> str:
    if side.busiest is None:
        return "–"
    day, cards = side.busiest
    return f"{_number(side.per_rep(cards))} ({day:%m-%d})"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if value >= 1 or not value else f"{value:.2g}"


def _moved(found: CriteriaDiff) -> Iterator[str]:
    if found.moved:
        moves = (f"{clean(was, 20)} → {clean(is_, 20)}: {count:,}" for (was, is_), count in found.moved.most_common())
        yield from ("", f"Cross under both, but elsewhere: {', '.join(moves)}")


def _alone(heading: str, side: Side) -> Iterator[str]:
    if not side.alone:
        return
    yield from ("", f"{heading}: {side.alone:,}")
    yield from _aligned([_example(one) for one in side.examples])
    if side.alone > len(side.examples):
        yield f"  … and {side.alone - len(side.examples):,} more"


def _example(one: Example) -> list[str]:
    crossed = one.crossed
    where = f"{crossed.at:%Y-%m-%d}  {crossed.tier}" + (" (data missing)" if crossed.missing else "")
    because = "" if crossed.because.endswith(crossed.cell) else f", {clean(crossed.because, 60)}"
    return [f"  {clean(one.name, LONGEST)}", clean(one.source, 25), where, f"{crossed.cell}{because}"]


def _sources(found: CriteriaDiff) -> Iterator[str]:
    old, new = found.old.sources, found.new.sources
    names = sorted(old.keys() | new.keys(), key=lambda name: (-(old[name] + new[name]), name))
    shown, rest = names[:MOST_SOURCES], names[MOST_SOURCES:]
    rows = [[clean(name, LONGEST), f"{old[name]:,}", f"{new[name]:,}"] for name in shown]
    if rest:
        totals = (sum(counts[name] for name in rest) for counts in (old, new))
        rows.append([f"{len(rest):,} more", *(f"{total:,}" for total in totals)])
    if rows:
        yield from ("", *_table(["Cards by source", "OLD", "NEW"], rows))


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A first column of words, and figures to the right of it."""
    table = [head, *rows]
    wide = widths(table)
    for words, *figures in table:
        cells = (cell.rjust(room) for cell, room in zip(figures, wide[1:], strict=True))
        yield "  ".join([padded(words, wide[0]), *cells])


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    wide = widths(rows)
    for row in rows:
        yield "  ".join(padded(cell, room) for cell, room in zip(row, wide, strict=True)).rstrip()


def _side_json(side: Side, days: int) -> dict[str, Any]:
    day, most = side.busiest or (None, 0)
    return {
        "version": side.version,
        "reps": side.reps,
        "leads": side.leads,
        "alone": side.alone,
        "under_the_other_before": side.elsewhen,
        "waiting_for_data": side.waiting_for_data,
        "cards": side.cards,
        "cards_per_rep_and_day": side.per_rep(side.cards / days),
        "busiest_day": day.isoformat() if day else None,
        "cards_per_rep_on_the_busiest_day": side.per_rep(most),
        "cards_by_source": dict(side.sources.most_common()),
        "examples": [_example_json(one) for one in side.examples],
    }


def _example_json(one: Example) -> dict[str, Any]:
    crossed = one.crossed
    return {
        "lead": one.lead_id,
        "name": one.name,
        "source": one.source,
        "at": crossed.at.isoformat(),
        "cell": crossed.cell,
        "tier": crossed.tier,
        "because": crossed.because,
        "data_missing": crossed.missing,
    }
