"""What a card says about time: until when and for whom, overdue since when, put off until when, who stands in.

A card is drawn anew only when something happens, so nothing here is true at one moment alone: times and whole
lengths, no "left"; how long ago something was, Slack counts itself.
"""

from datetime import timedelta

from bot.blocks.text import ago, duration, escape, hour, mention, name, when, work
from bot.clock.why import Deadline
from bot.handoff import open_cards
from bot.handoff.case import Case
from bot.handoff.notices import is_direct
from bot.handoff.states import Handoff

CLAIM = "anyone on the team may claim it"
HALF_A_DAY = timedelta(hours=12)


def headline(case: Case) -> str:
    """The first line of an open card."""
    handoff = case.handoff
    owner = mention(case.people, handoff.owner)
    tier = f"{escape(handoff.tier, 20)} · " if handoff.tier else ""
    if handoff.breached_by and handoff.due_at:
        head = f":red_circle: *{tier}{ago(handoff.due_at, 'Overdue since')} · with {owner}*"
        return f"{head} · {CLAIM}" if claimable(case) else head
    due = f" · {when(handoff.due_at, 'decide by')}" if handoff.due_at else ""
    head = f"*{tier}{'Lead' if passed_on(handoff) else 'New lead'} for {owner}{due}*"
    return f"{head} · {allowed(case.deadline)}" if case.deadline and due else head


def allowed(why: Deadline) -> str:
    """How much time there is in all, and from when it counts."""
    time = duration(why.wall) if why.working == why.wall else f"{work(why.working)} of work"
    start = why.counted_from
    begins = f"from {hour(start)}" if why.due - start < HALF_A_DAY else when(start, "from")
    return f"{time} {begins}" + (", when work begins" if start > why.start else "")


def claimable(case: Case) -> bool:
    """Whether anyone on the team may claim it (`handoff/open_cards.py`)."""
    return open_cards.claimable(case.handoff, claimed=case.claimed)


def in_team(handoff: Handoff) -> bool:
    """Whether its team sees the card, which may be a direct message."""
    return not is_direct(handoff.channel or "")


def passed_on(handoff: Handoff) -> bool:
    """Whether it has changed hands since it was offered."""
    return handoff.owner_since is not None and handoff.owner_since > handoff.offered_at


def snoozed(handoff: Handoff) -> str:
    """Until when its reminder is put off; "" once the reminder has come, or the lead has changed hands."""
    until = handoff.snoozed_until
    waits = any(step.at == until and step.step == "remind" for step in handoff.steps[handoff.step :])
    return f":zzz: {when(until, 'Snoozed until')}" if until and waits else ""


def stand_in(case: Case) -> str:
    """Who may decide while the owner is away; "" where nobody needs to."""
    owner = case.people.persons.get(case.handoff.owner or "")
    if case.away is None or owner is None or owner.delegate is None:
        return ""
    until = f" until {case.away.last:%-d %b}" if case.away.last else ""
    start = f" from {case.away.first:%-d %b}"
    absent = f"{name(case.people, owner.key)} is away{start}{until}"
    return f":palm_tree: {absent}: {mention(case.people, owner.delegate)} may decide too"
