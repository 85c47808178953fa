"""The shape of criteria.yaml, and the criteria it becomes. Every key is documented in docs/criteria.md.

Points are written as people write them, 12 or 0.5, and become whole hundredths here; spans become whole days.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from bot.config.conditions import ConditionShape
from bot.config.values import Days
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
    Grade,
    SignalRule,
)
from bot.yamlfile import KeyPath, Shape

POINTS = "a number from -10000 to 10000 with at most two decimals"
LIMIT = "a number above 0 and up to 10000 with at most two decimals"
CELL = "a cell such as A1: a fit grade A to D, then a behaviour grade 1 to 4"


def _points(given: object) -> int:
    """Hundredths, exactly: 0.29 is 29 of them, whatever a binary float makes of it."""
    if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > 10_000:
        raise ValueError(f"expected {POINTS}")
    hundredths = Decimal(str(given)) * 100
    if hundredths != int(hundredths):
        raise ValueError(f"expected {POINTS}")
    return int(hundredths)


def _limit(given: object) -> int:
    points = _points(given)
    if points <= 0:
        raise ValueError(f"expected {LIMIT}")
    return points


def _cell(given: object) -> object:
    if given not in CELLS:
        raise ValueError(f"expected {CELL}")
    return given


_NUMBER = {"type": "number", "maximum": 10_000}
Points = Annotated[
    int, BeforeValidator(_points), WithJsonSchema(_NUMBER | {"minimum": -10_000}), Field(description=POINTS)
]
Limit = Annotated[
    int, BeforeValidator(_limit), WithJsonSchema(_NUMBER | {"exclusiveMinimum": 0}), Field(description=LIMIT)
]
Cell = Annotated[str, BeforeValidator(_cell), WithJsonSchema({"enum": [*CELLS]}), Field(description=CELL)]
EmailKind = Literal["business", "free", "disposable"]


class RuleShape(Shape):
    """A fit rule: what it is worth that `when` holds."""

    label: str
    points: Points
    when: ConditionShape


class FirstOfShape(Shape):
    """Fit rules of which only the first that holds counts."""

    first_of: list[RuleShape]


def _kind(given: object) -> str:
    return (
        "first_of" if isinstance(given, FirstOfShape) or (isinstance(given, dict) and "first_of" in given) else "rule"
    )


# The tag decides which of the two is meant, so that a slip is told once and not as the lack of the other.
Entry = Annotated[Annotated[RuleShape, Tag("rule")] | Annotated[FirstOfShape, Tag("first_of")], Discriminator(_kind)]


class FitShape(Shape):
    """Who the lead is."""

    grades: "FitGrades"
    rules: list[Entry] = Field(default=[])

    def placed(self) -> list[list[tuple[KeyPath, RuleShape]]]:
        """The rules with their places in the file, those of one `first_of` together."""
        return [_placed(entry, ("fit", "rules", place)) for place, entry in enumerate(self.rules)]

    def build(self) -> tuple[FitRule, ...]:
        """The rules in one row; those of one `first_of` share a group."""
        return tuple(
            FitRule(rule.label, rule.points, rule.when.build(), group if isinstance(entry, FirstOfShape) else None)
            for group, (entry, members) in enumerate(zip(self.rules, self.placed(), strict=True))
            for _, rule in members
        )


def _placed(entry: RuleShape | FirstOfShape, keys: KeyPath) -> list[tuple[KeyPath, RuleShape]]:
    if isinstance(entry, FirstOfShape):
        return [((*keys, "first_of", place), rule) for place, rule in enumerate(entry.first_of)]
    return [(keys, entry)]


class FitGrades(Shape):
    """The points from which each fit grade begins; below C is D."""

    A: Points
    B: Points
    C: Points


class BehaviourGrades(Shape):
    """The points from which each behaviour grade begins; below 3 is 4."""

    one: Points = Field(alias="1")
    two: Points = Field(alias="2")
    three: Points = Field(alias="3")


class SignalShape(Shape):
    """One type of signal."""

    label: str
    points: Points
    per_value: Points = 0
    cap_per_day: Limit | None = None
    cap: Limit | None = None
    half_life: Days | None = None
    intent: bool = False

    def build(self) -> SignalRule:
        """The rule as `score` takes it."""
        return SignalRule(**dict(self))


class BehaviourShape(Shape):
    """What the lead did."""

    grades: BehaviourGrades
    signals: dict[str, SignalShape]


class FastTrackShape(Shape):
    """Signals that make an MQL by themselves."""

    label: str
    signals: list[str]
    within: Days
    tier: str
    at_least: int = 1
    fits: list[Grade] = Field(default=list(FITS))

    def build(self) -> FastTrack:
        """The fast track as `assess` takes it."""
        return FastTrack(self.label, tuple(self.signals), self.within, self.tier, self.at_least, tuple(self.fits))


class DisqualifierShape(Shape):
    """What beats all points."""

    label: str
    when: ConditionShape | None = None
    signal: str | None = None
    lifted_by: str | None = None
    voids_card: bool = False

    @model_validator(mode="after")
    def _is_one_kind(self) -> "DisqualifierShape":
        if (self.when is None) == (self.signal is None):
            raise ValueError("expected exactly one of when and signal")
        if self.lifted_by and self.when:
            raise ValueError("lifted_by goes with signal; expected it without when")
        return self

    def build(self) -> Disqualifier:
        """The disqualifier as `assess` takes it."""
        when = self.when.build() if self.when else None
        return Disqualifier(self.label, when, self.signal, self.lifted_by, self.voids_card)


class CheckShape(Shape):
    """What is asked of the data of one field."""

    needed: bool = False
    accept: list[EmailKind] = Field(default=[])


class DerivedShape(Shape):
    """An attribute read out of the words of another field."""

    field: str
    values: dict[str, list[str]]


class CrossingShape(Shape):
    """How often a lead may cross."""

    cooldown: Days
    recycle_after: Days


class CriteriaFile(Shape):
    """criteria.yaml"""

    tiers: dict[str, list[Cell]]
    derived: dict[str, DerivedShape] = Field(default={})
    fit: FitShape
    behaviour: BehaviourShape
    fast_tracks: list[FastTrackShape] = Field(default=[])
    disqualifiers: list[DisqualifierShape] = Field(default=[])
    data: dict[str, CheckShape] = Field(default={})
    crossing: CrossingShape

    def build(self, version: str) -> Criteria:
        """The criteria as `assess` takes them."""
        fit, behaviour = self.fit.grades, self.behaviour.grades
        return Criteria(
            version=version,
            tiers={tier: tuple(cells) for tier, cells in self.tiers.items()},
            fit_from=(fit.A, fit.B, fit.C),
            behaviour_from=(behaviour.one, behaviour.two, behaviour.three),
            derived=tuple(
                Derived(name, shape.field, {value: tuple(words) for value, words in shape.values.items()})
                for name, shape in self.derived.items()
            ),
            fit=self.fit.build(),
            signals={type_: shape.build() for type_, shape in self.behaviour.signals.items()},
            fast_tracks=tuple(track.build() for track in self.fast_tracks),
            disqualifiers=tuple(one.build() for one in self.disqualifiers),
            checks=tuple(Check(name, one.needed, tuple(one.accept)) for name, one in self.data.items()),
            crossing=Crossing(self.crossing.cooldown, self.crossing.recycle_after),
        )
