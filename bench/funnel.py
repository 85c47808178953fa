"""The overview of `/funnel`, from the line that is typed to the blocks, beside years of history.

Held against one statement that counts outcomes by source over the same window; against itself in a database with
nothing but its two windows; and, for the memory, against a window of a tenth. BATON_BENCH_HANDOFFS says how many
hand-offs there are, 500,000 if unset. `python -m bench.funnel URL WINDOW` asks once, and says how much memory it took.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

from bench.open_handoffs import NOW
from bench.past import DAYS, PER_WINDOW, past
from bench.table import Row
from bot.answers.funnel import OPERATOR, understood
from bot.blocks.funnel.slack import best_blocks
from bot.funnel import told
from bot.stats.query import Query
from bot.store.cohorts import grouped, offered
from bot.store.engine import Store, Tx
from bot.store.outcomes import OUTCOME
from bot.store.tables import handoffs

MANY = int(os.environ.get("BATON_BENCH_HANDOFFS", "500000"))
WIDE = 10
"""So many times as many hand-offs are in the wide window."""
USUAL_WINDOW, WIDE_WINDOW = f"{DAYS}d", f"{DAYS * WIDE}d"
ROUNDS, WIDE_ROUNDS = 9, 3


def overview(name: str, url: str, small: str) -> Iterator[Row]:
    """All rows for one kind of database; `small` is another one, which gets the two usual windows alone."""
    full, bare = past(url, MANY), past(small, 2 * PER_WINDOW)
    usual = [(_seconds(full, _baseline), _seconds(full, _answer), _seconds(bare, _answer)) for _ in range(ROUNDS + 1)][
        1:
    ]
    wide = [_seconds(full, _wide_answer) for _ in range(WIDE_ROUNDS)]
    full.close()
    bare.close()
    of = f"funnel, {name}: overview of {PER_WINDOW:,}"
    yield Row(f"{of} / outcomes by source", median(one / base for base, one, _ in usual), "times", 3)
    yield Row(f"{of} of {MANY:,} / of {2 * PER_WINDOW:,}", median(one / alone for _, one, alone in usual), "times", 1.3)
    yield Row(f"{of}", median(one for _, one, _ in usual) * 1000, "ms")
    yield Row(f"funnel, {name}: overview of {WIDE * PER_WINDOW:,}", median(wide) * 1000, "ms", 1000)
    memory = _memory(url, WIDE_WINDOW) / _memory(url, USUAL_WINDOW)
    yield Row(f"funnel, {name}: memory, overview of {WIDE * PER_WINDOW:,} / of {PER_WINDOW:,}", memory, "times", 1.1)


def _seconds(store: Store, ask: Callable[[Tx], None]) -> float:
    with store.reading() as tx:
        started = perf_counter()
        ask(tx)
        return perf_counter() - started


def _answer(tx: Tx, window: str = USUAL_WINDOW) -> None:
    answer = told(tx, _query(tx, window), NOW, OPERATOR)
    best_blocks(answer.report, {}, private=True)


def _wide_answer(tx: Tx) -> None:
    _answer(tx, WIDE_WINDOW)


def _baseline(tx: Tx) -> None:
    cohort = _query(tx, USUAL_WINDOW).cohort
    grouped(tx, offered(cohort, handoffs.c.source, OUTCOME.label("outcome")), cohort, NOW)


def _query(tx: Tx, window: str) -> Query:
    asked = understood(tx, window, NOW, OPERATOR)
    if not isinstance(asked, Query):
        raise TypeError(f"{window}: {asked}, expected a question")
    return asked


def _memory(url: str, window: str) -> float:
    """The most that a process took for one answer."""
    command = [sys.executable, "-m", "bench.funnel", url, window]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(url: str, window: str) -> None:
    """One answer."""
    store = Store(url)
    _seconds(store, lambda tx: _answer(tx, window))
    store.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(*sys.argv[1:])
