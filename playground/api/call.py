"""One call of a Web API method, and what a method is."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.api.args import Args
from playground.errors import Json
from playground.world import World


@dataclass(frozen=True)
class Call:
    """A call that passed token and scopes; `base` is this server's own address."""

    world: World
    args: Args
    base: str


@dataclass(frozen=True)
class Method:
    """A method: what it does, which scopes let an app in (any one of them), and whether it looks at a JSON body."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    needs_token: bool = True
    takes_json: bool = True
