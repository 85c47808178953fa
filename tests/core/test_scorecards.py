"""Scorecards that others have published, of three styles: each can be written down, passes the lint, and adds up."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.config.load import parse
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import daily
from bot.criteria.rules import Outcome
from bot.lead import Lead, Signal, Value

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

# A grid of fit and engagement as HubSpot's scoring tool has it, fifty points each. The points for engagement are those
# of thalox.com, "Combined Score in HubSpot"; for fit it names the properties and leaves the points to the reader.
GRID = """
tiers:
  P1: [A1]
  P2: [A2, B1]
fit:
  grades: {A: 40, B: 25, C: 10}
  rules:
    - {label: Industry, points: 20, when: {field: industry, in: [Software, Manufacturing]}}
    - {label: Revenue from 10 million, points: 15, when: {field: revenue, at_least: 10000000}}
    - {label: Country or region, points: 10, when: {field: country_code, in: [DE, AT, CH]}}
    - {label: Area of interest, points: 5, when: {field: interest, is_blank: false}}
behaviour:
  grades: {1: 40, 2: 20, 3: 5}
  signals:
    form: {label: Form submission, points: 15, cap: 15, intent: true}
    event: {label: Event registration, points: 10, cap: 10}
    meeting: {label: Meeting booked, points: 10, cap: 10, intent: true}
    page: {label: Page visit, points: 10, cap: 10}
    open: {label: E-mail open, points: 5, cap: 5}
crossing: {cooldown: 30d, recycle_after: 90d}
"""

# Marketo's own card, as Ross and Tyler print it in "Predictable Revenue" (p. 148): a manual review is left out, titles
# are spread over the 0 to 8 points it names, and its decay for a month without activity becomes a half-life.
TABLE = """
tiers:
  P1: [A1]
  P2: [A2, B1]
  P3: [B2, C1]
derived:
  rank:
    field: title
    values:
      vp: [vp, vice president]
      chief: [chief, ceo, cmo, president]
      director: [director, head]
fit:
  grades: {A: 12, B: 7, C: 1}
  rules:
    - first_of:
        - {label: Chief, points: 8, when: {field: rank, equals: chief}}
        - {label: Vice president, points: 6, when: {field: rank, equals: vp}}
        - {label: Director, points: 4, when: {field: rank, equals: director}}
    - {label: From our website, points: 7, when: {field: source, equals: website}}
    - {label: From a thought leadership offer, points: -5, when: {field: source, contains: thought leadership}}
behaviour:
  grades: {1: 30, 2: 15, 3: 5}
  signals:
    page_or_open: {label: Visited a page or opened an e-mail, points: 1, half_life: 30d}
    demo_watched: {label: Watched a demo, points: 5, half_life: 30d, intent: true}
    webinar_registered: {label: Registered for a webinar, points: 5, half_life: 30d}
    webinar_attended: {label: Attended a webinar, points: 5, half_life: 30d}
    thought_leadership: {label: Downloaded thought leadership, points: 5, half_life: 30d}
    reviews: {label: Downloaded reviews of us, points: 12, half_life: 30d, intent: true}
    many_pages: {label: More than 8 pages in one visit, points: 7, half_life: 30d}
    twice_a_week: {label: Came twice in one week, points: 8, half_life: 30d}
    searched_us: {label: Searched for our name, points: 15, half_life: 30d, intent: true}
    pricing: {label: Visited pricing, points: 5, half_life: 30d, intent: true}
    careers: {label: Visited careers, points: -10}
crossing: {cooldown: 30d, recycle_after: 90d}
"""

# "Weighted BANT" of salesopssolutions.com (2009): budget, authority, need and time frame from 0 to 4 each; 13 to 16
# is highly qualified, 9 to 12 qualified, 5 to 8 slightly. Here as their mean, a quarter of a point each.
LETTERS = ("Budget", "Authority", "Need", "Timeframe")
RULE = "        - {{label: {name} {step} of 4, points: {points}, when: {{field: {field}, at_least: {step}}}}}\n"
STEPS = "".join(
    "    - first_of:\n"
    + "".join(RULE.format(name=name, field=name.lower(), step=step, points=step / 4) for step in (4, 3, 2, 1))
    for name in LETTERS
)
BANT = f"""
tiers:
  P1: [A4]
  P2: [B4]
fit:
  grades: {{A: 3.25, B: 2.25, C: 1.25}}
  rules:
{STEPS}
behaviour: {{grades: {{1: 3, 2: 2, 3: 1}}, signals: {{}}}}
crossing: {{cooldown: 90d, recycle_after: 180d}}
"""


def judged(card: str, lead: Lead, *signals: str, ago: int = 0) -> Assessment:
    """The lead under this card, with the signals named, all `ago` days old."""
    criteria = parse({"criteria.yaml": card}).criteria
    at = NOW - timedelta(days=ago)
    heard = [Signal(str(number), type_, at) for number, type_ in enumerate(signals)]
    return assess(lead, daily(heard, NOW), criteria, NOW)


def company(**attributes: Value) -> Lead:
    return Lead(email="ada@vialetto.example", country="Germany", attributes=attributes)


def test_a_grid_of_fit_and_engagement() -> None:
    good = company(industry="software", revenue=20_000_000)
    busy = judged(GRID, good, "form", "meeting", "page", "page", "page", "open")
    assert (busy.fit_points, busy.behaviour_points, busy.cell, busy.tier) == (4500, 4000, "A1", "P1")
    quiet = judged(GRID, good, "page", "event")
    assert (quiet.behaviour_points, quiet.cell, quiet.tier) == (2000, "A2", "P2")


def test_a_grid_gives_nothing_for_what_is_not_known() -> None:
    found = judged(GRID, company(industry="Software"), "form", "event", "meeting", "open")
    assert (found.fit_points, found.cell, found.tier) == (3000, "B1", "P2")
    assert {line.label: line.outcome for line in found.lines}["Revenue from 10 million"] is Outcome.UNKNOWN
    other = judged(GRID, company(industry="Retail", revenue=5_000_000, interest="pumps"), "page")
    assert (other.fit_points, other.cell, other.tier) == (1500, "C3", None)


def test_a_table_of_demographics_and_behaviour() -> None:
    lead = Lead(email="a@b.example", title="Vice President Marketing", source="website")
    hot = judged(TABLE, lead, "demo_watched", "demo_watched", "pricing", "searched_us")
    assert (hot.fit_points, hot.behaviour_points, hot.cell, hot.tier) == (1300, 3000, "A1", "P1")
    cool = judged(TABLE, lead, "demo_watched", "demo_watched", "pricing", "searched_us", "careers")
    assert (cool.behaviour_points, cool.cell, cool.tier) == (2000, "A2", "P2")
    later = judged(TABLE, lead, "demo_watched", "demo_watched", "pricing", "searched_us", ago=30)
    assert (later.behaviour_points, later.cell) == (1500, "A2"), "half is left after a half-life"


def test_a_table_with_points_against() -> None:
    lead = Lead(email="a@b.example", title="Director IT", source="Thought leadership offer")
    found = judged(TABLE, lead, "thought_leadership", "webinar_registered", "webinar_attended", "page_or_open")
    assert (found.fit_points, found.behaviour_points, found.cell, found.tier) == (-100, 1600, "D2", None)


@pytest.mark.parametrize(
    ("scores", "points", "cell", "tier"),
    [
        ((4, 4, 4, 4), 400, "A4", "P1"),
        ((4, 3, 2, 4), 325, "A4", "P1"),
        ((4, 3, 2, 3), 300, "B4", "P2"),
        ((4, 4, 4, None), 300, "B4", "P2"),
        ((3, 2, 2, 2), 225, "B4", "P2"),
        ((2, 2, 2, 2), 200, "C4", None),
        ((1, 1, 1, 1), 100, "D4", None),
        ((0, 0, 0, 0), 0, "D4", None),
        ((4, 4, "4", 0), 200, "C4", None),
    ],
)
def test_a_card_of_bant_alone_in_quarters(scores: tuple[Value, ...], points: int, cell: str, tier: str | None) -> None:
    known = dict(zip((name.lower() for name in LETTERS), scores, strict=True))
    found = judged(BANT, company(**known))
    assert (found.fit_points, found.cell, found.tier) == (points, cell, tier)
