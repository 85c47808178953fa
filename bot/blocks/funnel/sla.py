"""The words of `sla`: how many were answered by their due time, and who waits beyond it now. Pure."""

from collections.abc import Iterator
from datetime import datetime

from bot.blocks.funnel.report import Line, Report, Step
from bot.blocks.funnel.sla_table import chart, data, table
from bot.blocks.funnel.small_print import late_words, marked, overdue_words, quarters
from bot.blocks.funnel.split import ARROWS, NOT_OVER
from bot.blocks.funnel.steps import longer, nothing, step
from bot.blocks.funnel.words import (
    Names,
    change_words,
    percent,
    rate_words,
    reading,
    titled,
    untimed,
)
from bot.blocks.text import duration
from bot.stats.query import Dim
from bot.stats.rates import RATES_FROM
from bot.stats.sla import Late, Sla
from bot.stats.times import Times

MOST_ADVICE = 3

DEFINITION = (
    "Hand-offs, first and repeated, that were due in the window. Expired ones and open ones beyond their due time "
    "count as missed; open ones that are not due yet do not count."
)
VERSUS = f"Against rest: in points. {ARROWS}"
SIDES: tuple[tuple[str, Dim], ...] = (("By week", "week"), ("By team", "team"), ("By tier", "tier"))


def report(sla: Sla, names: Names) -> Report:
    """By tier, or by the dimension asked for."""
    query, total = sla.query, sla.total.met
    empty = not any((total.due, total.not_yet, total.unknown))
    return Report(
        title=f"SLA{f' by {query.by}' if query.by else ''} · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(query, names),
        lines=tuple(_lines(sla, names)),
        advice=tuple(_advice(sla, names))[:MOST_ADVICE],
        charts=(chart(sla, names),) if total.due else (),
        table=None if empty else table(sla, names),
        notes=() if empty else tuple(_notes(sla)),
        steps=longer(query) if empty else tuple(_steps(sla)),
        data=data(sla, names),
    )


def _lines(sla: Sla, names: Names) -> Iterator[Line]:
    total = sla.total.met
    if not any((total.due, total.not_yet, total.unknown)):
        yield Line("Due", nothing(sla.query))
        return
    if total.due or total.unknown:
        yield Line("SLA met", rate_words(sla.total.rate))
        if sla.before is not None:
            yield Line("Before", _before(sla))
        yield Line("Missed", _missed(sla))
        yield Line("Decision time", _times(sla.total.times))
    if total.not_yet:
        yield Line("Not due yet", f"{total.not_yet:,} open; they count from their due time on")
    for late in sla.longest:
        yield Line("Overdue", _late(late, sla.as_of, names))
    for one in sla.versions:
        yield Line("Version", f"{names.group('version', one.name)}: {rate_words(one.rate)}")


def _before(sla: Sla) -> str:
    if sla.before is None or not sla.before.due:
        return "nothing was due, so there is nothing to compare with"
    return f"{rate_words(sla.before.rate(sla.query.confidence))} → {change_words(sla.change)}"


def _missed(sla: Sla) -> str:
    total = sla.total.met
    overdue = f" · {total.overdue:,} open and overdue now" if total.overdue else ""
    return f"{total.missed:,} answered late or never{overdue}" if total.missed + total.overdue else "none"


def _times(times: Times) -> str:
    few = f"{times.decided} decided; times from {RATES_FROM} on"
    told = f"{quarters(times)} of working time" if times.enough else few
    return " · ".join(filter(None, (told, untimed(times.unknown))))


def _late(late: Late, now: datetime, names: Names) -> str:
    tier = names.group("tier", late.tier) if late.tier else "no tier"
    owner = names.person(late.owner) if late.owner else "nobody"
    return f"{tier} · {owner} · for {duration(now - late.due_at)}"


def _advice(sla: Sla, names: Names) -> Iterator[str]:
    """What to do now, the most urgent first."""
    total = sla.total.met
    if total.overdue:
        yield overdue_words(total.overdue)
    change = sla.change
    if change and change.clear and change.difference.value < 0:
        weeks = step("", sla.query, "sla", by="week").command
        yield f"Fewer are answered in time than before, by more than chance: `{weeks}` shows since when."
    yield from _apart(sla, names)
    late = late_words(sla.total.rate, sla.target)
    if late:
        yield late
    if total.due and total.due < RATES_FROM:
        yield f"Too few for a share yet: {total.due} due, and {RATES_FROM} are needed."
    elif total.due and not total.overdue and not late:
        yield "Nothing to do: no card is overdue."


def _apart(sla: Sla, names: Names) -> Iterator[str]:
    """The groups that answer in time less often than all others, and clearly."""
    behind = [(one.versus, one) for one in sla.groups if one.versus and one.versus.clear]
    for versus, one in sorted(behind, key=lambda pair: pair[0].difference.value):
        (k, n), (k_rest, n_rest) = versus.segment, versus.rest
        if versus.difference.value < 0:
            yield f"{names.group(sla.by, one.name)}: {k:,} of {n:,} in time, the others {k_rest:,} of {n_rest:,}."


def _notes(sla: Sla) -> Iterator[str]:
    yield DEFINITION
    if sla.compared and any(one.versus for one in sla.groups):
        yield VERSUS
    if sla.in_time and not all(one.over for one in sla.groups):
        yield NOT_OVER
    if sla.target is not None:
        yield f"Your own target: {percent(sla.target)}."
    yield from marked(sla.marks)


def _steps(sla: Sla) -> Iterator[Step]:
    yield Step("What is open", "open")
    yield from (step(label, sla.query, "sla", by=by) for label, by in SIDES if by != sla.by)
    yield step("Overview", sla.query)
    yield step("Velocity", sla.query, "velocity")
