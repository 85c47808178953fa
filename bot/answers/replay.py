"""Look before you change: the stored leads replayed under two policies."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.config.policy import Policy
from bot.handoff.replay import Replay
from bot.stats.criteria_diff import CriteriaDiff, Window, criteria_diff
from bot.store import replays
from bot.store.engine import Tx


def compare(
    tx: Tx,
    old: Policy,
    new: Policy,
    now: datetime,
    days: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> CriteriaDiff:
    """What each policy makes of the leads with a signal in the `days` before `now` (UTC).

    `progress` is told how many more leads are done, and of how many.
    """
    window = Window(now - timedelta(days=days), now)
    found = criteria_diff(old, new, window)
    replaying = [Replay(policy.criteria) for policy in (old, new)]
    many = replays.count(tx, window.start, window.end) if progress else 0
    for batch in replays.heard(tx, window.start, window.end):
        for lead_id, lead, signals in batch:
            was, is_ = (list(one.crossings(lead, signals, now)) for one in replaying)
            found.hear(lead_id, lead, was, is_)
        if progress:
            progress(len(batch), many)
    return found
