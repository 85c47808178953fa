"""Random leads, signals and criteria, as hypothesis draws them: small, so that everything meets everything."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from bot.criteria.assess import Assessment, assess
from bot.criteria.days import daily
from bot.criteria.definition import (
    CELLS,
    FITS,
    Check,
    Criteria,
    Crossing,
    Derived,
    Disqualifier,
    FastTrack,
    FitRule,
    SignalRule,
)
from bot.criteria.rules import AllOf, AnyOf, Comparison, Condition, Not, Test
from bot.lead import Lead, Signal, Value
from tests.core.reference import FAULTS
from tests.core.reference_rules import CODES, KINDS

few = settings(max_examples=50)
"""For properties that a handful of examples would break."""

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TYPES = ("visit", "demo", "open", "gone", "zeta")
TIERS = ("P1", "P2", "P3")
SENIORITY = Derived("seniority", "title", {"student": ("intern",), "head": ("head", "chief"), "staff": ("it",)})
FIELDS = ("title", "email_kind", "email_domain", "country_code", "company", "seniority", "employees", "vip")

TEXTS = (
    "Head of IT",
    "CHIEF",
    "intern",
    "mvp",
    " ",
    "",
    "acme",
    "free",
    "business",
    "gb",
    "acme.example",
    "ANA@acme.example",
    "50",
    "Yes",
)
NUMBERS = (-1, 0, 0.5, 49.99, 50, 50.0, 10**18, float("nan"), float("inf"))
ATTRIBUTES = ("employees", "vip", "email_bounced", "title")
values = st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.sampled_from(TEXTS)
leads = st.builds(
    Lead,
    email=st.sampled_from([None, *KINDS]),
    title=st.none() | st.sampled_from(TEXTS),
    company=st.none() | st.sampled_from(["acme", " "]),
    phone=st.none() | st.sampled_from(["", *sorted(set(FAULTS) - set(KINDS))]),
    country=st.none() | st.sampled_from(list(CODES)),
    attributes=st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=3),
)

wanted = (
    st.booleans() | st.sampled_from(NUMBERS[:6]) | st.sampled_from([one.casefold() for one in TEXTS if one.strip()])
)
PATTERNS = ("^head", "it$", "c.?o|chief", r"\d+", ".")


ALTERNATIVES: dict[Comparison, st.SearchStrategy[tuple[Value, ...]]] = {
    "equals": st.tuples(wanted),
    "in": st.lists(wanted, min_size=1, max_size=3).map(tuple),
    "contains": st.lists(st.sampled_from(["head", "c", "it", "50"]), min_size=1, max_size=2).map(tuple),
    "matches": st.sampled_from([(one,) for one in PATTERNS]),
    "is_blank": st.sampled_from([(True,), (False,)]),
    **dict.fromkeys(("at_least", "at_most", "above", "below"), st.sampled_from([(one,) for one in NUMBERS[:6]])),
}
fields = st.sampled_from(FIELDS)
tests = st.one_of([st.builds(Test, fields, st.just(name), values) for name, values in ALTERNATIVES.items()])
parts = st.lists(tests | st.builds(Not, tests), min_size=1, max_size=3).map(tuple)
conditions: st.SearchStrategy[Condition] = (
    tests | st.builds(AllOf, parts) | st.builds(AnyOf, parts) | st.builds(Not, st.builds(AllOf, parts))
)

points = st.integers(-5000, 5000)
limits = st.none() | st.integers(1, 8000)
half_lives = st.none() | st.sampled_from([1, 7, 14, 30])
labels = st.sampled_from("abcdefghijklmnop")
signal_rules = st.builds(
    SignalRule,
    label=labels,
    points=points,
    per_value=st.just(0) | st.integers(-300, 300),
    cap_per_day=limits,
    cap=limits,
    half_life=half_lives,
)
fit_rules = st.builds(FitRule, labels, points, conditions, st.none() | st.integers(0, 1))
types = st.sampled_from(TYPES)
tracks = st.builds(
    FastTrack,
    label=labels,
    signals=st.lists(types, min_size=1, max_size=2, unique=True).map(tuple),
    within=st.sampled_from([1, 6, 7, 13, 14, 70]),
    tier=st.sampled_from(TIERS),
    at_least=st.integers(1, 3),
    fits=st.sampled_from([FITS, ("A", "B"), ("D",)]),
)
disqualifiers = st.builds(Disqualifier, labels, conditions, voids_card=st.booleans()) | st.builds(
    Disqualifier, labels, st.none(), types, st.none() | types, st.booleans()
)
CHECKS = (
    Check("email", True, ("business", "free")),
    Check("email", False),
    Check("phone", False),
    Check("country", True),
    Check("company", True),
    Check("employees", False),
)
starts = st.lists(st.integers(-3000, 8000), min_size=3, max_size=3).map(
    lambda three: tuple(sorted(three, reverse=True))
)


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    """Criteria of every kind of rule, each cell under one tier at most."""
    tier_of = draw(st.dictionaries(st.sampled_from(CELLS), st.sampled_from(TIERS), min_size=4, max_size=12))
    return Criteria(
        version="v1",
        tiers={tier: tuple(cell for cell in tier_of if tier_of[cell] == tier) for tier in TIERS},
        fit_from=draw(starts),
        behaviour_from=draw(starts),
        derived=(SENIORITY,),
        fit=tuple(draw(st.lists(fit_rules, max_size=5))),
        signals=draw(st.dictionaries(types, signal_rules, max_size=4)),
        fast_tracks=tuple(draw(st.lists(tracks, max_size=2))),
        disqualifiers=tuple(draw(st.lists(disqualifiers, max_size=2))),
        checks=draw(st.sampled_from([CHECKS, CHECKS[:1], ()])),
        crossing=Crossing(30, 60),
    )


amounts = st.none() | st.sampled_from([0.0, 1.0, 0.005, 1.005, -3.0, 33.33, 1e18, float("nan"), float("inf")])
moments = (
    st.sampled_from([0, 1, 6, 7, 8, 13, 14, 70, 71, 140, 300, 301]).map(lambda days: NOW - timedelta(days=days))
    | st.integers(-60, 60 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
    | st.integers(-3, 400).map(lambda hours: NOW - timedelta(hours=hours))
)
signals = st.lists(
    st.builds(Signal, st.sampled_from("abcdefghijkl"), types, moments, st.none() | st.sampled_from("xy"), amounts),
    max_size=14,
)


EMPTY = Criteria(
    "v1",
    {"P1": ("D1",), "P2": ("D2",), "P3": ("A1",)},
    (3, 2, 1),
    (5000, 2500, 1000),
    (),
    (),
    {},
    (),
    (),
    (),
    Crossing(30, 60),
)


def judged(signals: list[Signal], criteria: Criteria, lead: Lead | None = None, now: datetime = NOW) -> Assessment:
    """The assessment of these signals, of nobody in particular if no lead is given."""
    return assess(lead or Lead(), daily(signals, now), criteria, now)
