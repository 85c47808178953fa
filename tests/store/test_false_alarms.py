"""Weekly messages of companies in which nothing differs: a dozen digests raises one false alarm at most.

Each question that compares is answered by the functions that answer it, about the same made-up weeks. And a difference
that is there is found: see the last two tests.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from bot.answers.rates import Rows as GroupRows
from bot.answers.rates import assembled
from bot.stats.campaign import compared
from bot.stats.cohort import Cause, Due, Ending, Outcome, Tally, counts
from bot.stats.maths.differences import Comparison, Count
from bot.stats.overview import changes
from bot.stats.query import Query
from bot.stats.rates import Ends, Horizon, ends
from bot.stats.rejections import Rows, rejections
from bot.stats.sla import Rows as SlaRows
from bot.stats.sla import sla
from bot.stats.split import largest, parts, rests
from bot.stats.verdicts import plain, verdicts
from tests.core.funnel_kit import NOW, query

CAMPAIGNS = [f"campaign {number}" for number in range(12)]
REASONS = {"FIT_COMPANY": 0.45, "DATA_WRONG": 0.35, "NOT_READY": 0.20}
WEEKS = 12
COMPANIES = 6
HORIZON = Horizon(960, "working", "2bd")
ASKED: Query = replace(query(), by="campaign")

Lead = tuple[str, Cause, str | None, int]
"""Campaign, how it ended, for which reason, and after how many minutes."""
Week = list[Lead]
Found = list[Comparison | None]


def a_week(random: Random, sizes: Mapping[str, int], rejected: Mapping[str, float]) -> Week:
    """What became of a week's leads; of a campaign more may be turned down than the usual 30 %, all for one reason."""
    return [lead for name, size in sizes.items() for lead in _of(random, name, size, rejected.get(name, 0.0))]


def _of(random: Random, name: str, size: int, more: float) -> Iterator[Lead]:
    for _ in range(size):
        drawn, minutes = random.random(), random.choice((15, 60, 60, 180, 480))
        if drawn < 0.62 - more:
            yield name, "accepted", None, minutes
        elif drawn < 0.62:
            yield name, "rejected", "FIT_COMPANY", minutes
        elif drawn < 0.92:
            yield name, "rejected", random.choices([*REASONS], [*REASONS.values()])[0], minutes
        else:
            yield name, "expired", None, 960


# The questions: all that each of them holds against each other, in a week and the one before it.


def the_overview(now: Week, before: Week) -> Found:
    change, turns = changes(_whole(now), _whole(before), _by_source(now), _by_source(before))
    return [change, *(turn.change for turn in turns)]


def the_overview_of_one_source(now: Week, before: Week) -> Found:
    return the_overview(_from(now, 0), _from(before, 0))


def by_campaign(now: Week, _: Week) -> Found:
    groups = assembled(ASKED, GroupRows(_tallies(now), _endings(now), {}), HORIZON)
    others = rests(largest(groups), groups, _endings(now), {}, 0.95)
    return [part.versus for part in parts("campaign", groups, others, ASKED.cohort.window)]


def one_campaign(now: Week, _: Week) -> Found:
    own = [lead for lead in now if lead[0] == CAMPAIGNS[0]]
    rest = [lead for lead in now if lead[0] != CAMPAIGNS[0]]
    versus, why = compared(_whole(own), _whole(rest), _tallies(own), _tallies(rest))
    return [versus, *(one.versus for one in why)]


def why_rejected(now: Week, before: Week) -> Found:
    rows = Rows(by_reason=_tallies(now), by_where=(), where="campaign", before=_tallies(before))
    return [one.change for one in rejections(query(), NOW, rows, {}).reasons]


def why_rejected_by_campaign(now: Week, before: Week) -> Found:
    told = _tallies(now)
    rows = Rows(by_reason=told, by_where=(), where="campaign", before=_tallies(before), by_group=told)
    found = rejections(ASKED, NOW, rows, {})
    return [*(one.change for one in found.reasons), *(how for group in found.groups for _, how in group.apart)]


def in_time_by_campaign(now: Week, before: Week) -> Found:
    rows = SlaRows(due=_due(now), ended=(), ages={}, before=_due(before))
    found = sla(ASKED, NOW, rows, tiers=[], horizon=HORIZON)
    return [found.change, *(group.versus for group in found.groups)]


QUESTIONS: tuple[Callable[[Week, Week], Found], ...] = (
    the_overview,
    the_overview_of_one_source,
    by_campaign,
    one_campaign,
    why_rejected,
    why_rejected_by_campaign,
    in_time_by_campaign,
)
EVERY_QUESTION = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.__name__)


def _from(week: Week, source: int) -> Week:
    return [lead for lead in week if CAMPAIGNS.index(lead[0]) % 5 == source]


def _by_source(week: Week) -> dict[str, Count]:
    """Twelve campaigns are of five sources."""
    of = {source: _from(week, source) for source in range(5)}
    return {str(one): (sum(lead[1] == "accepted" for lead in some), len(some)) for one, some in of.items() if some}


def _whole(week: Week) -> Ends:
    ended = [one._replace(name="") for one in _endings(week)]
    return ends(ended, (), counts(_tallies(week)), HORIZON)


def _endings(week: Week) -> list[Ending]:
    kinds = Counter((name, end, minutes) for name, end, _, minutes in week)
    return [Ending(name, end, minutes, n) for (name, end, minutes), n in kinds.items()]


def _tallies(week: Week) -> list[Tally]:
    kinds = Counter((name, end, reason) for name, end, reason, _ in week)
    return [Tally(name, Outcome(end), reason, n) for (name, end, reason), n in kinds.items()]


def _due(week: Week) -> list[Due]:
    met = Counter((name, minutes <= 60) for name, _, _, minutes in week)
    return [Due(name, "met" if in_time else "missed", n) for (name, in_time), n in met.items()]


def clear(found: Found) -> int:
    """How many differences a message points at."""
    return sum(one is not None and one.clear for one in found)


@pytest.fixture(scope="module")
def quiet() -> list[list[Week]]:
    """The weeks of companies in which nothing differs, each with campaigns of all sizes."""
    companies = []
    for seed in range(COMPANIES):
        random = Random(seed)
        sizes = {name: random.randint(15, 80) for name in CAMPAIGNS}
        companies.append([a_week(random, sizes, {}) for _ in range(WEEKS + 1)])
    return companies


def alarms(weeks: list[Week], question: Callable[[Week, Week], Found]) -> int:
    """How many differences a dozen weekly messages point at."""
    return sum(clear(question(now, before)) for before, now in pairwise(weeks))


@pytest.mark.parametrize("company", range(COMPANIES))
def test_twelve_digests_without_a_true_difference_raise_at_most_one_false_alarm(
    quiet: list[list[Week]], company: int
) -> None:
    """The overview is the digest. Chance would not be chance if no dozen ever raised two: of 100 dozens 11 do."""
    assert alarms(quiet[company], the_overview) <= 1


@EVERY_QUESTION
def test_nor_do_twelve_other_answers_but_for_one_dozen_in_ten(
    quiet: list[list[Week]], question: Callable[[Week, Week], Found]
) -> None:
    """Of 100 dozens two or more are raised by 12 for campaigns, 23 where all is one comparison, 4 to 11 for others.

    Weeks that stand beside each other share one: a strange week is held against both of its neighbours.
    """
    assert sum(alarms(weeks, question) > 1 for weeks in quiet) <= 2


def test_each_tested_alone_they_would_raise_several(quiet: list[list[Week]]) -> None:
    """What the family is for."""
    found = [one for weeks in quiet[:2] for before, now in pairwise(weeks) for one in by_campaign(now, before) if one]
    assert sum(one.p < 0.05 for one in found) > 2 * 2


@pytest.mark.parametrize("seed", range(2))
def test_a_true_difference_of_25_points_is_found_in_most_weeks(seed: int) -> None:
    random, campaign = Random(seed), CAMPAIGNS[seed]
    found = 0
    for _ in range(WEEKS):
        week = a_week(random, dict.fromkeys(CAMPAIGNS, 60), {campaign: 0.25})
        groups = assembled(ASKED, GroupRows(_tallies(week), _endings(week), {}), HORIZON)
        others = rests([*CAMPAIGNS], groups, _endings(week), {}, 0.95)
        told = parts("campaign", groups, others, ASKED.cohort.window)
        found += any(part.name == campaign and part.versus and part.versus.clear for part in told)
    assert found > WEEKS / 2


@pytest.mark.parametrize(("points", "least"), [(0.15, 0.40), (0.20, 0.70), (0.25, 0.90)])
def test_with_a_hundred_on_each_side_a_true_difference_is_found_so_often(points: float, least: float) -> None:
    random, times = Random(8), 300

    def drawn(share: float) -> Count:
        return sum(random.random() < share for _ in range(100)), 100

    pairs = [(plain(*drawn(0.60 + points)), plain(*drawn(0.60))) for _ in range(times)]
    assert sum(clear(verdicts([pair])) for pair in pairs) >= least * times
