"""Why somebody got a lead, step by step: plain text for a terminal, to be escaped for Slack."""

from collections.abc import Sequence

from bot.blocks.criteria_words import either
from bot.blocks.text import clean
from bot.handoff.grounds import Placed
from bot.handoff.routing import Considered
from bot.lead import People

MOST_NAMED = 8
NOT_KEPT = "How it was routed was not kept."


def routing_lines(owners: Sequence[Placed], people: People) -> list[str]:
    """Every owner in order, each with their steps below, indented."""
    lines: list[str] = []
    for one in owners:
        lines.append(f"{_name(people, one.to)}, {one.at:%a %-d %b %Y, %H:%M} UTC")
        lines += [f"  {step}" for step in steps_lines(one.trace, people)]
    return lines or [NOT_KEPT]


def steps_lines(trace: Sequence[Considered], people: People) -> list[str]:
    """The steps, numbered: the rule, who was left after it, and why not the others."""
    return [f"{number}. {_step(step, people)}" for number, step in enumerate(trace, 1)]


def _step(step: Considered, people: People) -> str:
    rule = clean(step.rule, 200)
    parts = [rule[:1].upper() + rule[1:]]
    left = [_name(people, key) for key in step.left[:MOST_NAMED]]
    if not (len(step.left) == 1 and left[0] in rule):  # the rule names them
        parts.append(f"Left: {_listed(left, len(step.left)) or 'nobody'}")
    if step.dropped:
        named = list(step.dropped.items())[:MOST_NAMED]
        not_they = [f"{_name(people, key)} ({clean(why, 100)})" for key, why in named]
        parts.append(f"Not: {_listed(not_they, len(step.dropped))}")
    return ". ".join(parts) + "."


def _listed(names: Sequence[str], count: int) -> str:
    """The first of `count` names, and how many more there are."""
    more = [f"{count - len(names)} more"] if count > len(names) else []
    return either([*names, *more], "and")


def _name(people: People, key: str) -> str:
    return clean(people.name_of(key), 60)
