"""Why leads were turned down: `/funnel rejections`, from the database."""

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.stats.cohort import BLANK, OTHERS, Tally
from bot.stats.query import Dim
from bot.stats.rejections import Rejections, Rows
from bot.stats.rejections import rejections as answered
from bot.store import cohorts


def rejections(inquiry: Inquiry) -> Rejections:
    """By reason, as of the inquiry; and by the dimension asked for, if any."""
    tx, query, as_of = inquiry.tx, inquiry.query, inquiry.as_of
    where, by_where = _where(inquiry)
    before = inquiry.before
    by = None if query.by == "reason" else query.by
    rows = Rows(
        by_reason=cohorts.tallies(tx, query.cohort, as_of, "reason"),
        by_where=by_where,
        where=where,
        before=cohorts.tallies(tx, before.query.cohort, as_of) if before else None,
        by_group=inquiry.folded(by, cohorts.tallies(tx, query.cohort, as_of, by)) if by else (),
        rerouted=cohorts.rerouted(tx, query.cohort, as_of),
        repeats=cohorts.repeats(tx, query.cohort, as_of),
        marks=marks(inquiry),
    )
    return answered(query, as_of, rows, inquiry.policy.reasons)


def _where(inquiry: Inquiry) -> tuple[Dim, list[Tally]]:
    """The rejections by campaign; by source where no two campaigns are known."""
    by_campaign = _told(inquiry, "campaign")
    if len({tally.name for tally in by_campaign} - {BLANK}) > 1:
        return "campaign", by_campaign
    return "source", _told(inquiry, "source")


def _told(inquiry: Inquiry, by: Dim) -> list[Tally]:
    rows = inquiry.folded(by, cohorts.tallies(inquiry.tx, inquiry.query.cohort, inquiry.as_of, by))
    return [row for row in rows if row.name != OTHERS]
