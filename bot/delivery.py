"""Brings wanted messages out: claim → load what it shows → draw → send → mark.

Whoever commits a move wakes this; another process finds the message within half a second. A crash at any point
leaves a row that says how far it got, and no message is knowingly shown twice.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.blocks.drawing import Drawing, simpler
from bot.blocks.funnel.shapes import native
from bot.kinds import KINDS
from bot.moves.lost_card import turn_away
from bot.slack import Content, Permanent, Place, Shut, Slack, SlackFailure, Transient, Uncertain
from bot.store import looks, messages
from bot.store.engine import Store
from bot.store.messages import ANSWER, Message

POLL = 0.5
SOON = timedelta(seconds=5)
LATER = timedelta(seconds=60)
MENDED = timedelta(minutes=10)
"""How long what has no other way waits for somebody to mend the channel it belongs to."""
LOOK_BACK = timedelta(seconds=60)
"""How far before the attempt an uncertain message is looked for: clocks differ."""
GONE_CODES = frozenset({"message_not_found", "cant_update_message"})

Clock = Callable[[], datetime]
Types = frozenset[str]

log = structlog.get_logger()


def _real() -> datetime:
    return datetime.now(UTC)


class Delivery:
    """One per process. `wake` may be called from any thread; `drain` by one thread at a time.

    `wall` is real time, `now` the domain's, for the move that follows where Slack takes nothing; both UTC.
    """

    def __init__(self, store: Store, slack: Slack, wall: Clock = _real, now: Clock = _real) -> None:
        self._store = store
        self._slack = slack
        self._wall = wall
        self._now = now
        self._awake = threading.Event()
        self._stopped = threading.Event()
        self._silent_until = datetime.min.replace(tzinfo=UTC)

    def wake(self) -> None:
        """There may be something to send."""
        self._awake.set()

    def stop(self) -> None:
        """End `run` after the message in hand."""
        self._stopped.set()
        self._awake.set()

    def run(self) -> None:
        """Send what is wanted until stopped. Nothing that goes wrong ends it."""
        while not self._stopped.is_set():
            self._awake.wait(POLL)
            self._awake.clear()
            try:
                self.drain()
            except Exception:  # rows say how far each message got, so the next round goes on from there
                log.exception("delivery failed")
                time.sleep(POLL)  # a database that is away should not be asked in a tight loop

    def drain(self) -> int:
        """Work on messages until none is left that can be; how many were worked on."""
        done = 0
        while not self._stopped.is_set() and (message := self._claim()):
            self._deliver(message)
            done += 1
        return done

    def _claim(self) -> Message | None:
        wall = self._wall()
        if wall < self._silent_until:
            return None
        with self._store.reading() as tx:
            if not messages.any_work(tx, wall):
                return None
        with self._store.transaction(wakes=False) as tx:
            return messages.claim(tx, wall)

    def _deliver(self, message: Message) -> None:
        """One message, up to the mark that says how it ended.

        An error between sending and marking leaves the lease to run out: then the message is looked up first.
        """
        if message.action == "look_up":
            self._look_up(message)
        elif drawing := self._drawn(message):
            self._show(message, drawing)

    def _drawn(self, message: Message) -> Drawing | None:
        """The message as it should look now. None if that failed: nothing was posted, and it is tried again later."""
        try:
            with self._store.reading() as tx:
                draw = KINDS[message.kind](tx, message)
            return draw(self._slack)
        except SlackFailure as error:
            self._put_off(message, error)
        except Exception as error:  # a fault of ours must not hold up the messages behind this one
            log.exception("message not drawn", message=message.id, kind=message.kind)
            self._mark(messages.wait, message, self._wall() + LATER, f"{type(error).__name__}: {error}")
        return None

    def _show(self, message: Message, drawing: Drawing, refused: Types = frozenset()) -> None:
        """Send it. What is refused for its blocks was not posted: a plainer one goes out under the same lease.

        `refused` are the types of native blocks in drawings that were refused before.
        """
        try:
            self._send(message, drawing, refused)
        except Transient as error:
            self._put_off(message, error)
        except Uncertain as error:
            self._doubt(message, error)
        except Shut as error:
            self._turned_away(message, error)
        except Permanent as error:
            plainer = simpler(drawing) if str(error) == "invalid_blocks" else None
            if plainer:  # a lead is never dropped for its looks
                log.error("invalid_blocks: shown plainly", message=message.id, kind=message.kind)
                self._show(message, plainer, refused | native(drawing.blocks) if drawing.plainer else frozenset())
            else:
                self._refused(message, error)

    def _send(self, message: Message, drawing: Drawing, refused: Types) -> None:
        content: Content = {"text": drawing.text, "blocks": drawing.blocks}
        if self._wall() >= message.lease_until:  # this process slept: it may be sent, and newer, by now
            raise Transient("the lease ran out", SOON.total_seconds())
        if message.kind == ANSWER:
            channel, ts = self._whisper(message, content), None
        elif message.ts and message.channel:
            channel, ts = message.channel, message.ts
            self._slack.update(channel, ts, content)
        else:
            channel = self._channel(message)
            ts = self._slack.post(_place(message, channel), content, _identity(message))
        types = native(drawing.blocks)
        with self._store.transaction(wakes=False) as tx:
            messages.sent(tx, message, channel, ts)
            looks.refused(tx, refused - types, self._wall())
            if ts:  # of what one person is shown for a moment nobody knows how it looks there
                looks.taken(tx, types, self._wall())

    def _whisper(self, message: Message, content: Content) -> str:
        """Where the click came from; directly, where Baton is not any more. The channel it was said in."""
        channel = str(message.detail["channel"])
        try:
            self._slack.whisper(channel, message.recipient, content)
        except Shut:
            channel = self._slack.open_dm(message.recipient)
            self._slack.post({"channel": channel}, content, _identity(message))
        return channel

    def _channel(self, message: Message) -> str:
        """Where a new message goes. A direct message's channel is opened, and stored, before the first post."""
        if message.channel:
            return message.channel
        channel = message.recipient
        if channel.startswith(("U", "W")):
            try:
                channel = self._slack.open_dm(channel)
            except Uncertain as error:  # nothing was posted yet
                raise Transient(str(error), SOON.total_seconds()) from error
        self._mark(messages.store_channel, message, channel)
        return channel

    def _refused(self, message: Message, error: SlackFailure) -> None:
        log.error("slack refused a message", message=message.id, kind=message.kind, error=str(error))
        if message.action == "update" and str(error) in GONE_CODES:
            self._mark(messages.forget_address, message, str(error))
        else:
            self._mark(messages.fail, message, str(error))

    def _turned_away(self, message: Message, error: Shut) -> None:
        """The channel or the person takes nothing: another way is found, or it waits."""
        log.error("slack takes nothing there", message=message.id, kind=message.kind, error=str(error))
        if message.kind == ANSWER:
            self._mark(messages.fail, message, str(error))
        elif not turn_away(self._store, self._now(), message, str(error)):
            how = messages.still_in_doubt if message.action == "look_up" else messages.wait
            self._mark(how, message, self._wall() + MENDED, str(error))

    def _doubt(self, message: Message, error: Uncertain) -> None:
        log.warning("outcome unknown", message=message.id, kind=message.kind, error=str(error))
        if message.action == "update":  # repeating it does no harm
            self._mark(messages.wait, message, self._wall() + SOON, str(error))
        else:
            self._mark(messages.doubt, message, self._wall(), str(error))

    def _look_up(self, message: Message) -> None:
        """Did it arrive? Found: sent. Not found: it may be posted again."""
        channel = message.channel or message.recipient
        since = message.attempted_at - LOOK_BACK
        try:
            ts = self._slack.find(_place(message, channel), _identity(message), since)
        except Shut as error:
            self._turned_away(message, error)
            return
        except SlackFailure as error:
            self._mark(messages.still_in_doubt, message, self._wall() + self._rest(error, LATER), str(error))
            return
        if ts:
            self._mark(messages.sent, message, channel, ts)
        else:
            self._mark(messages.wait, message, None, "looked up: Slack does not have it")

    def _put_off(self, message: Message, error: SlackFailure) -> None:
        """Nothing was posted, and it is tried again."""
        self._mark(messages.wait, message, self._wall() + self._rest(error, SOON), str(error))

    def _rest(self, error: SlackFailure, otherwise: timedelta) -> timedelta:
        """How long a message rests after this. A rate limit is the whole workspace's."""
        if not isinstance(error, Transient):
            return otherwise
        wait = timedelta(seconds=error.wait)
        if error.everywhere:
            self._silent_until = self._wall() + wait
        return wait

    def _mark(self, how: Callable[..., None], message: Message, *arguments: Any) -> None:
        with self._store.transaction(wakes=False) as tx:
            how(tx, message, *arguments)


def _place(message: Message, channel: str) -> Place:
    return {"channel": channel, "thread_ts": message.thread_ts} if message.thread_ts else {"channel": channel}


def _identity(message: Message) -> dict[str, Any]:
    """What the message is known by in Slack: ids only, since everybody in the workspace can read it."""
    return {"id": message.id, "subject": message.subject, "kind": message.kind}
