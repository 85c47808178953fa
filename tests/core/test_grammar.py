"""The language of /funnel: every word, in any order and spelling, and what is meant by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.language import windows
from bot.stats.language.grammar import parse
from bot.stats.query import (
    DIMENSIONS,
    After,
    Dim,
    Filter,
    Problem,
    Query,
)
from tests.core.grammar_kit import METRICS, NOW, ask, query, world

SUBS = {
    "": "overview",
    "rejections": "rejections",
    "sla": "sla",
    "velocity": "velocity",
    "reps": "reps",
    "rep @ana": "rep",
    'campaign "Spring Launch"': "campaign",
}
OPTIONS: dict[str, dict[str, object]] = {
    "touch=trigger": {},
    "touch=first": {"touch": "first"},
    "touch=last": {"touch": "last"},
    "basis=cohort": {},
    "basis=period": {"basis": "period"},
    "matured": {"matured": True},
    "at=24h": {"after": After(24, "h")},
    "at=2bd": {"after": After(2, "bd")},
    "at=30d": {"after": After(30, "d")},
    "at=8bh": {"after": After(8, "bh")},
    "vs=prev": {},
    "vs=year": {"vs": "year"},
    "vs=none": {"previous": None},
    "ci=95": {},
    "ci=90": {"confidence": 0.9},
    "private": {},
    "share": {"to": "share"},
    "dm": {"to": "dm"},
    "csv": {"csv": True},
}
PERIOD = ("overview", "campaign")
VALUES: dict[Dim, str] = {dim: world().stored[dim][0] for dim in DIMENSIONS if dim in world().stored}
VALUES |= {"grade": "B1", "week": "2026-03-16", "month": "2026-03"}


def facts(found: Query) -> dict[str, object]:
    keys = ("basis", "after", "matured", "previous", "confidence", "to", "csv")
    return {**{key: getattr(found, key) for key in keys}, "touch": found.cohort.touch}


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("sub", SUBS)
def test_every_question_with_every_option(sub: str, option: str) -> None:
    name, wanted = SUBS[sub], dict(OPTIONS[option])
    found = ask(f"{option} {sub}")
    if (option == "basis=period" and name not in PERIOD) or (
        name == "sla" and ("at=" in option or option == "matured")
    ):
        assert isinstance(found, Problem)
        assert found.suggestions[0] == query(sub).text
        return
    assert isinstance(found, Query)
    if wanted.pop("vs", None):
        wanted["previous"] = windows.year_before(found.cohort.window)
    assert found.sub == name
    assert facts(found) == facts(query(sub)) | wanted
    assert (found.text == query(sub).text) is (not OPTIONS[option]), "a default is not written"
    assert query(found.text.upper()) == found


@pytest.mark.parametrize("dim", DIMENSIONS)
def test_every_dimension_splits_with_by_or_alone_and_in_the_plural(dim: Dim) -> None:
    for text in (f"by {dim}", f"BY {dim.upper()}", dim, f"“{dim}”", f"by: {dim}", f"7d by {dim}s 7d"):
        found = query(text)
        assert (found.sub, found.by) == (("rejections", None) if dim == "reason" else ("overview", dim)), text
        assert query(f"by {dim}") == query(dim)


@pytest.mark.parametrize("dim", DIMENSIONS)
@pytest.mark.parametrize("sub", SUBS)
def test_what_can_be_split_and_what_cannot(sub: str, dim: Dim) -> None:
    found = ask(f"{sub} by {dim}")
    name = SUBS[sub]
    if dim == "reason" and name in ("overview", "rejections"):
        assert found == query("rejections")
    elif dim == "reason" or name not in ("overview", "rejections", "sla", "velocity"):
        assert isinstance(found, Problem)
        about = {"rep": " rep:ana", "campaign": ' campaign:"Spring Launch"'}.get(name, "")
        assert dim == "reason" or found.suggestions[0] == f"30d by {dim}{about}"
    else:
        assert isinstance(found, Query)
        assert (found.sub, found.by) == (name, dim)


@pytest.mark.parametrize("dim", DIMENSIONS)
def test_every_dimension_filters_and_so_does_its_opposite_and_what_is_blank(dim: Dim) -> None:
    value = VALUES[dim]
    spellings = ("Webinar", "webinar ") if dim == "source" else (value,)
    for text in (f'{dim}:"{value}"', f"{dim.upper()} : “{value.upper()}”", f"{dim}='{value}'", f"{dim}s: ' {value}'"):
        assert query(text).cohort.filters == (Filter(dim, spellings),), text
    assert query(f'-{dim}:"{value}"').cohort.filters == (Filter(dim, spellings, negated=True),)
    for blank in ("blank", "(Blank)", '"(blank)"'):
        assert query(f"{dim}:{blank}").text == f"30d {dim}:blank"
        assert query(f"{dim}:{blank}").cohort.filters == (Filter(dim, ("(blank)",)),)


@pytest.mark.parametrize(
    "word", [*windows.NAMES, "7d", "12w", "3m", "2026-03", "2026", "2026-q1", "2026-01..2026-02-03"]
)
def test_every_window_word_goes_with_every_question(word: str) -> None:
    for sub in SUBS:
        found = query(f"{word.upper()} {sub}")
        assert found.cohort.window == windows.read(word, NOW)
        assert found.previous == windows.before(found.cohort.window)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", "30d"),
        ("/funnel 7d", "7d"),
        ("overview", "30d"),
        ("rejection", "rejections 30d"),
        ("rejects 7d", "rejections 7d"),
        ("reasons", "rejections 30d"),
        ("speed", "velocity 30d"),
        ("last week", "last-week"),
        ("this month by team", "mtd by team"),
        ("last 7 days", "7d"),
        ("this week sla", "sla wtd"),
        ("last two weeks by team", "2w by team"),
        ("1y", "12m"),
        ("5 years", "60m"),
        ("since 2026-03-01 by team", "2026-03-01..2026-03-31 by team"),
        ("by team from march 2025 to may 2025 sla", "sla 2025-03..2025-05 by team"),
        ("Q3", "2025-Q3"),
        ("Q1 2025", "2025-Q1"),
        ("nov", "2025-11"),
        ("rejections March 2025", "rejections 2025-03"),
        ("“march” sla", None),
        ("rep april", None),
        ("vs year", "30d vs=year"),
        ("52w vs=year", "52w vs=year"),
        ("364d vs=year", "364d vs=year"),
        ("2025-01-01..2025-12-30 vs=year", "2025-01-01..2025-12-30 vs=year"),
        ("7d vs last year", "7d vs=year"),
        ("vs none at 24h basis cohort", "30d at=24h vs=none"),
        ("last month vs prev", "last-month"),
        ("vs 7d", None),
        ("past 30d", "30d"),
        ("7 days by week", "7d by week"),
        ("by use case", "30d by usecase"),
        ("use_case:onboarding", "30d usecase:Onboarding"),
        ("weekly", "30d by week"),
        ("2026-03–2026-04", "2026-03..2026-04"),
        ("2026-03-01 .. 2026-03-05", "2026-03-01..2026-03-05"),
        ("2026-03-01…2026-03-05", "2026-03-01..2026-03-05"),
        ("rejections by source, 7d", "rejections 7d by source"),
        ("reason by source", "rejections 30d by source"),
        ("30\u00a0d", "30d"),
        ("7d\u00a0by\u2003source\u200b", "7d by source"),
        ("--csv —matured", "30d matured csv"),
        ("—share", "30d share"),
        ("touch = FIRST", "30d touch=first"),
        ("touch:first at: 02bd", "30d touch=first at=2bd"),
        ("7d 7d csv csv by team by team", "7d by team csv"),
        ("by rep @ana", "30d by rep rep:ana"),
        ("@ana @ben", "30d rep:ana,ben"),
        ("-@ana", "30d -rep:ana"),
        ("owner:“Ben Okafor”", "30d rep:ben"),
        ("rep:zed\u00a0who", None),
        ("rep:“ZED WHO LEFT”", '30d rep:"Zed who left"'),
        ("<@U0ANA> sla", "sla 30d rep:ana"),
        ("<@U0ANA|ana ruiz> sla", "sla 30d rep:ana"),
        ("rep <@U0ANA|ana>", "rep @ana 30d"),
        ("@ana 7d rep", "rep @ana 7d"),
        ("rep ana ruiz 7d", "rep @ana 7d"),
        ('rep "Ana Ruiz"', "rep @ana 30d"),
        ("rep -@ana", "30d by rep -rep:ana"),
        ("rep", "30d by rep"),
        ("campaign 7d", "7d by campaign"),
        ("campaign open", 'campaign "open" 30d'),
        ("7d campaign spring launch", 'campaign "Spring Launch" 7d'),
        ("campaign 'SPRING  launch'", 'campaign "Spring Launch" 30d'),
        ("spring launch 2", '30d campaign:"Spring  launch 2"'),
        ("“spring launch”", '30d campaign:"Spring Launch"'),
        ("webinar 7d", '7d source:Webinar,"webinar "'),
        ("-webinar", '30d -source:Webinar,"webinar "'),
        ("source: demo, 'paid search' source:trade-show", '30d source:"Paid Search",demo,trade-show'),
        ("tier:p1,GOLD grade:a1..b2", "30d grade:A1,A2,B1,B2 tier:P1,gold"),
        ("source:demo, tier:P1, 7d", None),
        ("source:demo, tier:gold 7d", "7d source:demo tier:gold"),
        ("source:demo,trade-show, by team", None),
        ('campaign "blank"', 'campaign "(blank)" 30d'),
        ("grade:b2–a1 -grade:d", "30d grade:A1,A2,B1,B2 -grade:D1,D2,D3,D4"),
        ("grade:a..b", "30d grade:A1,A2,A3,A4,B1,B2,B3,B4"),
        ("score:60..80", "30d score:60..80"),
        ("score:60–80", "30d score:60..80"),
        ("score:60-80", "30d score:60..80"),
        ("points:60…", "30d score:60.."),
        ("-score:..-5", "30d -score:..-5"),
        ("score:1234567", None),
        ("score:60", "30d score:60"),
        ("score:60..60", "30d score:60"),
        ("week:2026w1,2026-W12,2026-03-22", "30d week:2025-12-29,2026-03-16"),
        ("month:2026-3", "30d month:2026-03"),
        ("vs=none ci=90 share matured at=24h 7d", "7d matured at=24h vs=none ci=90 share"),
    ],
)  # fmt: skip
def test_what_people_type_and_what_it_means(text: str, means: str | None) -> None:
    found = ask(text)
    assert (found.text if isinstance(found, Query) else None) == means


@pytest.mark.parametrize(
    "text",
    ["7d by campaign", "by campaign 7d", "BY Campaign 7D", "“7d by campaign”", "'7d' by `campaign`",
     "7days  by campaign", '"7d by campaign', "7d by campaign”", "«7d» by campaign", "„7d“ by ‚campaign‘",
     "`7d by campaign`"],
)  # fmt: skip
def test_order_capitals_and_quotes_make_no_difference(text: str) -> None:
    assert ask(text) == query("7d by campaign")


@given(
    st.permutations(
        ["sla", "7d", "by team", 'source:"Paid Search"', "-@ben", "touch=first", "vs=none", "csv", "demo x"]
    )
)
def test_any_order_is_as_good(parts: list[str]) -> None:
    parts = [part for part in parts if part != "demo x"]
    assert query(" ".join(parts)).text == 'sla 7d by team -rep:ben source:"Paid Search" touch=first vs=none csv'


def test_the_world_is_asked_only_for_what_the_line_names() -> None:
    for text, asked in {"7d by source": [], "tier:P1 week:2026-W12 score:60..": [], "grade:A": [], "blank": None,
                        "source:demo,webinar 7d": [("source", "7d")], "@ana": [("person", "ana")]}.items():  # fmt: skip
        there = world()
        parse(text, NOW, there, METRICS)
        assert asked is None or there.asked == asked, text
