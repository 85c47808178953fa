"""Turns are fair: everybody gets the share of leads they could have had that their weight says, to within a few leads.

A long run of leads goes through `route` itself, with balances kept as the store keeps them. What each rep should have
got is added up beside it, from the rules of the game alone: weight over the weights of all who could have this lead.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

import pytest

from bot.criteria.facts import Facts
from bot.handoff.chain import route
from bot.handoff.routing import WHOLE, Ask, Candidate, Queued, Route, Routing, Rule
from bot.lead import Capacity, Lead, People, Person, Team
from tests.core.routing_kit import rule
from tests.support import NOW

LEADS = 10_000
WITHIN = 5
"""Leads that anybody may be off by; a hundred, 1 % of them all, is what was promised."""
SKILLS = "abcd"
RULES = tuple(rule(skill, "needs", skill, skills=[skill]) for skill in SKILLS)


@dataclass
class Floor:
    """A team at work: what everybody is owed, has open, has got, and should have got."""

    persons: Mapping[str, Person]
    rules: tuple[Rule, ...] = ()
    balance: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    today: Counter[str] = field(default_factory=Counter)
    count: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        team = Team("sales", "Sales", "C0SALES", "maya", tuple(self.persons))
        self.people, self.team = People(self.persons, {"sales": team}), team

    def give(self, off: Collection[str] = (), lead: Lead | None = None) -> str | None:
        """One lead comes while some are `off`; who gets it."""
        need = (lead or Lead()).value("needs")
        could = [key for key in self.persons if self._could(key, off, need)]
        total = sum(self.persons[key].weight for key in could)
        for key in could:
            self.due[key] += self.persons[key].weight / total
        staff = [
            Candidate(one, self.team, self.open[key], self.today[key], self.balance[key], "off" if key in off else None)
            for key, one in self.persons.items()
        ]
        routed = route(Ask(Facts(lead or Lead())), staff, Routing(rules=self.rules), self.people, NOW)
        if isinstance(routed.place, Queued):
            assert not could
            return None
        return self._settle(routed.place, routed.shares)

    def _could(self, key: str, off: Collection[str], need: object) -> bool:
        one = self.persons[key]
        has_room = self.open[key] < (one.capacity.open or LEADS) and self.today[key] < (one.capacity.per_day or LEADS)
        return key not in off and has_room and one.weight > 0 and (need is None or need in one.skills)

    def _settle(self, place: Route, shares: Mapping[str, int]) -> str:
        self.balance.update(shares)
        self.balance[place.owner] -= WHOLE
        for counted in (self.count, self.open, self.today):
            counted[place.owner] += 1
        return place.owner

    @property
    def unfair(self) -> float:
        """By how many leads whoever is farthest off is off."""
        return max(abs(self.count[key] - self.due[key]) for key in self.persons)


def reps(random: random.Random, many: int) -> dict[str, Person]:
    """Of different weights and skills, and some take only so much."""
    return {
        key: Person(
            key,
            key.title(),
            key,
            "rep",
            weight=random.choice([1, 1, 1, 2, 3, 10, 100]),
            skills=frozenset(random.sample(SKILLS, random.randint(1, 4))),
            capacity=random.choice([Capacity(), Capacity(open=random.randint(3, 40)), Capacity(9, 4)]),
        )
        for key in (f"rep{number}" for number in range(many))
    }


def anybody(floor: Floor, random: random.Random, _number: int) -> None:
    """Who is off is a matter of chance, lead by lead."""
    floor.open.clear()
    floor.today.clear()
    floor.give([key for key in floor.persons if random.random() < 0.4])


def a_working_day(floor: Floor, random: random.Random, number: int) -> None:
    """Forty leads a day, some of which need a rare skill; cards close in their time, and people go on leave."""
    if number % 40 == 0:
        floor.today.clear()
    for key in floor.persons:
        if random.random() < 0.3:
            floor.open[key] = max(0, floor.open[key] - 1)
    week = number // 200
    off = [key for place, key in enumerate(floor.persons) if (place * 7 + week) % 5 == 0]
    floor.give(off, Lead(attributes={"needs": random.choices([*SKILLS, None], [8, 4, 2, 1, 15])[0]}))


def an_adversary(floor: Floor, _random: random.Random, _number: int) -> None:
    """Always between the two who are owed most alike: of those, whoever does not get it moves away most."""
    floor.open.clear()
    floor.today.clear()
    ranked = sorted(floor.persons, key=lambda key: floor.balance[key])
    place = min(range(len(ranked) - 1), key=lambda at: floor.balance[ranked[at + 1]] - floor.balance[ranked[at]])
    floor.give(floor.persons.keys() - {ranked[place], ranked[place + 1]})


Comes = Callable[[Floor, random.Random, int], None]


@pytest.mark.parametrize(
    ("comes", "many"), [(anybody, 12), (a_working_day, 5), (a_working_day, 12), (an_adversary, 12)]
)
def test_over_ten_thousand_leads_everybody_gets_what_they_should(comes: Comes, many: int) -> None:
    chance = random.Random(many)
    floor = Floor(reps(chance, many), RULES)
    number = 0
    while sum(floor.count.values()) < LEADS:
        comes(floor, chance, number)
        number += 1
    assert floor.unfair < WITHIN
    assert sum(floor.balance.values()) == 0
    for key in floor.persons:
        assert floor.balance[key] / WHOLE == pytest.approx(floor.due[key] - floor.count[key], abs=0.2)


def test_weights_are_what_they_say() -> None:
    floor = Floor(
        {key: Person(key, key, key, "rep", weight=weight) for key, weight in zip("abcd", (5, 3, 2, 0), strict=True)}
    )
    order = "".join(str(floor.give()) for _ in range(1_000))
    assert floor.count == {"a": 500, "b": 300, "c": 200}
    assert "aaa" not in order, "turns are mixed, not dealt in blocks"


def alike(*keys: str) -> dict[str, Person]:
    return {key: Person(key, key, key, "rep") for key in keys}


def test_somebody_back_from_a_month_of_leave_is_neither_flooded_nor_forgotten() -> None:
    floor = Floor(alike("ana", "ben", "cy", "dee", "eli"))
    for number in range(2_000):
        floor.give(["ana"] if number >= 1_003 else ())
    before = Counter(floor.count)
    back = [floor.give() for _ in range(50)]
    assert before["ana"] == pytest.approx(1_003 / 5, abs=1)
    assert floor.count["ana"] - before["ana"] == pytest.approx(10, abs=1)
    assert "anaana" not in "".join(map(str, back)), "not even two in a row"


def test_somebody_new_is_neither_flooded_nor_forgotten() -> None:
    floor = Floor(alike("ana", "ben", "cy", "dee"))
    for _ in range(1_001):
        floor.give()
    grown = replace_people(floor, alike("new", "ana", "ben", "cy", "dee"))
    first = [grown.give() for _ in range(50)]
    assert first.count("new") == pytest.approx(10, abs=1)
    assert "newnew" not in "".join(map(str, first))


def test_when_somebody_leaves_the_others_share_their_part() -> None:
    floor = Floor(alike("ana", "ben", "cy", "dee"))
    for _ in range(1_001):
        floor.give()
    smaller, before = replace_people(floor, alike("ben", "cy", "dee")), Counter(floor.count)
    for _ in range(300):
        smaller.give()
    assert [smaller.count[key] - before[key] for key in ("ben", "cy", "dee")] == pytest.approx([100] * 3, abs=2)


def test_who_could_have_only_some_of_the_leads_is_owed_nothing_for_the_others() -> None:
    persons = alike("ana", "ben")
    floor = Floor({**persons, "ana": replace(persons["ana"], skills=frozenset("a"))}, RULES)
    for number in range(1_000):
        floor.give(lead=Lead(attributes={"needs": "a"} if number % 4 else {}))
    assert floor.count == {"ana": 750 + 125, "ben": 125}


def replace_people(floor: Floor, persons: dict[str, Person]) -> Floor:
    """The same team with other people; what is owed stays in the store."""
    return Floor(persons, floor.rules, floor.balance, count=Counter(floor.count))
