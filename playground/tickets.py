"""Short-lived permissions an app gets with an interaction: trigger ids and response URLs."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from playground.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5
KEPT = 5000


@dataclass
class Trigger:
    """What a trigger id stands for; `view_id` and `channel` are the view and the conversation it came from, if any."""

    user: str
    born: float
    view_id: str | None = None
    channel: str | None = None
    spent: bool = False


@dataclass
class Hook:
    """What a response_url stands for; `ts` is the message it came from, if any."""

    user: str
    channel: str
    born: float
    ts: str | None = None
    thread_ts: str | None = None
    ephemeral: bool = False
    uses: int = 0


class Tickets:
    """All triggers and response URLs of one workspace; the team's id is part of a trigger id."""

    def __init__(self, clock: Callable[[], float], team: str) -> None:
        self._clock = clock
        self._team = team.lstrip("T")
        self._lock = threading.Lock()
        self._triggers: dict[str, Trigger] = {}
        self._hooks: dict[str, Hook] = {}

    def trigger(self, user: str, view_id: str | None = None, channel: str | None = None) -> str:
        """A new trigger id for what a person did, in which view and conversation, if any."""
        now = self._clock()
        name = f"{int(now * 1000)}.{self._team}.{secrets.token_hex(16)}"
        with self._lock:
            self._triggers[name] = Trigger(user, now, view_id, channel)
            _forget_oldest(self._triggers)
        return name

    def spend_trigger(self, name: str) -> Trigger:
        """What a trigger id stands for, spent from now on. Raises SlackError as views.open does."""
        with self._lock:
            trigger = self._triggers.get(name)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.spent:
                raise SlackError("exchanged_trigger_id")
            if self._clock() - trigger.born > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger.spent = True
            return trigger

    def hook(self, hook: Hook) -> str:
        """The secret last part of a new response_url."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._hooks[name] = hook
            _forget_oldest(self._hooks)
        return name

    def use_hook(self, name: str) -> Hook:
        """What a response_url stands for. Raises SlackError when it is used up or too old."""
        with self._lock:
            hook = self._hooks.get(name)
            if hook is None or self._clock() - hook.born > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            if hook.uses >= RESPONSE_USES:
                raise SlackError("used_url")
            hook.uses += 1
            return hook


def _forget_oldest(kept: dict[str, Trigger] | dict[str, Hook]) -> None:
    while len(kept) > KEPT:
        del kept[next(iter(kept))]
