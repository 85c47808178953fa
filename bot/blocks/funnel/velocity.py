"""The words of `velocity`: how long hand-offs wait for a decision, how far they come, and what is stuck. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.report import Line, Report, Step
from bot.blocks.funnel.small_print import NOTHING_BEFORE, looked, marked, quarters, share_words, stage_words
from bot.blocks.funnel.split import NOT_OVER
from bot.blocks.funnel.steps import longer, nothing, step
from bot.blocks.funnel.velocity_table import chart, data, table
from bot.blocks.funnel.words import Names, horizon_words, minutes_words, reading, short_rate, titled, untimed
from bot.stats.cohort import Cause
from bot.stats.onward import MQL_TO_SQL, MQL_TO_WON, SAL_TO_SQL, Stage
from bot.stats.query import Dim
from bot.stats.rates import RATES_FROM, Ends
from bot.stats.times import Times
from bot.stats.velocity import Velocity

MOST_ADVICE = 3

DEFINITION = (
    "Times are to an accept or a reject; open and expired ones count as waiting for as long as they did. Working time: "
    "of whoever was offered the lead."
)
OUT = "Dropped out: rejected, expired, disqualified, lapsed or lost."
SIDES: tuple[tuple[str, Dim], ...] = (("By source", "source"), ("By tier", "tier"), ("By week", "week"))
RATES: tuple[tuple[str, Cause], ...] = (
    ("Accept rate", "accepted"),
    ("Reject rate", "rejected"),
    ("Expire rate", "expired"),
)
ACCEPT = "of the accept"
STAGES = (
    ("SAL → SQL", ACCEPT, SAL_TO_SQL),
    ("MQL → SQL", "of the offer", MQL_TO_SQL),
    ("MQL → won", "of the offer", MQL_TO_WON),
)


def report(velocity: Velocity, names: Names) -> Report:
    """The course of all hand-offs; and by the dimension asked for, the times of each group."""
    query = velocity.query
    empty = not velocity.ends.counts.handed_off
    return Report(
        title=f"Velocity{f' by {query.by}' if query.by else ''} · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(query, names, looked(velocity.ends)),
        lines=tuple(_nothing(velocity) if empty else _lines(velocity)),
        advice=tuple(_advice(velocity))[:MOST_ADVICE],
        charts=tuple(chart(velocity, names)),
        table=None if empty else table(velocity, names),
        notes=() if empty else tuple(_notes(velocity)),
        steps=longer(query) if empty else tuple(_steps(velocity)),
        data=data(velocity, names),
    )


def _nothing(found: Velocity) -> Iterator[Line]:
    yield Line("Handed off", nothing(found.query))


def _lines(found: Velocity) -> Iterator[Line]:
    counts, ends = found.ends.counts, found.ends
    yield Line("Handed off", f"{counts.handed_off:,} → {counts.decided:,} decided · {counts.open:,} open")
    yield Line("Decision time", _times(found.total.working, " · working time"))
    if found.query.previous is not None:
        yield Line("Before", _times(found.before, " · working time") if found.before else NOTHING_BEFORE)
    yield Line("Wall clock", _times(found.total.wall, " · what the prospect feels"))
    if found.stuck:
        yield Line("Stuck", f"{found.stuck:,} open for longer than 90 % take")
    if ends.incidence is not None and ends.rate("accepted").told:
        yield Line("Half accepted", _half(found, ends))
    for label, cause in RATES:
        plain = ends.incidence is None and ends.rate(cause).told
        yield Line(label, f"{share_words(ends, cause)}{', of the decided ones' if plain else ''}")
    for (label, since, days), stage in zip(STAGES, found.stages, strict=False):
        if stage.n:
            yield Line(label, _stage(stage, since, days))


def _times(times: Times, clock: str) -> str:
    told, unknown = f"{times.decided} decided; times from {RATES_FROM} on", untimed(times.unknown)
    if times.enough:
        told = f"{quarters(times)}{clock}"
    elif not times.decided:
        return unknown or "no accept or reject yet"
    return " · ".join(filter(None, (told, unknown)))


def _half(found: Velocity, ends: Ends) -> str:
    """Half of all, not half of the accepted: silence and a no count."""
    if found.half is not None:
        return f"within {minutes_words(found.half, ends.horizon.clock)}, counted among all hand-offs"
    rate = ends.rate("accepted")
    return f"not within {horizon_words(ends.horizon)}: by then {short_rate(rate)}, {rate.k:,} of {rate.n:,}"


def _stage(stage: Stage, since: str, days: int) -> str:
    told = bool(stage.rate and stage.rate.told)
    accepted = since == ACCEPT and stage.median is not None  # of all hand-offs it would be the time to a rejection
    half = f" · half had got there or dropped out after {minutes_words(stage.median, 'wall')}"
    return f"{stage_words(stage, since, days)}{half if told and accepted else ''}"


def _advice(found: Velocity) -> Iterator[str]:
    """What to do now, the most urgent first."""
    times = found.total.working
    if found.stuck and times.p90 is not None:
        cards = f"{found.stuck:,} open cards have" if found.stuck > 1 else "One open card has"
        took = minutes_words(times.p90, "working")
        yield f"{cards} waited longer than 90 % take ({took} of working time): `open` shows whose turn it is."
    if found.ends.counts.handed_off and not times.enough:
        yield f"Too few for times yet: {times.decided} decided at a known time, and {RATES_FROM} are needed."
    elif found.stuck == 0:
        yield "No card is stuck: none has waited longer than 90 % take."


def _notes(found: Velocity) -> Iterator[str]:
    yield DEFINITION
    if found.ends.incidence is None:
        unknown, decided = found.ends.unknown, found.ends.counts.decided
        yield f"Of {unknown:,} of {decided:,} nobody knows when: no accept, reject or expire rate by a time is told."
    if any(stage.n for stage in found.stages):
        yield OUT
    if not all(one.over for one in found.groups):
        yield NOT_OVER
    if found.repeats.handed_off:
        n = found.repeats.handed_off
        yield f"{n:,} repeat hand-{'offs are' if n > 1 else 'off is'} counted apart."
    yield from marked(found.marks)


def _steps(found: Velocity) -> Iterator[Step]:
    yield Step("What is open", "open")
    yield from (step(label, found.query, "velocity", by=by) for label, by in SIDES if by != found.query.by)
    yield step("Overview", found.query)
    yield step("SLA", found.query, "sla")
