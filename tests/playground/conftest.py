"""A playground and a real Bolt app beside it, both over HTTP on loopback."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from playground.app import build
from playground.workspace import parse
from tests.playground.kit import TOKEN, Clock, Json, Pair, Play, Slots, paired, played, spec


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
        yield lambda **asked: stack.enter_context(paired(slots, **asked))


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
