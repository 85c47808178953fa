"""What holds for any lead, whoever works here and however they stand."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from bot.criteria.facts import Facts
from bot.handoff.chain import route
from bot.handoff.routing import WHOLE, Ask, Candidate, Queued, Route, Routed, trace_from_dict, trace_to_dict
from bot.lead import Capacity
from tests.core.routing_kit import EAST, WEST, Company, lead, rule
from tests.support import NOW

KEYS = ["ana", "ben", "cy", "maya", "noor"]
SKILLS = ["german", "enterprise"]
RULES = [
    rule("East", "region", "east", ["east"]),
    rule("Anywhere", "region", "any", ["west", "east"], ["german"]),
    rule("German", "language", "de", skills=["german"]),
    rule("Big", "size", "big", skills=["enterprise"]),
]

maybe = st.none() | st.integers(1, 3)
standings = st.fixed_dictionaries(
    {
        "weight": st.sampled_from([0, 1, 1, 2, 7, 100]),
        "skills": st.frozensets(st.sampled_from(SKILLS)),
        "delegate": st.none() | st.sampled_from(KEYS),
        "capacity": st.builds(Capacity, maybe, maybe),
        "open": st.integers(0, 4),
        "today": st.integers(0, 4),
        "balance": st.integers(-3 * WHOLE, 3 * WHOLE),
        "away": st.none() | st.none() | st.just("away: Vacation"),
        "barred": st.none() | st.none() | st.just("refused this lead"),
        "at_work": st.none() | st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours)),
    }
)
places = st.sampled_from(["east", "west"])
asks = st.fixed_dictionaries(
    {"urgent": st.booleans(), "full": st.frozensets(st.sampled_from([EAST.channel, WEST.channel]))},
    optional={"team": st.none() | places | st.just("gone")},
)
leads = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["east", "any", "north", 7]),
        "language": st.sampled_from(["de", "en"]),
        "size": st.sampled_from(["big", "small"]),
    },
).map(lambda attributes: lead(**attributes))
owned = st.sampled_from(KEYS).map(lambda key: lead(account_owner=key))


@st.composite
def companies(draw: st.DrawFn) -> Company:
    members = draw(st.lists(st.sampled_from(KEYS), unique=True))
    cut = draw(st.integers(0, len(members)))
    teams = [replace(EAST, members=tuple(members[:cut])), replace(WEST, members=tuple(members[cut:]))]
    here = Company(*draw(st.permutations(RULES)), otherwise=draw(st.lists(places, unique=True)), teams=teams)
    for key in KEYS:
        here.stands(key, **draw(standings))
    return here


def may_have_it(here: Company, one: Candidate, ask: dict) -> bool:
    """Said once more, and otherwise: what must be so of whoever takes a turn."""
    most = one.person.capacity
    return (
        one.person.key in one.team.members
        and ask.get("team") in (None, one.team.key)
        and one.person.weight > 0
        and one.barred is None
        and one.away is None
        and (most.open is None or one.open < most.open)
        and (most.per_day is None or one.today < most.per_day)
        and one.team.channel not in ask["full"]
    )


def is_last_resort(routed: Routed) -> bool:
    return routed.trace[-1].rule.startswith("falls to the manager")


@given(companies(), leads, asks)
def test_nobody_takes_a_turn_who_must_not_have_the_lead(here: Company, known: object, ask: dict) -> None:
    routed = here.route(known, **ask)
    may = {one.person.key for one in here.candidates if may_have_it(here, one, ask)}
    if isinstance(routed.place, Route) and not is_last_resort(routed):
        assert routed.place.owner in routed.shares
        assert routed.shares.keys() <= may
    elif not isinstance(routed.place, Route) and routed.place.queue == "overflow":
        assert ask["full"] or any(one.person.capacity != Capacity() for one in here.candidates)


@given(companies(), asks)
def test_without_rules_and_wishes_everybody_who_may_have_a_lead_takes_part(here: Company, ask: dict) -> None:
    here.routing = replace(here.routing, rules=(), otherwise=())
    ask = ask | {"urgent": False}
    may = {one.person.key for one in here.candidates if may_have_it(here, one, ask)}
    routed = here.route(**ask)
    if may:
        assert routed.shares.keys() == may
    else:
        assert isinstance(routed.place, Queued) or is_last_resort(routed)


@given(companies(), leads | owned, asks, st.none() | st.sampled_from([*KEYS, "zed"]))
def test_nobody_who_is_away_or_barred_ever_gets_a_lead_and_shares_add_up(
    here: Company, known: object, ask: dict, person: str | None
) -> None:
    routed = here.route(known, **ask, person=person)
    if isinstance(routed.place, Route):
        owner = here.standing[routed.place.owner]
        assert owner["away"] is None
        assert owner["barred"] is None
        assert routed.place.channel == here.teams[routed.place.team].channel
        assert routed.place.channel not in ask["full"]
        assert sum(routed.shares.values()) == WHOLE
        assert min(routed.shares.values()) >= 0
        assert routed.trace[-1].left == (routed.place.owner,)
    else:
        assert routed.shares == {}
        assert routed.place.reason
        assert routed.trace[-1].left == ()


@given(companies(), leads | owned, asks, st.none() | st.sampled_from(KEYS))
def test_every_step_tells_why_those_are_gone_whom_the_step_before_had_left(
    here: Company, known: object, ask: dict, person: str | None
) -> None:
    routed = here.route(known, **ask, person=person)
    sifting = [one for one in routed.trace if not one.rule.startswith(("asked for: ", "account", "falls"))]
    for before, after in pairwise(sifting):
        if not after.rule.startswith("room for a card") or after.dropped.keys() <= set(before.left):
            assert set(after.left) | after.dropped.keys() == set(before.left)
        assert not set(after.left) & after.dropped.keys()
    texts = [text for one in routed.trace for text in (one.rule, *one.dropped.values())]
    assert all(texts)
    assert not [text for text in texts if set(text) & set("<>*_`&")]
    assert trace_from_dict(json.loads(json.dumps(trace_to_dict(routed.trace)))) == routed.trace


@given(companies(), leads, asks, st.randoms())
def test_in_what_order_people_are_listed_decides_ties_alone(here: Company, known: object, ask: dict, random) -> None:
    for place, key in enumerate(KEYS):  # in whole leads and some thousandths of their own, no two are owed the same
        here.stands(key, weight=1, balance=here.standing[key]["balance"] // WHOLE * WHOLE + 1_000 * place)
    asked = Ask(Facts(known), **ask)
    shuffled = random.sample(here.candidates, len(here.candidates))
    listed, other = (route(asked, some, here.routing, here.people, NOW) for some in (here.candidates, shuffled))
    assert (listed.place, listed.shares) == (other.place, other.shares)


def test_a_tie_goes_to_the_first_in_any_list() -> None:
    here = Company(teams=(EAST,))
    members = [one for one in here.candidates if one.person.key in EAST.members]
    for some in permutations(members):
        routed = route(Ask(Facts(lead())), some, here.routing, here.people, NOW)
        assert routed.place == Route("east", some[0].person.key, EAST.channel)
