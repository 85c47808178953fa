"""The words of `rep @u`: one rep's own figures beside the team's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.blocks.funnel.report import Cell, Column, Line, Report, Step, Table, Value
from bot.blocks.funnel.reps import BY_CHANCE, FAIR, OWNERS, SILENCE, VERBS, by_chance, standing, steps
from bot.blocks.funnel.words import Names, horizon_words, minutes_words, rate_words, reading
from bot.stats.cohort import Cause, Counts
from bot.stats.maths.limits import Adjusted
from bot.stats.rates import CAUSES, RATES_FROM, Rate
from bot.stats.reps import LEAST, Member, Rep, Side
from bot.stats.times import Times

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
    caption = "Own figures and the team's"
    return Report(
        title=names.person(rep.key),
        command=rep.query.text,
        reading=reading(replace(rep.query, previous=None), names, rep.own.ends.looked),
        lines=tuple(_own_lines(rep, names)),
        table=Table(caption, _OWN, tuple(_compared(rep))) if rep.own.ends.counts.handed_off else None,
        notes=tuple(_own_small_print(rep)),
        steps=(Step("What is open", "open"), *steps(rep.query)),
        data=Table(caption, _OWN_DATA, tuple(_own_data(rep))),
        unsharable=True,
    )


def _own_lines(rep: Rep, names: Names) -> Iterator[Line]:
    counts = rep.own.ends.counts
    if not counts.handed_off:
        yield Line("Handed off", "nothing in this window; try a longer one, such as `90d`")
        return
    yield Line("Handed off", _outcomes(counts))
    for words in _standing(rep.standing):
        yield Line("Among all reps", words)
    overdue = f" · {rep.own.met.overdue} overdue" if rep.own.met.overdue else ""
    yield Line("Open", f"{counts.open}{overdue}")
    if rep.reasons:
        top = (f"{names.reason(code)} {n}" for code, n in rep.reasons[:TOP_REASONS])
        yield Line("Top reasons", " · ".join(top))


def _standing(one: Member) -> Iterator[str]:
    if not one.figures:
        yield f"compared from {RATES_FROM} hand-offs on that are old enough"
    elif not one.outside:
        why = f"off by less than {100 * LEAST:.0f} points" if one.slightly else "within what chance explains"
        yield f"{why}: {_against('accepted', one.figures['accepted'])}"
    for cause in one.outside:
        yield f"{_against(cause, one.figures[cause])}: {standing(one.figures[cause])}"


def _outcomes(counts: Counts) -> str:
    ended = f"{counts.accepted} accepted · {counts.rejected} rejected · {counts.expired} expired · {counts.open} open"
    later = f" | {counts.sql} SQL · {counts.won} won so far" if counts.sql else ""
    return f"{counts.handed_off} → {ended}{later}"


def _against(cause: Cause, figure: Adjusted) -> str:
    seen = f"{VERBS[cause]} {figure.k} of {figure.n}"
    return f"{seen}, {figure.expected * figure.n:.0f} expected ({by_chance(figure)} by chance)"


def _compared(rep: Rep) -> Iterator[tuple[Cell, ...]]:
    """Each figure in words, the rep's own beside the team's."""
    for own, team in zip(_rates(rep.own), _rates(rep.team), strict=True):
        yield _row(own[1], rate_words(own[2]), rate_words(team[2]))
    for mine, theirs in ((rep.own.working, rep.team.working), (rep.own.wall, rep.team.wall)):
        clock = "" if mine.horizon.clock == "working" else ", wall clock"
        yield _row(f"Half decided{clock}", _took(mine, mine.median), _took(theirs, theirs.median))
        yield _row(f"90 % decided{clock}", _took(mine, mine.p90), _took(theirs, theirs.p90))


def _row(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell(one, one) for one in words)


def _rates(side: Side) -> Iterator[tuple[str, str, Rate]]:
    """The rates by the name of their metric and their label."""
    for cause in CAUSES:
        yield RATES[cause], cause.title(), side.ends.rate(cause)
    yield "sla_met", "SLA met", side.met.rate(side.ends.confidence)


def _took(times: Times, minutes: int | None) -> str:
    if not times.enough:
        return f"{times.decided} decided" if times.decided else "–"
    return minutes_words(minutes, times.horizon.clock, times.horizon)


def _own_data(rep: Rep) -> Iterator[tuple[Cell, ...]]:
    for own, team in zip(_rates(rep.own), _rates(rep.team), strict=True):
        yield _raw(own[0], *_rate_values(own[2]), *_rate_values(team[2]))
    for name, mine, theirs in (
        ("decision_time_median_seconds", rep.own.working, rep.team.working),
        ("wall_time_median_seconds", rep.own.wall, rep.team.wall),
    ):
        yield _raw(name, *_time_values(mine), *_time_values(theirs))


def _raw(*values: Value) -> tuple[Cell, ...]:
    return tuple(Cell("" if value is None else str(value), value) for value in values)


def _rate_values(rate: Rate) -> tuple[Value, ...]:
    one = rate.estimate
    return (one.value, one.low, one.high, rate.k, rate.n) if one else (None, None, None, rate.k, rate.n)


def _time_values(times: Times) -> tuple[Value, ...]:
    """The median in seconds, and of how many."""
    return (times.median * 60 if times.median is not None else None, None, None, times.decided, None)


def _own_small_print(rep: Rep) -> Iterator[str]:
    total = rep.team.ends.counts.handed_off
    yield f"The team: everybody on it together, {total} handed off. {OWNERS}"
    if rep.standing.moved:
        yield f"{rep.standing.moved} of them went to somebody else first."
    unknown = rep.own.working.unknown
    if unknown:
        yield f"{unknown} decided at times that nobody knows: left out of the times."
    yield f"{FAIR} {SILENCE} Judged: hand-offs older than {horizon_words(rep.age)}."
    if rep.standing.outside:
        yield BY_CHANCE
