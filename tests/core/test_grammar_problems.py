"""What is said when a line is not understood: what is wrong with it, and commands that work."""

import pytest

from bot.stats.language.grammar import parse
from bot.stats.query import Problem
from tests.core.grammar_kit import NOW, World, ask, problem

SAMS = {f"sam.{number}": [f"sam.{number}"] for number in range(8)}


@pytest.mark.parametrize(
    ("text", "said", "suggested"),
    [
        # words
        ("opne", "“opne” is not a word", ["open"]),
        ("7d campain", "“campain” is not a word", ["7d by campaign"]),
        ("7d citeria", "“citeria” is not a word", ["criteria"]),
        ("critera", "“critera” is not a word", ["criteria"]),
        ("hlp", "“hlp” is not a word", ["help"]),
        ("30dd", "“30dd” is not a word", ["30d"]),
        ("webinr 7d", "“webinr” is not a word", ['7d source:Webinar,"webinar "']),
        ("-webinr", "“-webinr” is not a word", ['30d -source:Webinar,"webinar "']),
        ("sprng launch", "“sprng” is not a word", []),
        ("rejctions sourse", "“rejctions” is not a word", ["rejections 30d by source"]),
        ("period", "“period” is not a word", ["30d basis=period"]),
        ("Xyzzy Qqqq", "is not a word of this command, nor a source or a campaign of the last 30 days", ["30d"]),
        ("demo", "“demo” is a source and a campaign", ["30d source:demo", "30d campaign:demo"]),
        ("-demo", "“demo” is a source and a campaign", ["30d -source:demo", "30d -campaign:demo"]),
        ("-7d", "“-7d” is not a word", ["7d"]),
        ("-team", "“-team” is not a word", ["30d by team"]),
        ("-sla 7d", "“-sla” is not a word", ["sla 7d"]),
        ("x" * 500, "“" + "x" * 39 + "…”", ["30d"]),
        ("a\nb", "“a” is not a word", []),
        ("<b>bold</b> 7d", "“<b>bold</b>” is not a word", ["7d"]),
        # one at a time
        ("7d 30d", "two windows, 7d and 30d", ["7d", "30d"]),
        ("rejections sla", "One question at a time: rejections or sla", ["rejections 30d", "sla 30d"]),
        ("sla rep @ana", "One question at a time", ["sla 30d rep:ana", "rep @ana 30d"]),
        ("rep @ana campaign 'spring launch'", "one rep or one campaign", ["rep @ana 30d"]),
        ("by rep by team", "one thing at a time", ["30d by rep", "30d by team"]),
        ("source team", "one thing at a time", ["30d by source", "30d by team"]),
        ("share dm", "“share” and “dm” cannot both", ["30d share", "30d dm"]),
        ("csv share", "neither to a channel nor", ["30d csv", "30d share"]),
        ("dm 7d csv", "neither to a channel nor", ["7d csv", "7d dm"]),
        ("week:9999-W52", "is no week", ["30d"]),
        ("month:9999-12", "is no month", ["30d"]),
        ("month:0001-02", "is no month", ["30d"]),
        ("9000", "no such date", ["30d"]),
        ("touch=first touch=last", "“first” and “last” cannot both", []),
        ("score:60..80 score:70..", "two ranges of the score", ["30d score:60..80"]),
        ("source:demo -source:demo", "cannot be both chosen and left out", ["30d source:demo"]),
        ("@ana -@ana", "cannot be both chosen and left out", ["30d rep:ana"]),
        ("score:60 -score:60", "cannot be both chosen and left out", ["30d score:60"]),
        # alone
        ("open 7d", "“open” stands alone", ["open", "7d"]),
        ("by open", "“open” stands alone", ["open"]),
        ("criteria 7d", "“criteria” stands alone", ["criteria", "7d"]),
        ("lead ana@example.com", "baton lead", ["help"]),
        ("whatif mql=80", "cannot be asked here", ["help"]),
        ("what-if mql=80", "cannot be asked here", ["help"]),
        ("forecast", "cannot be asked here", ["help"]),
        # windows
        ("2026-13", "“2026-13” is no window of time: no such date", ["30d"]),
        ("99999d sla", "“99999d” is no window of time: it goes up to 9,999 days", ["sla 9999d", "sla 30d"]),
        ("900 years", "“900 years” is no window of time: it goes up to 9,999 days", ["9999m", "30d"]),
        ("30d 2026", "two windows, 30d and 2026", ["30d", "2026"]),
        ("may 2025 to march 2025", "ends before it starts", ["2025-03..2025-05", "30d"]),
        ("since 2027", "ends before it starts", ["2026-03-31..2027", "30d"]),
        ("from 2026-02-30", "“from 2026-02-30” is no window of time: no such date", []),
        ("2026-02-30 by team", "no such date", ["30d by team"]),
        ("2026-03-31..2026-03-01", "ends before it starts", ["2026-03-01..2026-03-31", "30d"]),
        ("0d", "“0d” is no window of time: an empty window", ["30d"]),
        ("9999-12-31", "no such date", ["30d"]),
        ("2024..2026 vs=year", "longer than a year", ["2024..2026", "2024..2026 vs=none"]),
        ("0001-01", "no such date, or too long ago", ["30d"]),
        # splits
        ("by sorce", "A funnel can be split by source, channel", ["30d by source"]),
        ("by sorce 30dd", "not by “sorce”", ["30d by source"]),
        ("by", "By what? By source", ["30d by source"]),
        ("7d by", "By what?", ["7d by source"]),
        ("by: 7d", "not by “7d”", ["30d"]),
        ("by=", "By what?", ["30d by source"]),
        ("sla by reason", "One question at a time: sla or rejections", ["sla 30d", "rejections 30d"]),
        ("reps by team", "reps cannot be split", ["30d by team", "reps 30d"]),
        ("rep @ana by source", "rep cannot be split", ["30d by source rep:ana", "rep @ana 30d"]),
        # filters
        ("sorce:demo", "nothing called “sorce” to choose by", ["30d source:demo"]),
        ("-sorce:demo", "nothing called “sorce” to choose by", ["30d -source:demo"]),
        ("toch=first", "nothing called “toch” to choose by", ["30d touch=first"]),
        ("xyzzy:1", "nothing called “xyzzy”", ["30d"]),
        ("source:", "“source:” has no value", ["30d"]),
        ("source:webinr", "has the source “webinr”. There are “Webinar”", ['30d source:Webinar,"webinar "']),
        ("source:demo,webinr", "has the source “webinr”", ['30d source:Webinar,demo,"webinar "']),
        ("7d team:x", "of the last 7 days has the team “x”. There are “north”, “south”.", ["7d team:north", "7d"]),
        ("product:xyzzy", "There is “Core”.", ["30d product:Core", "30d"]),
        ("@sam", "“sam” can be several people", ["30d rep:sam.a", "30d rep:sam.b"]),
        ("rep @sam", "“sam” can be several", ["rep @sam.a 30d", "rep @sam.b 30d"]),
        ("@nobody", "has the rep “nobody”", ["30d rep:ana", "30d"]),
        ("rep @blank", "has the rep “blank”", ["rep @ana 30d", "30d by rep"]),
        ("campaign “sprng lnch”", "has the campaign “sprng lnch”", ['campaign "Spring Launch" 30d']),
        ("grade:e1", "“e1” is no grade; expected A1 … D4", []),
        ("week:2026-W60", "“2026-W60” is no week; expected a day of it", ["30d"]),
        ("month:2026-13", "“2026-13” is no month; expected 2026-03", ["30d"]),
        ("score:high", "“high” is no range of the score", ["30d"]),
        ("score:blank", "“blank” is no range of the score", ["30d"]),
        ("score:80..60", "ends before it starts", ["30d score:60..80"]),
        # options
        ("touch=frist", "“touch=” takes trigger, first, last, not “frist”", ["30d touch=first"]),
        ("ci=99", "“ci=” takes 95, 90, not “99”", []),
        ("vs=", "“vs=” takes prev, year, none, not “”", ["30d"]),
        ("at=0h", "“at=” takes for example", []),
        ("at=soon", "“at=” takes for example", ["30d at=2bd"]),
        ("basis=period matured", "do not go with it", ["30d basis=period", "30d matured"]),
        ("basis=period at=24h matured", "do not go with it", ["30d basis=period", "30d matured at=24h"]),
        ("velocity basis=period", "cohorts only", ["velocity 30d", "30d basis=period"]),
        ("sla at=24h", "due time of its own", ["sla 30d", "30d at=24h"]),
        # explain
        ("explain", "Explain which figure?", ["explain accept 30d", "explain time-to-decision 30d"]),
        ("explain acept 7d", "“acept” is no figure", ["explain accept 7d"]),
        ("explain 7d xyzzy", "“xyzzy” is no figure", ["explain accept 7d"]),
        ("explain accept 7d 30d", "two windows", ["explain accept 7d", "explain accept 30d"]),
        ("explain accept rep @ana", "not for a rep", ["explain accept 30d rep:ana"]),
        (
            "campaign 'spring launch' 7d explain accept",
            "not for a campaign",
            ['explain accept 7d campaign:"Spring Launch"'],
        ),
        # notes
        ("note Trade show started today", "one text in quotes", ['note "Trade show started" 2026-03-31']),
        ('note "a" "b"', "one text in quotes", ['note "a" 2026-03-31']),
        ('note "a" 7d', "one text in quotes", ['note "a" 2026-03-31']),
        ('note "a" 2026-03-01 2026-03-02', "one text in quotes", ['note "a" 2026-03-01']),
        ("note It's \"on\" now", "one text in quotes", []),
        ("note 2026-03-01", "A note needs words", ["note"]),
        ('note " "', "A note needs words", ["note"]),
        ("note remove", "by its number", ["note"]),
        ("note remove x", "by its number", ["note"]),
        ("note remove 0", "by its number", ["note"]),
        ("note remove 12345678901", "by its number", ["note"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_quoted_and_what_works_is_suggested(text: str, said: str, suggested: list[str]) -> None:
    found = problem(text)
    assert said in found.words
    assert list(found.suggestions[: len(suggested)]) == suggested


def test_a_problem_lists_five_values_and_how_many_more_there_are() -> None:
    found = parse("team:x", NOW, World({"team": [f"team {number}" for number in range(8)]}))
    assert isinstance(found, Problem)
    assert "“team 4” and 3 more." in found.words
    assert "team 5" not in found.words


def test_a_problem_suggests_five_commands_at_most() -> None:
    found = parse("@sam 7d", NOW, World(persons={"sam": [f"sam.{number}" for number in range(8)]} | SAMS))
    assert isinstance(found, Problem)
    assert found.suggestions == tuple(f"7d rep:sam.{number}" for number in range(5))


def test_where_nothing_is_known_a_problem_says_so() -> None:
    found = parse("team:x", NOW, World())
    assert isinstance(found, Problem)
    assert found.words == "No hand-off of the last 30 days has the team “x”. None has any."
    assert found.suggestions == ("30d",)


@pytest.mark.parametrize(
    ("text", "said", "suggested"),
    [
        ("campaign nosuch", "No hand-off of the last 30 days has the campaign “nosuch”. There are “Spring", []),
        ("campaign sprng", "has the campaign “sprng”. There are", ['campaign "Spring Launch" 30d']),
        ("rep nosuch 2026-03", "No hand-off of 2026-03 has the rep “nosuch”. There are “ana”", ["rep @ana 2026-03"]),
        ("campaign rejektions", "“rejektions” is not a word", ["rejections 30d by campaign"]),
    ],
)
def test_after_campaign_and_rep_a_name_was_meant(text: str, said: str, suggested: list[str]) -> None:
    found = problem(text)
    assert said in found.words
    assert list(found.suggestions[: len(suggested)]) == suggested


@pytest.mark.parametrize("text", ["rejektions", "source:webinr", "by sorce", "touch=frist"])
def test_what_has_something_like_it_is_not_left_out(text: str) -> None:
    assert "30d" not in problem(text).suggestions


@pytest.mark.parametrize(
    ("word", "said"), [("1w", "the last week"), ("12m", "the last 12 months"), ("2026-03", "2026-03"), ("mtd", "mtd")]
)
def test_a_window_is_called_as_people_say_it(word: str, said: str) -> None:
    assert f"No hand-off of {said} has the team" in problem(f"{word} team:x").words


def test_without_metrics_there_is_nothing_to_explain() -> None:
    found = parse("explain accept 7d", NOW, World())
    assert isinstance(found, Problem)
    assert found.suggestions == ("7d",)


def test_what_is_far_too_long_gets_help() -> None:
    found = ask("xyzzy " * 100)
    assert isinstance(found, Problem)
    assert found.suggestions == ("help",)
