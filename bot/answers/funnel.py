"""The door to all numbers: a line of text, and who asks, becomes a record that can be drawn.

Slack and the command line come in here through bot/funnel.py, so that both understand and refuse alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.answers.campaign import campaign
from bot.answers.explain import explain
from bot.answers.inquiry import Inquiry
from bot.answers.overview import overview
from bot.answers.period import period
from bot.answers.rates import ripe, wanted
from bot.answers.rejections import rejections
from bot.answers.reps import rep, reps
from bot.answers.sla import sla
from bot.answers.split import split
from bot.answers.velocity import velocity
from bot.config.policy import Policy
from bot.lead import Person
from bot.stats.language.grammar import canonical, parse
from bot.stats.metrics.table import NAMES
from bot.stats.query import Asked, Cohort, Definition, Dim, Explain, Filter, Help, Open, Problem, Query, Window
from bot.stats.visibility import FEWEST, STRANGER, seen, visible
from bot.store import cohorts, policies
from bot.store.engine import Tx

OPERATOR: Literal["operator"] = "operator"
"""Whoever has the command line has the database: they see everything."""

FEW = f"This is about fewer than {FEWEST} leads: too few to be shown in a channel. It can go to your direct messages."

Viewer = Person | None | Literal["operator"]
"""Who asks; None is somebody Baton was never told of."""

ANSWERS: Mapping[str, Callable[[Inquiry], object]] = {
    "overview": overview,
    "split": split,
    "period": period,
    "rejections": rejections,
    "sla": sla,
    "velocity": velocity,
    "reps": reps,
    "rep": rep,
    "campaign": campaign,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A record of stats, the policy by whose words it is told, and the persons (keys) who may be named; None: all."""

    record: Any
    policy: Policy
    sees: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class World:
    """What the grammar asks for: the values there are, and who is meant."""

    tx: Tx
    policy: Policy
    now: datetime
    viewer: Viewer

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        """The values of a dimension in a window, as far as whoever asks may know of them."""
        if self.viewer == OPERATOR or self.viewer is None:
            return cohorts.values(self.tx, key, Cohort(window), self.now)
        cohort, sees = seen(Cohort(window), self.viewer, self.policy.people)
        found = cohorts.values(self.tx, key, cohort, self.now)
        return found if key != "rep" or sees is None else [one for one in found if one in sees]

    def names(self, key: Dim) -> Mapping[str, str]:
        """The names of teams and the labels of reasons."""
        teams, reasons = self.policy.people.teams, self.policy.reasons
        names = {"team": {one: team.name for one, team in teams.items()}}
        return {**names, "reason": {code: reason.label for code, reason in reasons.items()}}.get(key, {})

    def person(self, words: str) -> Sequence[str]:
        """The persons with this Slack id, key or name; with a part of the name, where nobody has it whole."""
        wanted, persons = words.strip().casefold(), self.policy.people.persons.values()
        for called in (
            lambda one: (one.slack.casefold(), one.key.casefold()),
            lambda one: (one.name.casefold(),),
            lambda one: one.name.casefold().split(),
        ):
            found = [one.key for one in persons if wanted in called(one)]
            if found:
                return found
        return []


def understood(tx: Tx, text: str, now: datetime, viewer: Viewer) -> Asked:
    """What a line asks for at `now` (UTC). A stranger's mistakes are not mended: that would tell what there is."""
    asked = parse(text, now, World(tx, policies.current(tx), now, viewer), NAMES)
    return asked if viewer or isinstance(asked, Help | Definition | Open) else STRANGER


def answered(
    tx: Tx, asked: Query | Explain, now: datetime, viewer: Viewer, *, public: bool = False, names: bool = True
) -> Answer | Problem:
    """The answer as `viewer` may have it, as things stood at `now` (UTC); without `names`, no person is shown.

    A `public` one, for a channel, has no group of so few that their leads could be known by it; what operations have
    set up for one may be of few.
    """
    policy = policies.current(tx)
    query, sees, teams = asked.plain if isinstance(asked, Explain) else asked, None, None
    if viewer != OPERATOR:
        allowed = visible(query, viewer, policy.people)
        if isinstance(allowed, Problem):
            return allowed
        query, sees, teams = replace(allowed.query, text=canonical(allowed.query)), allowed.sees, allowed.teams
    if not names:
        sees = frozenset()
    inquiry = matured(Inquiry(tx, query, now, policy, sees, teams, public))
    if public and viewer != OPERATOR and _few(inquiry):
        return Problem(FEW)
    record = explain(inquiry, asked.metric) if isinstance(asked, Explain) else ANSWERS[_kind(query)](inquiry)
    return Answer(record, policy, sees)


def matured(inquiry: Inquiry) -> Inquiry:
    """The question with its windows moved back until the youngest hand-off is as old as the rates look; if asked."""
    query, window = inquiry.query, inquiry.query.cohort.window
    if not query.matured:
        return inquiry
    late = window.end - ripe(inquiry.policy, inquiry.as_of, wanted(query, inquiry.policy))
    if late <= timedelta():
        return inquiry

    def moved(one: Window) -> Window:
        return replace(one, start=one.start - late, end=one.end - late)

    cohort = replace(query.cohort, window=moved(window))
    return replace(inquiry, query=replace(query, cohort=cohort, previous=query.previous and moved(query.previous)))


def _few(inquiry: Inquiry) -> bool:
    """Whether an answer would be about one or two leads: chosen ones, or all that a campaign is held against."""
    query = inquiry.query
    chosen = _size(inquiry)
    if query.sub != "campaign" or not query.subject:
        return 0 < chosen < FEWEST
    own = _size(inquiry, Filter("campaign", (query.subject,)))
    return 0 < own < FEWEST or 0 < chosen - own < FEWEST


def _size(inquiry: Inquiry, *only: Filter) -> int:
    cohort = inquiry.query.cohort
    chosen = replace(cohort, filters=(*cohort.filters, *only))
    return sum(row.n for row in cohorts.tallies(inquiry.tx, chosen, inquiry.as_of))


def _kind(query: Query) -> str:
    if query.sub != "overview":
        return query.sub
    if query.basis == "period":
        return "period"
    return "split" if query.by else "overview"
