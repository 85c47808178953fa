"""Every figure of an answer equals a recount, by slow and obvious code, of the rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.campaign import campaign_month
from bot.answers.overview import overview
from bot.handoff.states import Handoff, State
from bot.stats.cohort import Counts, Group
from bot.stats.query import Query, parse
from bot.store.engine import Store
from tests.store.recount import (
    COLUMNS,
    DATES,
    HOUR,
    SLOW,
    START,
    forgotten,
    insert,
    moments,
    named,
    offered,
    recount,
    regroup,
    retime,
    stages,
)

names = st.sampled_from([None, "", "  ", "unknown", "Unknown", "<!here>", "ünï"])


@st.composite
def handoff_records(draw: st.DrawFn) -> Handoff:
    """Anything the table can hold: every state with any set of dates, in any order."""
    dates: dict[str, Any] = draw(st.dictionaries(st.sampled_from(DATES), moments, max_size=3))
    words: dict[str, Any] = {name: draw(names) for name in ("source", "campaign", "owner", "team", "reason")}
    state, offered_at = draw(st.sampled_from(State)), draw(moments)
    return replace(offered(offered_at), state=state, imported=True, **dates, **words)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    start, end = sorted([draw(moments), draw(moments)])
    return Query(start, end, draw(st.sampled_from([*COLUMNS])), "any")


def _counts_by_name(groups: Sequence[Group]) -> dict[str, Counts]:
    return {group.name: group.counts for group in groups}


BEFORE, AT, AFTER = START + 2 * HOUR, START + 3 * HOUR, START + 4 * HOUR
"""As-of date is AT; every hand-off below is offered at START."""


@pytest.mark.parametrize(
    ("state", "dates", "expected"),
    [
        (State.OFFERED, {}, ["open"]),
        (State.ACCEPTED, {"accepted_at": AT}, ["accepted"]),
        (State.ACCEPTED, {"accepted_at": AFTER}, ["open"]),
        (State.ACCEPTED, {}, ["accepted"]),
        (State.REJECTED, {"rejected_at": AT}, ["rejected"]),
        (State.REJECTED, {"rejected_at": AFTER}, ["open"]),
        (State.REJECTED, {}, ["rejected"]),
        (State.EXPIRED, {"expired_at": AFTER}, ["open"]),
        (State.EXPIRED, {"expired_at": BEFORE}, ["expired"]),
        (State.VOID, {"voided_at": BEFORE}, ["void"]),
        (State.VOID, {"accepted_at": BEFORE, "voided_at": AFTER}, ["accepted"]),
        (State.DISQUALIFIED, {"disqualified_at": BEFORE}, ["accepted"]),
        (State.LAPSED, {"accepted_at": BEFORE, "lapsed_at": AFTER}, ["accepted"]),
        (State.QUALIFIED, {"accepted_at": BEFORE, "qualified_at": AFTER}, ["accepted"]),
        (State.QUALIFIED, {"accepted_at": AFTER}, ["open"]),
        (State.LOST, {"lost_at": BEFORE}, ["accepted", "sql"]),
        (State.WON, {"won_at": BEFORE}, ["accepted", "sql", "won"]),
        (State.WON, {"won_at": AFTER}, ["open"]),
        (State.WON, {"qualified_at": BEFORE, "won_at": AFTER}, ["accepted", "sql"]),
        (State.WON, {"accepted_at": AFTER}, ["open"]),
        (State.WON, {"accepted_at": BEFORE, "qualified_at": AFTER}, ["accepted"]),
        (State.WON, {}, ["accepted", "sql", "won"]),
    ],
)
def test_how_far_a_handoff_had_come_by_the_as_of_date(
    store: Store, state: State, dates: dict[str, Any], expected: list[str]
) -> None:
    record = replace(offered(START), state=state, imported=True, **dates)
    assert stages(record, AT) == expected
    with store.transaction() as tx:
        insert(tx, [record])
        query = Query(START, AFTER, "source", "any")
        assert overview(tx, query, AT).total == Counts(**dict.fromkeys(expected, 1))


@SLOW
@given(records=st.lists(handoff_records(), min_size=1, max_size=12), query=queries(), as_of=moments)
def test_an_overview_equals_a_recount_of_the_rows(
    store: Store, records: list[Handoff], query: Query, as_of: datetime
) -> None:
    with forgotten(store) as tx:
        insert(tx, records)
        answer = overview(tx, query, as_of)

    cohort = [one for one in records if query.start <= one.offered_at < query.end and one.offered_at <= as_of]
    assert answer.total == recount(cohort, as_of)
    assert _counts_by_name(answer.groups) == regroup(cohort, query.by, as_of)
    assert (answer.median_to_decision, answer.times_unknown) == retime(cohort, as_of)
    assert dict(answer.top_reasons) == Counter(
        named(one.reason) for one in cohort if stages(one, as_of)[0] == "rejected"
    )
    assert [n for _, n in answer.top_reasons] == sorted((n for _, n in answer.top_reasons), reverse=True)
    rate = answer.accept_rate
    assert (rate and (rate.successes, rate.n)) == ((answer.total.accepted, answer.total.decided) if rate else None)
    assert (rate is None) == (answer.total.decided == 0)


@SLOW
@given(records=st.lists(handoff_records(), min_size=1, max_size=12), query=queries(), as_of=moments)
def test_a_cohort_only_shrinks_and_its_groups_add_up(
    store: Store, records: list[Handoff], query: Query, as_of: datetime
) -> None:
    with forgotten(store) as tx:
        insert(tx, records)
        answer = overview(tx, query, as_of)
    for counts in [answer.total, *(group.counts for group in answer.groups)]:
        assert counts.handed_off >= counts.accepted >= counts.sql >= counts.won >= 0
        assert counts.handed_off == counts.accepted + counts.rejected + counts.expired + counts.open
    assert sum((group.counts for group in answer.groups), Counts()) == answer.total


@pytest.mark.parametrize("campaign", [None, "", "Spring"])
def test_a_campaigns_month_counts_its_own_handoffs_of_that_month_alone(store: Store, campaign: str | None) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    inside = [START, april - timedelta(microseconds=1)]
    outside = [START - timedelta(microseconds=1), april]
    records = [replace(offered(at), campaign=campaign, imported=True) for at in [*inside, *outside]]
    records += [replace(offered(START), campaign="Autumn", imported=True)]
    records += [replace(records[0], state=State.WON)]
    with store.transaction() as tx:
        insert(tx, records)
        assert campaign_month(tx, campaign, START) == Counts(accepted=1, sql=1, won=1, open=2)
        assert campaign_month(tx, campaign, datetime(2026, 12, 1, tzinfo=UTC)) == Counts()


def test_blank_and_unknown_sources_stay_apart_and_the_largest_group_comes_first(store: Store) -> None:
    sources = ["unknown", "unknown", "", None, "  ", "ads"]
    with store.transaction() as tx:
        insert(tx, [replace(offered(START), source=source, imported=True) for source in sources])
        query = parse("2026-03", START)
        assert isinstance(query, Query)
        answer = overview(tx, query, START)
    sizes = [(group.name, group.counts.open) for group in answer.groups]
    assert sizes == [("(blank)", 3), ("unknown", 2), ("ads", 1)]


def test_what_is_offered_at_this_very_moment_is_counted(store: Store) -> None:
    now = START + timedelta(seconds=59, microseconds=999_999)
    with store.transaction() as tx:
        insert(tx, [offered(now)])
        query = parse("", now)
        assert isinstance(query, Query)
        assert overview(tx, query, now).total == Counts(open=1)


@pytest.mark.parametrize("hours", [[], [3], [1, 2], [5, 1, 2], [8, 1, 2, 4], [2, 2, 2, 9, 9]])
def test_the_median_is_the_one_in_the_middle_or_between_the_two(store: Store, hours: list[int]) -> None:
    accepted = [replace(offered(START), state=State.ACCEPTED, accepted_at=START + n * HOUR) for n in hours]
    with store.transaction() as tx:
        insert(tx, accepted)
        found = overview(tx, Query(START, AFTER, "source", "any"), START + 9 * HOUR).median_to_decision
    assert found == (median(hours) * HOUR if hours else None)


EARLY = START - HOUR


@pytest.mark.parametrize(
    ("state", "dates", "hours", "unknown"),
    [
        (State.ACCEPTED, {"accepted_at": AT}, 3, 0),
        (State.ACCEPTED, {"accepted_at": START}, 0, 0),
        (State.ACCEPTED, {"accepted_at": EARLY}, None, 1),
        (State.ACCEPTED, {}, None, 1),
        (State.WON, {"won_at": BEFORE}, None, 1),
        (State.DISQUALIFIED, {"accepted_at": AFTER, "disqualified_at": BEFORE}, None, 1),
        (State.REJECTED, {"rejected_at": AT}, 3, 0),
        (State.REJECTED, {"rejected_at": EARLY}, None, 1),
        (State.REJECTED, {}, None, 1),
        (State.VOID, {"accepted_at": START, "voided_at": AT}, None, 0),
        (State.EXPIRED, {"expired_at": AT}, None, 0),
        (State.OFFERED, {}, None, 0),
    ],
)
def test_a_time_to_decision_is_known_or_counted_as_unknown(
    store: Store, state: State, dates: dict[str, Any], hours: int | None, unknown: int
) -> None:
    timed = replace(offered(START), state=State.ACCEPTED, accepted_at=BEFORE, imported=True)
    with store.transaction() as tx:
        insert(tx, [replace(offered(START), state=state, imported=True, **dates), timed])
        found = overview(tx, Query(START, AFTER, "source", "any"), AT)
    assert found.median_to_decision == (2 * HOUR if hours is None else (2 + hours) / 2 * HOUR)
    assert found.times_unknown == unknown
