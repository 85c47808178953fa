"""What hand-offs are chosen by, as SQL: every filter of `/funnel`."""

import sqlalchemy as sa

from bot.stats.cohort import Outcome
from bot.stats.query import Cohort, Filter, Touch
from bot.store.dimensions import SCORE, of_dim
from bot.store.outcomes import OUTCOME


def chosen(cohort: Cohort) -> list[sa.ColumnElement[bool]]:
    """The conditions that the filters of a cohort put on a hand-off, as things stood on the as-of date."""
    return [_chosen(one, cohort.touch) for one in cohort.filters]


def _chosen(one: Filter, touch: Touch) -> sa.ColumnElement[bool]:
    if one.key == "score":
        low, high = one.low, one.high
        bounds = [*([SCORE >= low] if low is not None else []), *([SCORE <= high] if high is not None else [])]
        inside: sa.ColumnElement[bool] = sa.func.coalesce(sa.and_(sa.true(), *bounds), sa.false())
    elif one.key == "reason":  # one that was undone may still stand in its column
        inside = (OUTCOME == Outcome.REJECTED.value) & of_dim("reason").in_(one.values)
    else:
        inside = of_dim(one.key, touch).in_(one.values)
    return ~inside if one.negated else inside
