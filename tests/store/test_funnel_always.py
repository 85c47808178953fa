"""What holds for the answers of `/funnel` whatever there is: groups add up, a choice only narrows, order is irrelevant.

And every question is answered and drawn where there is nothing, or nothing but one kind of hand-offs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.blocks.funnel.slack import best_blocks
from bot.blocks.funnel.terminal import as_json, report_csv, report_text
from bot.funnel import OPERATOR, Told, Viewer, told, understood
from bot.stats.query import DIMENSIONS, Query
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs, leads
from tests.store.answer_kit import DAY, HOUR, Row, offered
from tests.store.funnel_answers import told as figures
from tests.store.recount import forgotten
from tests.support import NOW, PEOPLE, POLICY, in_force

FEW = settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SUBS = ("", "rejections", "sla", "velocity", "reps", "rep @ana", 'campaign "fair"', "basis=period")
SPLIT = ("", "rejections", "sla", "velocity")
ENDS = ("accepted", "accepted", "rejected", "rejected", "expired", "void", "open")

rows = st.builds(
    lambda days, hours, how, took, source, campaign, owner, reason: offered(
        days * DAY + hours * HOUR,
        how,
        took * HOUR,
        source=source,
        campaign=campaign,
        owner=owner,
        reason=reason if how == "rejected" else None,
    )[0],
    st.sampled_from([0, 1, 3, 10, 20, 40]),
    st.integers(1, 20),
    st.sampled_from(ENDS),
    st.sampled_from([1, 5, 30, 48]),
    st.sampled_from(["webinar", "ads", None]),
    st.sampled_from(["fair", "spring"]),
    st.sampled_from(["ana", "ben", "maya", None]),
    st.sampled_from(["JUNK", "TIMING"]),
).map(lambda row: row if row["state"] == "offered" or _ended(row) <= NOW else row | offered(timedelta(hours=1))[0])
many = st.lists(rows, min_size=1, max_size=40)


def _ended(row: Row) -> datetime:
    dates = [row[f"{name}_at"] for name in ("accepted", "rejected", "expired", "voided") if row[f"{name}_at"]]
    ended: datetime = dates[0]
    return ended


@contextmanager
def holding(store: Store, some: Sequence[Row]) -> Iterator[Tx]:
    """A transaction that sees these hand-offs, and is rolled back."""
    with forgotten(store) as tx:
        lead = {"attributes": {}, "mql": True, "created_at": NOW, "updated_at": NOW}
        if some:
            tx.execute(sa.insert(leads), [lead | {"id": number} for number in range(1, len(some) + 1)])
            tx.execute(sa.insert(handoffs), [{"lead_id": number} | row for number, row in enumerate(some, start=1)])
        yield tx


def ask(tx: Tx, text: str, as_of: datetime = NOW, who: Viewer = OPERATOR) -> Told:
    """The answer to a line."""
    query = understood(tx, text, as_of, OPERATOR)
    assert isinstance(query, Query), (text, query)
    found = told(tx, query, as_of, who)
    assert isinstance(found, Told), (text, found)
    return found


def numbers(tx: Tx, text: str, as_of: datetime = NOW, who: Viewer = OPERATOR) -> dict[str, Any]:
    """Its plain numbers."""
    return figures(ask(tx, text, as_of, who).record)


def added(some: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Counts of the same names, each added up; those that are 0 are left out."""
    return {name: sum(one[name] for one in some) for one in some for name in one if sum(o[name] for o in some)}


@FEW
@given(many, st.sampled_from(["source", "campaign", "rep", "team", "tier", "week", "month", "version", "product"]))
def test_the_groups_of_an_answer_add_up_to_all_of_it(store: Store, some: list[Row], by: str) -> None:
    in_force(store)
    with holding(store, some) as tx:
        split, sla = numbers(tx, f"90d by {by}"), numbers(tx, f"sla 90d by {by}")
        why, pace = numbers(tx, f"rejections 90d by {by}"), numbers(tx, f"velocity 90d by {by}")
        period = numbers(tx, f"90d basis=period by {by}")
        whole = numbers(tx, "90d")
    for name in ("counts", "by_then"):
        assert added([one[name] for one in split["groups"].values()]) == added([split["total"][name]])
    assert split["total"]["counts"] == pace["total"]["counts"] == why["counts"] == whole["now"]["counts"]
    assert added([one["counts"] for one in pace["groups"].values()]) == added([pace["total"]["counts"]])
    assert added(list(sla["groups"].values())) == added([sla["total"]])
    assert added(list(period["groups"].values())) == added([period["total"]])
    shares = {code: share[0] for code, (share, _) in why["reasons"].items() if share[0]}
    assert sum(shares.values()) == why["counts"]["rejected"]
    codes = [{code: of_group.get(code, 0) for code in shares} for _, of_group in why["groups"].values()]
    assert added(codes) == shares


BASE = [
    *offered(HOUR, source="ads", campaign="fair"),
    *offered(HOUR, owner="ben", source=None, campaign="spring"),
    *offered(2 * DAY, "rejected", reason="TIMING", campaign="fair"),
]
"""Of every value somebody asks for there is one."""
OUTSIDE = [
    *offered(100 * DAY, "rejected", many=3, reason="OTHER"),
    *offered(100 * DAY, "expired", 48 * HOUR, many=20),
    *offered(HOUR, "accepted", source="elsewhere", many=20),
    *offered(3 * DAY, source="elsewhere", many=9),
]


@FEW
@given(many, st.sampled_from(SUBS))
def test_what_lies_outside_of_window_and_filters_changes_nothing(store: Store, some: list[Row], sub: str) -> None:
    in_force(store)
    asked = f"{sub} 30d source:webinar,ads,blank"
    with holding(store, [*BASE, *some]) as tx:
        alone = numbers(tx, asked)
    with holding(store, [*BASE, *some, *OUTSIDE]) as tx:
        assert numbers(tx, asked) == alone


@FEW
@given(many, st.sampled_from(["source:ads", "-source:ads", "rep:ana", "-rep:ana", "tier:P2", "week:2026-03-02"]))
@example(offered(HOUR, many=3), "-source:webinar")
def test_a_filter_only_narrows(store: Store, some: list[Row], chosen: str) -> None:
    in_force(store)
    with holding(store, [*BASE, *offered(HOUR), *some]) as tx:
        every, narrow = numbers(tx, "90d")["now"]["counts"], numbers(tx, f"90d {chosen}")["now"]["counts"]
        other = numbers(tx, f"90d {chosen[1:] if chosen[0] == '-' else '-' + chosen}")["now"]["counts"]
    assert all(narrow[name] <= every[name] for name in every)
    assert added([narrow, other]) == added([every])


@FEW
@given(many, st.integers(0, 40), st.integers(0, 40))
def test_as_time_goes_by_counts_of_what_has_happened_only_grow(
    store: Store, some: list[Row], one: int, other: int
) -> None:
    in_force(store)
    early, late = sorted([NOW - one * DAY, NOW - other * DAY])
    with holding(store, some) as tx:
        before, after = (numbers(tx, "2026-01..2026-03 vs=none", as_of)["now"]["counts"] for as_of in (early, late))
    for name in ("accepted", "rejected", "expired", "void", "sql", "won"):
        assert before[name] <= after[name]
    assert sum(before.values()) <= sum(after.values())


@FEW
@given(many, st.sampled_from([*POLICY.people.persons]))
def test_whoever_is_folded_into_others_is_still_counted(store: Store, some: list[Row], key: str) -> None:
    """All are of the one team, of three, so that everybody may see all totals."""
    cy = PEOPLE.replace("teams:", "  cy: {name: Cy Young, slack: U0CY, role: rep}\nteams:")
    in_force(store, people=cy.replace("[ana, ben]", "[ana, ben, cy]"))
    who = POLICY.people.persons[key]
    shown = {"ana": {"ana"}, "ben": {"ben"}, "maya": {"ana", "ben", "maya"}, "tom": {"ana", "ben"}}[key]
    with holding(store, some) as tx:
        for sub in ("90d by rep", "velocity 90d by rep", "sla 90d by rep"):
            every, folded = numbers(tx, sub), numbers(tx, sub, who=who)
            groups = folded.get("groups") or {}
            assert set(groups) <= {*shown, "(others)"}
            assert folded["total"] == every["total"]
            one = "counts" if "counts" in next(iter(groups.values()), {}) else None
            sums = [group[one] if one else group for group in groups.values()]
            total = every["total"][one] if one else every["total"]
            assert not groups or added(sums) == added([total])


@FEW
@given(many, st.randoms(use_true_random=False), st.sampled_from(SUBS))
def test_the_order_in_which_they_came_in_is_irrelevant(store: Store, some: list[Row], random: Any, sub: str) -> None:
    in_force(store)
    shuffled = list(some)
    random.shuffle(shuffled)
    with holding(store, [*BASE, *some]) as tx:
        one = numbers(tx, f"{sub} 90d")
    with holding(store, [*reversed(BASE), *shuffled]) as tx:
        assert numbers(tx, f"{sub} 90d") == one


def _imported(row: Row) -> Row:
    bare = dict.fromkeys(("due_at", "tier", "took_wall", "took_working", "first_owner", "owner", "team"))
    return row | bare | {"imported": True}


def _some(*hows: str, many: int = 12) -> list[Row]:
    return [row for how in hows for row in offered(3 * DAY, how, 5 * HOUR, many=many, reason="JUNK")]


SHAPES: dict[str, list[Row]] = {
    "nothing": [],
    "one": _some("accepted", many=1),
    "one open": offered(HOUR),
    "all void": _some("void"),
    "all open": offered(HOUR, many=12) + offered(5 * DAY, many=12),
    "all expired": _some("expired"),
    "without times": [row | {"took_wall": None, "took_working": None} for row in _some("accepted", "rejected")],
    "all imported": [_imported(row) for row in _some("accepted", "rejected", "expired", "void", "open")],
    "dated ahead": offered(-HOUR, many=12),
    "repeated ones alone": [row | {"number": 2} for row in _some("accepted", "open")],
}


EVERYTHING = (
    *SUBS,
    *(f"by {by}" for by in DIMENSIONS),
    *(f"{sub} by {by}" for sub in SPLIT[1:] for by in ("campaign", "rep", "week")),
    *("matured", "at=24h vs=year", "touch=first by source", "velocity at=30d vs=none"),
    *(f"basis=period by {by}" for by in DIMENSIONS if by != "reason"),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_question_is_answered_and_drawn(store: Store, shape: str) -> None:
    in_force(store)
    unknown = shape in ("nothing", "dated ahead")  # so is every campaign then
    with holding(store, SHAPES[shape]) as tx:
        for text in EVERYTHING:
            if text.startswith("campaign") and unknown:
                continue
            found = ask(tx, text.replace('"fair"', '"Q4 webinar"'))
            assert report_text(found.report)
            assert as_json(found.record)
            assert report_csv(found.report) is not None
            assert best_blocks(found.report, {}, private=True).blocks
