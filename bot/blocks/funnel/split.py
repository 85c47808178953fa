"""A cohort split by a dimension, in words: a row for each group, and which of them chance does not explain. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.blocks.funnel.cells import Row, count, named, versus
from bot.blocks.funnel.report import Cell, Chart, Column, Line, Report, Step, Table
from bot.blocks.funnel.small_print import (
    MOST_POINTS,
    ONE_SIDED,
    UNSURE,
    accepted,
    course,
    looked,
    marked,
    percent_of,
)
from bot.blocks.funnel.split_data import data
from bot.blocks.funnel.steps import longer, nothing, step
from bot.blocks.funnel.words import Names, could_see, points, reading, short_rate, so_many_points, titled
from bot.stats.cohort import OTHERS, Counts
from bot.stats.maths.differences import LEAST, MINIMUM
from bot.stats.query import Filter
from bot.stats.rates import RATES_FROM, Say
from bot.stats.split import Part, Parts
from bot.stats.verdicts import suspected

MOST_ADVICE = 3
MOST_ROWS = 15
NO_TABLE = (
    "People stand by name: this is no league table. Managers see by `reps` who is outside of what chance explains."
)
ARROWS = (
    f"↑ ↓ from {so_many_points(LEAST)} on, where at most one arrow in 20 is a false alarm; "
    "none beside ≈, nor where chance may explain it among so many groups."
)
VERSUS = (
    f"Each group is held against all others: {ARROWS} "
    "Sorted by rates that are drawn towards the average, the more the fewer data there are."
)
NOT_OVER = "… is not over, or began before the window."


def report(parts: Parts, names: Names) -> Report:
    """The answer to `/funnel by DIM`."""
    query, counts = parts.query, parts.total.counts
    return Report(
        title=f"Funnel by {parts.by} · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(replace(query, previous=None), names, looked(parts.total)),
        lines=tuple(_lines(parts)),
        advice=tuple(_advice(parts, names))[:MOST_ADVICE],
        charts=tuple(_charts(parts, names)),
        table=_table(parts, names) if counts != Counts() else None,
        notes=tuple(_notes(parts)),
        steps=tuple(_steps(parts, names)),
        data=data(parts, names),
    )


def _steps(parts: Parts, names: Names) -> Iterator[Step]:
    """The group that is clearly behind goes first."""
    query = parts.query
    if parts.total.counts == Counts():
        yield from longer(query)
        return
    for part in _clear(parts)[:1]:
        if _behind(part) and part.name != OTHERS:
            yield Step(f"Why {names.group(parts.by, part.name)}?", _why(parts, part))
    yield step("All together", query)
    yield step("By source" if parts.in_time else "By week", query, by="source" if parts.in_time else "week")
    yield step("Rejections", query, "rejections", by=parts.by)


def _lines(parts: Parts) -> Iterator[Line]:
    counts = parts.total.counts
    if counts == Counts():
        yield Line("Handed off", nothing(parts.query))
        return
    void = f" · {counts.void:,} void" if counts.void else ""
    yield Line(
        "Handed off",
        f"{counts.handed_off:,} in {_groups(len(parts.groups))} · {counts.open:,} open{void}",
    )
    yield Line("Accept rate", accepted(parts.total))


def _groups(n: int) -> str:
    return "1 group" if n == 1 else f"{n} groups"


def _advice(parts: Parts, names: Names) -> Iterator[str]:
    found = _clear(parts)
    for part in found:
        side = "fewer" if _behind(part) else "more"
        like = f"; among leads of the same {part.behind} it is not so" if part.behind else ""
        why = f" `{_why(parts, part)}` shows why." if _behind(part) and part.name != OTHERS else ""
        told = f"{names.group(parts.by, part.name)}: {side} are accepted, {_beside(part)}"
        yield f"{told}{like}.{why}"
    if not found and parts.compared and parts.groups:
        yield _nothing(parts)


def _clear(parts: Parts) -> list[Part]:
    """What clearly differs from the rest: those behind go first, and those further away."""
    found = [(part.versus.difference.value, part) for part in parts.groups if part.versus and part.versus.clear]
    return [part for _, part in sorted(found, key=lambda one: (one[0] > 0, -abs(one[0])))]


def _behind(part: Part) -> bool:
    return part.versus is not None and part.versus.difference.value < 0


def _beside(part: Part) -> str:
    if part.versus is None or part.sides is None:
        return ""
    own, rest = part.sides
    return f"{own.k:,} of {own.n:,}, of all others {rest.k:,} of {rest.n:,} ({points(part.versus.difference)})"


def _why(parts: Parts, part: Part) -> str:
    cohort = parts.query.cohort
    only = replace(cohort, filters=(*cohort.filters, Filter(parts.by, (part.name,))))
    return step("", replace(parts.query, cohort=only), "rejections").command


def _nothing(parts: Parts) -> str:
    if parts.total.one_sided:
        return ONE_SIDED
    if len(parts.groups) == 1:
        return "There is only one group: nothing to compare it with."
    seen = [part.versus.could_see for part in parts.groups if part.versus]
    if not seen:
        return f"Too few to compare: a group needs {RATES_FROM} decided ones, and the rest {MINIMUM[1]}."
    if any(suspected(part.versus) for part in parts.groups):
        return UNSURE
    return f"No group differs clearly by {so_many_points(LEAST)} or more ({could_see(min(seen))} at best)."


def _table(parts: Parts, names: Names) -> Table:
    columns = [
        Column("group", parts.by.capitalize(), figures=False),
        Column("accept_rate", "Accepted"),
        Column("handed_off", "Handed off"),
        *([Column("difference", "Against rest")] if parts.compared else []),
        Column("open", "Open"),
    ]
    listed = parts.groups[:MOST_ROWS] if not parts.in_time else parts.groups[-MOST_ROWS:]
    rows = [_row(parts, part, names) for part in listed]
    if others := [part for part in parts.groups if part not in listed]:
        rows.append(_others(parts, others))
    what = "Accept rate" if parts.total.rate("accepted").told else "Accepted"
    return Table(f"{what} by {parts.by}", tuple(columns), tuple(rows), most=MOST_ROWS + 1)


def _row(parts: Parts, part: Part, names: Names) -> Row:
    against = [versus(part.versus, part.behind)] if parts.compared else []
    estimate = part.rate.estimate
    return (
        named(names.group(parts.by, part.name), over=part.over),
        Cell(_short(parts, part), estimate.value if estimate and part.rate.told else None),
        count(part.counts.handed_off),
        *against,
        count(part.counts.open),
    )


def _short(parts: Parts, part: Part) -> str:
    """A rate; where that would claim too much, how many of those decided so far."""
    if part.rate.told:
        return f"{short_rate(part.rate)}{' few data' if part.rate.say is Say.FEW else ''}"
    return f"{part.counts.accepted:,}" if parts.total.one_sided else _counted(part.counts)


def _counted(counts: Counts) -> str:
    return f"{counts.accepted:,} of {counts.decided:,}" if counts.decided else "–"


def _others(parts: Parts, others: Sequence[Part]) -> Row:
    whole = sum((part.counts for part in others), Counts())
    name = f"{len(others)} {'earlier' if parts.in_time else 'others'}"
    against = [versus(None)] if parts.compared else []
    return (named(name), Cell(_counted(whole), None), count(whole.handed_off), *against, count(whole.open))


def _charts(parts: Parts, names: Names) -> Iterator[Chart]:
    if parts.in_time:
        yield from course(parts.groups, parts.by, names)
        return
    shown = [part for part in parts.groups if percent_of(part.rate) is not None][:MOST_POINTS]
    if len(shown) > 1:
        labels = tuple(names.group(parts.by, part.name) for part in shown)
        values = tuple(percent_of(part.rate) for part in shown)
        yield Chart("bar", f"Accept rate by {parts.by}", labels, {"Accept rate": values}, unit="%")


def _notes(parts: Parts) -> Iterator[str]:
    if parts.compared and any(part.versus for part in parts.groups):
        yield VERSUS
    if parts.by == "rep":
        yield NO_TABLE
    if any(not part.over for part in parts.groups):
        yield NOT_OVER
    yield from marked(parts.marks)
