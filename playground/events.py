"""Events to the app, with Slack's three retries. Deliveries run in a few threads of their own."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

from playground.errors import Json
from playground.ids import new_id
from playground.outgoing import Courier
from playground.world import World

WAITS = (0.0, 60.0, 300.0)


class Events:
    """Sends what the app subscribed to. No thread starts before the first event."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="playground-events")

    def emit(self, subscription: str, event: Json) -> None:
        """Send an event if the app subscribed to `subscription`, such as message.channels."""
        if subscription not in self._world.workspace.app.events:
            return
        with contextlib.suppress(RuntimeError):  # closing just now
            self._threads.submit(self._deliver, self._envelope(event))

    def _envelope(self, event: Json) -> Json:
        workspace = self._world.workspace
        authorization = {"enterprise_id": None, "team_id": workspace.team.id, "user_id": workspace.app.user.id,
                         "is_bot": True, "is_enterprise_install": False}  # fmt: skip
        return {"token": "not-used-verify-the-signature", "team_id": workspace.team.id,
                "api_app_id": workspace.app.id, "event": event, "type": "event_callback", "event_id": new_id("Ev"),
                "event_time": int(self._world.clock()), "authorizations": [authorization],
                "is_ext_shared_channel": False, "event_context": new_id("4-")}  # fmt: skip

    def _deliver(self, envelope: Json) -> None:
        app = self._world.workspace.app
        url = app.events_url or app.url
        outcome = self._courier.event(url, envelope, {})
        for number, wait in enumerate(WAITS, 1):
            if outcome.ok or _gives_up(outcome.headers) or self._closed.wait(wait * app.retry_scale):
                return
            extra = {"x-slack-retry-num": str(number), "x-slack-retry-reason": outcome.problem or "unknown_error"}
            outcome = self._courier.event(url, envelope, extra)

    def close(self) -> None:
        """End waits and threads; a delivery under way is waited for."""
        self._closed.set()
        self._threads.shutdown(wait=True, cancel_futures=True)


def _gives_up(headers: object) -> bool:
    return isinstance(headers, dict) and any(
        key.lower() == "x-slack-no-retry" and value == "1" for key, value in headers.items()
    )
