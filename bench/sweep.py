"""The sweep: what 100 due steps cost beside a million open hand-offs, and how several workers share the work.

Each step is the real move: the row, the history, the messages. `python -m bench.sweep URL` is one worker, which sweeps
once it is told to, and says how many steps it took.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from bench.open_handoffs import DUE, copy, escalated, fill, make_due
from bench.table import Row
from bot.store.engine import Store
from bot.sweep import Sweeper

FEW, MANY, STEPS = 1_000, 1_000_000, 100
ROUNDS = 5
SHARED, WORKERS = 2_000, 4
BEFORE, LAST = 18_000, 2_000
"""Steps taken while somebody keeps an old snapshot; of the last ones the time is taken."""
END = DUE + timedelta(hours=1)


def among(name: str, url: str) -> Iterator[Row]:
    """100 steps among few open hand-offs, and among very many."""
    store = fill(url, FEW)
    few = _cost(store, 2)
    copy(store, FEW + 1, MANY)
    many = _cost(store, MANY // 2)
    store.close()
    yield Row(f"sweep, {name}: {STEPS} due of {MANY:,} open / of {FEW:,}", many / few, "times", 2)
    yield Row(f"sweep, {name}: {STEPS} steps of {MANY:,} open", many * 1000, "ms")


def shared(url: str) -> Iterator[Row]:
    """Four processes against one on PostgreSQL; and one while somebody keeps an old snapshot open."""
    store = fill(url, 2 * SHARED + BEFORE + LAST + 1)
    first = 2
    one = _rate(store, url, 1, first, SHARED)
    four = _rate(store, url, WORKERS, first := first + SHARED, SHARED)
    with store.reading() as old:  # no session of Baton's itself may idle for more than a minute
        old.execute(sa.text("SET idle_in_transaction_session_timeout = 0"))
        old.execute(sa.text("SELECT 1 FROM handoffs LIMIT 1"))
        _rate(store, url, WORKERS, first := first + SHARED, BEFORE)
        late = _rate(store, url, 1, first + BEFORE, LAST)
    store.close()
    yield Row(f"sweep, PostgreSQL: steps a second, {WORKERS} workers / one", four / one, "ratio", 1)
    yield Row("sweep, PostgreSQL: steps a second, one worker", one, "1/s")
    yield Row(f"sweep, PostgreSQL: after {BEFORE:,} steps beside an old snapshot / without", late / one, "ratio", 0.5)


def _cost(store: Store, first: int) -> float:
    """Seconds for a sweep with so many steps due; the first of all only warms up."""
    sweeper, times = Sweeper(store), list[float]()
    for number in range(ROUNDS + 1):
        begin = first + number * STEPS
        make_due(store, begin, begin + STEPS - 1)
        started = perf_counter()
        climbed = sweeper.sweep(END + timedelta(seconds=number)).climbed
        times.append(perf_counter() - started)
        if climbed != STEPS:
            raise RuntimeError(f"took {climbed} steps, expected {STEPS}")
    return median(times[1:])


def _rate(store: Store, url: str, workers: int, first: int, many: int) -> float:
    """Steps a second by so many workers, from when they are told to begin. Raises where a step was taken twice."""
    make_due(store, first, first + many - 1)
    before = escalated(store)[1]
    with ExitStack() as stack:
        command = [sys.executable, "-m", "bench.sweep", url]
        started = [subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                   for _ in range(workers)]  # fmt: skip
        for worker in started:
            stack.enter_context(worker)
            worker.stdout.readline()  # type: ignore[union-attr]
        began = perf_counter()
        for worker in started:
            worker.stdin.write("go\n")  # type: ignore[union-attr]
            worker.stdin.flush()  # type: ignore[union-attr]
        steps = sum(int(worker.stdout.readline()) for worker in started)  # type: ignore[union-attr]
        seconds = perf_counter() - began
    different, told = escalated(store)
    if not steps == many == told - before or different != told:
        raise RuntimeError(f"{many} steps were due: {steps} were taken, {told - before} are told of")
    return many / seconds


def main(url: str) -> None:
    """One worker."""
    store = Store(url)
    sweeper = Sweeper(store)
    sweeper.sweep(DUE - timedelta(minutes=1))  # everything is loaded
    print("ready", flush=True)
    sys.stdin.readline()
    print(sweeper.sweep(END).climbed, flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
