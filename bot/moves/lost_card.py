"""Slack takes no message where one belongs: then a person gets it directly, operations is told, and nothing is lost.

The channel is archived or Baton is not in it: an open card goes to its owner, what would stand under it to the manager
or the owner. It stays where it was shown before, as it is. A person's account is gone: their leads go to others at the
next tick of `bot.attendance`. What has only one place, such as a feedback thread, waits until somebody mends it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.handoff.commands import Redirect
from bot.handoff.decision import Refusal
from bot.handoff.notices import (
    FOR_MANAGER,
    UNDER_CARD,
    Notice,
    handoff_of,
    handoff_subject,
    is_direct,
    lost_notices,
    ops_of,
)
from bot.handoff.permissions import team_of
from bot.handoff.states import Handoff, State
from bot.moves.attendance import account_gone
from bot.moves.carry import carry_out
from bot.moves.share import SHARE, not_taken
from bot.moves.turn import Turn, turn
from bot.store import handoffs, lost, messages, profiles
from bot.store.asking import ask
from bot.store.engine import Store
from bot.store.lost import Reply
from bot.store.messages import Message

UNKNOWN = "user_not_found"
"""Slack may know none of us, if it is another workspace: it has to wait until `bot.attendance` has found that out."""


def turn_away(store: Store, now: datetime, message: Message, error: str) -> bool:
    """Find another way for what Slack would not take, by its `error`. False: there is none, and it has to wait.

    Two transactions, messages last in each; after a crash between them the message is refused once more.
    """
    if message.kind == SHARE and not is_direct(message.recipient):
        not_taken(store, now, message, error)
        return True
    if is_direct(message.recipient):
        lost_for_good = _person_lost(store, now, message, error)
        if lost_for_good:
            with store.transaction(wakes=False) as tx:
                messages.fail(tx, message, error)
        return lost_for_good
    if message.kind == "card" or message.kind in UNDER_CARD:
        unseen = _card_lost(store, now, message, error)
    else:
        unseen = _channel_lost(store, now, message)
    if unseen is not None:
        with store.transaction(wakes=False) as tx:
            lost.let_go(tx, message, [one.id for one in unseen], error)
    return unseen is not None


def _person_lost(store: Store, now: datetime, message: Message, error: str) -> bool:
    with turn(store, now) as here:
        person = here.policy.people.by_slack(message.recipient)
        if person is None:
            return True
        if error != UNKNOWN:
            account_gone(here, person.key)
        return error != UNKNOWN or profiles.get(here.tx, person.key).gone


def _card_lost(store: Store, now: datetime, message: Message, error: str) -> Sequence[Reply] | None:
    """The replies that need not be shown there any more; None if the card itself has to wait."""
    with turn(store, now) as here:
        handoff = _redirected(here, handoff_of(message.subject), message.recipient, error)
        if handoff is None:
            return ()
        unseen = lost.replies(here.tx, message.subject, message.recipient, UNDER_CARD)
        if unseen or message.ts is None:
            here.wanted.extend(lost_notices(message.recipient, here.now, here.policy.people))
        if handoff.state is State.OFFERED and handoff.channel == message.recipient and message.kind == "card":
            return None  # nobody owns it whom Slack could reach; soon somebody else will
        here.wanted.extend(_direct(here, handoff, unseen))
    return unseen


def _channel_lost(store: Store, now: datetime, message: Message) -> Sequence[Reply] | None:
    """Operations hears of it, and waits; what stood in their own channel goes to each of them."""
    with turn(store, now) as here:
        people = here.policy.people
        told = lost_notices(message.recipient, here.now, people)
        here.wanted.extend(told)
    if people.ops_channel != message.recipient:
        return None
    name = (message.subject, message.kind)
    with store.transaction() as tx:
        ask(tx, [Notice(*name, one.recipient, message.occurrence) for one in told], (), now, message.detail)
    return ()


def _redirected(here: Turn, handoff_id: int, channel: str, error: str) -> Handoff | None:
    """The hand-off as it stands, its card with the owner if it is open and stood in `channel`."""
    while True:
        handoff = handoffs.get(here.tx, handoff_id)
        owner = here.policy.people.slack_of(handoff.owner) if handoff else None
        if handoff is None or handoff.channel != channel or owner is None:
            return handoff
        outcome = carry_out(here, handoff, Redirect(owner, error))
        if outcome is not None:
            return handoff if isinstance(outcome, Refusal) else outcome


def _direct(here: Turn, handoff: Handoff, replies: Iterable[Reply]) -> Iterator[Notice]:
    """What would have stood under the card, to the one whom it is for; to operations, where nobody is left."""
    people, team = here.policy.people, team_of(handoff, here.policy.people)
    manager = people.slack_of(team.manager) if team else None
    for one in replies:
        person = manager if one.kind in FOR_MANAGER else people.slack_of(handoff.owner)
        for slack in [person] if person else ops_of(people):
            yield Notice(handoff_subject(handoff.id), one.kind, slack, one.occurrence)
