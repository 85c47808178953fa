"""The one place that knows slack_sdk: the calls Baton makes, and what their errors mean for whoever made them.

`Transient`: certainly not done, try again after `wait`. `Uncertain`: nobody knows. `Permanent`: refused for good; of
that `Shut` says that it is the channel, or the person, that takes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from socket import gaierror
from typing import Any, NotRequired, TypedDict
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

Block = dict[str, Any]


class Content(TypedDict):
    """What a message says."""

    text: str
    blocks: list[Block]


class Place(TypedDict):
    """Where a message goes: a channel, and a thread in it for a reply."""

    channel: str
    thread_ts: NotRequired[str]


METADATA = "baton_message"
PAGE = 200

DOUBTFUL = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Slack's documents say of these that part of the work may have been done."""

CODE = re.compile("[a-z0-9_]+")
"""What an error of Slack's own looks like; anything else was said by something on the way."""

LATER = {
    "ratelimited": 30.0,
    "rate_limited": 30.0,
    "service_unavailable": 30.0,
    "team_added_to_org": 60.0,
    # An operator can mend these; until then nothing is lost.
    **dict.fromkeys(("invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope"), 60.0),
    "messages_tab_disabled": 60.0,
}
"""Error → seconds until another try is worth it. (`account_inactive` is said of the token, never of a recipient.)"""

NO_CHANNEL = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
NO_PERSON = frozenset({"user_disabled", "user_not_found", "users_not_found", "user_not_visible", "cannot_dm_bot"})
READS = frozenset({"users.info", "chat.getPermalink", "conversations.history", "conversations.replies"})
"""Methods that take their arguments in the address: of a JSON body some of them read nothing, without a word."""


class SlackFailure(Exception):
    """A call that did not succeed; `str` is Slack's error code, or the fault of the connection."""


class Transient(SlackFailure):
    """Certainly not done. Try again after `wait` seconds; `everywhere` if the whole workspace has to wait."""

    def __init__(self, error: str, wait: float, *, everywhere: bool = False) -> None:
        super().__init__(error)
        self.wait = wait
        self.everywhere = everywhere


class Uncertain(SlackFailure):
    """The request may or may not have been carried out."""


class Permanent(SlackFailure):
    """Refused, and the same request always will be."""


class Shut(Permanent):
    """Refused because of where it goes: that channel, or that person, takes nothing until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person: whether their account is gone, and their status, which ends at `until` (UTC)."""

    gone: bool
    status: str = ""
    emoji: str = ""
    until: datetime | None = None


def is_signed(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a request was signed by Slack within the last five minutes. Asked before anything reads the body."""
    timestamp = headers.get("x-slack-request-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()):
        return False
    return SignatureVerifier(secret).is_valid(body, timestamp, headers.get("x-slack-signature", ""))


def bolt_client(base_url: str) -> WebClient:
    """What Bolt makes its own clients from; it gets the token from `authorize`."""
    return WebClient(base_url=base_url)


class Slack:
    """A workspace. Calls never retry by themselves: posting has no idempotency key."""

    def __init__(self, token: str, base_url: str, timeout: int = 10) -> None:
        self._client = WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self._quick = WebClient(token=token, base_url=base_url, timeout=2, retry_handlers=[])
        self._links = ""

    def post(self, place: Place, content: Content, identity: dict[str, Any]) -> str:
        """Post a message, marked with `identity` so that it can be found again. Its ts."""
        answer = self._call(
            "chat.postMessage",
            **place,
            **content,
            metadata={"event_type": METADATA, "event_payload": identity},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, content: Content) -> None:
        """Draw a message anew."""
        self._call("chat.update", channel=channel, ts=ts, **content)

    def whisper(self, channel: str, user: str, content: Content) -> None:
        """Say something that only `user` sees, and only now."""
        self._call("chat.postEphemeral", channel=channel, user=user, **content)

    def open_dm(self, user: str) -> str:
        """The id of the direct-message channel with `user`."""
        return str(self._call("conversations.open", users=user)["channel"]["id"])

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message."""
        return str(self._call("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    def link(self, channel: str, ts: str) -> str:
        """The same for a list of messages: links of one workspace all begin alike, so Slack is asked once."""
        if not self._links:
            self._links = self._call("chat.getPermalink", self._quick, channel=channel, message_ts=ts)["permalink"]
            self._links = self._links.partition(channel)[0]
        return f"{self._links}{channel}/p{ts.replace('.', '')}"

    def find(self, place: Place, identity: dict[str, Any], since: datetime) -> str | None:
        """The ts of the message posted to `place` with `identity` after `since`; None if there is none."""
        thread = place.get("thread_ts")
        method = "conversations.replies" if thread else "conversations.history"
        where: dict[str, Any] = {"channel": place["channel"], **({"ts": thread} if thread else {})}
        where |= {"oldest": f"{since.timestamp():.6f}", "include_all_metadata": True, "limit": PAGE}
        while True:
            page = self._call(method, **where)
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload") == identity:
                    return str(message["ts"])
            cursor = page.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None
            where["cursor"] = cursor

    def has(self, channel: str, ts: str) -> bool:
        """Whether a message, which is no reply, is still there; what is left of a deleted one is not."""
        page = self._call("conversations.history", channel=channel, oldest=ts, latest=ts, inclusive=True, limit=1)
        return any(one["ts"] == ts and one.get("subtype") != "tombstone" for one in page["messages"])

    def reaches(self, channel: str) -> bool:
        """Whether Baton is in a channel: only a clear no is one. Asked inside the three seconds that a form has."""
        try:
            self._call("conversations.history", self._quick, channel=channel, limit=1)
        except SlackFailure as error:
            return not isinstance(error, Shut)
        return True

    def person(self, user: str) -> Profile:
        """What is known of somebody now; a bot is as good as gone. `Shut` if Slack does not know or show them."""
        found = self._call("users.info", user=user)["user"]
        said, until = found.get("profile", {}), int(found.get("profile", {}).get("status_expiration") or 0)
        return Profile(
            gone=bool(found.get("deleted") or found.get("is_bot")),
            status=str(said.get("status_text") or ""),
            emoji=str(said.get("status_emoji") or ""),
            until=datetime.fromtimestamp(until, UTC) if until else None,
        )

    def open_view(self, trigger_id: str, view: Block) -> None:
        """Open a form, inside the three seconds that the trigger lives."""
        self._call("views.open", self._quick, trigger_id=trigger_id, view=view)

    def update_view(self, view_id: str, seen: str, view: Block) -> None:
        """Draw a form anew, unless it changed since `seen`."""
        self._call("views.update", self._quick, view_id=view_id, hash=seen, view=view)

    def publish_home(self, user: str, view: Block) -> None:
        """Draw the home tab of a person."""
        self._call("views.publish", self._quick, user_id=user, view=view)

    def _call(self, method: str, client: WebClient | None = None, **arguments: Any) -> dict[str, Any]:
        how: dict[str, Any] = {"http_verb": "GET", "params": arguments} if method in READS else {"json": arguments}
        try:
            answer = (client or self._client).api_call(method, **how)
        except SlackApiError as error:
            raise _meaning(error) from error
        except URLError as error:
            raise _connection(error.reason) from error
        except (OSError, HTTPException) as error:
            raise Uncertain(f"{type(error).__name__}: {error}") from error
        return answer.data if isinstance(answer.data, dict) else {}


def _meaning(error: SlackApiError) -> SlackFailure:
    status, headers = error.response.status_code, error.response.headers
    data = error.response.data
    code = str(data.get("error", status)) if isinstance(data, dict) else f"HTTP {status}"
    if status == 429:
        return Transient(code, float(headers.get("Retry-After", 30)), everywhere=True)
    if status >= 500 or code in DOUBTFUL or not CODE.fullmatch(code):
        return Uncertain(code)
    if code in LATER:
        return Transient(code, LATER[code])
    shut = code in NO_CHANNEL or code in NO_PERSON or code.startswith("restricted_action")
    return Shut(code) if shut else Permanent(code)


def _connection(reason: object) -> SlackFailure:
    """Only a connection that was never made is certain to have done nothing."""
    never_made = isinstance(reason, ConnectionRefusedError | gaierror)
    return Transient(str(reason), 5.0) if never_made else Uncertain(str(reason))
