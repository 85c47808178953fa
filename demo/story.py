"""What `past` makes up the demo company's leads from: shares, medians, reasons. All of the story is in these numbers.

Leads of the campaign «Generic search DACH», which began a month ago, are mostly too small: so paid search has become
clearly worse, and everything else is as it was.
"""

from dataclasses import dataclass
from datetime import timedelta

LATELY = timedelta(days=30)
"""Since so long ago things are different."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """What marketing does: its share of all leads (before, lately), how many are accepted, and how good they are."""

    source: str
    name: str
    shares: tuple[float, float]
    accepted: float
    small: float = 0.25


CAMPAIGNS = (
    Campaign("webinar", "Q4 webinar", (0.30, 0.24), 0.74),
    Campaign("paid_search", "Brand search UK", (0.24, 0.09), 0.74),
    Campaign("paid_search", "Generic search DACH", (0.0, 0.36), 0.22, small=0.8),
    Campaign("organic", "Blog", (0.18, 0.12), 0.66),
    Campaign("partner", "Partner newsletter", (0.14, 0.10), 0.80),
    Campaign("event", "Berlin meetup", (0.14, 0.09), 0.58),
)
COUNTRIES = ("DE", "GB", "NL", "FR", "SE", "IT", "ES", "BE", "PL", "US")
FRENCH = ("FR", "BE")
REPS = ("ana", "ana", "ben", "ben", "chloe")
"""Who gets a lead that needs no French; so often."""
TIERS = {"P1": (0.25, 6.0), "P2": (0.45, 60.0), "P3": (0.30, 200.0)}
"""Share of all, and the median of the minutes until a rep decides."""
SPREAD = 0.9
FRESH = timedelta(hours=3)
"""The newest few came so lately that most of them are open."""
SLOWER = {"ben": 1.5}
SILENT = (0.03, 0.35)
"""How many nobody answers: ever, and so far of those of the last day."""
GRADES = {"P1": ("A1", "A2", "B1"), "P2": ("A2", "B1", "B2"), "P3": ("A3", "B3", "C1", "C2")}
SCORES = {"P1": (70, 99), "P2": (60, 89), "P3": (45, 69)}
TYPES = {"P1": ("Asked for a demo", "Started a trial", "Asked for a quote")}
REASONS = {
    "FIT_COMPANY": 5, "FIT_PERSON": 4, "NOT_READY": 4, "DATA_INCOMPLETE": 3, "FIT_USECASE": 2, "DATA_WRONG": 2,
    "TIMING": 2, "JUNK": 1, "COMPETITOR": 1, "OPT_OUT": 1, "OTHER": 1, "DUPLICATE": 2,
}  # fmt: skip
OF_SMALL = {"FIT_COMPANY": 12, "FIT_PERSON": 2, "JUNK": 1, "NOT_READY": 1}
ANSWERS = {
    "FIT_PERSON": "Works in support; their head of sales decides",
    "NOT_READY": "The download; never heard of us",
    "DATA_INCOMPLETE": "phone",
    "FIT_USECASE": "Wants a help desk",
    "DATA_WRONG": "Has left the company",
    "JUNK": "spam",
    "COMPETITOR": "vendor",
    "OPT_OUT": "email",
    "OTHER": "Asked for the job we advertise",
    "DUPLICATE": "The same request came in by phone",
}
DISQUALIFIED = ("NO_CONTACT", "NO_NEED", "NO_BUDGET", "NO_AUTHORITY")
LATER = {"qualified": (0.42, 7.0), "disqualified": (0.26, 5.0)}
"""Of the accepted: share, and the median of the days until then."""
END = {"won": (0.30, 16.0), "lost": (0.25, 14.0)}
"""Of the qualified."""
REROUTED = 0.04
AGAIN, AGAIN_AFTER = 0.03, timedelta(days=21)
"""How many hand-offs are of somebody who was turned down or left so long ago."""
