"""What Slack should show: one row per message. Moves ask for messages here, delivery brings them out.

`waiting → sending (leased) → sent | failed | uncertain`, and `dropped` for a private answer that came too late. A
change raises the version wanted; whoever sends draws the newest state, so late updates fold together. Leases and
waits are real time, so the functions of delivery take `wall`, never the domain's now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa

from bot.handoff.notices import Notice
from bot.store.engine import Tx, insert_into
from bot.store.tables import messages

LEASE = timedelta(seconds=60)
GRACE = timedelta(seconds=20)
"""How long an uncertain message is left alone before Slack is asked whether it arrived."""
STALE_ANSWER = timedelta(minutes=1)

ANSWER = "answer"
"""The kind of a private answer to a click: it is posted to one person, never updated, never looked up."""

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
_RELEASE = (
    sa.update(messages)
    .where(_EXPIRED)
    .values(
        status=_AFTER_LEASE,
        not_before=None,
        lease_until=None,
        error="the lease ran out",
    )
)
_SETTLED = messages.c.status.in_([sa.literal("sent"), sa.literal("failed")])  # bound once, not at each call
_REDRAW = sa.update(messages).values(
    wanted=messages.c.wanted + 1,
    status=sa.case((_SETTLED, "waiting"), else_=messages.c.status),
)
_TOUCH_ONE = _REDRAW.where(messages.c.id == sa.bindparam("message_id"))
_FIND = sa.select(messages.c.id).where(
    messages.c.subject == sa.bindparam("subject"),
    messages.c.kind == sa.bindparam("kind"),
    messages.c.recipient == sa.bindparam("recipient"),
    messages.c.occurrence == sa.bindparam("occurrence"),
)


def want(tx: Tx, notice: Notice, now: datetime) -> int:
    """See to it that the message exists, and its parent; asked for again, it is redrawn. Its id."""
    parent = want(tx, notice.parent, now) if notice.parent else None
    name = {
        "subject": notice.subject,
        "kind": notice.kind,
        "recipient": notice.recipient,
        "occurrence": notice.occurrence,
    }
    new = _insert(tx, name, parent, {}, now)
    if new is not None:
        return new
    standing = int(tx.execute(_FIND, name).scalar_one())
    tx.execute(_TOUCH_ONE, {"message_id": standing})
    return standing


def answer(tx: Tx, user: str, channel: str, detail: Mapping[str, Any], now: datetime) -> None:
    """Ask for a private word to `user` in `channel` (Slack ids)."""
    name = {"subject": f"person:{user}", "kind": ANSWER, "recipient": user, "occurrence": uuid4().hex}
    _insert(tx, name, None, {**detail, "channel": channel}, now)


def touch(tx: Tx, *subjects: str) -> None:
    """Something about `subjects` has changed: all their messages are to be drawn anew."""
    tx.execute(_touch(len(subjects)), {f"subject_{place}": subject for place, subject in enumerate(subjects)})


@cache
def _touch(many: int) -> sa.Update:
    """Built once for each number of subjects; a list of unknown length would be taken apart anew at every click."""
    return _REDRAW.where(messages.c.subject.in_([sa.bindparam(f"subject_{place}") for place in range(many)]))


def cards_since(tx: Tx, channel: str, since: datetime) -> int:
    """How many cards `channel` was sent since then (UTC, domain time)."""
    query = sa.select(sa.func.count()).where(
        messages.c.kind == "card", messages.c.recipient == channel, messages.c.created_at > since
    )
    return tx.execute(query).scalar_one()


def address(tx: Tx, subject: str, kind: str) -> tuple[str, str] | None:
    """Channel and ts of a message that Slack has; None while it does not."""
    query = sa.select(messages.c.channel, messages.c.ts).where(
        messages.c.subject == subject, messages.c.kind == kind, messages.c.ts.is_not(None)
    )
    row = tx.execute(query).first()
    return (row.channel, row.ts) if row else None


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


def _insert(
    tx: Tx, name: Mapping[str, str], parent: int | None, detail: Mapping[str, Any], now: datetime
) -> int | None:
    """The id of a new message; None if it exists. Two rejections at once may both want a month's first thread."""
    values = {"parent_id": parent, "detail": dict(detail), "created_at": now, "wanted": 1, "shown": 0}
    insert = insert_into(messages, tx.dialect.name)
    statement = insert.values(**name, **values, status="waiting").on_conflict_do_nothing().returning(messages.c.id)
    return tx.execute(statement).scalar_one_or_none()


def _set(tx: Tx, message_id: int, **values: Any) -> None:
    tx.execute(sa.update(messages).where(messages.c.id == message_id).values(**values))


def _message(row: sa.Row[Any], action: Action, drawing: int, attempted_at: datetime, lease_until: datetime) -> Message:
    place = (row.channel, row.ts, row.thread_ts, action)
    name = (row.id, row.subject, row.kind, row.recipient, row.occurrence, row.detail)
    return Message(*name, drawing, attempted_at, lease_until, *place)
