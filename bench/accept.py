"""The Accept click, end to end, against the same Bolt app with an empty listener: rounds in turn, medians."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench import company
from bench.load import Round, play
from bench.server import running
from bench.table import Row
from bot.store.engine import Store

ROUNDS = 5
CLICKS = {1: 150, 16: 500, 64: 500}
"""Clicks of a round, by how many are under way at once."""
WARM_UP = 200
BOUND_AT = 16
MOST_P99 = 100.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What is clicked on: an empty database, and the `listener` of bench.server. `ratio` is the bound at 16 clicks."""

    name: str
    url: str
    ratio: float | None
    listener: str = "accept"
    levels: tuple[int, ...] = tuple(CLICKS)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same clicks on the empty listener, and right after it on the real one."""

    floor: Round
    real: Round


def accept(setting: Setting) -> list[Row]:
    """Fill the database, click on all of it, and check that every click was answered and stored once."""
    store = Store(setting.url)
    wanted = WARM_UP + ROUNDS * sum(CLICKS[level] for level in setting.levels)
    blocks = company.fill(store, wanted)
    clicks = _clicks(wanted, blocks)
    with ExitStack() as processes:
        ports = [processes.enter_context(running(listener, setting.url)) for listener in ("empty", setting.listener)]
        _pair(ports, clicks(WARM_UP), max(setting.levels))
        pairs = {level: [_pair(ports, clicks(CLICKS[level]), level) for _ in range(ROUNDS)] for level in setting.levels}
    stored = company.count(store)
    store.close()
    if stored != company.Count(wanted, wanted):
        raise RuntimeError(f"{setting.name}: {wanted} clicks were answered, but stored: {stored}")
    return [row for level in setting.levels for row in _rows(setting, level, pairs[level])]


def _pair(ports: Sequence[int], requests: Sequence[bytes], at_once: int) -> Pair:
    return Pair(*(play(port, requests, at_once) for port in ports))


def _clicks(many: int, blocks: Sequence[dict[str, object]]) -> Callable[[int], list[bytes]]:
    """Hands out signed clicks, each on another hand-off."""
    left: Iterator[int] = iter(range(1, many + 1))
    return lambda wanted: company.clicks([next(left) for _ in range(wanted)], blocks)


def _rows(setting: Setting, level: int, pairs: Sequence[Pair]) -> Iterator[Row]:
    name = f"accept, {setting.name}, {level} at once"
    bounded = setting.ratio is not None and level == BOUND_AT
    ratio = median(pair.real.per_second / pair.floor.per_second for pair in pairs)
    yield Row(f"{name}: throughput / empty listener", ratio, "ratio", setting.ratio if bounded else None)
    yield Row(f"{name}: clicks", median(pair.real.per_second for pair in pairs), "1/s")
    yield Row(f"{name}: p50", median(pair.real.percentile(50) for pair in pairs), "ms")
    yield Row(f"{name}: p99", median(pair.real.percentile(99) for pair in pairs), "ms", MOST_P99 if bounded else None)
    yield Row(f"{name}: p99 of the empty listener", median(pair.floor.percentile(99) for pair in pairs), "ms")
