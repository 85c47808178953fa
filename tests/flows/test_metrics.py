"""`/metrics`: what a monitor reads is what the tables say, and nothing about anybody."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from bot.handoff.finding import Trouble
from bot.metrics import Metrics
from bot.moves.receive import Incoming, receive
from bot.store import audit, switches
from bot.store.engine import Store
from tests.flows.slack_kit import Office
from tests.support import HOUR, NOW, hot, in_force, offered


def gauges(store: Store, now=NOW) -> dict[tuple[str, ...], float]:
    return read(Metrics(store, lambda: now).page().decode())


def read(page: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(page)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_an_empty_company_has_every_gauge(store: Store) -> None:
    found = gauges(in_force(store))
    assert {key: value for key, value in found.items() if key[0].startswith("baton_") and value} == {}
    assert {key[1] for key in found if key[0] == "baton_findings"} == {kind.value for kind in Trouble}
    assert {key[1] for key in found if key[0] == "baton_queue_entries"} == {
        "data-fix",
        "expired",
        "unassigned",
        "imported",
        "overflow",
    }
    assert found["process_resident_memory_bytes",] > 0


def test_the_gauges_follow_the_tables(store: Store) -> None:
    handoff = offered(in_force(store))
    receive(store, NOW, Incoming(hot("mia").lead, hot("mia").signals, cards=False))
    with store.transaction() as tx:
        switches.turn_on(tx, switches.PAUSED, "by hand", NOW)
        audit.keep(tx, [], NOW, None)
        audit.keep(tx, [audit.Finding(Trouble.NO_OWNER, 3, "1, 2, 3")], NOW, None)
    assert handoff.next_due_at
    found = gauges(store, handoff.next_due_at + HOUR)
    assert found["baton_findings", "no_owner"] == 3
    assert found["baton_queue_entries", "imported"] == 1
    assert found["baton_messages", "waiting"] == 1
    assert found["baton_step_late_seconds",] == 3600
    assert found["baton_paused",] == 1


def test_nobody_is_named(store: Store) -> None:
    offered(in_force(store))
    page = Metrics(store, lambda: NOW).page().decode()
    assert "elena" not in page.lower()
    assert "ana" not in page.lower().replace("finding", "")


def test_the_page_stands_at_its_door(baton: Office) -> None:
    with urllib.request.urlopen(f"{baton.address}/metrics", timeout=10) as answer:
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert read(answer.read().decode())["baton_paused",] == 0
