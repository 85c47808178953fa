"""What the store counts equals a recount, by slow and obvious code, of the rows, whatever these look like."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.feedback import campaign_month
from bot.handoff.states import Handoff, State
from bot.stats.cohort import Counts, counts, groups, reasons
from bot.stats.query import Cohort, Dim, Window
from bot.store import cohorts
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


windows = st.tuples(moments, moments).map(lambda pair: Window(min(pair), max(pair), "any"))
dims = st.sampled_from([*COLUMNS])
EVERYTHING = Cohort(Window(START, START + 4 * HOUR, "any"))


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
        assert counts(cohorts.tallies(tx, EVERYTHING, AT)) == Counts(**dict.fromkeys(expected, 1))


@SLOW
@given(records=st.lists(handoff_records(), min_size=1, max_size=12), window=windows, by=dims, as_of=moments)
def test_tallies_equal_a_recount_of_the_rows(
    store: Store, records: list[Handoff], window: Window, by: Dim, as_of: datetime
) -> None:
    with forgotten(store) as tx:
        insert(tx, records)
        tallies = cohorts.tallies(tx, Cohort(window), as_of, by)
        plain = cohorts.tallies(tx, Cohort(window), as_of)
        known = cohorts.values(tx, by, Cohort(window), as_of)

    cohort = [one for one in records if window.start <= one.offered_at < window.end and one.offered_at <= as_of]
    by_name = {group.name: group.counts for group in groups(tallies)}
    assert counts(tallies) == counts(plain) == recount(cohort, as_of)
    assert by_name == regroup(cohort, by, as_of)
    assert set(known) == set(by_name)
    found = reasons(tallies)
    assert dict(found) == Counter(named(one.reason) for one in cohort if stages(one, as_of)[0] == "rejected")
    assert [n for _, n in found] == sorted((n for _, n in found), reverse=True)


@SLOW
@given(records=st.lists(handoff_records(), min_size=1, max_size=12), window=windows, by=dims, as_of=moments)
def test_a_cohort_only_shrinks_and_its_groups_add_up(
    store: Store, records: list[Handoff], window: Window, by: Dim, as_of: datetime
) -> None:
    with forgotten(store) as tx:
        insert(tx, records)
        found = groups(cohorts.tallies(tx, Cohort(window), as_of, by))
        total = counts(cohorts.tallies(tx, Cohort(window), as_of))
    for one in [total, *(group.counts for group in found)]:
        assert one.handed_off >= one.accepted >= one.sql >= one.won >= 0
        assert one.handed_off == one.accepted + one.rejected + one.expired + one.open
    assert sum((group.counts for group in found), Counts()) == total
    assert [group.counts.handed_off for group in found] == sorted(
        (group.counts.handed_off for group in found), reverse=True
    )


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
        found = groups(cohorts.tallies(tx, EVERYTHING, START, "source"))
    sizes = [(group.name, group.counts.open) for group in found]
    assert sizes == [("(blank)", 3), ("unknown", 2), ("ads", 1)]


def test_what_is_offered_at_this_very_moment_is_counted(store: Store) -> None:
    now = START + timedelta(seconds=59, microseconds=999_999)
    with store.transaction() as tx:
        insert(tx, [offered(now)])
        assert counts(cohorts.tallies(tx, EVERYTHING, now)) == Counts(open=1)
        assert counts(cohorts.tallies(tx, EVERYTHING, now - timedelta(microseconds=1))) == Counts()
