"""The state of one workspace, and all that hangs on it.

It changes under `changing()`. The lock is never held while HTTP is sent.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

from playground.errors import Json, SlackError
from playground.faults import Faults
from playground.ids import Stamps, new_id
from playground.log import Log
from playground.records import Channel, Message, View
from playground.stream import CHANGED, Stream
from playground.tickets import Tickets
from playground.workspace import Person, Workspace


class World:
    """One workspace at play; `real` is real time in Unix seconds, which `ahead` may be added to."""

    def __init__(self, workspace: Workspace, real: Callable[[], float]) -> None:
        self.workspace = workspace
        self.real = real
        self.ahead = 0.0
        self.lock = threading.RLock()
        self.stamps = Stamps(self.clock)
        self.tickets = Tickets(self.clock, workspace.team.id)
        self.faults = Faults()
        self.stream = Stream()
        self.calls = Log()
        self.deliveries = Log()
        self.version = 0
        self.without = frozenset(workspace.without_blocks)
        self.bot_id = "B" + workspace.app.id[1:]
        self.people: dict[str, Person] = {person.id: person for person in workspace.people}
        self.channels: dict[str, Channel] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.ephemerals: dict[tuple[str, str, str], Message] = {}
        self.chosen: dict[tuple[str, str, str], dict[str, Json]] = {}
        self.offered: dict[tuple[str, str], Json] = {}
        self._last_use: dict[str, float] = {}
        for spec in workspace.channels:
            members = {*self.people, self.app_user} if spec.members == "all" else set(spec.members)
            self.channels[spec.id] = Channel(spec.id, spec.name, "channel", members, spec.private)
            if spec.archived:
                self.archive(self.channels[spec.id])

    def clock(self) -> float:
        """What time it is in this workspace, in Unix seconds."""
        return self.real() + self.ahead

    def move_to(self, now: float) -> None:
        """Make it `now` in this workspace, for the app too was made to believe so."""
        with self.changing():
            self.ahead = now - self.real()

    @property
    def app_user(self) -> str:
        """The id of the app's own user."""
        return self.workspace.app.user.id

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; at the end the version moves and every open page is told."""
        with self.lock:
            yield
            self.version += 1
        self.stream.publish(CHANGED)

    def channel(self, channel_id: str) -> Channel:
        """The channel with this id. Raises channel_not_found."""
        found = self.channels.get(channel_id)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def app_channel(self, channel_id: str) -> Channel:
        """A channel the app may know of: a private one it is not in does not exist for it. Raises channel_not_found."""
        channel = self.channel(channel_id)
        if channel.private and self.app_user not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def archive(self, channel: Channel) -> None:
        """Archive a channel. Slack puts apps out of it, and they stay out when it is opened again."""
        channel.archived = True
        channel.members.discard(self.app_user)

    def present(self, channel: Channel) -> set[str]:
        """Who is in a channel; somebody deactivated is in none."""
        return {user for user in channel.members if user not in self.people or not self.people[user].deactivated}

    def direct(self, user: str) -> Channel | None:
        """The app's direct channel with a person, if one was opened."""
        pair = {user, self.app_user}
        return next((c for c in self.channels.values() if c.kind == "dm" and c.members == pair), None)

    def open_direct(self, user: str) -> Channel:
        """The app's direct channel with a person, made if need be. The caller holds the lock."""
        found = self.direct(user)
        if found is None:
            found = Channel(new_id("D"), "", "dm", {user, self.app_user})
            self.channels[found.id] = found
        return found

    def show_ephemeral(self, message: Message, user: str, page_message: Json) -> None:
        """Tell a message to the open pages of the one person who may see it; it is kept only for clicks on it."""
        with self.lock:
            self.ephemerals[user, message.channel, message.ts] = message
        self.stream.publish({"type": "ephemeral", "message": page_message}, user)

    def once_in(self, name: str, seconds: float) -> bool:
        """Whether the last use of something scarce is `seconds` ago or more; then this is a use."""
        with self.lock:
            fresh = self.clock() - self._last_use.get(name, float("-inf")) >= seconds
            if fresh:
                self._last_use[name] = self.clock()
            return fresh

    def views(self) -> Iterator[View]:
        """Every view that exists now."""
        yield from self.homes.values()
        for stack in self.modals.values():
            yield from stack

    def view(self, view_id: str) -> View | None:
        """The view with this id, or None when it was closed or never was."""
        return next((view for view in self.views() if view.id == view_id), None)

    def close_view(self, view: View) -> None:
        """Take a modal off its person's stack. The caller holds the lock."""
        stack = self.modals.get(view.user, [])
        if view in stack:
            stack.remove(view)
