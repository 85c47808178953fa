"""What becomes of a lead whose owner, team or channel is not there any more: it always has exactly one owner."""

from datetime import timedelta

import pytest

from bot.config import load
from bot.handoff.commands import Redirect
from bot.handoff.decision import Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.states import Handoff
from bot.moves.attendance import note
from bot.moves.carry import carry_out
from bot.moves.decisions import accept
from bot.moves.hand_on import claim, pass_on, reassign, replace_owner
from bot.moves.stranded import rehome
from bot.moves.turn import turn
from bot.store.engine import Store
from bot.sweep import sweep
from tests.store.hand_on_kit import (
    CAPACITY,
    DUE,
    LATE,
    PEOPLE,
    SLACK,
    events,
    out,
    owed,
    owner,
    people,
    routings,
    urgent,
)
from tests.support import NOW, by, in_force, offered, standing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=PEOPLE)


def test_whoever_is_gone_is_replaced_in_turn_and_history_says_why(store: Store) -> None:
    one = offered(store)
    now = replace_owner(store, NOW, one.id, "ana", "left Slack")
    assert isinstance(now, Handoff)
    assert (now.owner, now.due_at) == ("ben", DUE)
    event = events(store, one)[-1]
    assert (event.kind, event.by, event.detail["why"]) == (Kind.REASSIGNED, None, "left Slack")
    assert routings(store, one)[-1][1][0].dropped["ana"] == "left Slack"
    assert sum(owed(store).values()) == 0


def test_what_somebody_else_has_by_now_is_left_to_them(store: Store) -> None:
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "cleo")
    assert replace_owner(store, NOW, one.id, "ana", "left Slack") == Refusal(Why.NOT_DUE)
    assert owner(store, one) == "cleo"


def test_what_is_settled_or_unknown_needs_no_other_owner(store: Store) -> None:
    one = offered(store)
    accept(store, NOW, by("U0ANA", one))
    assert replace_owner(store, NOW, one.id, "ana", "left Slack") == Refusal(Why.ALREADY_DECIDED)
    assert replace_owner(store, NOW, 99, "ana", "left Slack") == Refusal(Why.UNKNOWN)


def test_if_nobody_can_have_it_the_manager_does_there_or_not(store: Store) -> None:
    one = offered(store)
    out(store, "ben", "cleo", "maya")
    replace_owner(store, NOW, one.id, "ana", "left Slack")
    assert owner(store, one) == "maya"


def test_the_lead_of_a_manager_who_is_gone_goes_to_the_next_manager(store: Store) -> None:
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "maya")
    out(store, "ana", "ben", "cleo")
    now = replace_owner(store, NOW, one.id, "maya", "left Slack")
    assert isinstance(now, Handoff)
    assert (now.owner, now.team, now.channel) == ("noah", "emea", "C0EMEA")


def test_with_no_manager_left_at_all_it_stays_where_it_is_and_the_caller_knows(store: Store) -> None:
    alone = people(("manager: noah", "manager: maya"), ("members: [ana, ben, cleo]", "members: [ana]"))
    in_force(store, people=alone)
    one = offered(store)
    reassign(store, NOW, by("U0MAYA", one), "maya")
    out(store, "ana", "dan", "eve")
    assert replace_owner(store, NOW, one.id, "maya", "left Slack") == Refusal(Why.NOBODY)
    assert owner(store, one) == "maya"


def test_managers_who_have_all_left_do_not_hand_it_to_each_other(store: Store) -> None:
    one = offered(store)
    for key in SLACK:
        note(store, NOW, key, gone=key != "noah", status=None)
    assert rehome(store, NOW, 10) == 1
    assert owner(store, one) == "noah", "the only one who is left"
    note(store, NOW, "noah", gone=True, status=None)
    assert [rehome(store, NOW + minutes * MINUTE, 10) for minutes in range(3)] == [0, 0, 0]
    assert replace_owner(store, NOW, one.id, "noah", "left Slack") == Refusal(Why.NOBODY)
    assert owner(store, one) == "noah"


def test_a_manager_who_is_away_is_still_the_last_resort_and_one_who_left_is_not(store: Store) -> None:
    one = offered(store)
    note(store, NOW, "maya", gone=True, status=None)
    out(store, "ben", "cleo", "noah", "dan", "eve")
    pass_on(store, NOW, by("U0ANA", one), CAPACITY)
    assert owner(store, one) == "noah"


def test_an_owner_whom_the_configuration_has_no_more_is_charged_and_replaced(store: Store) -> None:
    one = offered(store)
    in_force(store, people=people(("  ana: {name: Ana Ruiz, slack: U0ANA, role: rep}\n", ""), ("[ana, ", "[")))
    sweep(store, DUE)
    assert standing(store, one.id).breached_by == "ana"
    replace_owner(store, LATE, one.id, "ana", "is not in the configuration any more")
    assert owner(store, one) == "ben"


# A team that is gone, and a channel that is


RENAMED = (("  sales:", "  west:"), ("otherwise: [sales]", "otherwise: [west]"))


def test_a_lead_of_a_renamed_team_is_moved_claimed_and_passed_on_in_the_new_one(store: Store) -> None:
    moved, claimed, passed = offered(store, "elena"), offered(store, "samuel"), offered(store, "mia")
    in_force(store, people=people(*RENAMED))
    reassign(store, NOW, by("U0MAYA", moved), "cleo")
    claim(store, LATE, by("U0ANA", claimed))
    pass_on(store, NOW, by(SLACK[passed.owner or ""], passed), CAPACITY)
    now = [standing(store, one.id) for one in (moved, claimed, passed)]
    assert [(one.owner, one.team) for one in now] == [("cleo", "west"), ("ana", "west"), (now[2].owner, "west")]
    assert now[2].owner not in {passed.owner, "maya"}


def test_a_lead_of_a_renamed_team_is_reassigned_by_the_clock_too(store: Store) -> None:
    sla = load.texts(None)["sla.yaml"]
    in_force(store, people=PEOPLE, sla=sla)
    one = urgent(store)
    in_force(store, people=people(*RENAMED), sla=sla)
    sweep(store, NOW + 23 * MINUTE)
    assert (owner(store, one), standing(store, one.id).team) == ("ben", "west")


def redirected(store: Store) -> Handoff:
    """Slack did not show its card in the channel, so it is in Ana's direct messages."""
    one = offered(store)
    with turn(store, NOW) as here:
        carry_out(here, one, Redirect("U0ANA", "is_archived"))
    return standing(store, one.id)


def test_a_card_in_a_direct_message_goes_back_to_the_channel_with_the_next_owner(store: Store) -> None:
    passed = redirected(store)
    assert passed.channel == "U0ANA"
    pass_on(store, NOW, by("U0ANA", passed), CAPACITY)
    assert (owner(store, passed), standing(store, passed.id).channel) == ("ben", "C0SALES")


def test_so_it_does_with_whoever_claims_it(store: Store) -> None:
    claimed = redirected(store)
    claim(store, LATE, by("U0BEN", claimed))
    assert (owner(store, claimed), standing(store, claimed.id).channel) == ("ben", "C0SALES")
