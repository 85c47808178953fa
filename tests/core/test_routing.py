"""Who gets a lead, step by step, what becomes of one that nobody can have, and what the trace says of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.handoff.routing import (
    WHOLE,
    Considered,
    Queued,
    Route,
    Routed,
    trace_from_dict,
    trace_to_dict,
)
from bot.lead import Capacity, Lead, Team
from tests.core.routing_kit import EAST, WEST, Company, lead, rule, told
from tests.support import HOUR, NOW

EAST_RULE = rule("Eastern lead", "region", "east", ["east"])
GERMAN = rule("Speaks German", "language", "de", skills=["german"])
FULL = frozenset({"C0EAST"})
VACATION = "away until Fri 6 Mar: Vacation"
REFUSED = "refused this lead: Territory"


def company(**changes: object) -> Company:
    """Both teams; leads from the east go to East."""
    return Company(EAST_RULE, GERMAN).stands(**changes) if changes else Company(EAST_RULE, GERMAN)


def eastern(**attributes: str) -> Lead:
    return lead(region="east", **attributes)


def owner(routed: Routed) -> str | None:
    return routed.place.owner if isinstance(routed.place, Route) else None


# 0. Somebody was asked for


def test_whoever_was_asked_for_gets_the_lead_whatever_the_rules_say() -> None:
    here = company().stands("dee", weight=0, open=9, capacity=Capacity(open=1))
    found = here.route(eastern(language="de", account_owner="ana"), person="dee")
    assert found.place == Route("west", "dee", "C0WEST")
    assert found.shares == {"dee": WHOLE}
    assert told(found) == ["asked for: Dee Dee | dee"]


def test_a_manager_can_be_asked_for_and_gets_the_lead_in_their_teams_channel() -> None:
    assert company().route(person="noor").place == Route("west", "noor", "C0WEST")


def test_while_whoever_was_asked_for_is_away_the_first_delegate_who_is_here_stands_in() -> None:
    here = company().stands("ana", away=VACATION, delegate="ben").stands("ben", away="ill", delegate="eli")
    found = here.route(person="ana")
    assert found.place == Route("west", "eli", "C0WEST")
    assert told(found) == [f"asked for: Eli Wall, in place of Ana Ruiz | eli | ana: {VACATION} | ben: ill"]


def test_a_delegate_who_manages_several_teams_stands_in_where_the_lead_was_meant_to_go() -> None:
    both = Company(teams=(EAST, replace(WEST, manager="maya"))).stands("dee", away=VACATION, delegate="maya")
    assert both.route(person="dee").place == Route("west", "maya", "C0WEST")


def test_else_they_stand_in_where_they_are_at_home() -> None:
    south = Team("south", "South", "C0SOUTH", "cy", ("maya",))
    here = Company(teams=(EAST, WEST, south)).stands("dee", away=VACATION, delegate="maya")
    assert here.route(person="dee").place == Route("south", "maya", "C0SOUTH")


def test_a_manager_of_several_teams_may_be_asked_for_in_one_of_them() -> None:
    both = Company(teams=(EAST, replace(WEST, manager="maya")))
    assert both.route(person="maya", team="west").place == Route("west", "maya", "C0WEST")
    assert both.route(person="maya").place == Route("east", "maya", "C0EAST")


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        ({"barred": REFUSED}, REFUSED),
        ({"barred": REFUSED, "delegate": "eli"}, REFUSED),
        ({"away": VACATION}, VACATION),
        ({"away": VACATION, "delegate": "ana"}, VACATION),
    ],
)
def test_if_whoever_was_asked_for_cannot_have_it_the_chain_goes_on_in_their_team(
    standing: dict[str, str], why: str
) -> None:
    found = Company(rule("West", "region", "east", ["west"])).stands("ana", **standing).route(eastern(), person="ana")
    assert found.place == Route("east", "ben", "C0EAST")
    assert told(found)[0] == f"asked for: Ana Ruiz, who cannot have it | ana ben cy dee eli | ana: {why}"
    assert told(found)[1] == "asked for: East | ana ben cy | dee: in West | eli: in West"


def test_or_in_the_team_that_was_asked_for() -> None:
    found = company().stands("ana", away=VACATION).route(eastern(), person="ana", team="west")
    assert owner(found) == "dee"


def test_delegates_in_a_circle_are_followed_once() -> None:
    here = company().stands("ana", away=VACATION, delegate="ben").stands("ben", away="ill", delegate="ana")
    found = here.route(person="ana")
    assert found.trace[0].dropped == {"ana": VACATION, "ben": "ill"}
    assert owner(found) == "cy"


def test_a_delegate_who_must_not_have_the_lead_does_not_get_it() -> None:
    here = company().stands("ana", away=VACATION, delegate="ben").stands("ben", barred=REFUSED, delegate="eli")
    assert owner(here.route(person="ana")) == "cy"


def test_somebody_unknown_may_be_asked_for_and_everybody_else_has_their_turn() -> None:
    found = company().route(person="zed")
    assert owner(found) == "ana"
    assert found.trace[0].rule == "asked for: zed, who cannot have it"
    assert found.trace[0].dropped == {"zed": "gets no leads here"}


# 1. The owner of the account


@pytest.mark.parametrize("said", ["ben", "Ben Okafor", " BEN OKAFOR ", "U0BEN", "u0ben", "005-Ben", "005-ben"])
def test_an_accounts_owner_may_be_named_in_any_way_they_are_known(said: str) -> None:
    found = company().stands("ben", known_as=frozenset({"005-BEN"})).route(lead(account_owner=said))
    assert found.place == Route("east", "ben", "C0EAST")
    assert found.shares == {"ben": WHOLE}
    assert told(found) == ["account owner: Ben Okafor | ben"]


def test_another_systems_id_may_be_a_number() -> None:
    assert owner(company().stands("ben", known_as=frozenset({"4711"})).route(lead(account_owner=4711))) == "ben"


def test_which_field_names_the_owner_is_configuration() -> None:
    here = company()
    here.routing = replace(here.routing, owner_field="crm_owner")
    assert owner(here.route(lead(account_owner="ben", crm_owner="eli"))) == "eli"


def test_an_account_may_be_known_by_its_e_mail_domain() -> None:
    here = company().stands("eli", accounts=frozenset({"vialetto.example"}))
    assert told(here.route(lead("Elena@VIALETTO.example"))) == ["account owner by e-mail domain: Eli Wall | eli"]
    assert owner(here.route(lead("elena@other.example"))) == "ana"


def test_who_is_named_counts_more_than_the_domain_and_the_domain_more_than_a_name_nobody_has() -> None:
    here = company().stands("eli", accounts=frozenset({"vialetto.example"}))
    assert owner(here.route(lead(account_owner="ben"))) == "ben"
    assert owner(here.route(lead(account_owner="Zed Gone"))) == "eli"


def test_an_owner_whom_nobody_here_knows_is_told_of_and_the_rules_decide() -> None:
    found = company().route(eastern(account_owner="Zed <!channel>"))
    assert owner(found) == "ana"
    assert told(found)[0] == "account owner: nobody here goes by what account_owner says | ana ben cy dee eli"
    assert "<" not in str(found)


def test_of_two_with_one_name_neither_is_taken_for_the_owner_but_an_id_is_clear() -> None:
    here = company().stands("ben", name="Ana Ruiz")
    found = here.route(lead(account_owner="Ana Ruiz"))
    assert told(found)[0] == "account owner: could be Ana Ruiz or Ana Ruiz | ana ben cy dee eli"
    assert len(found.shares) == 5
    assert owner(here.stands("ana", name="Ben").route(lead(account_owner="ben"))) == "ben"


def test_the_account_is_theirs_without_a_share_a_skill_or_a_card_to_spare() -> None:
    here = company().stands("eli", weight=0, open=5, today=5, capacity=Capacity(5, 5), at_work=None)
    assert owner(here.route(eastern(language="de", account_owner="eli"), urgent=True)) == "eli"


def test_while_the_owner_is_away_their_delegate_has_the_account() -> None:
    found = company().stands("eli", away=VACATION, delegate="maya").route(lead(account_owner="eli"))
    assert found.place == Route("east", "maya", "C0EAST")
    assert told(found) == [f"account owner: Maya Lindqvist, in place of Eli Wall | maya | eli: {VACATION}"]


@pytest.mark.parametrize("standing", [{"barred": REFUSED, "delegate": "ben"}, {"away": VACATION}])
def test_if_the_owner_cannot_have_it_the_rules_decide(standing: dict[str, str]) -> None:
    found = company().stands("eli", **standing).route(eastern(account_owner="eli"))
    assert owner(found) == "ana"
    assert found.trace[0].rule == "account owner: Eli Wall, who cannot have it"
    assert list(found.trace[0].dropped) == ["eli"]


def test_where_a_team_was_asked_for_an_owner_in_another_does_not_count() -> None:
    found = company().route(lead(account_owner="eli"), team="east")
    assert owner(found) == "ana"
    assert found.trace[0].dropped == {"eli": "gets no leads here"}
    assert owner(company().route(lead(account_owner="cy"), team="east")) == "cy"


@pytest.mark.parametrize("ask", [{"person": "ana"}, {}])
def test_not_even_an_owners_card_goes_to_a_channel_that_has_had_its_cards(ask: dict[str, str]) -> None:
    found = company().route(lead(account_owner="ana"), full=FULL, **ask)
    assert found.place == Queued("overflow", "the channel of East has had its cards for this hour")
    assert found.shares == {}
    assert found.trace[-1].left == ()


# 2. Rules: teams and skills


def test_the_first_rule_that_holds_and_names_teams_decides_them() -> None:
    here = Company(GERMAN, rule("A", "region", "east", ["west"]), rule("B", "region", "east", ["east"]))
    found = here.route(eastern())
    assert set(found.shares) == {"dee", "eli"}
    assert told(found)[0] == "A: West | dee eli | ana: in East | ben: in East | cy: in East"


def test_skills_of_all_rules_that_hold_add_up() -> None:
    big = rule("Big company", "size", "big", skills=["enterprise"])
    here = Company(GERMAN, big, EAST_RULE).stands("ana", "ben", "dee", skills=frozenset({"german"}))
    here.stands("ben", skills=frozenset({"german", "enterprise"}))
    found, both = here.route(eastern(language="de", size="big")), "enterprise and german"
    assert found.trace[1].rule == f"Speaks German and Big company: skilled in {both}"
    assert found.trace[1].dropped == {"ana": "not skilled in enterprise", "cy": f"not skilled in {both}"}
    assert told(found)[2:] == ["the only one left: Ben Okafor | ben"]


def test_a_rule_that_is_missed_or_unknown_does_not_count() -> None:
    assert len(company().route(lead(region="north")).shares) == 5
    assert len(company().route(lead()).shares) == 5
    wrong_type = company().route(lead(region=7))
    assert len(wrong_type.shares) == 5


def test_what_no_rule_sends_anywhere_goes_to_the_teams_for_the_rest() -> None:
    found = Company(EAST_RULE, otherwise=["west"]).route(lead())
    assert set(found.shares) == {"dee", "eli"}
    assert found.trace[0].rule == "no rule says which team: West"
    assert set(Company(EAST_RULE, otherwise=["west"]).route(eastern()).shares) == {"ana", "ben", "cy"}


def test_a_team_that_was_asked_for_beats_the_rules_but_not_their_skills() -> None:
    here = company().stands("eli", skills=frozenset({"german"}))
    found = here.route(eastern(language="de"), team="west")
    assert owner(found) == "eli"
    assert [one.rule for one in found.trace[:2]] == ["asked for: West", "Speaks German: skilled in german"]


def test_who_has_no_weight_gets_no_share() -> None:
    found = company().stands("ana", weight=0).route(eastern())
    assert found.shares.keys() == {"ben", "cy"}
    assert "gets a share | ben cy | ana: gets no share" in told(found)


def test_managers_who_are_no_members_take_no_turns() -> None:
    assert not {"maya", "noor"} & set(company().stands("maya", balance=9 * WHOLE).route().shares)
    playing = Company(teams=(replace(EAST, members=("ana", "maya")),)).stands("maya", balance=9 * WHOLE)
    assert owner(playing.route()) == "maya"


# 3–7. Who can have it now


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        ({"barred": REFUSED}, f"has not had this lead | ben cy | ana: {REFUSED}"),
        ({"away": VACATION}, f"not away | ben cy | ana: {VACATION}"),
        ({"open": 3, "capacity": Capacity(open=3)}, "takes one more lead | ben cy | ana: open cards: 3, takes 3"),
        ({"today": 2, "capacity": Capacity(per_day=2)}, "takes one more lead | ben cy | ana: leads today: 2, takes 2"),
    ],
)
def test_who_cannot_have_it_now_is_skipped_with_the_reason(standing: dict[str, object], step: str) -> None:
    found = company().stands("ana", balance=WHOLE, **standing).route(eastern())
    assert owner(found) == "ben"
    assert told(found)[1] == step
    assert found.shares.keys() == {"ben", "cy"}


def test_below_their_capacity_and_without_one_everybody_takes_part() -> None:
    here = company().stands("ana", open=2, today=2, capacity=Capacity(3, 3)).stands("ben", open=900, today=900)
    assert here.route(eastern()).shares.keys() == {"ana", "ben", "cy"}


def test_a_full_channel_leaves_the_other_teams() -> None:
    found = company().route(full=FULL)
    assert owner(found) == "dee"
    assert "ana: the channel of East has had its cards for this hour" in told(found)[0]


def test_an_urgent_lead_goes_to_whoever_is_at_work_soonest() -> None:
    here = company().stands("ana", at_work=NOW + 20 * HOUR).stands("ben", "cy", at_work=NOW + HOUR)
    here.stands("dee", at_work=None).stands("eli", at_work=NOW + 2 * HOUR)
    found = here.stands("ana", balance=WHOLE).route(urgent=True)
    assert owner(found) == "ben"
    assert found.shares.keys() == {"ben", "cy"}
    assert told(found)[0] == (
        "urgent: at work soonest | ben cy | ana: not at work before Tue 3 Mar 05:00 UTC"
        " | dee: never at work | eli: not at work before Mon 2 Mar 11:00 UTC"
    )
    assert owner(here.route()) == "ana", "what is not urgent waits for whoever is owed most"


def test_whoever_is_at_work_by_now_is_at_work_now() -> None:
    here = company().stands("ana", at_work=NOW - HOUR).stands("cy", at_work=NOW + timedelta(seconds=1))
    assert here.route(eastern(), urgent=True).shares.keys() == {"ana", "ben"}


def test_if_nobody_will_ever_be_at_work_being_urgent_drops_nobody() -> None:
    found = company().stands(at_work=None).route(eastern(), urgent=True)
    assert len(found.shares) == 3
    assert [one.rule for one in found.trace][1:] == ["the fair turn: Ana Ruiz, owed 0.33 of a lead"]


# 8. The fair turn


def test_whoever_is_owed_most_gets_it_and_the_trace_says_what_each_is_owed() -> None:
    here = company().stands("ana", balance=-200_000).stands("cy", balance=400_000)
    found = here.route(eastern())
    assert told(found) == [
        "Eastern lead: East | ana ben cy | dee: in West | eli: in West",
        "the fair turn: Cy Young, owed 0.73 of a lead | cy | ana: owed 0.13 of a lead | ben: owed 0.33 of a lead",
    ]


def test_who_is_ahead_is_said_to_be_ahead_and_a_tie_goes_by_the_list() -> None:
    found = company().stands("ana", "ben", balance=-WHOLE).stands("cy", balance=-2 * WHOLE).route(eastern())
    assert told(found)[-1] == (
        "the fair turn: Ana Ruiz, 0.67 of a lead ahead | ana"
        " | ben: owed as much, but later in the list | cy: 1.67 of a lead ahead"
    )


def test_a_difference_too_small_to_show_is_still_one() -> None:
    found = company().stands("cy", balance=7).route(eastern())
    assert told(found)[-1].endswith("| cy | ana: owed a trace less | ben: owed a trace less")


def test_shares_go_by_weight_and_what_rounding_leaves_goes_to_the_winner() -> None:
    found = company().stands("ana", weight=3).stands("ben", weight=4).stands("cy", balance=WHOLE).route(eastern())
    assert found.shares == {"ana": 375_000, "ben": 500_000, "cy": 125_000}
    thirds = company().stands("ben", balance=1).route(eastern())
    assert thirds.shares == {"ana": 333_333, "ben": 333_334, "cy": 333_333}


# Nobody left


def everybody_but_managers(here: Company, **standing: object) -> Company:
    return here.stands(*EAST.members, *WEST.members, **standing)


@pytest.mark.parametrize("both", [False, True])
def test_where_everybody_has_enough_the_lead_waits_for_room(both: bool) -> None:
    here = everybody_but_managers(company(), open=5, capacity=Capacity(open=5))
    found = here.route(lead() if both else eastern())
    teams = "East and West" if both else "East"
    assert found.place == Queued("overflow", f"everybody of {teams} has as many leads as they take")
    assert found.shares == {}


def test_where_every_channel_has_had_its_cards_the_lead_waits_for_the_next_hour() -> None:
    found = company().route(full={"C0EAST", "C0WEST"})
    assert found.place == Queued("overflow", "every channel has had its cards for this hour")
    assert found.trace[-1].left == ()


LANGUAGE = {"language": "de"}


nobody_can_have_it = pytest.mark.parametrize(
    ("members", "attributes", "standing", "reason"),
    [
        ((), {}, {}, "nobody is a member of East"),
        (EAST.members, LANGUAGE, {}, "nobody of East is skilled in german"),
        (EAST.members, {}, {"weight": 0}, "nobody of East gets a share of the leads"),
        (
            EAST.members,
            LANGUAGE,
            {"weight": 0, "skills": frozenset({"german"})},
            "nobody of East skilled in german gets a share of the leads",
        ),
        (EAST.members, {}, {"barred": REFUSED}, "everybody of East has had this lead"),
        (EAST.members, {}, {"away": VACATION}, "everybody of East is away"),
    ],
    ids=["no members", "no skills", "no weight", "skills without weight", "barred", "away"],
)


def without_anybody(members: tuple[str, ...], standing: dict[str, object]) -> Company:
    here = Company(EAST_RULE, GERMAN, teams=(replace(EAST, members=members), WEST))
    return everybody_but_managers(here, **standing)


@nobody_can_have_it
def test_what_nobody_can_have_falls_to_the_manager(
    members: tuple[str, ...], attributes: dict[str, str], standing: dict[str, object], reason: str
) -> None:
    found = without_anybody(members, standing).route(eastern(**attributes))
    assert found.place == Route("east", "maya", "C0EAST")
    assert found.shares == {"maya": WHOLE}
    assert told(found)[-1] == "falls to the manager: Maya Lindqvist | maya"
    assert found.trace[-2].left == ()


@pytest.mark.parametrize("gone", [{"away": VACATION}, {"barred": REFUSED}])
@nobody_can_have_it
def test_else_to_who_stands_in_for_the_manager(
    members: tuple[str, ...],
    attributes: dict[str, str],
    standing: dict[str, object],
    reason: str,
    gone: dict[str, str],
) -> None:
    here = without_anybody(members, standing).stands("maya", delegate="noor", **gone)
    found = here.route(eastern(**attributes))
    assert found.place == Route("east", "noor", "C0EAST")
    assert found.trace[-1].rule == "falls to the manager: Noor Haddad, in place of Maya Lindqvist"


@nobody_can_have_it
def test_else_it_waits_unassigned_and_says_why(
    members: tuple[str, ...], attributes: dict[str, str], standing: dict[str, object], reason: str
) -> None:
    found = without_anybody(members, standing).stands("maya", away=VACATION).route(eastern(**attributes))
    assert found.place == Queued("unassigned", reason)
    assert found.shares == {}
    assert told(found)[-1] == f"falls to the manager: none is here | nobody | maya: {VACATION}"


def test_where_some_have_had_it_the_reason_speaks_of_the_others() -> None:
    here = everybody_but_managers(company(), away=VACATION).stands("cy", barred=REFUSED).stands("maya", away="ill")
    assert here.route(eastern()).place == Queued("unassigned", "everybody else of East is away")


def test_the_managers_of_the_teams_are_asked_in_the_order_of_the_rule() -> None:
    here = everybody_but_managers(Company(rule("Both", "region", "east", ["west", "east"])), away=VACATION)
    assert here.route(eastern()).place == Route("west", "noor", "C0WEST")
    found = here.stands("noor", away="ill").route(eastern())
    assert found.place == Route("east", "maya", "C0EAST")
    assert told(found)[-1] == "falls to the manager: Maya Lindqvist | maya | noor: ill"


def test_a_manager_of_a_team_the_rules_did_not_choose_is_left_alone() -> None:
    here = everybody_but_managers(company(), away=VACATION).stands("maya", away="ill")
    assert here.route(eastern()).place == Queued("unassigned", "everybody of East is away")


def test_a_manager_gets_no_card_in_a_channel_that_has_had_its_own() -> None:
    found = everybody_but_managers(company(), away=VACATION).route(eastern(), full=FULL)
    assert found.place == Queued("overflow", "the channel of East has had its cards for this hour")


@pytest.mark.parametrize("gone", ["away", "barred"])
def test_if_those_who_are_here_have_enough_the_lead_waits_for_them_and_not_for_the_manager(gone: str) -> None:
    here = company().stands("ana", **{gone: "gone"}).stands("ben", "cy", open=1, capacity=Capacity(open=1))
    found = here.route(eastern())
    assert found.place == Queued("overflow", "everybody else of East has as many leads as they take")


def test_without_any_team_a_lead_waits_unassigned() -> None:
    found = Company(teams=()).route()
    assert found.place == Queued("unassigned", "no team has members")
    assert told(found) == [
        "no rule says which team: there is none | nobody",
        "falls to the manager: none is here | nobody",
    ]


def test_a_team_that_is_gone_is_told_of_by_its_key() -> None:
    assert company().route(team="north").place == Queued("unassigned", "nobody is a member of north")


# The trace


def test_steps_that_drop_nobody_and_decide_nothing_are_not_told_of() -> None:
    assert told(Company().route(urgent=True)) == [
        "the fair turn: Ana Ruiz, owed 0.20 of a lead | ana"
        + "".join(f" | {key}: owed as much, but later in the list" for key in ("ben", "cy", "dee", "eli"))
    ]


def test_a_rule_that_decides_is_told_of_even_where_it_drops_nobody() -> None:
    here = Company(EAST_RULE, GERMAN, teams=(EAST,)).stands(skills=frozenset({"german"}))
    found = here.route(eastern(language="de"))
    assert told(found)[:2] == ["Eastern lead: East | ana ben cy", "Speaks German: skilled in german | ana ben cy"]


def test_somebody_alone_is_told_that_they_were_the_only_one() -> None:
    alone = Company(teams=(replace(EAST, members=("ana",)),)).route()
    assert told(alone) == ["the only one left: Ana Ruiz | ana"]


def test_a_trace_survives_being_kept_as_json() -> None:
    found = company().stands("ana", away=VACATION).route(eastern(account_owner="ana"))
    assert trace_from_dict(json.loads(json.dumps(trace_to_dict(found.trace)))) == found.trace
    assert trace_from_dict(trace_to_dict(())) == ()


STEP = {"rule": "not away", "left": ["ana"], "dropped": {"ben": "ill"}}


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        "[]",
        STEP,
        [None],
        ["not away"],
        [{}],
        [STEP, {**STEP, "more": 1}],
        *([{key: value for key, value in STEP.items() if key != gone}] for gone in STEP),
        [{**STEP, "rule": None}],
        [{**STEP, "left": "ana"}],
        [{**STEP, "left": [1]}],
        [{**STEP, "left": None}],
        [{**STEP, "dropped": ["ben"]}],
        [{**STEP, "dropped": {"ben": None}}],
        [{**STEP, "dropped": {1: "ill"}}],
    ],
    ids=repr,
)
def test_what_is_no_trace_is_refused(stored: object) -> None:
    with pytest.raises(TypeError, match="expected"):
        trace_from_dict(stored)


def test_what_a_trace_is_made_of_is_what_it_was() -> None:
    assert trace_from_dict([STEP]) == (Considered("not away", ("ana",), {"ben": "ill"}),)
