"""By hand, by claim and by the clock: the manager, a teammate or Baton itself gives a lead to somebody else."""

from datetime import timedelta

import pytest

from bot.config import load
from bot.handoff.decision import Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.states import Handoff, State
from bot.moves.decisions import accept
from bot.moves.hand_on import NotMine, claim, may_reassign, pass_on, reassign
from bot.store.engine import Store
from bot.sweep import sweep
from tests.store.hand_on_kit import (
    DUE,
    LATE,
    PEOPLE,
    SLACK,
    events,
    kinds,
    out,
    owed,
    owner,
    people,
    routings,
    told,
    untouched,
    urgent,
)
from tests.support import HOUR, NOW, by, in_force, offered, standing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=PEOPLE)


# By hand


@pytest.mark.parametrize(
    ("to", "team", "channel"),
    [("cleo", "sales", "C0SALES"), ("maya", "sales", "C0SALES"), ("eve", "emea", "C0EMEA"), ("noah", "emea", "C0EMEA")],
)
def test_the_manager_gives_it_to_whomever_they_like(store: Store, to: str, team: str, channel: str) -> None:
    one = offered(store)
    now = reassign(store, LATE, by("U0MAYA", one), to)
    assert isinstance(now, Handoff)
    assert (now.owner, now.team, now.channel, now.due_at) == (to, team, channel, DUE)
    event = events(store, one)[-1]
    assert (event.kind, event.by, event.detail) == (
        Kind.REASSIGNED,
        "maya",
        {"from": "ana", "to": to, "why": "by hand"},
    )
    assert [step.rule for step in routings(store, one)[-1][1]] == ["Maya Lindqvist reassigned it"]
    handed = {recipient for kind, recipient in told(store, one) if kind == "handed_to"}
    assert handed == ({SLACK[to]} - {"U0MAYA"}), "who did it is not told of it"


def test_whoever_is_away_gets_it_all_the_same_if_the_manager_says_so(store: Store) -> None:
    out(store, "cleo")
    assert isinstance(reassign(store, NOW, by("U0MAYA", one := offered(store)), "cleo"), Handoff)
    assert owner(store, one) == "cleo"


@pytest.mark.parametrize(
    ("to", "why"), [("tom", Why.NOBODY), ("nobody_here", Why.NOBODY), ("", Why.NOBODY), ("ana", Why.ALREADY_THEIRS)]
)
def test_nobody_can_be_given_a_lead_who_has_no_team_or_has_it(store: Store, to: str, why: Why) -> None:
    one = offered(store)
    assert reassign(store, NOW, by("U0MAYA", one), to) == Refusal(why)
    assert untouched(store, one)


@pytest.mark.parametrize("who", ["ana", "ben", "noah", "tom"])
def test_only_its_own_manager_may_reassign(store: Store, who: str) -> None:
    one = offered(store)
    assert reassign(store, NOW, by(SLACK[who], one), "cleo") == Refusal(Why.NOT_YOUR_MOVE)
    assert may_reassign(store, NOW, by(SLACK[who], one)) == Refusal(Why.NOT_YOUR_MOVE)
    assert untouched(store, one)


def test_a_manager_who_takes_it_over_can_decide_on_it(store: Store) -> None:
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "maya")
    decided = accept(store, NOW, by("U0MAYA", one))
    assert isinstance(decided, Handoff)
    assert (decided.state, decided.owner, decided.decided_by) == (State.ACCEPTED, "maya", "maya")


def test_the_breach_is_the_former_owners_however_soon_after_it_the_lead_moves(store: Store) -> None:
    one = offered(store)
    now = reassign(store, LATE, by("U0MAYA", one), "ben")
    assert isinstance(now, Handoff)
    assert (now.owner, now.breached_by) == ("ben", "ana")
    sweep(store, LATE)
    assert kinds(store, one) == [Kind.OFFERED, Kind.BREACHED, Kind.REASSIGNED, Kind.ESCALATED]
    assert standing(store, one.id).breached_by == "ana"


def test_before_the_breach_it_is_the_new_owner_who_will_be_charged(store: Store) -> None:
    one = offered(store)
    reassign(store, DUE - MINUTE, by("U0MAYA", one), "ben")
    sweep(store, DUE)
    assert standing(store, one.id).breached_by == "ben"


def test_what_the_clock_has_done_it_does_not_do_again_for_the_next_owner(store: Store) -> None:
    one = offered(store)
    for at in (NOW + 2 * HOUR, DUE):
        sweep(store, at)
    moved = reassign(store, LATE, by("U0MAYA", one), "ben")
    assert isinstance(moved, Handoff)
    assert [step.step for step in moved.steps if step.step != "remind"] == ["escalate", "expire"]
    sweep(store, LATE)
    assert kinds(store, one).count(Kind.ESCALATED) == 1


def test_a_manager_of_two_teams_has_it_in_the_one_it_is_in(store: Store) -> None:
    in_force(store, people=people(("manager: noah", "manager: maya")))
    one = offered(store)
    teams = [reassign(store, NOW, by("U0MAYA", one), to) for to in ("eve", "maya")]
    assert [(now.owner, now.team) for now in teams if isinstance(now, Handoff)] == [("eve", "emea"), ("maya", "emea")]


# A claim


@pytest.mark.parametrize("who", ["ben", "cleo", "maya"])
def test_once_it_is_overdue_anybody_on_the_team_may_claim_it(store: Store, who: str) -> None:
    one = offered(store)
    assert claim(store, DUE - MINUTE, by(SLACK[who], one)) == Refusal(Why.TOO_EARLY)
    assert untouched(store, one)
    now = claim(store, DUE, by(SLACK[who], one))
    assert isinstance(now, Handoff)
    assert (now.owner, now.team, now.channel, now.due_at, now.breached_by) == (who, "sales", "C0SALES", DUE, "ana")
    assert kinds(store, one) == [Kind.OFFERED, Kind.BREACHED, Kind.CLAIMED]
    assert [(key, trace[-1].rule) for key, trace in routings(store, one)][-1] == (
        who,
        "claimed it after it was overdue",
    )
    assert told(store, one) == {("card", "C0SALES"), ("handed_from", "U0ANA")}


@pytest.mark.parametrize(
    ("who", "why"),
    [("eve", Why.NOT_YOUR_TEAM), ("noah", Why.NOT_YOUR_TEAM), ("tom", Why.NOT_YOUR_TEAM), ("ana", Why.ALREADY_THEIRS)],
)
def test_nobody_else_may_claim_it(store: Store, who: str, why: Why) -> None:
    one = offered(store)
    assert claim(store, LATE, by(SLACK[who], one)) == Refusal(why)
    assert untouched(store, one)


def test_a_claim_costs_no_turn(store: Store) -> None:
    one = offered(store)
    before = owed(store)
    claim(store, LATE, by("U0BEN", one))
    assert owed(store) == before


# The clock


def test_nobody_claims_what_a_teammate_has_claimed_and_the_clock_leaves_it_to_them(store: Store) -> None:
    in_force(store, people=PEOPLE, sla=load.texts(None)["sla.yaml"])
    one = urgent(store)
    claim(store, NOW + 16 * MINUTE, by("U0BEN", one))
    assert claim(store, NOW + 17 * MINUTE, by("U0CLEO", one)) == Refusal(Why.CHANGED_HANDS)
    sweep(store, NOW + HOUR)
    assert owner(store, one) == "ben"


def test_at_one_and_a_half_times_the_due_time_somebody_else_has_it_and_only_one(store: Store) -> None:
    in_force(store, people=PEOPLE, sla=load.texts(None)["sla.yaml"])
    one = urgent(store)
    sweep(store, NOW + 22 * MINUTE)
    assert owner(store, one) == "ana"
    for late in (NOW + 23 * MINUTE, NOW + 24 * MINUTE, NOW + 2 * HOUR):
        sweep(store, late)
        now = standing(store, one.id)
        assert (now.owner, now.due_at, now.breached_by) == ("ben", NOW + 15 * MINUTE, "ana")
    [event] = [event for event in events(store, one) if event.kind is Kind.REASSIGNED]
    assert (event.by, event.detail) == (None, {"from": "ana", "to": "ben", "why": "nobody answered"})
    assert sum(owed(store).values()) == 0
    assert {("handed_to", "U0BEN"), ("handed_from", "U0ANA")} <= told(store, one)


def test_a_long_stop_of_the_worker_does_not_send_it_round_the_team(store: Store) -> None:
    in_force(store, people=PEOPLE, sla=load.texts(None)["sla.yaml"])
    one = urgent(store)
    for _ in range(3):
        sweep(store, NOW + 3 * HOUR)
    assert [kind for kind in kinds(store, one) if kind is Kind.REASSIGNED] == [Kind.REASSIGNED]


@pytest.mark.parametrize("there", [[], ["maya", "dan", "eve", "noah"]])
def test_with_nobody_free_in_the_team_it_stays_and_the_manager_is_told(store: Store, there: list[str]) -> None:
    """Neither another team nor the manager gets what nobody gave them."""
    in_force(store, people=PEOPLE, sla=load.texts(None)["sla.yaml"])
    one = urgent(store)
    out(store, *({"ben", "cleo", "maya", "dan", "eve", "noah"} - set(there)))
    before = owed(store)
    sweep(store, NOW + 23 * MINUTE)
    sweep(store, NOW + 23 * MINUTE)
    assert owner(store, one) == "ana"
    escalated = [event.detail["step"] for event in events(store, one) if event.kind is Kind.ESCALATED]
    assert escalated == ["escalate", "reassign"]
    assert owed(store) == before


def test_who_lost_it_to_the_clock_does_not_get_it_back_by_routing(store: Store) -> None:
    in_force(store, people=PEOPLE, sla=load.texts(None)["sla.yaml"])
    one = urgent(store)
    sweep(store, NOW + 23 * MINUTE)
    pass_on(store, NOW + HOUR, by("U0BEN", one), NotMine("ROUTE_OWNED", "ana"))
    assert owner(store, one) == "cleo"
