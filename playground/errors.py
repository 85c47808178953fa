"""What the stand-in says when Slack would refuse: to an app in a reply, to a person in words."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal with Slack's error code.

    `messages` are the lines Slack puts into response_metadata, `extra` further fields of the reply.
    """

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def reply(self) -> Json:
        """The body Slack would send."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in self.messages]}
        return body


class RateLimited(SlackError):
    """A refusal that travels as 429 with Retry-After, in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Refusal(Exception):
    """A person's act that Slack would not carry out; the text is for that person."""
