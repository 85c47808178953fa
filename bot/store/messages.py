"""What Slack should show: one row per message. Moves ask for messages here, delivery brings them out.

`waiting → sending (leased) → sent | failed | uncertain`, and `dropped` for a private answer that came too late. A
change raises the version wanted; whoever sends draws the newest state, so late updates fold together. Leases and
waits are real time, so the functions of delivery take `wall`, never the domain's now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa

from bot.handoff.notices import Notice
from bot.store.asking import ask, insert, name_of, redraw
from bot.store.engine import Tx
from bot.store.tables import messages

LEASE = timedelta(seconds=60)
GRACE = timedelta(seconds=20)
"""How long an uncertain message is left alone before Slack is asked whether it arrived."""
STALE_ANSWER = timedelta(minutes=1)

ANSWER = "answer"
"""The kind of a private answer to a click: it is posted to one person, never updated, never looked up."""
NUDGE = "nudge"
"""The kind of the direct message that bundles a person's reminders."""

Action = Literal["post", "update", "look_up"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was claimed, with what there is to do about it. `drawing` is the version to be shown.

    Whoever holds it may act, and say what came of it, until `lease_until`; after that it may be somebody else's.
    """

    id: int
    subject: str
    kind: str
    recipient: str
    occurrence: str
    detail: Mapping[str, Any]
    drawing: int
    attempted_at: datetime
    lease_until: datetime
    channel: str | None
    ts: str | None
    thread_ts: str | None
    action: Action


_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(0x0CCA5)))
_parent = messages.alias("parent")
_READY = messages.c.parent_id.is_(None) | _parent.c.ts.is_not(None)
_RESTED = messages.c.not_before.is_(None) | (messages.c.not_before <= sa.bindparam("wall"))
_WORK = (
    sa.select(messages, _parent.c.ts.label("thread_ts"))
    .outerjoin(_parent, messages.c.parent_id == _parent.c.id)
    .where(messages.c.status.in_(["waiting", "uncertain"]), _RESTED, _READY)
)
_NEXT = _WORK.order_by(messages.c.id).limit(1).with_for_update(skip_locked=True, of=messages)
_EXPIRED = (messages.c.status == "sending") & (messages.c.lease_until < sa.bindparam("wall"))
_ANY_WORK = sa.select(
    sa.exists(_WORK.with_only_columns(messages.c.id)) | sa.exists(sa.select(messages.c.id).where(_EXPIRED))
)
_AFTER_LEASE = sa.case(
    (messages.c.kind == ANSWER, "dropped"),
    (messages.c.ts.is_not(None), "waiting"),  # an update is simply repeated
    (messages.c.channel.is_(None), "waiting"),  # a channel is stored before anything goes there
    else_="uncertain",
)
# Whoever holds one of them is about to write it; the next claim will see what.
_LEFT_ALONE = sa.select(messages.c.id).where(_EXPIRED).with_for_update(skip_locked=True)
_RELEASE = (
    sa.update(messages)
    .where(messages.c.id.in_(_LEFT_ALONE))
    .values(status=_AFTER_LEASE, not_before=None, lease_until=None, error="the lease ran out")
)


def want(tx: Tx, notice: Notice, now: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """See to it that the message exists, and its parent; asked for again, it is redrawn.

    `detail` is kept with a new one, for its loader.
    """
    ask(tx, [notice], (), now, detail)


def once(tx: Tx, notice: Notice, now: datetime, detail: Mapping[str, Any]) -> bool:
    """Ask for a message unless it was asked for before, in which case it stays as it is. Whether it is new."""
    return insert(tx, name_of(notice), None, detail, now) is not None


def alone(tx: Tx) -> None:
    """Hold back other processes that ask for something once in a while, until this transaction ends."""
    if tx.dialect.name == "postgresql":
        tx.execute(_ALONE)


def of_occurrence(tx: Tx, subject: str, kind: str, occurrence: str) -> bool:
    """Whether there is such a message, whoever gets it."""
    same = (messages.c.subject == subject, messages.c.kind == kind, messages.c.occurrence == occurrence)
    return bool(tx.execute(sa.select(sa.exists().where(*same))).scalar())


def touch(tx: Tx, *subjects: str) -> None:
    """Something about `subjects` has changed: all their messages are to be drawn anew."""
    redraw(tx, subjects)


def answer(tx: Tx, user: str, channel: str, detail: Mapping[str, Any], now: datetime) -> None:
    """Ask for a private word to `user` in `channel` (Slack ids)."""
    name = {"subject": f"person:{user}", "kind": ANSWER, "recipient": user, "occurrence": uuid4().hex}
    insert(tx, name, None, {**detail, "channel": channel}, now)


def cards_since(tx: Tx, channel: str, since: datetime) -> int:
    """How many cards `channel` was sent since then (UTC, domain time)."""
    query = sa.select(sa.func.count()).where(
        messages.c.kind == "card", messages.c.recipient == channel, messages.c.created_at > since
    )
    return tx.execute(query).scalar_one()


def last_nudge(tx: Tx, user: str) -> datetime | None:
    """When the person (Slack id) was last reminded by a direct message (UTC, domain time)."""
    query = sa.select(messages.c.created_at).where(messages.c.kind == NUDGE, messages.c.recipient == user)
    return tx.execute(query.order_by(messages.c.created_at.desc()).limit(1)).scalar_one_or_none()


def any_work(tx: Tx, wall: datetime) -> bool:
    """Whether `claim` would find something; cheap enough to ask all the time."""
    return bool(tx.execute(_ANY_WORK, {"wall": wall}).scalar())


def claim(tx: Tx, wall: datetime) -> Message | None:
    """Take the next message that can be worked on, for the time of a lease."""
    tx.execute(_RELEASE, {"wall": wall})
    while row := tx.execute(_NEXT, {"wall": wall}).first():
        if row.kind == ANSWER and row.queued_at < wall - STALE_ANSWER:
            _set(tx, row.id, status="dropped", error="older than a minute")
        else:
            return _lease(tx, row, wall)
    return None


def _lease(tx: Tx, row: sa.Row[Any], wall: datetime) -> Message:
    until = wall + LEASE
    if row.status == "uncertain":
        _set(tx, row.id, not_before=until, lease_until=until)
        return _message(row, "look_up", row.drawing, row.attempted_at, until)
    taken = {"status": "sending", "drawing": row.wanted, "attempted_at": wall}
    _set(tx, row.id, **taken, lease_until=until, not_before=None)
    return _message(row, "update" if row.ts else "post", row.wanted, wall, until)


def store_channel(tx: Tx, message: Message, channel: str) -> None:
    """Remember where a message goes, before it goes there."""
    _set(tx, message.id, channel=channel)


def sent(tx: Tx, message: Message, channel: str, ts: str | None) -> None:
    """Slack shows the version that was drawn. If a newer one is wanted by now, the message waits again.

    Told too late, it is true all the same, unless somebody else has sent it or is about to.
    """
    nobody_else = messages.c.ts.is_(None) & (messages.c.status != "sending")
    shows = {"shown": message.drawing, "channel": channel, "ts": ts, "not_before": None, "error": None}
    _end_lease(tx, message, or_if=nobody_else, status=_unless_newer(message, "sent"), **shows)


def wait(tx: Tx, message: Message, until: datetime | None, error: str | None) -> None:
    """Nothing was shown, and it is certain: try again, not before `until`."""
    _end_lease(tx, message, status="waiting", not_before=until, error=error)


def doubt(tx: Tx, message: Message, wall: datetime, error: str) -> None:
    """Nobody knows whether Slack has it: to be looked up after the grace time. A private answer is let go."""
    status = "dropped" if message.kind == ANSWER else "uncertain"
    _end_lease(tx, message, status=status, not_before=wall + GRACE, error=error)


def still_in_doubt(tx: Tx, message: Message, until: datetime, error: str) -> None:
    """The look-up itself failed: ask Slack again, not before `until`."""
    _end_lease(tx, message, not_before=until, error=error)


def fail(tx: Tx, message: Message, error: str) -> None:
    """Slack refuses it for good, in this version; a newer one that is wanted by now is tried."""
    _end_lease(tx, message, status=_unless_newer(message, "failed"), error=error)


def forget_address(tx: Tx, message: Message, error: str) -> None:
    """Slack lost the message (somebody deleted it): the next try posts it anew."""
    _end_lease(tx, message, status="waiting", ts=None, error=error)


def _unless_newer(message: Message, settled: str) -> sa.Case[str]:
    return sa.case((messages.c.wanted > message.drawing, "waiting"), else_=settled)


def _end_lease(tx: Tx, message: Message, or_if: sa.ColumnElement[bool] | None = None, **values: Any) -> None:
    """Write what came of a lease. Nothing where it ran out and the message is somebody else's by now."""
    mine = messages.c.lease_until == message.lease_until
    allowed = mine if or_if is None else mine | or_if
    statement = sa.update(messages).where(messages.c.id == message.id, allowed)
    tx.execute(statement.values(**values, lease_until=None))


def _set(tx: Tx, message_id: int, **values: Any) -> None:
    tx.execute(sa.update(messages).where(messages.c.id == message_id).values(**values))


def _message(row: sa.Row[Any], action: Action, drawing: int, attempted_at: datetime, lease_until: datetime) -> Message:
    place = (row.channel, row.ts, row.thread_ts, action)
    name = (row.id, row.subject, row.kind, row.recipient, row.occurrence, row.detail)
    return Message(*name, drawing, attempted_at, lease_until, *place)
