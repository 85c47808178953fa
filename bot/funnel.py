"""`/funnel` from end to end, wherever it is asked: text → question → answer → report.

The slash command, the buttons below its answers, shared messages and the command line all come through here; drawing
a report is theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.answers.criteria import definition
from bot.answers.funnel import OPERATOR, Answer, Viewer, answered, understood
from bot.answers.notes import noted
from bot.blocks.definition import definition_blocks
from bot.blocks.drawing import Drawing
from bot.blocks.funnel import campaign, explain, notes, overview, period, rejections, rep, reps, sla, split, velocity
from bot.blocks.funnel.about import about
from bot.blocks.funnel.guide import guide_blocks
from bot.blocks.funnel.report import Report
from bot.blocks.funnel.sheet import sheet_blocks
from bot.blocks.funnel.slack import problem_blocks
from bot.blocks.funnel.words import Names
from bot.config.policy import Policy
from bot.lead import Person
from bot.stats.campaign import Campaign
from bot.stats.explain import Explained
from bot.stats.notes import Noted
from bot.stats.overview import Overview
from bot.stats.period import PeriodAnswer
from bot.stats.query import Asked, Definition, Explain, Help, NewNote, Notes, Open, Problem, Query, query_of
from bot.stats.rejections import Rejections
from bot.stats.reps import Rep, Reps
from bot.stats.sla import Sla
from bot.stats.split import Parts
from bot.stats.velocity import Velocity
from bot.stats.visibility import may_note
from bot.store import policies
from bot.store.engine import Tx

__all__ = ["OPERATOR", "Told", "Viewer", "drawn", "told", "told_note", "understood", "viewer"]

REPORTS: Mapping[type, Callable[[Any, Names], Report]] = {
    Overview: overview.report,
    Parts: split.report,
    PeriodAnswer: period.report,
    Rejections: rejections.report,
    Sla: sla.report,
    Velocity: velocity.report,
    Reps: reps.report,
    Rep: rep.report,
    Campaign: campaign.report,
    Explained: explain.report,
    Noted: notes.report,
}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words, and the record behind it."""

    report: Report
    record: Any


def viewer(tx: Tx, slack: str) -> Person | None:
    """Who asks, by their Slack id; None for somebody Baton was never told of."""
    return policies.current(tx).people.by_slack(slack)


def told(
    tx: Tx, asked: Query | Explain, now: datetime, who: Viewer, *, public: bool = False, names: bool = True
) -> Told | Problem:
    """The answer as `who` may have it, as things stood at `now` (UTC). `public` and `names` are those of `answered`."""
    answer = answered(tx, asked, now, who, public=public, names=names)
    return answer if isinstance(answer, Problem) else _told(answer)


def told_note(tx: Tx, asked: NewNote | Notes, now: datetime, who: Viewer) -> Told | Problem:
    """A note written, listed or taken back, by whoever may."""
    if who != OPERATOR:
        problem = may_note(asked, who)
        if problem:
            return problem
    by = who.key if isinstance(who, Person) else None
    record = noted(tx, asked, by, now)
    return Told(notes.report(record, _names(policies.current(tx), None)), record)


def drawn(tx: Tx, asked: Asked, now: datetime, slack: str, draw: Callable[[Report], Drawing]) -> Drawing:
    """The answer to somebody in Slack (id), whatever they asked; `draw` is how reports are drawn where they see it.

    A note is written here, so `tx` has to be one that writes. LookupError for open cards: links to them take Slack.
    """
    match asked:
        case Help():
            return guide_blocks()
        case Definition():
            return definition_blocks(*definition(tx))
        case NewNote() | Notes():
            found = told_note(tx, asked, now, viewer(tx, slack))
        case Query() | Explain():
            found = told(tx, asked, now, viewer(tx, slack))
        case Problem():
            found = asked
        case Open():
            raise LookupError("open cards are drawn by whoever can ask Slack for links to them")
    if isinstance(found, Problem):
        return problem_blocks(found)
    sheet = isinstance(asked, Query | Explain) and query_of(asked).csv
    return sheet_blocks(found.report) if sheet else draw(found.report)


def _told(answer: Answer) -> Told:
    report = REPORTS[type(answer.record)](answer.record, _names(answer.policy, answer.sees))
    return Told(replace(report, about=about(answer.record)), answer.record)


def _names(policy: Policy, sees: frozenset[str] | None) -> Names:
    labels = {code: reason.label for code, reason in policy.reasons.items()}
    return Names(policy.people, labels, (lambda _: True) if sees is None else sees.__contains__)
