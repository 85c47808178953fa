"""What the stand-in remembers: channels, messages, views. They change only under the state's lock."""

from dataclasses import dataclass, field

from playground.errors import Json

STONE = "tombstone"
"""The subtype of what is left of a message that was deleted while it had replies."""


@dataclass
class Message:
    """One message; `blocks` carry their block ids already."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    edited_at: str | None = None
    ephemeral: bool = False
    metadata: Json | None = None
    from_app: bool = False
    broadcast: bool = False
    subtype: str | None = None


@dataclass
class Channel:
    """A channel or a direct message; messages are kept in the order of their stamps."""

    id: str
    name: str
    kind: str
    members: set[str]
    private: bool = False
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """The message with this stamp, or None."""
        return next((message for message in self.messages if message.ts == ts), None)


@dataclass
class View:
    """A modal or a Home; `body` is what the app sent, ids filled in, `channel` where the person was when it opened."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    channel: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks in `body`."""
        blocks: list[Json] = self.body["blocks"]
        return blocks
