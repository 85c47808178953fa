"""A playground and a real Bolt app beside it, both over HTTP on loopback."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from playground.app import build
from playground.workspace import parse
from tests.playground.kit import SIGNING, TOKEN, Clock, Json, Pair, Play, Slots, bolt_door, played, spec


@pytest.fixture
def make(slots: Slots) -> Iterator[Callable[..., Play]]:
    """A playground without an app behind it; keywords change the app's part of the workspace."""
    with contextlib.ExitStack() as stack:

        def one(clock: Callable[[], float] = time.time, **app: Any) -> Play:
            slot = stack.enter_context(slots.take())
            server = stack.enter_context(played(slot, build(parse(spec(**app), "test"), clock)))
            return Play(server, WebClient(TOKEN, base_url=server.api, retry_handlers=[]))

        yield one


@pytest.fixture
def play(make: Callable[..., Play]) -> Play:
    return make()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_pair(slots: Slots) -> Iterator[Callable[..., Pair]]:
    """A playground with a real Bolt app behind it."""
    with contextlib.ExitStack() as stack:

        def one(clock: Callable[[], float] = time.time, deadline: float = 3.0, **app: Any) -> Pair:
            slot, bolt_slot = stack.enter_context(slots.take()), stack.enter_context(slots.take())
            workspace = parse(spec(**{"url": f"{bolt_slot.address}/slack/events", **app}), "test")
            server = stack.enter_context(played(slot, build(workspace, clock, deadline)))
            client = WebClient(TOKEN, base_url=server.api, retry_handlers=[])
            bolt = App(client=client, signing_secret=SIGNING, process_before_response=True)
            bolt_slot.app = bolt_door(bolt)
            return Pair(server, client, bolt, bolt_slot)

        yield one


@pytest.fixture
def pair(make_pair: Callable[..., Pair]) -> Pair:
    return make_pair()


@pytest.fixture
def make_panel(slots: Slots) -> Iterator[Callable[[Json], Play]]:
    """A playground with one request in its panel."""
    with contextlib.ExitStack() as stack:

        def one(request: Json) -> Play:
            workspace = parse(spec() | {"panel": [request]}, "test")
            server = stack.enter_context(played(stack.enter_context(slots.take()), build(workspace)))
            return Play(server, WebClient(TOKEN, base_url=server.api, retry_handlers=[]))

        yield one
