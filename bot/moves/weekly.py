"""The weekly overview: one message to a channel, on a local day and from a local time of it on.

Its row among the messages is the claim: several workers, an hour that comes twice and a restart make one. Whoever was
not there at its time sends it later on the same local day, and not on the next.
"""

from datetime import UTC, date, datetime, time, timedelta

from bot.handoff.notices import Notice
from bot.lead import Weekly
from bot.moves.turn import turn
from bot.store import messages, policies
from bot.store.engine import Store, Tx

OVERVIEW = "overview"
"""The kind and the subject of the message."""

MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)


def post_weekly(store: Store, now: datetime) -> bool:
    """Ask for the overview, if it is due at `now` (UTC) and was not asked for yet. Whether it is now."""
    with store.reading() as tx:
        if not _missing(tx, policies.current(tx).overview, now):
            return False
    with turn(store, now) as here:
        weekly = here.policy.overview
        messages.alone(here.tx)  # the channel may have been changed since another process looked
        if weekly is None or not _missing(here.tx, weekly, now):
            return False
        notice = Notice(OVERVIEW, OVERVIEW, weekly.channel, str(due_day(weekly, now)))
        return messages.once(here.tx, notice, now, {"at": now.isoformat()})


def due_day(weekly: Weekly, now: datetime) -> date | None:
    """The local day whose overview is due at `now` (UTC), if one is.

    By what the clocks there show: a time that they leave out is over as soon as they are past it.
    """
    local = now.astimezone(weekly.zone)
    if local.weekday() != weekly.weekday or 60 * local.hour + local.minute < weekly.minute:
        return None
    return local.date()


def next_weekly(weekly: Weekly, after: datetime) -> datetime:
    """The next moment (UTC) at which one becomes due, for clocks that are moved on."""
    today = after.astimezone(weekly.zone).date()
    first = today + timedelta(days=(weekly.weekday - today.weekday()) % 7)
    at = [datetime.combine(first + week, time(), weekly.zone) + weekly.minute * MINUTE for week in (0 * WEEK, WEEK)]
    return next(moment for local in at if (moment := local.astimezone(UTC)) > after)


def _missing(tx: Tx, weekly: Weekly | None, now: datetime) -> bool:
    day = due_day(weekly, now) if weekly else None
    return day is not None and not messages.of_occurrence(tx, OVERVIEW, OVERVIEW, str(day))
