"""Who and what is meant by a name: the very same first, and what people call a value where it is stored by a key."""

from bot.stats.language.grammar import command, parse
from bot.stats.query import Dim, Problem
from tests.core.grammar_kit import NOW, World


def test_who_is_called_exactly_so_is_meant_whoever_else_may_be() -> None:
    there = World({"campaign": ["Spring", "spring"]}, {"sam": ["sam.b", "sam"]})
    for text, means in {
        "@sam": "30d rep:sam",
        "rep @sam": "rep @sam 30d",
        "campaign 'spring'": 'campaign "spring" 30d',
        "campaign 'Spring'": 'campaign "Spring" 30d',
        "campaign:SPRING": "30d campaign:Spring,spring",
    }.items():
        assert command(parse(text, NOW, there)) == means
    found = parse("campaign SPRING", NOW, there)
    assert isinstance(found, Problem)
    assert found.suggestions == ('campaign "Spring" 30d', 'campaign "spring" 30d')


def test_values_are_meant_by_what_people_call_them_too() -> None:
    called: dict[Dim, dict[str, str]] = {"team": {"emea": "Europe", "north": "South", "old": "Gone"}}
    there = World({"team": ["emea", "north", "south"]}, called=called)
    for text, means in {
        "team:Europe": "30d team:emea",
        "-team:EUROPE,south": "30d -team:emea,south",
        "team:emea": "30d team:emea",
        "team:South": "30d team:south",
        "team:north": "30d team:north",
        "team:gone": "30d team:old",
    }.items():
        found = parse(text, NOW, there)
        assert command(found) == means, "a key goes before a name"
        assert parse(means, NOW, there) == found
    found = parse("team:Europ", NOW, there)
    assert isinstance(found, Problem)
    assert "There are “Europe”, “South”, “south”, “Gone”." in found.words
    assert found.suggestions[0] == "30d team:emea"


def test_two_teams_of_one_name_are_both_meant() -> None:
    there = World({"team": ["a", "b", "c"]}, called={"team": {"a": "Sales", "b": "sales"}})
    assert command(parse("team:sales", NOW, there)) == "30d team:a,b"


def test_somebody_may_be_called_april() -> None:
    there = World(persons={"april": ["april"]})
    assert command(parse("rep april 90d", NOW, there)) == "rep @april 90d"
    assert command(parse("rep last week", NOW, there)) == "last-week by rep"
