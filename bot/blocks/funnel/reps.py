"""The words of `reps`, where nobody is ranked; rep.py has those of one rep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.blocks.funnel.cells import Row, count, named
from bot.blocks.funnel.report import Cell, Column, Line, Report, Step, Table
from bot.blocks.funnel.steps import nothing, step
from bot.blocks.funnel.words import Names, horizon_words, reading, so_many_points
from bot.stats.cohort import Cause
from bot.stats.maths.limits import Adjusted
from bot.stats.query import Query
from bot.stats.rates import CAUSES, RATES_FROM
from bot.stats.reps import LEAST, Member, Reps

MOST_ADVICE = 3

VERBS: Mapping[Cause, str] = {"accepted": "accepts", "rejected": "rejects", "expired": "lets expire"}
ADVICE: Mapping[Cause, str] = {
    "expired": "lets more cards expire than chance explains: look at working hours and load first",
    "rejected": "rejects more than chance explains: read the reasons together first",
}
"""What more than chance explains means for a manager. More accepts ask for nothing."""

FAIR = "Compared with what all reps make of leads of the same grade and source. Nobody is ranked."
SILENCE = (
    "Accepts, rejections and expiries are judged apart: silence is not a no, and a no weighs no more than silence."
)
ALIKE = "nothing to compare: such leads ended the same way with everybody"
BY_CHANCE = "At the edge: by chance alone, up to 1 figure in 20 is there. Beyond chance: 2 in 1,000."
OWNERS = "A hand-off counts for whoever owns it now."

_OUTSIDE = (
    Column("rep", "Rep", figures=False),
    Column("figure", "What", figures=False, bare=True),
    Column("seen", "How many"),
    Column("expected", "Expected"),
    Column("by_chance", "By chance"),
    Column("standing", "Standing", figures=False, bare=True),
)
_ALL = (
    Column("rep", "Rep", figures=False),
    Column("handed_off", "Handed off"),
    *(Column(cause, cause.title()) for cause in CAUSES),
    Column("open", "Open"),
    Column("void", "Void"),
    Column("from_others", "From others"),
)


def report(reps: Reps, names: Names) -> Report:
    """Who is outside of what chance explains. `data` has everybody by name, with counts alone."""
    called = sorted(reps.reps, key=lambda one: (names.person(one.key).casefold(), one.key))
    outside = [one for one in called if one.outside]
    rows = tuple(row for one in outside for row in _outside(one, names))
    ones = [step(names.person(one.key), reps.query, "rep", subject=one.key) for one in outside[:MOST_ADVICE]]
    return Report(
        title="Reps",
        command=reps.query.text,
        reading=reading(replace(reps.query, previous=None), names),
        lines=tuple(_lines(reps)),
        advice=tuple(_advice(reps, outside, names))[:MOST_ADVICE],
        table=Table("Outside of what chance explains", _OUTSIDE, rows) if rows else None,
        notes=tuple(_small_print(reps)),
        steps=(*ones, *steps(reps.query)),
        data=Table("All reps by name", _ALL, tuple(_counted(one, names) for one in called)),
    )


def steps(query: Query) -> tuple[Step, ...]:
    """What can be asked next of the same hand-offs."""
    return step("Overview", query), step("Rejections", query, "rejections"), step("SLA", query, "sla")


def _lines(reps: Reps) -> Iterator[Line]:
    total, judged = reps.total, reps.judged
    if not total.handed_off:
        yield Line("Handed off", nothing(reps.query))
        return
    yield Line("Handed off", _handed_off(reps))
    if reps.alike:
        yield Line("Reps", ALIKE)
    elif judged:
        within = len(judged) - len(reps.outside) - len(reps.slightly)
        little = f", {len(reps.slightly)} off by less than {so_many_points(LEAST)}" if reps.slightly else ""
        yield Line("Reps", f"{within} of {len(judged)} within what chance explains{little}")
    few = len(reps.reps) - len(judged)
    if few and not reps.alike:
        yield Line("Not compared", f"{_many(few, 'rep')} with fewer than {RATES_FROM} hand-offs that are old enough")
    if reps.nobody.handed_off:
        yield Line("No owner", f"{reps.nobody.handed_off:,} handed off")
    if reps.others.handed_off:
        yield Line("Others", f"{reps.others.handed_off:,} of people you do not see one by one")


def _handed_off(reps: Reps) -> str:
    total, theirs = reps.total.handed_off, sum(one.counts.handed_off for one in reps.reps)
    some = "" if theirs == total else f", {theirs:,} of them"
    return f"{total:,}{some} to {_many(len(reps.reps), 'rep')}"


def _advice(reps: Reps, outside: Sequence[Member], names: Names) -> Iterator[str]:
    for cause, words in ADVICE.items():
        for one in outside:
            figure = one.figures[cause]
            if figure.standing == "outside 99.8" and figure.k > figure.expected * figure.n:
                yield f"{names.person(one.key)} {words}."
    if reps.judged and not outside and not reps.alike:
        why = "the differences between reps are small" if reps.slightly else "no rep differs beyond chance"
        yield f"Nothing: {why}."


def _small_print(reps: Reps) -> Iterator[str]:
    if reps.judged:
        yield f"{FAIR} {SILENCE}"
    if reps.outside:
        yield BY_CHANCE
    nobodys = reps.nobody.handed_off
    owned = " that have an owner" if nobodys else ""
    older = f"Judged: hand-offs older than {horizon_words(reps.age)}{owned}"
    age = f"{older}, {reps.old:,} of {reps.total.handed_off - nobodys:,}"
    yield f"{age}; what became of them until now."
    yield _moved(reps.moved)


def _moved(many: int) -> str:
    return f"{OWNERS} {many:,} went to somebody else first." if many else OWNERS


def _outside(one: Member, names: Names) -> Iterator[Row]:
    name = names.person(one.key)
    for cause in one.outside:
        figure = one.figures[cause]
        yield (
            named(name),
            Cell(VERBS[cause], cause),
            Cell(f"{figure.k:,} of {figure.n:,}", figure.k / figure.n),
            Cell(f"{figure.expected * figure.n:,.0f}", figure.expected),
            named(by_chance(figure)),
            Cell(standing(figure), figure.standing),
        )


def by_chance(figure: Adjusted) -> str:
    """Between which counts chance alone leaves it, 19 times in 20: "8–22"."""
    return f"{figure.limits.low * figure.n:,.0f}–{figure.limits.high * figure.n:,.0f}"


def standing(figure: Adjusted) -> str:
    """Whether chance explains it: "within", "fewer, at the edge", "more, beyond chance"."""
    if figure.standing == "inside":
        return "within"
    which = "more" if figure.k > figure.expected * figure.n else "fewer"
    return f"{which}, {'at the edge' if figure.standing == 'outside 95' else 'beyond chance'}"


def _counted(one: Member, names: Names) -> Row:
    counts = one.counts
    figures = (counts.handed_off, *(getattr(counts, cause) for cause in CAUSES), counts.open, counts.void, one.moved)
    return named(names.person(one.key)), *map(count, figures)


def _many(many: int, what: str) -> str:
    return f"{many} {what}" if many == 1 else f"{many:,} {what}s"
