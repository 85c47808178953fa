"""Every figure of every answer equals a recount of the history by slow and obvious code: any history, any question."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.answers.funnel import OPERATOR, Answer, answered, understood
from bot.stats.query import Query
from bot.store.engine import Store, Tx
from tests.store.funnel_answers import told
from tests.store.funnel_cases import Case, cases
from tests.store.funnel_counted import Counted
from tests.store.funnel_life import Life, lives, moments, play
from tests.store.funnel_questions import Question, as_ofs, moment, questions
from tests.store.recount import forgotten

FEW = settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(lives(), moments, st.lists(st.tuples(questions, as_ofs(moments)), min_size=6, max_size=6))
def test_every_answer_equals_a_recount_of_the_history(
    store: Store, plan: list[Life], change: datetime, asked: list[tuple[Question, datetime | int]]
) -> None:
    with forgotten(store) as tx:
        play(tx, plan, change)
        found = cases(tx)
        for question, as_of in asked:
            _check(tx, found, question, moment(as_of, found))


def _check(tx: Tx, found: list[Case], question: Question, as_of: datetime) -> None:
    text = question.text(found)
    query = understood(tx, text, as_of, OPERATOR)
    if not isinstance(query, Query):
        return
    answer = answered(tx, query, as_of, OPERATOR)
    assert isinstance(answer, Answer)
    record = answer.record
    counted = Counted(found, record.query, as_of).answer()
    differences = list(_differences(told(record), counted, ""))
    assert not differences, (text, as_of, differences)


def _differences(one: Any, other: Any, at: str) -> Any:
    """Where two figures differ: (where, the answer, the recount)."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys((*one, *other)):
            yield from _differences(one.get(key, "missing"), other.get(key, "missing"), f"{at}.{key}")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from _differences(*pair, f"{at}[{place}]")
    elif isinstance(other, Fraction) and isinstance(one, float):
        if abs(one - other) > 1e-9:
            yield at, one, float(other)
    elif one != other:
        yield at, one, other
