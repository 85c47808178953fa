"""The plain formula in words, beside the rate of the cohort. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.cells import Row, count, named
from bot.blocks.funnel.report import Cell, Column, Line, Report, Table
from bot.blocks.funnel.small_print import accepted
from bot.blocks.funnel.steps import step
from bot.blocks.funnel.words import Names, percent, reading, titled
from bot.stats.period import Period, PeriodAnswer
from bot.stats.rates import MOST_UNKNOWN, RATES_FROM

NOTE = (
    "Plain formula: what was accepted (became an SQL) in the window ÷ what was handed off (accepted) in it × 100. It "
    "mixes cohorts, as what is accepted today was handed off before; so it has no interval, can exceed 100 %, and "
    "jumps when the number of hand-offs does. For matching the reports of a CRM; to judge by, take the cohort's."
)
ACCEPTED, QUALIFIED = ("accepted", "handed off"), ("became SQL", "accepted")
COLUMNS = (
    Column("group", "Group", figures=False),
    Column("offered", "MQL"),
    Column("accepted", "SAL"),
    Column("sql", "SQL"),
    Column("period_rate", "SAL ÷ MQL"),
    Column("sql_period_rate", "SQL ÷ SAL"),
)


def report(answer: PeriodAnswer, names: Names) -> Report:
    """The answer to `/funnel basis=period`."""
    query = answer.query
    return Report(
        title=f"Funnel by date of event · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(query, names),
        lines=tuple(_lines(answer)),
        table=_table(answer, names) if answer.groups else None,
        notes=(NOTE, *_undated(answer.total)),
        steps=(step("By cohort", query, by=query.by),),
        data=_table(answer, names),
    )


def plain_line(one: Period) -> Line:
    """SAL ÷ MQL of one group."""
    return Line("SAL ÷ MQL", f"{_rate(one.accept_rate, one.accepted, one.offered, ACCEPTED)}")


def _lines(answer: PeriodAnswer) -> Iterator[Line]:
    total, before = answer.total, answer.before
    if _untold(total):
        yield Line("SAL ÷ MQL", f"cannot be told: of {total.undated:,} accepts nobody knows when")
    else:
        yield plain_line(total)
        yield Line("SQL ÷ SAL", _rate(total.sql_rate, total.sql, total.accepted, QUALIFIED))
    if before and before.offered:
        yield Line("Before", f"SAL ÷ MQL {_rate(before.accept_rate, before.accepted, before.offered, ACCEPTED)}")
    yield Line("By cohort", f"of those handed off in the window {accepted(answer.cohort)}")


def _rate(share: float | None, k: int, n: int, what: tuple[str, str]) -> str:
    counted = f"{k:,} {what[0]} ÷ {n:,} {what[1]}"
    return f"{counted}; a rate from {RATES_FROM} on" if share is None else f"{percent(share)} · {counted}"


def _untold(one: Period) -> bool:
    """Whether too many accepts have no date."""
    return one.undated > MOST_UNKNOWN * (one.accepted + one.undated)


def _undated(total: Period) -> Iterator[str]:
    if total.undated:
        yield (
            f"{total.undated:,} of those handed off in the window were accepted, nobody knows when: no figure by date "
            "of event counts these."
        )


def _table(answer: PeriodAnswer, names: Names) -> Table:
    rows = [_row(names.group(answer.by, one.name), one) for one in answer.groups] if answer.by else []
    return Table("By date of event", COLUMNS, tuple(rows) or (_row("all", answer.total),))


def _row(called: str, one: Period) -> Row:
    shares = (None, None) if _untold(one) else (one.accept_rate, one.sql_rate)
    return (
        named(called),
        *map(count, (one.offered, one.accepted, one.sql)),
        *(Cell("–" if share is None else percent(share), share) for share in shares),
    )
