"""What waits for an answer, in a terminal and as JSON (its keys are in docs/funnel.md); words that Slack shares."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import fill
from typing import Any

from bot.blocks.criteria_words import moment
from bot.blocks.text import clean, duration
from bot.handoff.open_cards import OfTier, OpenCards, OpenLead, claimable, overdue
from bot.handoff.routing import Queue
from bot.lead import Lead

WIDTH = 80
CLAIMABLE = "claimable"
QUEUES: tuple[Queue, ...] = ("unassigned", "overflow", "data-fix", "expired")
"""Those in which somebody waits for somebody; what is imported is history."""


def in_all(found: OpenCards) -> str:
    """The heading: how many are open, and how many of those overdue."""
    if not found.open:
        return "Nothing waits for an answer"
    return f"{found.open} open" + (f", {found.overdue} overdue" if found.overdue else "")


def of_tier(tier: OfTier) -> str:
    """The heading of one tier, of which some are open."""
    late = f", {tier.overdue} overdue" if tier.overdue else ""
    return f"{clean(tier.tier or 'No tier', 20)} · {tier.open} open{late}"


def waiting(found: OpenCards) -> str:
    """How many wait in the queues that want somebody."""
    told = [f"{queue} {found.queues[queue]}" for queue in QUEUES if found.queues.get(queue)]
    return f"In queues: {' · '.join(told)}" if told else "In queues: nobody waits"


def open_cards_text(found: OpenCards) -> str:
    """Lines of at most 80 columns."""
    lines = [in_all(found), f"as of {moment(found.at)}"]
    for tier in found.tiers:
        lines += ["", of_tier(tier), *(_line(one, found) for one in tier.cards)]
        more = tier.open - len(tier.cards)
        lines += [f"  and {more} more"] if more and tier.cards else []
    return "\n".join([*lines, "", waiting(found)])


def open_cards_json(found: OpenCards) -> dict[str, Any]:
    """As JSON types. Times are ISO 8601 in UTC."""
    counts = [{"tier": one.tier, "open": one.open, "overdue": one.overdue} for one in found.tiers]
    return {
        "as_of": found.at.isoformat(),
        "open": found.open,
        "overdue": found.overdue,
        "tiers": counts,
        "handoffs": [_card(card, found.at) for one in found.tiers for card in one.cards],
        "queues": {queue: found.queues.get(queue, 0) for queue in QUEUES},
    }


def named(lead: Lead) -> str:
    """Who it is, in a terminal."""
    return ", ".join(clean(one, 60) for one in (lead.known_as, lead.company) if one) or "Somebody without a name"


def _line(one: OpenLead, found: OpenCards) -> str:
    words = f"{named(one.lead)}: {'; '.join(_facts(one, found))}"
    return fill(words, WIDTH, initial_indent="  ", subsequent_indent="      ")


def _facts(one: OpenLead, found: OpenCards) -> Iterator[str]:
    handoff = one.handoff
    yield clean(found.people.name_of(handoff.owner), 60)
    if handoff.due_at and overdue(handoff, found.at):
        yield f"overdue by {duration(found.at - handoff.due_at)}, since {moment(handoff.due_at)}"
    elif handoff.due_at:
        yield f"due {moment(handoff.due_at)}"
    if claimable(handoff, claimed=one.claimed):
        yield CLAIMABLE
    if handoff.snoozed_until and found.at < handoff.snoozed_until:
        yield f"snoozed until {moment(handoff.snoozed_until)}"
    yield f"handoff:{handoff.id}"


def _card(one: OpenLead, now: datetime) -> dict[str, Any]:
    handoff = one.handoff
    return {
        "handoff": handoff.id,
        "lead": handoff.lead_id,
        "name": one.lead.known_as or None,
        "company": one.lead.company,
        "tier": handoff.tier,
        "owner": handoff.owner,
        "team": handoff.team,
        "due_at": handoff.due_at.isoformat() if handoff.due_at else None,
        "overdue": overdue(handoff, now),
        "claimable": claimable(handoff, claimed=one.claimed),
        "snoozed_until": handoff.snoozed_until.isoformat() if handoff.snoozed_until else None,
    }
