"""Who sees what of `/funnel`: every role with every question and every choice of people, one table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.config import load
from bot.lead import Person
from bot.stats.language.grammar import canonical, parse
from bot.stats.query import Dim, Explain, Filter, NewNote, Notes, Problem, Query, Window
from bot.stats.visibility import Visible, for_channel, may_note, visible
from tests.core.funnel_kit import NOW, query
from tests.support import TEXTS

PEOPLE = load.parse(
    TEXTS
    | {
        "people.yaml": """
persons:
  ana: {name: Ana Ruiz, slack: U0ANA, role: rep}
  ben: {name: Ben Okafor, slack: U0BEN, role: rep}
  cleo: {name: Cleo Petit, slack: U0CLEO, role: rep}
  maya: {name: Maya Lindqvist, slack: U0MAYA, role: manager}
  dan: {name: Dan Levy, slack: U0DAN, role: rep}
  eve: {name: Eve Moreau, slack: U0EVE, role: rep}
  noah: {name: Noah Brandt, slack: U0NOAH, role: manager}
  ada: {name: Ada Novak, slack: U0ADA, role: rep}
  tom: {name: Tom Weber, slack: U0TOM, role: marketing}
  olga: {name: Olga Petrova, slack: U0OLGA, role: ops}
teams:
  sales: {name: Sales, channel: C0SALES, manager: maya, members: [ana, ben, cleo]}
  emea: {name: EMEA, channel: C0EMEA, manager: noah, members: [dan, eve]}
feedback_channel: C0FEEDBACK
names_in: [C0SALES]
"""
    }
).people
STRANGER = "somebody Baton was never told of"
WHO: dict[str, Person | None] = {**PEOPLE.persons, STRANGER: None}
EVERYBODY = {*PEOPLE.persons}

# By hand: whose numbers each of them may see one by one, and which teams' totals.
PERSONS = {
    "ana": {"ana"},
    "dan": {"dan"},
    "ada": {"ada"},
    "maya": {"maya", "ana", "ben", "cleo"},
    "noah": {"noah", "dan", "eve"},
    "tom": {"ana", "ben", "cleo"},
    "olga": EVERYBODY,
    STRANGER: set[str](),
}
TEAMS = {"ana": {"sales"}, "dan": set[str](), "ada": set[str]()}  # less himself, Dan's team of two is Eve
NO_REPS = {"ana", "dan", "ada", "tom", STRANGER}
NO_REP = {"tom", STRANGER}

QUESTIONS: dict[str, dict[str, Any]] = {
    "overview": {},
    "by source": {"by": "source"},
    "by rep": {"by": "rep"},
    "by team": {"by": "team"},
    "period by rep": {"by": "rep", "basis": "period"},
    "rejections": {"sub": "rejections"},
    "rejections by rep": {"sub": "rejections", "by": "rep"},
    "sla": {"sub": "sla"},
    "velocity by rep": {"sub": "velocity", "by": "rep"},
    "campaign": {"sub": "campaign", "subject": "Spring"},
    "reps": {"sub": "reps"},
    **{f"rep {key}": {"sub": "rep", "subject": key} for key in ("ana", "ben", "dan", "maya", "gone")},
}
CHOICES: dict[str, tuple[Filter, ...]] = {
    "everybody": (),
    "source": (Filter("source", ("ads",)),),
    **{f"@{key}": (Filter("rep", (key,)),) for key in ("ana", "ben", "dan", "(blank)")},
    **{f"-@{key}": (Filter("rep", (key,), negated=True),) for key in ("ana", "ben")},
    "@ana,ben": (Filter("rep", ("ana", "ben")),),
    **{f"team:{key}": (Filter("team", (key,)),) for key in ("sales", "emea", "(blank)")},
    "team:sales,emea": (Filter("team", ("emea", "sales")),),
    **{f"-team:{key}": (Filter("team", (key,), negated=True),) for key in ("sales", "emea")},
    "team:sales @ana": (Filter("rep", ("ana",)), Filter("team", ("sales",))),
}


def asked(question: str, choice: str) -> Query:
    plain = query(**QUESTIONS[question])
    return replace(plain, cohort=replace(plain.cohort, filters=CHOICES[choice]))


def may(who: str, question: str, choice: str) -> bool:
    """The rule, person by person: nobody is named whom they do not see, and reps see no other team."""
    if who == STRANGER:
        return False
    if who == "olga":
        return True
    if (question == "reps" and who in NO_REPS) or (question.startswith("rep ") and who in NO_REP):
        return False
    named = {value for one in CHOICES[choice] if one.key == "rep" for value in one.values}
    named |= {question.removeprefix("rep ")} if question.startswith("rep ") else set()
    teams = {value for one in CHOICES[choice] if one.key == "team" for value in one.values}
    if who in TEAMS and any(one.negated for one in CHOICES[choice] if one.key in {"rep", "team"}):
        return False  # the team without oneself is the others, and without one's team there are only other ones
    left = {"sales", "emea"} - teams if choice.startswith("-team") else teams
    if who == "tom" and not left <= {"sales"}:
        return False  # a team of two is as good as a person
    return named <= PERSONS[who] and (who not in TEAMS or teams <= TEAMS[who])


@pytest.mark.parametrize("who", PERSONS)
def test_the_whole_table_of_roles_questions_and_choices(who: str) -> None:
    seen = {}
    for question, choice in product(QUESTIONS, CHOICES):
        found = visible(asked(question, choice), WHO[who], PEOPLE)
        assert isinstance(found, Visible) == may(who, question, choice), (question, choice, found)
        seen[question, choice] = found
    allowed = [found for found in seen.values() if isinstance(found, Visible)]
    assert all(one.sees == (None if who == "olga" else PERSONS[who]) for one in allowed)
    assert all(one.teams == ({"sales"} if who in {"tom", *TEAMS} else None) for one in allowed)


@pytest.mark.parametrize("who", TEAMS)
def test_a_reps_question_is_about_their_own_team_or_else_their_own_leads(who: str) -> None:
    """Whatever was chosen stays chosen: what is put on top only narrows."""
    for question, choice in product(QUESTIONS, CHOICES):
        plain = asked(question, choice)
        found = visible(plain, WHO[who], PEOPLE)
        if not isinstance(found, Visible) or plain.sub == "rep":
            continue
        filters = found.query.cohort.filters
        assert set(plain.cohort.filters) <= set(filters)
        own = [set(one.values) for one in filters if one.key == ("team" if TEAMS[who] else "rep") and not one.negated]
        assert any(values <= (TEAMS[who] or {who}) for values in own)


@pytest.mark.parametrize("who", ["maya", "noah", "tom", "olga"])
def test_all_others_see_totals_as_they_asked_for_them(who: str) -> None:
    for question, choice in product(QUESTIONS, CHOICES):
        plain = asked(question, choice)
        found = visible(plain, WHO[who], PEOPLE)
        assert isinstance(found, Problem) or found.query == plain


class _Known:
    """Every value and every person there is."""

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        return {"team": ["emea", "sales"], "rep": sorted(EVERYBODY), "source": ["ads"]}.get(key, [])

    def names(self, key: Dim) -> Mapping[str, str]:
        return {}

    def person(self, words: str) -> Sequence[str]:
        return [words] if words in EVERYBODY else []


@pytest.mark.parametrize("who", [one for one in PERSONS if one != "olga"])
def test_a_refusal_says_what_can_be_asked_instead(who: str) -> None:
    """Each suggestion is a command that works, and that they may give."""
    for question, choice in product(QUESTIONS, CHOICES):
        found = visible(asked(question, choice), WHO[who], PEOPLE)
        if isinstance(found, Visible):
            continue
        assert found.words
        assert found.suggestions
        for command in found.suggestions:
            understood = parse(command, NOW, _Known())
            assert not isinstance(understood, Problem), (command, understood)
            if isinstance(understood, Query):
                assert isinstance(visible(understood, WHO[who], PEOPLE), Visible), (question, choice, command)


def test_the_narrowed_question_can_be_asked_as_it_stands() -> None:
    found = visible(query(), WHO["ana"], PEOPLE)
    assert isinstance(found, Visible)
    again = parse(canonical(found.query), NOW, _Known())
    assert isinstance(again, Query)
    assert again.cohort.filters == (Filter("team", ("sales",)),)


def test_a_rep_of_a_team_of_two_is_told_why_its_total_is_not_theirs() -> None:
    found = visible(asked("overview", "team:emea"), WHO["dan"], PEOPLE)
    assert isinstance(found, Problem)
    assert found.words == "A team of fewer than 3 is as good as a person. You see your own numbers."
    assert found.suggestions[0] == "rep 30d @dan"
    plain = visible(query(), WHO["dan"], PEOPLE)
    assert isinstance(plain, Visible)
    assert plain.query.cohort.filters == (Filter("rep", ("dan",)),)


PERSONAL = {"by rep", "period by rep", "rejections by rep", "velocity by rep", "reps"}


@pytest.mark.parametrize("who", PERSONS)
def test_what_is_about_persons_goes_to_named_channels_alone(who: str) -> None:
    for question, choice in product(QUESTIONS, CHOICES):
        plain = asked(question, choice)
        personal = question in PERSONAL or question.startswith("rep ") or "@" in choice or who in {"ada", "dan"}
        for channel, named in (("C0SALES", True), ("C0OTHER", False), ("", True)):
            found = for_channel(plain, WHO[who], PEOPLE, channel)
            assert (found is None) == (may(who, question, choice) and (named or not personal)), (question, choice)
            assert for_channel(Explain("accept_rate", plain), WHO[who], PEOPLE, channel) == found
        nowhere = for_channel(plain, WHO[who], replace(PEOPLE, names_in=frozenset()), "")
        assert (nowhere is None) == (may(who, question, choice) and not personal)


@pytest.mark.parametrize("who", PERSONS)
def test_who_writes_notes_and_who_reads_them(who: str) -> None:
    writes = who in {"maya", "noah", "tom", "olga"}
    for note in (NewNote("Trade fair", NOW.date()), Notes(remove=3)):
        assert (may_note(note, WHO[who]) is None) == writes
    assert (may_note(Notes(), WHO[who]) is None) == (who != STRANGER)
