"""One campaign and all others as a table for programs: one figure a row, named as `explain` names it. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.cells import Row
from bot.blocks.funnel.overview_data import COLUMNS, figures, row
from bot.blocks.funnel.report import Column, Table
from bot.stats.campaign import Campaign, Why
from bot.stats.maths.intervals import wilson_estimate

HERE, ELSEWHERE = "here", "elsewhere"


def data(campaign: Campaign) -> Table:
    """Counts and rates of both sides; then each reason's share of the rejections, and how far apart the shares are."""
    columns = (Column("group", "Group", figures=False), *COLUMNS[1:])
    return Table("The campaign and all others", columns, tuple(_rows(campaign)))


def _rows(campaign: Campaign) -> Iterator[Row]:
    yield from figures(HERE, campaign.own)
    yield from figures(ELSEWHERE, campaign.rest)
    if campaign.versus:
        yield row(HERE, "difference", campaign.versus.difference)
    if campaign.period:
        one = campaign.period
        yield row(HERE, "period_rate", count=one.accepted, of=one.offered)
    for why in campaign.why:
        yield from _reason(why, campaign.own.confidence)


def _reason(why: Why, confidence: float) -> Iterator[Row]:
    for side, (k, n) in ((HERE, why.own), (ELSEWHERE, why.rest)):
        yield row(side, f"reason {why.code}", wilson_estimate(k, n, confidence) if n else None, k, n)
    if why.versus:
        yield row(HERE, f"difference {why.code}", why.versus.difference)
