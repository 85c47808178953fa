"""The words of `rep @u`: one rep's own figures beside the team's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.blocks.funnel.cells import Row, named, rated, raw, seconds
from bot.blocks.funnel.report import Column, Line, Report, Step, Table, Value
from bot.blocks.funnel.reps import ALIKE, BY_CHANCE, FAIR, OWNERS, SILENCE, VERBS, by_chance, standing, steps
from bot.blocks.funnel.small_print import BY_OUTCOME, ONE_SIDED, further, looked, outcomes, share_words
from bot.blocks.funnel.steps import nothing
from bot.blocks.funnel.words import Names, horizon_words, left_out, minutes_words, rate_words, reading, so_many_points
from bot.stats.cohort import Cause
from bot.stats.maths.limits import Adjusted
from bot.stats.rates import CAUSES, RATES_FROM, Ends, Rate, Say
from bot.stats.reps import LEAST, Member, Rep, Side
from bot.stats.times import Times
from bot.stats.visibility import SMALLEST_TEAM

TOP_REASONS = 3
RATES: Mapping[Cause, str] = {"accepted": "accept_rate", "rejected": "reject_rate", "expired": "expire_rate"}

_OWN = (
    Column("figure", "Figure", figures=False),
    Column("own", "Own"),
    Column("team", "Team"),
)
_OWN_DATA = (
    Column("metric", "Metric", figures=False),
    *(
        Column(f"{side}_{part}", f"{side.title()} {part}")
        for side in ("own", "team")
        for part in ("value", "low", "high", "k", "n")
    ),
)


def report(rep: Rep, names: Names) -> Report:
    """One rep's own figures."""
    caption = "Own figures and the team's" if rep.team else "Own figures"
    return Report(
        title=names.person(rep.key),
        command=rep.query.text,
        reading=reading(replace(rep.query, previous=None), names, looked(rep.own.ends)),
        lines=tuple(_own_lines(rep, names)),
        table=Table(caption, _OWN if rep.team else _OWN[:2], tuple(_compared(rep)))
        if rep.own.ends.counts.handed_off
        else None,
        notes=tuple(_own_small_print(rep, names)),
        steps=(Step("What is open", "open"), *steps(rep.query)),
        data=Table(caption, _OWN_DATA, tuple(_own_data(rep))),
        unsharable=True,
    )


def _own_lines(rep: Rep, names: Names) -> Iterator[Line]:
    counts = rep.own.ends.counts
    if not counts.handed_off:
        yield Line("Handed off", nothing(rep.query))
        return
    later = f" | {further(counts)}" if counts.sql else ""
    yield Line("Handed off", f"{outcomes(counts)}{later}")
    for words in _standing(rep.standing):
        yield Line("Among all reps", words)
    overdue = f" · {rep.own.met.overdue:,} overdue" if rep.own.met.overdue else ""
    yield Line("Open", f"{counts.open:,}{overdue}")
    if rep.reasons:
        top = (f"{names.reason(code)} {n:,}" for code, n in rep.reasons[:TOP_REASONS])
        yield Line("Top reasons", " · ".join(top))


def _standing(one: Member) -> Iterator[str]:
    if not one.figures:
        yield f"compared from {RATES_FROM} hand-offs on that are old enough, among {SMALLEST_TEAM} reps or more"
    elif one.alike:
        yield ALIKE
    elif not one.outside:
        why = f"off by less than {so_many_points(LEAST)}" if one.slightly else "within what chance explains"
        yield f"{why}: {_against('accepted', one.figures['accepted'])}"
    for cause in one.outside:
        yield f"{_against(cause, one.figures[cause])}: {standing(one.figures[cause])}"


def _against(cause: Cause, figure: Adjusted) -> str:
    seen = f"{VERBS[cause]} {figure.k:,} of {figure.n:,}"
    return f"{seen}, {figure.expected * figure.n:,.0f} expected ({by_chance(figure)} by chance)"


def _compared(rep: Rep) -> Iterator[Row]:
    """Each figure in words, the rep's own beside the team's if that is shown."""
    sides = [rep.own, rep.team] if rep.team else [rep.own]
    for cause in CAUSES:
        yield _row(cause.title(), *(_brief(share_words(side.ends, cause)) for side in sides))
    yield _row("SLA met", *(_brief(_in_time(side)) for side in sides))
    for clock, every in (("", [one.working for one in sides]), (", wall clock", [one.wall for one in sides])):
        if any(one.enough for one in every):
            yield _row(f"Half decided{clock}", *(_took(one, one.median) for one in every))
            yield _row(f"90 % decided{clock}", *(_took(one, one.p90) for one in every))


def _brief(words: str) -> str:
    """Without why there is no rate: the small print has it once for all."""
    return words.partition(";")[0]


def _row(*words: str) -> Row:
    return tuple(map(named, words))


def _in_time(side: Side) -> str:
    return rate_words(_sla_met(side)) if side.met.due else f"nothing was due{left_out(side.met.unknown)}"


def _sla_met(side: Side) -> Rate:
    return side.met.rate(side.ends.confidence)


def _took(times: Times, minutes: int | None) -> str:
    if not times.enough:
        return f"{times.decided} decided" if times.decided else "–"
    return minutes_words(minutes, times.horizon.clock, times.horizon)


def _own_data(rep: Rep) -> Iterator[Row]:
    mine, theirs = dict(_values(rep.own)), dict(_values(rep.team)) if rep.team else {}
    for name, values in mine.items():
        yield raw(name, *values, *theirs.get(name, (None,) * len(values)))


def _values(side: Side) -> Iterator[tuple[str, tuple[Value, ...]]]:
    yield from ((RATES[cause], rated(side.ends.rate(cause))) for cause in CAUSES)
    yield "sla_met", rated(_sla_met(side))
    yield "decision_time_median_seconds", _time_values(side.working)
    yield "wall_time_median_seconds", _time_values(side.wall)


def _time_values(times: Times) -> tuple[Value, ...]:
    """The median in seconds, and of how many."""
    return (seconds(times.median), None, None, times.decided, None)


def _own_small_print(rep: Rep, names: Names) -> Iterator[str]:
    if rep.team:
        yield f"The team: everybody on it together, {rep.team.ends.counts.handed_off:,} handed off. {OWNERS}"
    elif names.people.team_of(rep.key):
        yield f"The team's are not shown: of fewer than {SMALLEST_TEAM} they would be a colleague's. {OWNERS}"
    else:
        yield OWNERS
    yield from _no_rate(rep.own.ends)
    if rep.standing.moved:
        yield f"{rep.standing.moved:,} of them went to somebody else first."
    unknown = rep.own.working.unknown
    if unknown:
        yield f"{unknown:,} decided at times that nobody knows: left out of the times."
    fair = [FAIR, SILENCE] if rep.standing.figures else []
    yield " ".join([*fair, f"Judged: hand-offs older than {horizon_words(rep.age)}."])
    if rep.standing.outside:
        yield BY_CHANCE


def _no_rate(ends: Ends) -> Iterator[str]:
    if ends.by_outcome:
        yield BY_OUTCOME
    elif ends.one_sided:
        yield ONE_SIDED
    elif ends.rate("accepted").say is Say.COUNTS:
        yield f"A rate is told from {RATES_FROM} decided ones on."
