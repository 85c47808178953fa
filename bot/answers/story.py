"""Everything that is known of one lead, with each of its hand-offs: `baton lead`."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.answers.criteria import lead_explained
from bot.answers.grounds import grounds
from bot.handoff.events import Event
from bot.handoff.story import Chapter, Story
from bot.store import handoffs, history, policies
from bot.store.engine import Tx
from bot.store.history import Happened

MOST_EVENTS = 500


def story(tx: Tx, lead_id: int, now: datetime) -> Story | None:
    """The lead as it stands at `now` (UTC); None where there is no such lead."""
    policy = policies.current(tx)
    explained = lead_explained(tx, lead_id, policy, now)
    if explained is None or explained.standing is None:
        return None
    happened, earlier = history.of_lead(tx, lead_id, MOST_EVENTS)
    return Story(
        explained=explained,
        standing=explained.standing,
        reasons=policy.reasons,
        chapters=tuple(_chapters(tx, lead_id, happened, now)),
        events=_events(happened, None),
        earlier=earlier,
    )


def _chapters(tx: Tx, lead_id: int, happened: Sequence[Happened], now: datetime) -> Iterator[Chapter]:
    for handoff_id in handoffs.ids_of_lead(tx, lead_id):
        found = grounds(tx, handoff_id, now)
        if found:
            yield Chapter(found, _events(happened, handoff_id))


def _events(happened: Sequence[Happened], handoff_id: int | None) -> tuple[Event, ...]:
    return tuple(one.event for one in happened if one.handoff_id == handoff_id)
