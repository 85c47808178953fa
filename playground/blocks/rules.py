"""The small language block rules are written in.

A rule takes a value and its JSON pointer and yields complaints in Slack's words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
Fields = Mapping[str, Rule]


def fault(text: str, at: str) -> str:
    """A complaint as Slack words it."""
    return f"{text} [json-pointer:{at}]"


def anything(value: Any, at: str) -> Iterator[str]:
    """A rule that everything passes."""
    yield from ()


def string(most: int | None = None, least: int = 0, pattern: str | None = None) -> Rule:
    """A rule for text, with bounds in characters; the pattern is for the whole of it."""
    form = re.compile(pattern) if pattern else None

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must provide a string", at)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            yield fault(f"must be less than {most + 1} characters", at)
        elif form and not form.fullmatch(value):
            yield fault("does not match the expected format", at)

    return rule


def boolean(value: Any, at: str) -> Iterator[str]:
    """A rule for true and false."""
    if not isinstance(value, bool):
        yield fault("must be a valid boolean", at)


def number(low: float | None = None, high: float | None = None, whole: bool = False) -> Rule:
    """A rule for numbers from `low` to `high`."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield fault("must provide an integer" if whole else "must provide a number", at)
        elif low is not None and value < low:
            yield fault(f"must be at least {low:g}", at)
        elif high is not None and value > high:
            yield fault(f"must be no more than {high:g}", at)

    return rule


def choice(*allowed: str) -> Rule:
    """A rule for one of these words."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(allowed)}", at)

    return rule


def array(item: Rule, most: int | None = None, least: int = 1) -> Rule:
    """A rule for lists: one for each item, and bounds on their number."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must provide an array", at)
            return
        if len(value) < least:
            yield fault(f"no less than {least} items allowed", at)
        if most is not None and len(value) > most:
            yield fault(f"no more than {most} items allowed", at)
        for place, each in enumerate(value):
            yield from item(each, f"{at}/{place}")

    return rule


def record(required: Fields, optional: Fields | None = None, *also: Rule) -> Rule:
    """A rule for objects that allows no other field; `also` judges the whole."""
    known = {**required, **(optional or {})}

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", at)
            return
        yield from (fault(f"missing required field: {name}", at) for name in required if name not in value)
        yield from (fault(f"invalid additional property: {name}", at) for name in value if name not in known)
        for name, each in known.items():
            if name in value:
                yield from each(value[name], f"{at}/{name}")
        for extra in also:
            yield from extra(value, at)

    return rule


def tagged(table: Mapping[str, Rule]) -> Rule:
    """A rule that picks one by `type` and refuses any other type."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", at)
        elif "type" not in value:
            yield fault("missing required field: type", at)
        elif value["type"] not in table:
            yield fault(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from table[value["type"]](value, at)

    return rule


def one_of_fields(*names: str) -> Rule:
    """A rule that wants at least one of these fields."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not any(name in value for name in names):
            yield fault("must define either " + " or ".join(f"`{name}`" for name in names), at)

    return rule


def not_both(first: str, second: str) -> Rule:
    """A rule that refuses both fields at once."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if first in value and second in value:
            yield fault(f"cannot define both `{first}` and `{second}`", at)

    return rule
