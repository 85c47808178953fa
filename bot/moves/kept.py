"""What stays with an imported hand-off beside its account: its facets and how long it was open. `record` keeps it."""

from datetime import datetime

from bot.config.policy import Policy
from bot.handoff.facets import Touch, Touches, facets
from bot.handoff.imported import Standing
from bot.lead import Lead
from bot.store.imports import Kept

Span = tuple[str | None, datetime, datetime | None]
"""Whose it was, since when, and until when (UTC), as far as that is told."""


def kept(
    policy: Policy, lead: Lead, stands: Standing, stood: Standing | None = None, before: Kept | None = None
) -> Kept:
    """What a hand-off that `stands` like this is to have, if it `stood` like that and had that `before`.

    Facets are frozen as they become known. A time stands as it was counted once, until other dates are told, or
    another owner: the calendar may have changed since.
    """
    before = before or Kept()
    only = Touch(stands.source, stands.campaign)
    known = {**facets(lead, Touches(only, only)), **(before.facets or {})} or None
    counted = None not in {before.took_wall, before.took_working}
    if counted and stood and _span(stood) == _span(stands):
        return Kept(known, before.took_wall, before.took_working)
    return Kept(known, *_took(policy, _span(stands)))


def _span(stands: Standing) -> Span:
    endings = (stands.accepted_at, stands.rejected_at, stands.voided_at, stands.expired_at)
    return stands.owner, stands.offered_at, min((at for at in endings if at), default=None)


def _took(policy: Policy, span: Span) -> tuple[int, int] | tuple[None, None]:
    """Seconds, on the clock and of the owner's working time by the policy in force; None where a date is not known."""
    owner, start, end = span
    if end is None or end < start:
        return None, None
    working = policy.clock_of(owner, start, urgent=False).between(start, end)
    return round((end - start).total_seconds()), round(working.total_seconds())
