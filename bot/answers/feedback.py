"""How one campaign's leads fared in a month: the numbers at the head of its feedback thread."""

from datetime import UTC, datetime, timedelta

from bot.stats.cohort import BLANK, Counts, counts
from bot.stats.query import Cohort, Filter, Window
from bot.store import cohorts
from bot.store.engine import Tx

FOREVER = datetime.max.replace(tzinfo=UTC)
"""No as-of date: everything that is on record counts."""


def campaign_month(tx: Tx, campaign: str | None, month_start: datetime) -> Counts:
    """What became of the hand-offs of `campaign` that were offered in the month (UTC) that starts at `month_start`.

    First and repeated ones. None and a blank name both mean the hand-offs without a campaign.
    """
    following = (month_start.replace(day=1) + timedelta(days=31)).replace(day=1)
    name = campaign if campaign and campaign.strip(" ") else BLANK
    cohort = Cohort(Window(month_start, following, f"{month_start:%Y-%m}"), (Filter("campaign", (name,)),))
    return counts(cohorts.tallies(tx, cohort, FOREVER)) + cohorts.repeats(tx, cohort, FOREVER)
