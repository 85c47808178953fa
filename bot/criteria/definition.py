"""What makes an MQL, as records: the criteria file after it was read, checked, and put into exact units.

The configuration builds these; `assess` and everything that explains an assessment read them. Points are whole
numbers of hundredths, so that sums are exact in any order; spans of time are whole days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.criteria.rules import Condition

Grade = Literal["A", "B", "C", "D"]
Level = Literal[1, 2, 3, 4]
FITS: tuple[Grade, ...] = ("A", "B", "C", "D")
LEVELS: tuple[Level, ...] = (1, 2, 3, 4)
CELLS = tuple(f"{fit}{level}" for fit in FITS for level in LEVELS)


@dataclass(frozen=True, slots=True)
class Derived:
    """An attribute read out of the text of `field`: the first of `values` one of whose words is in it."""

    name: str
    field: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FitRule:
    """What it is worth that a condition holds. Of rules in one `group` only the first that holds counts."""

    label: str
    points: int
    when: Condition
    group: int | None = None


@dataclass(frozen=True, slots=True)
class SignalRule:
    """What the signals of one type are worth.

    Each is worth `points`, and `per_value` for each unit of the value it carries. A day of them is worth at most
    `cap_per_day`, all days together at most `cap`: the newest days count first. Then each day halves every
    `half_life` days (None: never). `intent`: it shows that somebody wants to buy, so it may bring a lead back.
    """

    label: str
    points: int
    per_value: int = 0
    cap_per_day: int | None = None
    cap: int | None = None
    half_life: int | None = None
    intent: bool = False


@dataclass(frozen=True, slots=True)
class FastTrack:
    """At least `at_least` of these signals in the last `within` days make an MQL of `tier`, whatever the points say.

    `fits` are the fit grades it is open to.
    """

    label: str
    signals: tuple[str, ...]
    within: int
    tier: str
    at_least: int = 1
    fits: tuple[Grade, ...] = FITS


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """What beats all points: a condition, or a `signal` that no later `lifted_by` has taken back.

    `voids_card`: an open card is withdrawn too.
    """

    label: str
    when: Condition | None = None
    signal: str | None = None
    lifted_by: str | None = None
    voids_card: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A field whose data is checked before a card is made. Without a `needed` one there is no card.

    `accept` are the kinds of e-mail address that will do; it is empty for other fields.
    """

    field: str
    needed: bool
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossing:
    """How often a lead may cross: `cooldown` days after it crossed, `recycle_after` days after it was turned down."""

    cooldown: int
    recycle_after: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of what makes an MQL.

    `fit_from` and `behaviour_from` hold the points from which each grade but the last begins, best first. `tiers`
    holds the cells of each tier (A1 … D4), the most urgent tier first.
    """

    version: str
    tiers: Mapping[str, tuple[str, ...]]
    fit_from: tuple[int, int, int]
    behaviour_from: tuple[int, int, int]
    derived: tuple[Derived, ...]
    fit: tuple[FitRule, ...]
    signals: Mapping[str, SignalRule]
    fast_tracks: tuple[FastTrack, ...]
    disqualifiers: tuple[Disqualifier, ...]
    checks: tuple[Check, ...]
    crossing: Crossing

    def tier_of(self, cell: str) -> str | None:
        """The tier a cell belongs to; None for a cell that is no MQL."""
        return next((tier for tier, cells in self.tiers.items() if cell in cells), None)

    def urgency(self, tier: str | None) -> int:
        """The place of a tier, 0 for the most urgent one. A tier that these criteria do not have comes last."""
        order = list(self.tiers)
        return order.index(tier) if tier in order else len(order)

    def more_urgent(self, one: str | None, other: str | None) -> bool:
        """Whether tier `one` comes before `other`."""
        return self.urgency(one) < self.urgency(other)

    @property
    def intent(self) -> frozenset[str]:
        """Types of signals that may bring a lead back which was turned down."""
        return frozenset(type_ for type_, rule in self.signals.items() if rule.intent)

    def standing_signals(self) -> Iterator[str]:
        """Types of which even the oldest signal counts: those that disqualify, and those that lift it again."""
        for rule in self.disqualifiers:
            yield from (one for one in (rule.signal, rule.lifted_by) if one)
