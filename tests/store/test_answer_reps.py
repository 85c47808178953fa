"""`reps` and `rep @u` from the database: old enough hand-offs alone are judged, by the owner they have now."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answers.inquiry import Inquiry
from bot.answers.reps import rep, reps
from bot.stats.query import After, Cohort, Filter, Query, Window
from bot.stats.reps import Reps
from bot.store.engine import Store
from bot.store.tables import handoffs, leads
from tests.support import NOW, POLICY

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WINDOW = Window(NOW - 30 * DAY, NOW, "30d")
QUERY = Query(sub="reps", cohort=Cohort(WINDOW), previous=None)
OLD = NOW - 5 * DAY


def hand(store: Store, many: int, owner: str | None, how: str, *, at: datetime = OLD, **changed: Any) -> None:
    """So many hand-offs that ended an hour after the offer; the clock of these tests knows no nights."""
    ended = {} if how == "offered" else {f"{how}_at": at + HOUR, "took_wall": 3600, "took_working": 3600}
    row = {
        "state": how,
        "owner": owner,
        "first_owner": owner,
        "team": "sales",
        "tier": "P2",
        "source": "webinar",
        "facets": {"grade": "B1"},
        "offered_at": at,
        "due_at": at + 4 * HOUR,
        "decided_at": at + HOUR if how in ("accepted", "rejected") else None,
        **ended,
        **changed,
    }
    lead = {"attributes": {}, "mql": True, "created_at": at, "updated_at": at}
    with store.transaction() as tx:
        tx.execute(sa.insert(leads), [lead] * many)
        newest = tx.execute(sa.select(sa.func.max(leads.c.id))).scalar_one()
        plain = {"number": 1, "version": 1, "policy": "p", "imported": False, "steps": [], "step": 0, "reason": None}
        tx.execute(sa.insert(handoffs), [plain | row | {"lead_id": newest - place} for place in range(many)])


def asked(store: Store, query: Query = QUERY, **changed: Any) -> Reps:
    with store.reading() as tx:
        return reps(Inquiry(tx, query, NOW, POLICY, **changed))


def test_a_rep_who_lets_cards_expire_stands_out_and_the_others_do_not(store: Store) -> None:
    for key, accepted, rejected, expired in (("ben", 60, 28, 12), ("ana", 50, 24, 26), ("cat", 58, 29, 13)):
        for how, many in (("accepted", accepted), ("rejected", rejected), ("expired", expired)):
            hand(store, many, key, how)
    found = asked(store)
    assert [(one.key, one.outside) for one in found.outside] == [("ana", ("expired",))]
    assert (found.total.handed_off, found.old) == (300, 300)
    assert found.reps[0].figures["expired"].expected == pytest.approx(51 / 300)


def test_a_card_of_this_morning_is_not_held_against_anybody(store: Store) -> None:
    hand(store, 20, "ana", "accepted")
    hand(store, 500, "ana", "offered", at=NOW - HOUR)
    hand(store, 20, "ben", "accepted")
    found = asked(store)
    assert {one.key: one.figures["accepted"].n for one in found.judged} == {"ana": 20, "ben": 20}
    assert found.reps[0].counts.open == 500
    assert (found.old, found.total.handed_off) == (40, 540)


def test_the_horizon_asked_for_says_what_is_old_enough(store: Store) -> None:
    hand(store, 12, "ana", "accepted", at=NOW - 3 * HOUR)
    assert asked(store).judged == ()
    assert len(asked(store, replace(QUERY, after=After(2, "h"))).judged) == 1


def test_a_window_of_young_ones_alone_judges_nobody(store: Store) -> None:
    hand(store, 12, "ana", "accepted", at=NOW - 3 * HOUR)
    today = replace(QUERY, cohort=Cohort(Window(NOW - 9 * HOUR, NOW, "today")))
    found = asked(store, today)
    assert (found.judged, found.old, found.total.handed_off) == ((), 0, 12)


def test_it_counts_for_whoever_owns_it_now_and_says_what_was_passed_on(store: Store) -> None:
    hand(store, 15, "ana", "accepted", first_owner="ben")
    hand(store, 3, None, "expired")
    hand(store, 2, "ana", "void", first_owner="ben")
    found = asked(store)
    assert [(one.key, one.counts.accepted, one.moved) for one in found.reps] == [("ana", 15, 15)]
    assert found.nobody.expired == 3
    assert found.moved == 15


def test_whoever_may_not_be_seen_one_by_one_is_not_judged_but_counts_in_what_all_make(store: Store) -> None:
    hand(store, 50, "ana", "accepted")
    hand(store, 50, "ben", "rejected")
    found = asked(store, sees=frozenset({"ana"}))
    assert [one.key for one in found.reps] == ["ana"]
    assert found.others.rejected == 50
    assert found.reps[0].figures["accepted"].expected == 0.5


def test_nobody_is_held_against_leads_that_nobody_owns(store: Store) -> None:
    """Deals from elsewhere have owners and are accepted; all others have none and are open for ever."""
    hand(store, 60, "ana", "accepted")
    hand(store, 60, "ben", "accepted")
    hand(store, 500, None, "offered")
    found = asked(store)
    assert found.outside == ()
    assert (found.old, found.total.handed_off, found.nobody.open) == (120, 620, 500)


def test_grade_and_source_are_allowed_for(store: Store) -> None:
    for key, good, bad in (("ana", 10, 90), ("ben", 90, 10)):
        hand(store, good, key, "accepted", source="demo", facets={"grade": "A1"})
        hand(store, bad, key, "rejected", source="webinar", facets=None)
    assert asked(store).outside == ()


def test_ones_own_figures_stand_beside_the_teams_and_ones_place_is_the_same_as_in_reps(store: Store) -> None:
    for key, accepted, rejected, expired in (("ben", 60, 30, 10), ("ana", 40, 28, 32)):
        hand(store, accepted, key, "accepted")
        hand(store, rejected, key, "rejected", reason="FIT_COMPANY")
        hand(store, expired, key, "expired")
    hand(store, 70, "olu", "rejected", team="other")
    query = replace(QUERY, sub="rep", subject="ana")
    with store.reading() as tx:
        ana = rep(Inquiry(tx, query, NOW, POLICY))
        everybody = reps(Inquiry(tx, query, NOW, POLICY))
    assert ana.own.ends.counts.accepted == 40
    assert ana.team
    assert ana.team.ends.counts.handed_off == 200, "the other team's are in no team total of hers"
    assert ana.standing == next(one for one in everybody.reps if one.key == "ana")
    assert ana.reasons == (("FIT_COMPANY", 28),)
    assert (ana.own.working.median, ana.own.wall.median) == (60, 60)
    assert (ana.own.met.met, ana.own.met.missed) == (68, 32)


def test_somebody_without_hand_offs_or_a_team_gets_empty_figures(store: Store) -> None:
    hand(store, 20, "ben", "accepted")
    for key in ("maya", "tom", "stranger"):
        with store.reading() as tx:
            found = rep(Inquiry(tx, replace(QUERY, sub="rep", subject=key), NOW, POLICY))
        assert found.own.ends.counts.handed_off == 0
        assert found.standing.figures == {}
        assert (found.team is None) == (key != "maya"), "only she has a team: the one she manages"


def test_less_oneself_a_team_or_a_company_of_two_would_be_the_other_one(store: Store) -> None:
    hand(store, 40, "ana", "accepted")
    hand(store, 60, "ben", "accepted")
    query = replace(QUERY, sub="rep", subject="ana")
    seen: dict[str, Any] = {"sees": frozenset({"ana"}), "teams": frozenset()}
    with store.reading() as tx:
        alone = rep(Inquiry(tx, query, NOW, POLICY, **seen))
    assert (alone.team, alone.standing.figures) == (None, {})
    assert alone.own.ends.counts.accepted == 40
    hand(store, 20, "olu", "accepted", team="other")
    with store.reading() as tx:
        of_two = rep(Inquiry(tx, query, NOW, POLICY, **seen))
        of_three = rep(Inquiry(tx, query, NOW, POLICY, **seen | {"teams": frozenset({"sales"})}))
    assert of_two.team is None
    assert of_two.standing.figures["accepted"].n == 40, "all reps together are three: nobody's own"
    assert of_three.team
    assert of_three.team.ends.counts.accepted == 100


def test_filters_of_the_question_hold_for_both(store: Store) -> None:
    hand(store, 20, "ana", "accepted", source="demo")
    hand(store, 20, "ana", "rejected", source="webinar")
    cohort = Cohort(WINDOW, (Filter("source", ("demo",)),))
    with store.reading() as tx:
        found = rep(Inquiry(tx, replace(QUERY, sub="rep", subject="ana", cohort=cohort), NOW, POLICY))
    assert found.team
    assert found.own.ends.counts.handed_off == found.team.ends.counts.handed_off == 20
