"""What the stand-in says when Slack would refuse.

Lives here: the one exception that becomes an `{"ok": false}` reply, and the one that stops a person's act with words.
May change it: nobody at run time. Relies on it: every API method, the page's doors.
"""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal with Slack's error code; `messages` are the lines Slack puts into response_metadata."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: object) -> None:
        """In: code, detail lines, further reply fields. Out: an exception whose `reply()` is the JSON answer."""
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def reply(self) -> Json:
        """Out: the body Slack would send."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in self.messages]}
        return body


class RateLimited(SlackError):
    """A refusal that travels as 429 with Retry-After."""

    def __init__(self, retry_after: int) -> None:
        """In: the seconds to wait."""
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Refusal(Exception):
    """A person's act that Slack would not carry out; the text is for that person."""
