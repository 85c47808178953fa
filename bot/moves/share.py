"""Answers of `/funnel` on their way to somebody: into a channel, into direct messages, below a button, as CSV.

Whoever asks is known by their Slack id; whether they may is the door's to ask. What went to others is kept in `shares`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.handoff.notices import Notice
from bot.moves.turn import Turn, turn
from bot.stats.language.grammar import canonical, command
from bot.stats.query import Explain, Notes, Problem, Query
from bot.stats.visibility import visible
from bot.store import messages, shares
from bot.store.engine import Store
from bot.store.messages import Message
from bot.store.shares import How, Share

SHARE = "share"
"""The kind of an answer that was sent to a channel, or directly; it stays as it was drawn."""

Sent = Query | Explain | Notes
"""What can be sent."""


@dataclass(frozen=True, slots=True)
class Press:
    """Who wants an answer to go somewhere (Slack id), and where a private word reaches them.

    `once` tells one press from another: repeated, it is still one.
    """

    user: str
    channel: str
    once: str


def share(store: Store, now: datetime, press: Press, asked: Sent, to: str, *, names: bool) -> bool:
    """Send the answer as of `now` (UTC) to a channel; with the `names` of persons, if they may stand there.

    Whether this was the first time.
    """
    return _send(store, now, press, asked, to, how="share", names=names)


def send(store: Store, now: datetime, press: Press, asked: Sent) -> bool:
    """Send the answer as of `now` (UTC) directly to the one who pressed. Whether this was the first time."""
    return _send(store, now, press, asked, press.user, how="dm", names=True)


def ask(store: Store, now: datetime, press: Press, text: str) -> None:
    """Ask for the private answer to a line, as of `now` (UTC)."""
    _answer(store, now, press, {"asked": text, "at": now.isoformat()})


def refuse(store: Store, now: datetime, press: Press, problem: Problem) -> None:
    """Ask for a private word on why a press came to nothing."""
    _answer(store, now, press, {"problem": problem.words, "near": list(problem.suggestions)})


def keep_export(store: Store, now: datetime, user: str, asked: Query | Explain) -> None:
    """Keep that somebody (Slack id) had an answer as CSV, if they may have it."""
    with turn(store, now) as here:
        if (had := _had(here, user, asked)) is not None:
            _keep(here, user, "csv", None, had, names=True)


def not_taken(store: Store, now: datetime, message: Message, error: str) -> None:
    """Slack shows nothing in the channel that an answer was sent to: it is let go, and whoever sent it is told."""
    detail = message.detail
    unshared = {"unshared": message.recipient, "asked": detail["asked"]}
    with store.transaction() as tx:
        messages.answer(tx, detail["by"], detail["from"], unshared, now)
        messages.fail(tx, message, error)


def _send(store: Store, now: datetime, press: Press, asked: Sent, to: str, *, how: How, names: bool) -> bool:
    text = command(asked)
    detail = {"asked": text, "at": now.isoformat(), "by": press.user, "names": names, "from": press.channel}
    with turn(store, now) as here:
        new = messages.once(here.tx, Notice(f"share:{press.user}", SHARE, to, press.once), now, detail)
        if new:
            had, where = _had(here, press.user, asked) or text, to if how == "share" else None
            _keep(here, press.user, how, where, had, names=names)
    return new


def _had(here: Turn, user: str, asked: Sent) -> str | None:
    """The command of what somebody (Slack id) gets to see of it; None if that is nothing."""
    if isinstance(asked, Notes):
        return command(asked)
    plain = asked.plain if isinstance(asked, Explain) else asked
    allowed = visible(plain, here.policy.people.by_slack(user), here.policy.people)
    if isinstance(allowed, Problem):
        return None
    query = replace(allowed.query, text=canonical(allowed.query))
    return command(replace(asked, query=query) if isinstance(asked, Explain) else query)


def _keep(here: Turn, user: str, how: How, where: str | None, text: str, *, names: bool) -> None:
    person = here.policy.people.by_slack(user)
    shares.add(here.tx, Share(here.now, person.key if person else None, how, where, text, names))


def _answer(store: Store, now: datetime, press: Press, detail: Mapping[str, Any]) -> None:
    with store.transaction() as tx:
        messages.answer(tx, press.user, press.channel, detail, now)
