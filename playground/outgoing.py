"""Signed deliveries to the app, and the three seconds it has.

No lock of the state is held here: the app calls back while it is being called.
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from playground.errors import Json
from playground.log import Log

DEADLINE = 3.0
# A little longer, so that an answer just too late is told from none at all.
PATIENCE = 1.1
FORM = "application/x-www-form-urlencoded"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Slack does not follow an app elsewhere."""


# Loopback is never reached through a proxy.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


@dataclass(frozen=True)
class Outcome:
    """What came of a request; status None means nothing came back. `problem` is None, http_timeout, http_error or
    connection_failed.
    """

    status: int | None
    body: str
    headers: Mapping[str, str]
    seconds: float
    problem: str | None

    @property
    def ok(self) -> bool:
        """Whether it was answered well and in time."""
        return self.problem is None

    def json(self) -> Any:
        """The body as JSON, or None when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None, patience: float) -> Outcome:
    """What came of one HTTP request, `patience` in seconds; never raises for what the other side does."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 (http(s) by the workspace's rule)
    started = time.monotonic()
    try:
        with OPENER.open(request, timeout=patience) as response:
            status, text, got = response.status, response.read().decode("utf-8", "replace"), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            status, text, got = error.code, error.read().decode("utf-8", "replace"), dict(error.headers)
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
        problem = "http_timeout" if late else "connection_failed"
        return Outcome(None, str(error), {}, time.monotonic() - started, problem)
    return Outcome(status, text, got, time.monotonic() - started, None)


class Courier:
    """Carries payloads to one app, signed as Slack signs. The app has `deadline` seconds to answer."""

    def __init__(self, signing_secret: str, log: Log, deadline: float = DEADLINE) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._log = log
        self._deadline = deadline

    def interaction(self, kind: str, url: str, payload: Json) -> Outcome:
        """Deliver an interactivity payload; anything but 200 is an http_error."""
        return self._deliver(kind, url, urlencode({"payload": json.dumps(payload)}), shown=payload)

    def command(self, url: str, fields: Mapping[str, str]) -> Outcome:
        """Deliver a slash command; anything but 200 is an http_error."""
        return self._deliver("command", url, urlencode(fields), shown=dict(fields))

    def event(self, url: str, envelope: Json, extra: Mapping[str, str]) -> Outcome:
        """Deliver an event, with retry headers; any 2xx is fine."""
        return self._deliver("event", url, json.dumps(envelope), shown=envelope, extra=extra)

    def _deliver(
        self, kind: str, url: str, body: str, *, shown: Json, extra: Mapping[str, str] | None = None
    ) -> Outcome:
        good = range(200, 300) if kind == "event" else range(200, 201)
        stamp = str(int(time.time()))
        signature = self._verifier.generate_signature(timestamp=stamp, body=body) or ""
        content_type = "application/json" if kind == "event" else FORM
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature,
                   "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **(extra or {})}  # fmt: skip
        sent = send("POST", url, headers, body.encode(), self._deadline * PATIENCE)
        outcome = judged(sent, good, self._deadline)
        entry = {"at": time.time(), "kind": kind, "body": shown, "status": outcome.status,
                 "seconds": round(outcome.seconds, 3), "reply": outcome.body, "problem": outcome.problem}  # fmt: skip
        self._log.append({**entry, "headers": dict(extra or {})})
        return outcome


def judged(outcome: Outcome, good: Container[int], deadline: float) -> Outcome:
    """An outcome with the problem Slack would see: an answer after `deadline` seconds, or a status not in `good`."""
    if outcome.problem is None and outcome.seconds > deadline:
        return Outcome(outcome.status, outcome.body, outcome.headers, outcome.seconds, "http_timeout")
    if outcome.problem is None and outcome.status not in good:
        return Outcome(outcome.status, outcome.body, outcome.headers, outcome.seconds, "http_error")
    return outcome


def reason(outcome: Outcome) -> str:
    """Why an outcome is not ok, in a person's words."""
    if outcome.problem == "http_timeout":
        return "the app did not answer within 3 seconds"
    if outcome.status is None:
        return "the app could not be reached"
    return f"the app answered {outcome.status}"
