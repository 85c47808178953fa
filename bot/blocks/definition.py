"""What makes an MQL, in plain words: the whole definition in under fifteen lines, for Slack and for a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from textwrap import wrap
from typing import NamedTuple

from bot.blocks.criteria_words import LABEL, days, either, field_name, moment, points
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import clean, context, escape, paragraphs, plain_text, when
from bot.criteria.definition import FITS, LEVELS, Check, Criteria, Crossing, FastTrack, FitRule, Grade, SignalRule

WIDTH = 94
"""Characters of a line beside its heading: with it, a terminal of 110 columns holds one."""
LONGEST_LINE = 150
GLUE = "\N{NO-BREAK SPACE}"


class Said(NamedTuple):
    """One line of a definition. One without a heading goes on with the line above."""

    heading: str
    words: str


def definition_blocks(criteria: Criteria, since: datetime | None) -> Drawing:
    """The definition for Slack, with its version and `since` when (UTC) it is in force; None for the shipped one."""
    state = f"version `{escape(criteria.version, 20)}`, {_in_force(when(since, 'since') if since else None)}"
    said: dict[str, list[str]] = {}
    for heading, words in definition(criteria):
        said.setdefault(heading or list(said)[-1], []).append(escape(words, LONGEST_LINE))
    header: Block = {"type": "header", "text": plain_text("What makes an MQL")}
    lines = [f"*{heading}*  {' '.join(words)}" for heading, words in said.items()]
    spoken = [f"What makes an MQL: {state}.", *(f"{heading}: {' '.join(words)}" for heading, words in said.items())]
    return Drawing("\n".join(spoken), [header, *paragraphs(lines), context(state)])


def definition_text(criteria: Criteria, state: str) -> str:
    """The definition for a terminal. `state`: whether these criteria are in force."""
    lines = [("Criteria", f"version {criteria.version}, {clean(state, 200)}"), *definition(criteria)]
    return "\n".join(f"{heading:14}{words}" for heading, words in lines)


def definition_in_force(criteria: Criteria, since: datetime | None) -> str:
    """The same of the criteria in force; `since` when (UTC), None for the shipped ones."""
    return definition_text(criteria, _in_force(f"since {moment(since)}" if since else None))


def _in_force(since: str | None) -> str:
    return f"in force {since}" if since else "in force, as shipped with Baton"


def definition(criteria: Criteria) -> list[Said]:
    """What makes an MQL, in at most thirteen lines whatever there is to say: what does not fit is counted."""
    return [
        *_said("MQL", _tiers(criteria.tiers), "tiers"),
        *_said("Fit", [_starts(FITS, criteria.fit_from), *_facts(criteria.fit)], "rules", most=4),
        *_said("Behaviour", [_behaviour(criteria), *_signals(criteria.signals.values())], "signals", most=3),
        *_said("Fast tracks", _tracks(criteria.fast_tracks), "fast tracks"),
        *_said("Never an MQL", [clean(one.label, LABEL) for one in criteria.disqualifiers], "rules", most=2),
        *_said("Data", _data(criteria.checks), "fields"),
        *_said("Once more", [_again(criteria.crossing)], ""),
    ]


def _said(heading: str, items: Iterable[str], noun: str, most: int = 1) -> Iterator[Said]:
    """The items in at most so many lines, and how many there was no room for."""
    there = list(items)

    def fit(count: int) -> bool:
        return len(_lines(there, count, noun)) <= most

    everything = len(there)
    shown = everything if fit(everything) else next(count for count in range(everything) if not fit(count + 1))
    lines = _lines(there, shown, noun)
    for place, line in enumerate(lines):
        yield Said("" if place else heading, line.replace(GLUE, " "))


def _lines(items: Sequence[str], shown: int, noun: str) -> list[str]:
    more = f" … and {len(items) - shown} more {noun}" if shown < len(items) else ""
    return wrap(f"{_joined(items[:shown]).rstrip('/, ')}{more}", WIDTH)


def _joined(items: Iterable[str]) -> str:
    """With a space before each dot at which no line is broken."""
    line = f"{GLUE}· ".join(items)
    return line.replace(f"/{GLUE}· ", "/ ").replace(f",{GLUE}· ", ", ")


def _tiers(tiers: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for tier, cells in tiers.items():
        yield f"{clean(tier, 20)}: {', '.join(cells) or 'by fast track only'}"


def _starts(grades: Sequence[object], starts: Sequence[int]) -> str:
    first, *rest = (f"{grade} from {points(start)}" for grade, start in zip(grades, starts, strict=False))
    return ", ".join([f"{first} points", *rest])


def _facts(rules: Sequence[FitRule]) -> Iterator[str]:
    """Of rules with a stroke between them only the first that holds counts."""
    for _, group in groupby((rule for rule in rules if rule.group is not None), key=lambda rule: rule.group):
        *others, last = (f"{points(rule.points, signed=True)} {clean(rule.label, LABEL)}" for rule in group)
        yield from (f"{one} /" for one in others)
        yield last
    yield from _by_points([(rule.points, rule.label) for rule in rules if rule.group is None])


def _by_points(rules: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Labels, those of the same points together, the largest first."""
    for worth, group in groupby(sorted(rules, key=lambda one: (-abs(one[0]), one[0])), key=lambda one: one[0]):
        *others, last = (clean(label, LABEL) for _, label in group)
        labels = [*(f"{one}," for one in others), last]
        yield f"{points(worth, signed=True)}{GLUE}{labels[0]}"
        yield from labels[1:]


def _behaviour(criteria: Criteria) -> str:
    spans = [rule.half_life for rule in criteria.signals.values() if rule.half_life]
    shortest, longest = min(spans, default=0), max(spans, default=0)
    span = days(longest) if shortest == longest else f"{shortest} to {days(longest)}"
    fading = f", fading by half in {span}" if spans else ""
    return f"{_starts(LEVELS, criteria.behaviour_from)}{fading}"


def _signals(rules: Iterable[SignalRule]) -> Iterator[str]:
    by_value = [(rule.per_value, f"{rule.label}, a unit") for rule in rules if not rule.points and rule.per_value]
    return _by_points([(rule.points, rule.label) for rule in rules if rule.points or not rule.per_value] + by_value)


def _tracks(tracks: Iterable[FastTrack]) -> Iterator[str]:
    for tier, group in groupby(tracks, key=lambda track: track.tier):
        for place, track in enumerate(group):
            many = f"{track.at_least} in " if track.at_least > 1 else ""
            fits = f", fit {_range(track.fits)}" if len(track.fits) < len(FITS) else ""
            yield f"{'' if place else f'{clean(tier, 20)}: '}{clean(track.label, 40)} ({many}{track.within} d{fits})"


def _range(fits: Sequence[Grade]) -> str:
    from_the_top = len(fits) > 1 and set(fits) == set(FITS[: len(fits)])
    return f"{FITS[0]}–{FITS[len(fits) - 1]}" if from_the_top else "/".join(fits)


def _data(checks: Iterable[Check]) -> Iterator[str]:
    for needed, group in groupby(sorted(checks, key=lambda one: not one.needed), key=lambda one: one.needed):
        for place, one in enumerate(group):
            kinds = f" ({either(one.accept)})" if one.accept else ""
            begin = "" if place else "needed: " if needed else "checked too: "
            yield f"{begin}{field_name(one.field)}{kinds}"


def _again(crossing: Crossing) -> str:
    wait = days(crossing.recycle_after)
    return f"{days(crossing.cooldown)} after it crossed; after a no in {wait} or as the reason says, by new intent"
