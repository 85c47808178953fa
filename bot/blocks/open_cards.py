"""What waits for an answer, for the one who asked `/funnel open`: tier by tier, what is due first, and the queues."""

from collections.abc import Iterator, Mapping

from bot.blocks.card import who
from bot.blocks.card_clock import snoozed
from bot.blocks.drawing import Block, Drawing
from bot.blocks.ids import COMMAND
from bot.blocks.open_cards_text import CLAIMABLE, in_all, of_tier, waiting
from bot.blocks.text import ago, aloud, context, escape, name, paragraphs, plain_text, section, when
from bot.handoff.notices import is_direct
from bot.handoff.open_cards import OfTier, OpenCards, OpenLead, claimable, overdue

MEANS = f":red_circle: overdue · {CLAIMABLE}: anyone on the team may take it over, on its card"
NOT_SHOWN = "Who they are is shown to everybody whom `people.yaml` names."


def open_cards_blocks(found: OpenCards, links: Mapping[int, str]) -> Drawing:
    """`links` lead to cards, by hand-off; without one the channel is named in which the card stands."""
    spoken = [f"{in_all(found)}.", *(line for one in found.tiers for line in _tier(one, found, {})), waiting(found)]
    return Drawing(aloud("\n".join(spoken)), list(_blocks(found, links)))


def _blocks(found: OpenCards, links: Mapping[int, str]) -> Iterator[Block]:
    yield {"type": "header", "text": plain_text(in_all(found))}
    yield context(f"`{COMMAND} open`", when(found.at, "as of"))
    for tier in found.tiers:
        yield from paragraphs(_tier(tier, found, links))
    yield section(waiting(found))
    if any(claimable(one.handoff, claimed=one.claimed) for tier in found.tiers for one in tier.cards):
        yield context(MEANS)
    if found.open and not found.shown:
        yield context(NOT_SHOWN)


def _tier(tier: OfTier, found: OpenCards, links: Mapping[int, str]) -> list[str]:
    lines = [f"*{escape(of_tier(tier), 60)}*", *(_line(one, found, links) for one in tier.cards)]
    more = tier.open - len(tier.cards)
    return [*lines, f"and {more} more"] if more and tier.cards else lines


def _line(one: OpenLead, found: OpenCards, links: Mapping[int, str]) -> str:
    link = links.get(one.handoff.id)
    named = f"<{link}|{who(one.lead)}>" if link else who(one.lead)
    mark = ":red_circle: " if overdue(one.handoff, found.at) else ""
    return " · ".join([f"• {mark}*{named}*", *_facts(one, found), *([] if link else _place(one))])


def _facts(one: OpenLead, found: OpenCards) -> Iterator[str]:
    """Whose it is and until when."""
    handoff = one.handoff
    yield name(found.people, handoff.owner)
    if handoff.due_at is None:
        return
    late = overdue(handoff, found.at)
    yield ago(handoff.due_at, "overdue since") if late else when(handoff.due_at, "due")
    if claimable(handoff, claimed=one.claimed):
        yield CLAIMABLE
    elif put_off := snoozed(handoff):
        yield put_off


def _place(one: OpenLead) -> list[str]:
    channel = one.handoff.channel or ""
    return [f"<#{escape(channel, 30)}>"] if channel and not is_direct(channel) else []
