"""Not mine: the same lead, due when it was, with somebody else, and everybody can read who passed it on and why."""

import pytest

from bot.handoff.decision import Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.routing import WHOLE
from bot.handoff.states import Handoff, State
from bot.lead import Signal
from bot.moves.carry import Outcome
from bot.moves.decisions import Grounds, accept, reject
from bot.moves.hand_on import NotMine, may_pass_on, pass_on, reassign
from bot.moves.receive import Incoming, receive
from bot.store.engine import Store
from tests.store.hand_on_kit import CAPACITY, PEOPLE, SLACK, events, out, owed, people, routings, told, untouched
from tests.support import HOUR, NOW, by, hot, in_force, offered, standing

SOON = NOW + HOUR
LATER = NOW + 90 * 24 * HOUR


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=PEOPLE)


def presses(store: Store, one: Handoff, said: NotMine = CAPACITY, by_: str | None = None) -> Outcome:
    """The owner, or somebody else, says that it is not theirs."""
    return pass_on(store, SOON, by(SLACK[by_ or standing(store, one.id).owner or ""], one), said)


def moved(outcome: Outcome) -> tuple[str | None, str | None, str | None]:
    """Whose it is now."""
    assert isinstance(outcome, Handoff), outcome
    return outcome.owner, outcome.team, outcome.channel


def test_another_region_goes_to_that_team_and_its_channel_and_is_due_when_it_was(store: Store) -> None:
    one = offered(store)
    outcome = presses(store, one, NotMine("ROUTE_TERRITORY", "emea", "they speak French"))
    assert moved(outcome) == ("dan", "emea", "C0EMEA")
    now = standing(store, one.id)
    assert (now.state, now.due_at, now.offered_at, now.owner_since) == (State.OFFERED, one.due_at, NOW, SOON)
    [_, event] = events(store, one)
    said = {"reason": "ROUTE_TERRITORY", "follow_up": "emea", "comment": "they speak French"}
    assert (event.kind, event.by, event.detail) == (Kind.REROUTED, "ana", {"from": "ana", "to": "dan", **said})
    assert told(store, one) == {("card", "C0SALES"), ("card", "C0EMEA"), ("handed_to", "U0DAN")}


def test_the_next_owner_knows_why_they_have_it_and_so_does_everybody_of_those_before(store: Store) -> None:
    one = offered(store)
    presses(store, one, NotMine("ROUTE_TERRITORY", "emea"))
    [(first, _), (then, trace)] = routings(store, one)
    assert (first, then) == ("ana", "dan")
    assert trace[0].rule == "asked for: EMEA"
    assert trace[-1].left == ("dan",)


def test_an_account_of_somebody_goes_to_them_whatever_team_they_are_in(store: Store) -> None:
    assert moved(presses(store, offered(store), NotMine("ROUTE_OWNED", "eve"))) == ("eve", "emea", "C0EMEA")


def test_no_time_for_it_now_goes_to_the_next_in_the_same_team_and_channel(store: Store) -> None:
    one = offered(store)
    assert moved(presses(store, one)) == ("ben", "sales", "C0SALES")
    assert told(store, one) == {("card", "C0SALES"), ("handed_to", "U0BEN")}


def test_a_delegate_may_pass_it_on_and_the_owner_is_told(store: Store) -> None:
    one = presses(store, offered(store), NotMine("ROUTE_TERRITORY", "emea"))
    assert isinstance(one, Handoff)
    assert moved(presses(store, one, NotMine("ROUTE_TERRITORY", "sales"), by_="eve"))[0] == "ben"
    assert [(event.by, event.detail["from"]) for event in events(store, one)[1:]] == [("ana", "ana"), ("eve", "dan")]
    assert {("handed_from", "U0DAN"), ("handed_to", "U0BEN")} <= told(store, one)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (NotMine("ROUTE_TERRITORY"), Why.FOLLOW_UP),
        (NotMine("ROUTE_OWNED", " "), Why.FOLLOW_UP),
        (NotMine("ROUTE_TERRITORY", "atlantis"), Why.NOBODY),
        (NotMine("ROUTE_OWNED", "nobody_here"), Why.NOBODY),
        (NotMine("ROUTE_OWNED", "tom"), Why.NOBODY),  # of marketing: in no team
        (NotMine("ROUTE_OWNED", "ana"), Why.ALREADY_THEIRS),
        (NotMine("JUNK", "spam"), Why.UNKNOWN_REASON),
        (NotMine("GONE"), Why.UNKNOWN_REASON),
        (NotMine("ROUTE_CAPACITY", owner="ben"), Why.CHANGED_HANDS),
    ],
)
def test_what_leads_nowhere_changes_nothing(store: Store, said: NotMine, why: Why) -> None:
    one = offered(store)
    before = owed(store)
    refused = presses(store, one, said)
    assert isinstance(refused, Refusal)
    assert refused.why is why
    assert untouched(store, one)
    assert owed(store) == before


@pytest.mark.parametrize("who", ["ben", "noah", "tom"])
def test_only_the_owner_the_delegate_and_the_manager_may_say_so(store: Store, who: str) -> None:
    one = offered(store)
    assert presses(store, one, by_=who) == may_pass_on(store, SOON, by(SLACK[who], one)) == Refusal(Why.NOT_YOURS)
    assert untouched(store, one)


def test_a_form_that_was_open_while_somebody_accepted_is_too_late(store: Store) -> None:
    one = offered(store)
    accept(store, NOW, by("U0MAYA", one))
    assert presses(store, one) == Refusal(Why.ALREADY_DECIDED)
    assert standing(store, one.id).owner == "ana"


def test_somebody_who_is_away_hands_it_to_whoever_stands_in_for_them(store: Store) -> None:
    out(store, "dan")
    one = offered(store)
    assert moved(presses(store, one, NotMine("ROUTE_OWNED", "dan"))) == ("eve", "emea", "C0EMEA")
    assert routings(store, one)[-1][1][0].rule == "asked for: Eve Moreau, in place of Dan Levy"


def test_somebody_away_whom_nobody_stands_in_for_leaves_it_to_their_team(store: Store) -> None:
    out(store, "ben")
    assert moved(presses(store, offered(store), NotMine("ROUTE_OWNED", "ben")))[0] == "cleo"


def test_routing_passes_over_who_did_not_want_this_lead_and_the_manager_need_not(store: Store) -> None:
    """Ben rejected it, it came back, and now Ana says it is Ben's."""
    first = offered(store)
    assert isinstance(reassign(store, NOW, by("U0MAYA", first), "ben"), Handoff)
    assert isinstance(reject(store, NOW, by("U0BEN", first), Grounds("TIMING", "2026-04-01")), Handoff)
    asks = Incoming(hot().lead, [Signal("later", "demo_request", LATER)])
    again = standing(store, receive(store, LATER, asks).handoff_id or 0)
    assert (again.lead_id, again.number, again.owner) == (first.lead_id, 2, "cleo")
    assert moved(presses(store, again, NotMine("ROUTE_OWNED", "ben")))[0] == "ana"
    assert moved(reassign(store, SOON, by("U0MAYA", again), "ben"))[0] == "ben"


# Loops


def test_the_third_time_it_ends_at_the_manager(store: Store) -> None:
    one = offered(store)
    owners = [moved(presses(store, one))[0] for _ in range(3)]
    assert owners == ["ben", "cleo", "maya"]
    assert "goes round" in routings(store, one)[-1][1][-1].rule
    assert standing(store, one.id).due_at == one.due_at


def test_at_the_manager_of_the_team_whose_lead_it_is_then(store: Store) -> None:
    one = offered(store)
    codes = [NotMine("ROUTE_TERRITORY", "emea"), CAPACITY, NotMine("ROUTE_TERRITORY", "sales")]
    assert [moved(presses(store, one, said)) for said in codes][1:] == [
        ("eve", "emea", "C0EMEA"),
        ("noah", "emea", "C0EMEA"),
    ]


def test_what_comes_back_to_somebody_who_had_it_ends_at_the_manager(store: Store) -> None:
    """The manager took it from Ana; with Cleo away Ben can only send it back to her."""
    out(store, "cleo")
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "ben")
    assert moved(presses(store, one, NotMine("ROUTE_OWNED", "ana")))[0] == "maya"


def test_the_manager_decides_what_goes_round(store: Store) -> None:
    one = offered(store)
    for _ in range(2):
        presses(store, one)
    back = presses(store, one, NotMine("ROUTE_TERRITORY", "emea"), by_="maya")
    assert moved(back) == ("dan", "emea", "C0EMEA")


def test_a_manager_who_has_it_may_pass_it_on_while_there_is_anybody_else(store: Store) -> None:
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "maya")
    assert [moved(presses(store, one))[0] for _ in range(3)] == ["ben", "cleo", "maya"]
    assert moved(presses(store, one))[0] == "ana", "from whom it was taken, and who has refused nothing"
    assert moved(presses(store, one))[0] == "maya"
    assert presses(store, one) == Refusal(Why.ALREADY_THEIRS), "it cannot go round for ever"


@pytest.mark.parametrize("away", [[], ["maya"]])
def test_with_nobody_else_in_the_team_the_manager_has_it_there_or_not(store: Store, away: list[str]) -> None:
    in_force(store, people=people(("members: [ana, ben, cleo]", "members: [ana]")))
    one = offered(store)
    out(store, *away)
    assert moved(presses(store, one)) == ("maya", "sales", "C0SALES")


# Turns


def test_turns_are_settled_by_what_moves_and_by_nothing_else(store: Store) -> None:
    one = offered(store)
    third = WHOLE // 3
    assert owed(store)["ben"] == owed(store)["cleo"] == third
    presses(store, one)
    assert sum(owed(store).values()) == 0
    assert owed(store)["ben"] == third + WHOLE // 2 - WHOLE, "one of two who could have it, and got it"
    before = owed(store)
    presses(store, one, NotMine("ROUTE_OWNED", "eve"))
    assert owed(store) == before, "who was asked for has paid no turn"
    presses(store, one)
    assert owed(store) == before, "nor has the manager"


def test_by_hand_it_costs_nobody_a_turn(store: Store) -> None:
    one = offered(store)
    before = owed(store)
    assert isinstance(reassign(store, SOON, by("U0MAYA", one), "cleo"), Handoff)
    assert owed(store) == before
