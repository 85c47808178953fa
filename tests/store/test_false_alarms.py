"""Weekly digests of a company in which nothing differs: hardly one of a dozen raises an alarm. And a true one is found.

Each digest asks what the answers ask, by the functions that answer: which of 12 campaigns has another accept rate than
the rest, and which of them is turned down for another of three reasons, or for another than the week before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from random import Random

import pytest

from bot.answers.rates import assembled
from bot.stats.cohort import Cause, Ending, Outcome, Tally
from bot.stats.query import Query
from bot.stats.rates import Horizon
from bot.stats.rejections import Rows, rejections
from bot.stats.split import largest, parts, rests
from tests.core.funnel_kit import NOW, query

CAMPAIGNS = [f"campaign {number}" for number in range(12)]
REASONS = {"FIT_COMPANY": 0.45, "DATA_WRONG": 0.35, "NOT_READY": 0.20}
WEEKS = 12
HORIZON = Horizon(960, "working", "2bd")
ASKED: Query = replace(query(), by="campaign")
Lead = tuple[str, Cause, str | None, int]
"""Campaign, how it ended, for which reason, and after how many minutes."""


def a_week(random: Random, sizes: Mapping[str, int], rejected: Mapping[str, float]) -> list[Lead]:
    """What became of a week's leads; of a campaign more may be turned down than the usual 30 %, all for one reason."""
    return [lead for name, size in sizes.items() for lead in _of(random, name, size, rejected.get(name, 0.0))]


def _of(random: Random, name: str, size: int, more: float) -> Iterator[Lead]:
    for _ in range(size):
        drawn, minutes = random.random(), int(random.lognormvariate(4.5, 1.0))
        if drawn < 0.62 - more:
            yield name, "accepted", None, minutes
        elif drawn < 0.62:
            yield name, "rejected", "FIT_COMPANY", minutes
        elif drawn < 0.92:
            yield name, "rejected", random.choices([*REASONS], [*REASONS.values()])[0], minutes
        else:
            yield name, "expired", None, 960


@dataclass(frozen=True)
class Digest:
    """What a week's answers point at: campaigns by their accept rate, and reasons, of a campaign or ("") of all.

    `naive` is how many there would be if each were tested alone, at five in a hundred.
    """

    campaigns: list[str]
    reasons: list[tuple[str, str]]
    naive: int


def digest(now: list[Lead], before: list[Lead]) -> Digest:
    """The answers about one week, and the one before it."""
    tallies = _tallies(now)
    ended = [Ending(name, end, minutes, n) for (name, end, _, minutes), n in Counter(now).items()]
    groups = assembled(ASKED, tallies, ended, {}, HORIZON)
    found = parts("campaign", groups, rests(largest(groups), groups, ended, {}, 0.95), ASKED.cohort.window)
    rows = Rows(by_reason=tallies, by_where=(), where="campaign", before=_tallies(before), by_group=tallies)
    why = rejections(ASKED, NOW, rows, {})
    return Digest(
        [part.name for part in found if part.versus and part.versus.clear],
        [
            *((group.name, code) for group in why.groups for code, _ in group.apart),
            *(("", reason.code) for reason in why.reasons if reason.change and reason.change.clear),
        ],
        sum(part.versus is not None and part.versus.p < 0.05 for part in found),
    )


def _tallies(leads: list[Lead]) -> list[Tally]:
    kinds = Counter((name, end, reason) for name, end, reason, _ in leads)
    return [Tally(name, Outcome(end), reason, n) for (name, end, reason), n in kinds.items()]


def a_dozen(random: Random, sizes: Mapping[str, int], more: Mapping[str, float]) -> list[Digest]:
    """Twelve weeks' digests."""
    weeks = [a_week(random, sizes, more) for _ in range(WEEKS + 1)]
    return [digest(now, before) for before, now in pairwise(weeks)]


@pytest.fixture(scope="module")
def quiet() -> list[list[Digest]]:
    """Dozens of digests of companies in which nothing differs, with campaigns of all sizes."""
    dozens = []
    for seed in range(8):
        random = Random(seed)
        dozens.append(a_dozen(random, {name: random.randint(15, 80) for name in CAMPAIGNS}, {}))
    return dozens


def test_a_dozen_digests_of_twelve_campaigns_and_three_reasons_raise_at_most_one_alarm(
    quiet: list[list[Digest]],
) -> None:
    """On average, and nearly always: chance would not be chance if it never raised two."""
    alarms = [sum(len(one.reasons) for one in dozen) for dozen in quiet]
    assert sum(alarms) <= len(quiet)
    assert sum(many <= 1 for many in alarms) >= len(quiet) - 1


def test_one_digest_in_ten_at_most_points_at_a_campaign_that_is_like_the_others(quiet: list[list[Digest]]) -> None:
    """That is what q = 10 % promises; the bound leaves room for two standard deviations of chance."""
    every = [one for dozen in quiet for one in dozen]
    n, alarmed = len(every), sum(bool(one.campaigns) for one in every)
    assert alarmed <= 0.10 * n + 2 * sqrt(n * 0.10 * 0.90)
    assert sum(one.naive for one in every) > 4 * sum(len(one.campaigns) for one in every)


@pytest.mark.parametrize("seed", range(4))
def test_a_true_difference_of_25_points_is_found_in_most_weeks(seed: int) -> None:
    campaign = CAMPAIGNS[seed]
    found = a_dozen(Random(seed), dict.fromkeys(CAMPAIGNS, 60), {campaign: 0.25})
    assert sum(campaign in one.campaigns for one in found) > WEEKS / 2
