"""Cohorts of any size in rows as the store would count them, for tests of the answers of `/funnel` and their words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.blocks.funnel.report import Report
from bot.blocks.funnel.terminal import report_text
from bot.blocks.funnel.words import Names
from bot.stats.cohort import Counts, Ending
from bot.stats.language.grammar import canonical, parse
from bot.stats.query import Cohort, Dim, Open, Query, Window
from bot.stats.rates import Ends, Horizon, ends
from tests.support import POLICY

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
DAY = timedelta(days=1)
TWO_DAYS = Horizon(17 * 60, "working", "2bd")
LABELS = {"FIT_COMPANY": "Company outside target", "DATA_WRONG": "Data is wrong"}
NAMES = Names(POLICY.people, LABELS)


def query(**changes: Any) -> Query:
    """About the last 30 days, against the 30 before."""
    window = Window(NOW - 30 * DAY, NOW, "30d")
    before = Window(NOW - 60 * DAY, NOW - 30 * DAY, "2026-09-23..2026-10-22")
    asked = replace(Query(sub="overview", cohort=Cohort(window), previous=before), **changes)
    return replace(asked, text=canonical(asked))


def cohort(
    accepted: int = 0,
    rejected: int = 0,
    expired: int = 0,
    open_: int = 0,
    *,
    untimed: int = 0,
    age: int = 60,
    minutes: Mapping[str, int] | None = None,
    horizon: Horizon = TWO_DAYS,
    **later: int,
) -> Ends:
    """Hand-offs that ended after an hour, or so many `minutes` by how; of `untimed` accepted ones nobody knows when.

    Open ones are `age` minutes old. `later` are counts of void, sql and won.
    """
    at = {"accepted": 60, "rejected": 60, "expired": horizon.minutes, **(minutes or {})}
    counts = Counts(accepted=accepted, rejected=rejected, expired=expired, open=open_, **later)
    ended = [
        Ending("", "accepted", at["accepted"], accepted - untimed),
        Ending("", "accepted", None, untimed),
        Ending("", "rejected", at["rejected"], rejected),
        Ending("", "expired", at["expired"], expired),
    ]
    return ends([one for one in ended if one.n], [(age, open_)] if open_ else [], counts, horizon)


def words(report: Report) -> str:
    """All that a report says, as a terminal shows it."""
    return report_text(report)


def line(report: Report, label: str) -> str:
    """What stands behind a label; empty where there is no such line."""
    return next((one.words for one in report.lines if one.label == label), "")


class Known:
    """A world in which there is whatever a test says."""

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        """A value for every dimension."""
        return ["sales"] if key == "team" else ["Q4 webinar"]

    def names(self, key: Dim) -> Mapping[str, str]:
        """Everything is called as it is stored."""
        return {}

    def person(self, words: str) -> Sequence[str]:
        """Those of the company by their key."""
        return [key for key in POLICY.people.persons if key == words]


def askable(report: Report) -> bool:
    """Whether every next step, and every command in the words, is a question that means the same when typed."""
    told = " ".join([*(one.words for one in report.lines), *report.advice])
    commands = [*(step.command for step in report.steps), *re.findall("`([^`]*)`", told)]
    asked = [(command, parse(command, NOW, Known())) for command in commands]
    return all(one.text == command if isinstance(one, Query) else isinstance(one, Open) for command, one in asked)
