"""One direct message for all the leads that somebody is reminded of at a time; what is done meanwhile is marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.card import outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.text import ago, aloud, escape, paragraphs, when
from bot.clock.ladder import OWNERS
from bot.handoff.states import Handoff, State
from bot.lead import Lead, People

MOST = 10
GONE = "Nothing is left here: what it was about has moved on, or stands in a newer reminder."


@dataclass(frozen=True, slots=True)
class Nudged:
    """A hand-off that the message reminds of, with a link to its card while it is open and has one."""

    handoff: Handoff
    lead: Lead
    link: str | None


def nudge(nudged: Sequence[Nudged], waiting: int, people: People) -> Drawing:
    """`nudged` are the first few, open ones first; `waiting` is how many are open in all."""
    lines = [_line(one, people) for one in nudged]
    more = waiting - sum(one.handoff.state is State.OFFERED for one in nudged)
    if more > 0:
        lines.append(f"and {more} more: `/funnel open`")
    heading = _heading(waiting, bool(lines))
    return Drawing(_aloud([heading, *lines], nudged), paragraphs([heading, *lines]))


def _aloud(lines: Sequence[str], nudged: Sequence[Nudged]) -> str:
    text = "\n".join(lines)
    for one in nudged:
        text = text.replace(f" · <{one.link}|Open the card>", "").replace(f"~{who(one.lead)}~", who(one.lead))
    return aloud(text)


def _heading(waiting: int, any_lines: bool) -> str:
    if waiting:
        return f":alarm_clock: *{'One lead waits' if waiting == 1 else f'{waiting} leads wait'} for your answer*"
    return ":white_check_mark: Nothing waits for you here any more" if any_lines else GONE


def _line(one: Nudged, people: People) -> str:
    handoff, lead = one.handoff, who(one.lead)
    if handoff.state is not State.OFFERED:
        return f"• ~{lead}~ · {outcome(handoff, people, ping=False)}"
    parts = [f"• *{lead}*", *([escape(handoff.tier, 20)] if handoff.tier else [])]
    if handoff.due_at and handoff.breached_by:
        parts.append(f":red_circle: {ago(handoff.due_at, 'overdue since')}")
    elif handoff.due_at:
        parts.append(when(handoff.due_at, "decide by"))
        parts += [":hourglass_flowing_sand: last call"] if _is_last_call(handoff) else []
    return " · ".join([*parts, *([f"<{one.link}|Open the card>"] if one.link else [])])


def _is_last_call(handoff: Handoff) -> bool:
    past = [step.step for step in handoff.steps[: handoff.step] if step.step in OWNERS]
    return past[-1:] == ["last_call"]
