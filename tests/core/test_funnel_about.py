"""What every row of CSV says of the answer that it is of."""

import pytest

from bot.blocks.funnel import about as module
from bot.blocks.funnel.about import about
from bot.funnel import REPORTS
from bot.stats.notes import Noted
from bot.stats.period import Period, PeriodAnswer
from bot.stats.rejections import Rejections
from tests.core.funnel_kit import DAY, NOW, cohort, query

KEYS = ["query", "window_start", "window_end", "as_of", "horizon_seconds", "horizon_clock", "without_time"]


def test_it_is_enough_to_ask_for_the_same_rows_again() -> None:
    ends = cohort(20, 10, untimed=2)
    total = Period("", 0, 0, 0)
    found = about(PeriodAnswer(query=query(), as_of=NOW, by=None, total=total, before=None, groups=(), cohort=ends))
    assert list(found) == KEYS
    assert found["query"] == "30d"
    assert (found["window_start"], found["window_end"]) == ((NOW - 30 * DAY).isoformat(), NOW.isoformat())
    assert found["as_of"] == NOW.isoformat()
    assert found["horizon_seconds"] == 60 * ends.horizon.minutes
    assert (found["horizon_clock"], found["without_time"]) == ("working", 2)


@pytest.mark.parametrize("kind", sorted(REPORTS, key=str))
def test_every_answer_says_how_far_it_looks_or_has_no_need_to(kind: type) -> None:
    assert (kind in module._LOOKED) is (kind not in (Rejections, Noted))


def test_notes_are_about_no_question() -> None:
    assert about(Noted(())) == {}
