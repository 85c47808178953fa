"""Reps held against chance, and one rep's own figures. By the owner a hand-off has now.

Judged are hand-offs older than the horizon (until a card expires, where none was asked for): by then all have ended,
and a rep with many young ones looks no worse.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.rates import ages, expiry, horizon, horizon_of, ripe, ripe_by
from bot.answers.sla import due_rows
from bot.stats.cohort import BLANK, OTHERS, Counts, Ending, Group, Stratum, counts, groups, reasons
from bot.stats.query import Cohort, Dim, Filter
from bot.stats.rates import Age, Horizon, ends
from bot.stats.reps import Rep, Reps, Side, handed
from bot.stats.reps import reps as judged
from bot.stats.sla import met
from bot.stats.times import ON_THE_WALL, times
from bot.stats.visibility import SMALLEST_TEAM
from bot.store import cohorts

KINDS: tuple[Dim, ...] = ("grade", "source")
"""What makes leads alike, for the purpose of comparing reps."""


OWNED = Filter("rep", (BLANK,), negated=True)
"""What nobody owns is no rep's decision: beside deals from elsewhere it is all that never became one."""


def reps(inquiry: Inquiry) -> Reps:
    """Who is outside of what chance explains, and everybody's counts."""
    tx, query, as_of = inquiry.tx, inquiry.query, inquiry.as_of
    age = age_of(inquiry)
    strata, moved = kinds(inquiry, age), cohorts.moved(tx, query.cohort, as_of)
    found = groups(inquiry.folded("rep", cohorts.tallies(tx, query.cohort, as_of, "rep")))
    shown = [group for group in found if group.name not in (BLANK, OTHERS)]
    return Reps(
        query=query,
        as_of=as_of,
        age=age,
        old=handed(strata),
        total=sum((group.counts for group in found), Counts()),
        reps=judged(shown, strata, moved),
        nobody=_of(found, BLANK),
        others=_of(found, OTHERS),
        moved=sum(moved.values()),
    )


def rep(inquiry: Inquiry) -> Rep:
    """The figures of the person that a question is about (its `subject`), beside those of their team.

    Whether somebody may ask this is for the door to say. Somebody without a team is compared with nobody else, and so
    is whoever may not see their team, or all reps, for there being fewer than three: less their own figures those
    would be somebody's.
    """
    key = inquiry.query.subject or ""
    alone, team = _of_filter(inquiry, Filter("rep", (key,))), _of_team(inquiry, key)
    limit = horizon_of(team or alone)
    tallies = cohorts.tallies(inquiry.tx, alone.query.cohort, inquiry.as_of)
    moved = cohorts.moved(inquiry.tx, alone.query.cohort, inquiry.as_of)
    age = age_of(inquiry)
    (standing,) = judged([Group(key, counts(tallies))], _everybody(inquiry, age), moved)
    return Rep(
        query=inquiry.query,
        as_of=inquiry.as_of,
        key=key,
        own=_side(alone, limit),
        team=_side(team, limit) if team else None,
        reasons=reasons(tallies),
        standing=standing,
        age=age,
    )


def age_of(inquiry: Inquiry) -> Horizon:
    """How old hand-offs are that reps are judged by."""
    after = inquiry.query.after
    return horizon(after, inquiry.policy) if after else expiry(inquiry.policy)


def kinds(inquiry: Inquiry, age: Horizon) -> list[Stratum]:
    """The owned hand-offs that are old enough by the clock of whoever they were offered to, by rep and kind of lead."""
    old = ripe_by(inquiry.policy, inquiry.as_of, age)
    return cohorts.strata(inquiry.tx, owned(inquiry.query.cohort), inquiry.as_of, "rep", KINDS, before=old)


def owned(cohort: Cohort) -> Cohort:
    """Those of a cohort that somebody owns."""
    return replace(cohort, filters=(*cohort.filters, OWNED))


def _everybody(inquiry: Inquiry, age: Horizon) -> list[Stratum]:
    found = kinds(inquiry, age)
    few = len({one.name for one in found}) < SMALLEST_TEAM
    return [] if few and inquiry.teams is not None else found


def _side(inquiry: Inquiry, limit: Horizon) -> Side:
    cohort, confidence = inquiry.query.cohort, inquiry.query.confidence
    ended, open_ = _timed(inquiry, limit)
    total = counts(cohorts.tallies(inquiry.tx, cohort, inquiry.as_of))
    return Side(
        ends(ended, open_, total, limit, confidence, by_outcome=inquiry.query.by_outcome),
        times(ended, open_, limit),
        times(*_timed(inquiry, ON_THE_WALL), ON_THE_WALL),
        met(due_rows(inquiry)),
    )


def _timed(inquiry: Inquiry, limit: Horizon) -> tuple[list[Ending], list[Age]]:
    """How hand-offs ended, and how old the open ones are, on one clock."""
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    waiting = cohorts.waiting(tx, cohort, as_of, ripe(inquiry.policy, as_of, limit))
    open_ = ages(waiting, inquiry.policy, as_of, limit).get("", [])
    return cohorts.endings(tx, cohort, as_of, limit.clock), open_


def _of_filter(inquiry: Inquiry, one: Filter) -> Inquiry:
    cohort = inquiry.query.cohort
    narrow = replace(cohort, filters=(*cohort.filters, one))
    return replace(inquiry, query=replace(inquiry.query, cohort=narrow))


def _of_team(inquiry: Inquiry, key: str) -> Inquiry | None:
    """The same question about everybody on the teams of a person; one that names teams already stays as it is.

    None where there are none, or where they may not be seen.
    """
    if any(one.key == "team" and not one.negated for one in inquiry.query.cohort.filters):
        return inquiry
    own = tuple(team.key for team in inquiry.policy.people.teams.values() if key in (*team.members, team.manager))
    if not own or (inquiry.teams is not None and not inquiry.teams.issuperset(own)):
        return None
    return _of_filter(inquiry, Filter("team", own))


def _of(found: Iterable[Group], name: str) -> Counts:
    return next((group.counts for group in found if group.name == name), Counts())
