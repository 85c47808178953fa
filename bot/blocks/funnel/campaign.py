"""One campaign against all others, in words. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from bot.blocks.funnel.campaign_data import data
from bot.blocks.funnel.cells import Row, count, named, versus
from bot.blocks.funnel.period import plain_line
from bot.blocks.funnel.report import Cell, Column, Line, Report, Table
from bot.blocks.funnel.small_print import (
    BY_OUTCOME,
    ONE_SIDED,
    UNSURE,
    accepted,
    course,
    further,
    looked,
    marked,
    outcomes,
    versus_words,
)
from bot.blocks.funnel.steps import longer, nothing, step
from bot.blocks.funnel.words import (
    Names,
    limits,
    percent,
    points,
    reading,
    so_many_points,
    titled,
)
from bot.stats.campaign import Campaign, Why
from bot.stats.cohort import Counts
from bot.stats.maths.differences import LEAST, MINIMUM, Count
from bot.stats.maths.intervals import wilson_estimate
from bot.stats.query import Filter, Query
from bot.stats.rates import RATES_FROM
from bot.stats.verdicts import suspected

MOST_REASONS = 8
MOST_ADVICE = 3

COLUMNS = (
    Column("reason", "Reason", figures=False),
    Column("count", "Here"),
    Column("share", "Share of rejections"),
    Column("rest", "Elsewhere"),
    Column("difference", "Against rest"),
)


def report(campaign: Campaign, names: Names) -> Report:
    """The answer to `/funnel campaign "x"`."""
    query, called = campaign.query, names.group("campaign", campaign.name)
    empty = campaign.own.counts == Counts()
    inside = _inside(campaign)
    return Report(
        title=f"{called} · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(replace(query, previous=None), names, looked(campaign.own)),
        lines=tuple(_lines(campaign)),
        advice=() if empty else tuple(_advice(campaign, names))[:MOST_ADVICE],
        charts=tuple(course(campaign.course, campaign.by, names)),
        table=Table("Why its leads are turned down", COLUMNS, tuple(_rows(campaign, names)), MOST_REASONS),
        notes=tuple(marked(campaign.marks)),
        steps=longer(query)
        if empty
        else (step("Its rejections", inside, "rejections"), step("All campaigns", query, by="campaign")),
        data=data(campaign),
    )


def _inside(campaign: Campaign) -> Query:
    cohort = campaign.query.cohort
    only = Filter("campaign", (campaign.name,))
    return replace(campaign.query, cohort=replace(cohort, filters=(*cohort.filters, only)))


def _lines(campaign: Campaign) -> Iterator[Line]:
    own, counts = campaign.own, campaign.own.counts
    if counts == Counts():
        yield Line("Handed off", nothing(campaign.query, "None of this campaign in this window."))
        return
    void = f" · {counts.void:,} void" if counts.void else ""
    yield Line("Handed off", f"{outcomes(counts)}{void}")
    if counts.sql:
        yield Line("Further", further(counts))
    yield Line("Accept rate", accepted(own, plain=_plain(campaign)))
    yield Line(
        "Against the rest",
        f"{accepted(campaign.rest, plain=_plain(campaign), until=False)} → "
        + versus_words(campaign.versus, campaign.own, campaign.rest),
    )
    if campaign.period:
        yield plain_line(campaign.period)


def _plain(campaign: Campaign) -> bool:
    return looked(campaign.own) is None or looked(campaign.rest) is None


def _advice(campaign: Campaign, names: Names) -> Iterator[str]:
    found = campaign.versus
    if campaign.own.by_outcome or campaign.own.one_sided:
        yield BY_OUTCOME if campaign.own.by_outcome else ONE_SIDED
        return
    if found and found.clear:
        side = "fewer" if found.difference.value < 0 else "more"
        yield f"Sales accepts {side} of its leads than of all others: {points(found.difference)}."
    more = [one for one in campaign.why if one.versus and one.versus.difference.value > 0]
    clear = [one for one in more if one.versus and one.versus.clear]
    unsure = [one for one in more if suspected(one.versus)]
    yield from (f"{_told(one, names, 'is')}." for one in clear)
    yield from (f"{_told(one, names, 'seems')}; few data." for one in unsure)
    if found is None:
        needed = f"{RATES_FROM} are needed, with {MINIMUM[1]} elsewhere"
        yield f"Too few to compare yet: {campaign.own.counts.decided:,} decided here, and {needed}."
    elif not (found.clear or clear or unsure):
        alike = f"Nothing here differs clearly from the other campaigns by {so_many_points(LEAST)} or more."
        yield UNSURE if suspected(found) else alike


def _told(one: Why, names: Names, verb: str) -> str:
    (k, n), (other_k, other_n) = one.own, one.rest
    told = f"“{names.reason(one.code)}” {verb} more frequent here"
    return f"{told}: {k:,} of {n:,} rejections, {other_k:,} of {other_n:,} elsewhere"


def _rows(campaign: Campaign, names: Names) -> Iterator[Row]:
    for one in campaign.why:
        yield (
            named(names.reason(one.code)),
            count(one.own[0]),
            *(_share(one_side, campaign.own.confidence) for one_side in (one.own, one.rest)),
            versus(one.versus),
        )


def _share(counted: Count, confidence: float) -> Cell:
    k, n = counted
    if n < RATES_FROM:
        return Cell(f"{k:,} of {n:,}" if n else "–", k / n if n else None)
    estimate = wilson_estimate(k, n, confidence)
    about = "≈ " if estimate.wide else ""
    return Cell(f"{about}{percent(estimate.value)} [{limits(estimate)}] of {n:,}", estimate.value)
