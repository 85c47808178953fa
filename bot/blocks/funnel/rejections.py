"""The words of `rejections`: why leads were turned down, what is new about that, and where it happens. Pure."""

from collections.abc import Iterator, Mapping

from bot.blocks.funnel.rejections_data import data
from bot.blocks.funnel.rejections_table import called, chart, given, table, unclear
from bot.blocks.funnel.report import Line, Report, Step
from bot.blocks.funnel.small_print import UNSURE, marked
from bot.blocks.funnel.steps import longer, nothing, step
from bot.blocks.funnel.words import Names, reading, so_many_points, titled
from bot.stats.cohort import BLANK, Counts
from bot.stats.maths.differences import LEAST, Comparison
from bot.stats.query import Dim
from bot.stats.rates import RATES_FROM
from bot.stats.rejections import OTHER, OfReason, Rejections
from bot.stats.verdicts import small, suspected

MOST_ADVICE = 3
LARGE = 1 / 3

DEFINITION = "Shares are of all rejections. Void and passed on hand-offs are no rejections."
FAMILIES: Mapping[str, str] = {
    "DATA": "data",
    "FIT": "fit",
    "READINESS": "not ready",
    "OTHER": "something else",
}
ACTIONS: Mapping[str, str] = {
    "DATA": "mend the forms and imports it comes from",
    "FIT": "look at whom the campaigns aim at, and at the fit rules of the criteria",
    "READINESS": "look at which signals count as intent in the criteria",
    "OTHER": "read the words on the cards",
}
"""What can be done about each family."""

SIDES: tuple[tuple[str, Dim], ...] = (("By source", "source"), ("By campaign", "campaign"), ("By version", "version"))


def report(rejections: Rejections, names: Names) -> Report:
    """The reasons; and by the dimension asked for, those of each group."""
    query = rejections.query
    empty = not rejections.counts.handed_off and not rejections.counts.void
    return Report(
        title=f"Rejections{f' by {query.by}' if query.by else ''} · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(query, names),
        lines=tuple(_lines(rejections, names)),
        advice=() if empty else tuple(_advice(rejections, names))[:MOST_ADVICE],
        charts=(chart(rejections, names),) if rejections.counts.rejected else (),
        table=table(rejections, names) if rejections.counts.rejected else None,
        notes=tuple(_notes(rejections, names)) if rejections.counts.rejected else tuple(marked(rejections.marks)),
        steps=longer(query) if empty else tuple(_steps(rejections)),
        data=data(rejections, names),
    )


def _lines(found: Rejections, names: Names) -> Iterator[Line]:
    counts = found.counts
    if not counts.handed_off and not counts.void:
        yield Line("Handed off", nothing(found.query))
        return
    yield Line("Rejected", f"{counts.rejected:,} of {counts.decided:,} decided · {counts.open:,} open{_before(found)}")
    if counts.rejected:
        yield Line("Families", " · ".join(f"{FAMILIES.get(name, 'unknown')} {n:,}" for name, n in found.families))
    if found.new and found.before:
        own = {one.code: one.share.k for one in found.reasons}
        told = " · ".join(f"{names.reason(code)} {own[code]}" for code in found.new)
        yield Line("New", f"{told} (none among {found.before.rejected:,} before)")
    if beside := " · ".join(_beside(found, names)):
        yield Line("Not rejections", beside)
    if found.repeats.handed_off:
        repeats = found.repeats
        yield Line("Repeats", f"{repeats.handed_off:,} handed off again, {repeats.rejected:,} rejected: counted apart")


def _before(found: Rejections) -> str:
    return (
        f" · before {found.before.rejected:,} of {found.before.decided:,}"
        if found.before and found.before.decided
        else ""
    )


def _beside(found: Rejections, names: Names) -> Iterator[str]:
    if found.counts.void:
        why = [f"{_void(code, names)} {n:,}" for code, n in found.voids]
        yield f"{found.counts.void:,} void ({', '.join(why)})"
    if found.rerouted:
        yield f"{found.rerouted:,} passed on as “not mine”"


def _void(code: str, names: Names) -> str:
    return "withdrawn" if code == BLANK else names.reason(code)


def _advice(found: Rejections, names: Names) -> Iterator[str]:
    """What to do now, the surest first."""
    n = found.counts.rejected
    if n == 0:
        yield _none(found.counts)
        return
    if n < RATES_FROM:
        yield f"Too few for shares yet: {n} rejected, and {RATES_FROM} are needed. Read the cards one by one."
        return
    told = [*_of_groups(found, names), *_changed(found, names), *_missing(found), *_large(found, names)]
    yield from told or [_quiet(found, names)]


def _none(counts: Counts) -> str:
    if counts.accepted == counts.decided >= RATES_FROM:
        return f"All {counts.accepted:,} decided were accepted. If rejections were kept elsewhere, import these too."
    return "Nothing to do: no rejection is recorded."


def _missing(found: Rejections) -> Iterator[str]:
    if found.code_is_missing:
        n = dict(found.families)[OTHER]
        told = f"{n:,} of {found.counts.rejected:,} are for something else"
        yield f"{told}: a code is missing. Read the words on the cards."


def _of_groups(found: Rejections, names: Names) -> Iterator[str]:
    """The reasons that a group has more of, the largest difference first. Less of one asks for nothing."""
    more = [(one, code, how) for one in found.groups for code, how in one.apart if how.difference.value > 0]
    for group, code, how in sorted(more, key=lambda one: -one[2].difference.value)[:2]:
        (k, n), (k_rest, n_rest) = how.segment, how.rest
        name = called(group.name, found.query.by, names)
        yield f"{name}: “{names.reason(code)}” is {k:,} of {n:,} rejections, elsewhere {k_rest:,} of {n_rest:,}."


def _changed(found: Rejections, names: Names) -> Iterator[str]:
    """The reasons that there are more of than before."""
    for one in _clear(found, more=True):
        if one.before:
            told = f"“{names.reason(one.code)}” is clearly more frequent than before: {_of(one)}"
            yield f"{told}, before {one.before.k:,} of {one.before.n:,}{_from(one, found, names)}: {_act(one)}."


def _quiet(found: Rejections, names: Names) -> str:
    fewer = [f"“{names.reason(one.code)}”" for one in _clear(found, more=False)]
    if fewer:
        return f"Nothing to do: {' and '.join(fewer[:2])} became clearly less frequent, and no reason more."
    if any(suspected(one.change) for one in found.reasons):
        return UNSURE
    return f"Nothing to do: no reason stands out, and none changed clearly by {so_many_points(LEAST)} or more."


def _clear(found: Rejections, *, more: bool) -> list[OfReason]:
    """Reasons whose share clearly grew, or shrank, the largest change first."""
    changed = [(one.change.difference.value, one) for one in found.reasons if one.change and one.change.clear]
    ones = [(value, one) for value, one in changed if (value > 0) is more]
    return [one for _, one in sorted(ones, key=lambda pair: -abs(pair[0]))]


def _large(found: Rejections, names: Names) -> Iterator[str]:
    """The most frequent reason, where it has a third of all rejections."""
    one = found.reasons[0]
    if one.share.k >= max(RATES_FROM, LARGE * found.counts.rejected) and one not in _clear(found, more=True):
        yield f"“{names.reason(one.code)}” is behind {_of(one)} rejections{_from(one, found, names)}: {_act(one)}."


def _act(one: OfReason) -> str:
    return ACTIONS.get(one.family, ACTIONS[OTHER])


def _of(one: OfReason) -> str:
    return f"{one.share.k:,} of {one.share.n:,}"


def _from(one: OfReason, found: Rejections, names: Names) -> str:
    if one.where is None:
        return ""
    name, n = one.where
    return f" ({n:,} from {called(name, found.where, names)})"


def _notes(found: Rejections, names: Names) -> Iterator[str]:
    yield DEFINITION
    if not found.groups:
        yield from _of_changes([one.change for one in found.reasons if one.change])
    if not found.groups and len(given(found)) < len(found.reasons):
        yield "Reasons that nobody gave in this window are left out; CSV has them."
    if any(one.apart for one in found.groups):
        yield "Unlike the others: a reason's share of the rejections differs clearly from that in all other groups."
    yield from marked(found.marks)


def _of_changes(changes: list[Comparison]) -> Iterator[str]:
    told = [f"Small: more than chance, but below {so_many_points(LEAST)}."] if any(map(small, changes)) else []
    if unseen := [one.could_see for one in changes if unclear(one)]:
        least = so_many_points(max(LEAST, *unseen))
        told.append(f"Not clear: a change of less than {least} could go unseen here.")
    if told:
        yield " ".join(["Change: in points.", *told])


def _steps(found: Rejections) -> Iterator[Step]:
    yield from (step(label, found.query, "rejections", by=by) for label, by in SIDES if by != found.query.by)
    yield step("Overview", found.query)
    yield step("SLA", found.query, "sla")
