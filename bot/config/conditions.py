"""The shape of a condition in criteria.yaml: one field compared, or all, any or not of other conditions."""

from typing import Any

from pydantic import Field, model_validator

from bot.config.values import Number, Scalar
from bot.criteria.rules import COMPARISONS, AllOf, AnyOf, Comparison, Condition, Not, Test, plain
from bot.lead import Value
from bot.yamlfile import Shape

IGNORE_CASE = "(?i)"
"""What every regular expression begins with."""


class ConditionShape(Shape):
    """A test of one field with one or more comparisons, all of which must hold; or all, any or not of conditions."""

    field: str | None = None
    equals: Scalar | None = None
    in_: list[Scalar] | None = Field(default=None, alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    contains: str | list[str] | None = Field(default=None, description="text or a list of texts")
    matches: str | None = Field(default=None, description="a regular expression, in the syntax of RE2")
    is_blank: bool | None = None
    all_: list["ConditionShape"] | None = Field(default=None, alias="all")
    any_: list["ConditionShape"] | None = Field(default=None, alias="any")
    not_: "ConditionShape | None" = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _is_one_kind(self) -> "ConditionShape":
        kinds = [self.field is not None, self.all_ is not None, self.any_ is not None, self.not_ is not None]
        if sum(kinds) != 1:
            raise ValueError("expected exactly one of field, all, any and not")
        if (self.field is None) == bool(self.comparisons()):
            raise ValueError(f"expected field together with one of {', '.join(COMPARISONS)}")
        return self

    def comparisons(self) -> dict[Comparison, tuple[Value, ...]]:
        """The comparisons that are there, with their alternatives in the form in which texts are compared."""
        given = {name: getattr(self, f"{name}_" if name == "in" else name) for name in COMPARISONS}
        return {name: _alternatives(name, value) for name, value in given.items() if value is not None}

    def build(self) -> Condition:
        """The condition as `judge` takes it."""
        if self.all_ is not None:
            return AllOf(tuple(part.build() for part in self.all_))
        if self.any_ is not None:
            return AnyOf(tuple(part.build() for part in self.any_))
        if self.not_ is not None:
            return Not(self.not_.build())
        tests = tuple(Test(self.field or "", name, values) for name, values in self.comparisons().items())
        return tests[0] if len(tests) == 1 else AllOf(tests)


def _alternatives(name: Comparison, given: Any) -> tuple[Value, ...]:
    if name == "matches":
        return (f"{IGNORE_CASE}{given}",)
    values: list[Value] = given if isinstance(given, list) else [given]
    return tuple(values) if name == "is_blank" else tuple(map(plain, values))
