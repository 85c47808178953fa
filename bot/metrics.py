"""What a monitor may want to know, in Prometheus' format: read from the tables when it is asked for.

So every process says the same, whichever of them is asked; the process's own memory and time stand beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.handoff.finding import Trouble
from bot.handoff.routing import Queue
from bot.store import audit, queues, switches
from bot.store.engine import Store

Clock = Callable[[], datetime]


class Metrics(Collector):
    """Everything under one registry; `now` is domain time (UTC)."""

    def __init__(self, store: Store, now: Clock) -> None:
        self._store = store
        self._now = now
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def page(self) -> bytes:
        """The page that `/metrics` answers with."""
        return generate_latest(self._registry)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each gauge, as the tables have it now."""
        with self._store.reading() as tx:
            found, waiting, unsettled = audit.known(tx), queues.counts(tx), audit.unsettled(tx)
            oldest, paused = audit.oldest_step(tx), switches.why_on(tx, switches.PAUSED)
        late = (self._now() - oldest).total_seconds() if oldest else 0.0
        counts = {kind.value: float(found[kind][0]) if kind in found else 0.0 for kind in Trouble}
        yield _gauge("baton_findings", "What the auditor found wrong at its last look", "kind", counts)
        queued = {queue: float(waiting.get(queue, 0)) for queue in get_args(Queue)}
        yield _gauge("baton_queue_entries", "Leads that wait in a named queue", "queue", queued)
        yield _gauge("baton_messages", "Messages that are on their way to Slack", "status", unsettled)
        yield GaugeMetricFamily("baton_step_late_seconds", "How long the oldest due step waits", max(late, 0.0))
        yield GaugeMetricFamily("baton_paused", "1 while new cards are held back", float(paused is not None))


def _gauge(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, count in values.items():
        gauge.add_metric([value], count)
    return gauge
