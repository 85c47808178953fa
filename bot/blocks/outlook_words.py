"""What would change an assessment, and what has become of its lead so far, in plain sentences without Slack in them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.blocks.card_clock import passed_on
from bot.blocks.criteria_words import LABEL, days, either, points
from bot.blocks.explained_words import place
from bot.blocks.text import clean
from bot.criteria.explain import Explanation
from bot.criteria.outlook import HORIZON, BetterFit, Chance, Fall, Fresh, Outlook
from bot.criteria.rules import Outcome
from bot.handoff.crossing import Held
from bot.handoff.explained import Standing
from bot.handoff.states import Handoff, State

MOST_CHANCES = 4
MOST_FRESH = 3
MOST_LABELS = 3

Moment = Callable[[datetime], str]
"""How the reader is to see a moment (UTC)."""


def outlook(explanation: Explanation) -> Iterator[str]:
    """What it would take to be better, and when the lead falls by itself. Nothing for a kept assessment."""
    found, ahead = explanation.assessment, explanation.outlook
    if ahead is None:
        return
    if found.disqualified:
        yield f"Nothing moves it while this holds: {clean(found.because, LABEL)}."
    if ahead.fit and not found.disqualified:
        yield _better_fit(ahead.fit)
    if ahead.lacking is not None and not found.disqualified:
        yield _more_behaviour(found.behaviour, ahead)
    for fresh in ahead.fresh[:MOST_FRESH]:
        yield f"{_any_one(fresh)} today would make it {place(fresh.cell, fresh.tier)}."
    yield from _fading(found.tier, ahead.falls)


def _better_fit(better: BetterFit) -> str:
    then = place(better.cell, better.tier)
    takes = f"Fit {better.cell[0]} takes {points(better.lacking)} points more and would make it {then}"
    reach = sum(chance.gain for chance in better.chances)
    if reach < better.lacking:
        return f"{takes}: out of reach, for all that is open would bring {points(reach)}."
    named = [_chance(chance) for chance in better.chances[:MOST_CHANCES]]
    more = f" and {len(better.chances) - MOST_CHANCES} more" if len(better.chances) > MOST_CHANCES else ""
    return f"{takes}. Open: {', '.join(named)}{more}."


def _chance(chance: Chance) -> str:
    words = f"{clean(chance.line.label, LABEL)} {points(chance.gain, signed=True)}"
    match chance.line.outcome:
        case Outcome.UNKNOWN:
            return f"{words} (not known yet)"
        case Outcome.MET:
            return f"without {words}"
    return words


def _more_behaviour(level: int, ahead: Outlook) -> str:
    lacking = f"Behaviour {level - 1} takes {points(ahead.lacking or 0)} points more"
    return f"{lacking}." if ahead.fresh else f"{lacking}, and no single signal brings them."


def _any_one(fresh: Fresh) -> str:
    named = [f"“{clean(label, LABEL)}”" for label in fresh.labels]
    more = len(named) - MOST_LABELS
    return either(named if more < 2 else [*named[:MOST_LABELS], f"one of {more} others"])


def _fading(tier: str | None, falls: Sequence[Fall]) -> Iterator[str]:
    """The next fall, and the one that ends it as an MQL."""
    end = next((fall for fall in falls if fall.tier is None), None) if tier else None
    told = [fall for fall in dict.fromkeys([*falls[:1], end]) if fall]
    if told:
        words = [f"{place(fall.cell, fall.tier)} in {days(fall.days)}" for fall in told]
        yield f"If nothing more is heard of it: {'; '.join(words)}."
    elif tier:
        yield f"If nothing more is heard of it, it stays as it is for the next {days(HORIZON)}."


def standing_words(standing: Standing, tier: str | None, moment: Moment) -> Iterator[str]:
    """With whom the lead is, where it waits, and what holds it back. `tier`: what it is judged to be now."""
    if standing.handoff:
        yield _handoff(standing.handoff, standing, moment)
    for entry in standing.waiting:
        yield f"Waits in queue {entry.queue} since {moment(entry.entered_at)}: {clean(entry.reason, 200)}."
    live = standing.handoff is not None and standing.handoff.live
    if isinstance(standing.turn, Held):
        yield _held(standing.turn, moment)
    elif standing.turn == "crossed" and not live:
        yield "It crosses with the next thing that is heard of it; time alone makes no card."
    elif standing.turn == "fell":
        yield "It was an MQL and has faded; the next night's pass notes it."
    elif not standing.handoff and not standing.waiting:
        yield f"It was never handed to sales{'' if tier else ', for it never crossed'}."


def _handoff(handoff: Handoff, standing: Standing, moment: Moment) -> str:
    owner = clean(standing.people.name_of(handoff.owner), LABEL)
    state = "nobody has answered yet" if handoff.state is State.OFFERED else handoff.state.value
    imported = " (imported)" if handoff.imported else ""
    to = (
        f"{moment(handoff.offered_at)}, now with {owner}"
        if passed_on(handoff)
        else f"to {owner} {moment(handoff.offered_at)}"
    )
    return f"Hand-off {handoff.id}{imported}, offered {to}: {state}."


def _held(held: Held, moment: Moment) -> str:
    if held.until is None:
        return "Held back for good: it was turned down for a reason after which it does not come back."
    if held.why == "crossed_lately":
        return f"Held back: it crossed not long ago, so it makes no new card before {moment(held.until)}."
    return f"Held back: it was turned down. Only a new sign of intent from {moment(held.until)} on brings it back."
