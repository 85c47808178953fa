"""Runs one delivery in a process of its own and kills it (-9) at a chosen point; `python -m tests.flows.crash_host`.

Reads one JSON order a line, forks, and the child drains what there is to deliver; an order that says `now` has it
sweep instead, and die at one of `SWEEPING`. The parent, which never opens a
database and never starts a thread, answers with the child's exit code. The points are put in by wrapping; the
product knows nothing of them.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import slack_sdk.web.base_client as sdk

from bot import sweep
from bot.delivery import Delivery
from bot.moves import due, turn
from bot.slack import Slack
from bot.store import handoffs, messages
from bot.store.engine import Store

Wrapped = Callable[..., Any]
in_hand: list[str] = [""]
"""The kind of the message that is being worked on."""


def before(target: Any, name: str, kind: str) -> None:
    """Die instead of calling `target.name`, while a message of this kind is worked on."""

    def around(call: Wrapped) -> Any:
        _die_with(kind)
        return call()

    _wrap(target, name, around)


def after(target: Any, name: str, kind: str) -> None:
    """Die as soon as `target.name` is done."""

    def around(call: Wrapped) -> Any:
        answer = call()
        _die_with(kind)
        return answer

    _wrap(target, name, around)


def _die_with(kind: str) -> None:
    if kind in {in_hand[0], "*"}:
        os.kill(os.getpid(), signal.SIGKILL)


def _wrap(target: Any, name: str, around: Callable[[Callable[[], Any]], Any]) -> None:
    inner: Wrapped = getattr(target, name)
    setattr(target, name, wraps(inner)(lambda *args, **named: around(lambda: inner(*args, **named))))


def _notice_claims() -> None:
    claim = messages.claim

    def claiming(*args: Any) -> Any:
        message = claim(*args)
        in_hand[0] = message.kind if message else ""
        return message

    messages.claim = claiming  # type: ignore[assignment]


def _answer_unread(kind: str) -> None:
    """Slack has carried the call out and its answer has begun to arrive; nobody reads it."""
    urlopen: Wrapped = sdk.urlopen  # type: ignore[attr-defined]

    def asking(request: Any, **rest: Any) -> Any:
        answer = urlopen(request, **rest)
        if request.full_url.endswith(("chat.postMessage", "chat.update")):
            _die_with(kind)
        return answer

    sdk.urlopen = asking  # type: ignore[attr-defined, assignment]


def _sending(how: Callable[[Any, str, str], None], kind: str) -> None:
    how(Slack, "post", kind)
    how(Slack, "update", kind)


POINTS: dict[str, Callable[[str], None]] = {
    "before the claim": lambda kind: before(messages, "claim", "*"),
    "claimed, not committed": lambda kind: after(messages, "claim", kind),
    "after the claim": lambda kind: before(Delivery, "_deliver", kind),
    "drawn": lambda kind: before(Delivery, "_show", kind),
    "direct message opened": lambda kind: after(Slack, "open_dm", kind),
    "channel not committed": lambda kind: after(messages, "store_channel", kind),
    "before the request": lambda kind: _sending(before, kind),
    "answer unread": _answer_unread,
    "before the mark": lambda kind: _sending(after, kind),
    "mark not committed": lambda kind: after(messages, "sent", kind),
    "after the mark": lambda kind: after(Delivery, "_send", kind),
    "before the look-up": lambda kind: before(Slack, "find", kind),
    "after the look-up": lambda kind: after(Slack, "find", kind),
    "never": lambda kind: None,
}


def _at(target: Any, name: str, how: Callable[[Any, str, str], None], times: int = 1) -> Callable[[], None]:
    """Die before or after `target.name` is called for this many times."""

    def put_in() -> None:
        counted: Wrapped = getattr(target, name)
        how(target, name, "*")
        deadly, calls = getattr(target, name), [0]

        def calling(*args: Any, **named: Any) -> Any:
            calls[0] += 1
            return (deadly if calls[0] == times else counted)(*args, **named)

        setattr(target, name, calling)

    return put_in


SWEEPING: dict[str, Callable[[], None]] = {
    "before the batch": _at(sweep, "climb_due", before),
    "claimed": _at(handoffs, "claim_due", after),
    "claimed the second batch": _at(handoffs, "claim_due", after, 2),
    "in the middle of a batch": _at(due, "carry_out", after, 7),
    "before its messages": _at(turn, "ask", before),
    "not committed": _at(turn, "ask", after),
    "after the batch": _at(sweep, "climb_due", after),
    "owner changed, not committed": _at(due, "reassign_unanswered", after),
    "owner changed": _at(sweep, "climb", after),
}


def deliver(order: dict[str, Any]) -> None:
    """What the child does."""
    if "now" in order:
        SWEEPING[order["point"]]()
        sweep.sweep(Store(order["database"]), datetime.fromisoformat(order["now"]))
        return
    _notice_claims()
    POINTS[order["point"]](order["kind"])
    ahead = timedelta(seconds=order["ahead"])
    store = Store(order["database"])
    slack = Slack(order["token"], order["api"])
    Delivery(store, slack, lambda: datetime.now(UTC) + ahead).drain()


def run(order: dict[str, Any]) -> int:
    """In a child; its exit code, -9 if it was killed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        deliver(order)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


class Host:
    """That process, seen from a test."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.flows.crash_host"]
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(command, cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def order(self, **order: Any) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=10)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{run(json.loads(line))}\n")
        sys.stdout.flush()
