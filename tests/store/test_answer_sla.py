"""Whether hand-offs were answered by their due time, from a real database."""

from dataclasses import replace
from datetime import timedelta

from bot.answers.sla import due_rows, sla
from bot.config.policy import Targets
from bot.stats.cohort import OTHERS
from bot.stats.sla import Met, met
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, MINUTE, ask, holding, offered
from tests.support import NOW

AGO = 10 * DAY


def test_every_way_to_answer_has_its_place(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", HOUR, many=5),
        offered(AGO, "rejected", 4 * HOUR),  # to the second
        offered(AGO, "rejected", 4 * HOUR + timedelta(seconds=1)),
        offered(AGO, "expired", 2 * DAY, many=2),
        offered(AGO, "accepted", HOUR, many=3, number=2),  # repeated ones have a due time as well
        offered(AGO, "void", HOUR),
        offered(AGO, "accepted", HOUR, due_at=None),  # history from elsewhere
        offered(9 * HOUR),
        offered(HOUR, many=4),
        offered(40 * DAY, "accepted", HOUR, many=7),
    ) as tx:
        found = sla(ask(tx, "sla 30d"))
    assert found.total.met == Met(met=9, missed=3, overdue=1, not_yet=4)
    assert found.before == Met(met=7)


def test_who_answers_early_what_is_due_later_is_not_counted_before_those_who_are_silent(store: Store) -> None:
    early = offered(HOUR, "accepted", MINUTE, many=3)
    with holding(store, offered(AGO, "accepted", 5 * HOUR, many=2), early, offered(HOUR)) as tx:
        assert met(due_rows(ask(tx, "sla 30d"))) == Met(missed=2, not_yet=1)
        month = met(due_rows(ask(tx, "sla 2026-03")))
        assert month == Met(not_yet=1)
        assert met(due_rows(ask(tx, "sla 2026-03", as_of=NOW + 3 * HOUR))) == Met(met=3, overdue=1)


def test_what_is_due_this_very_moment_is_due(store: Store) -> None:
    with holding(store, offered(4 * HOUR)) as tx:
        assert met(due_rows(ask(tx, "sla 30d"))) == Met(overdue=1)
        assert met(due_rows(ask(tx, "sla 30d", as_of=NOW - timedelta(microseconds=1)))) == Met(not_yet=1)


def test_a_window_of_the_past_holds_nothing_that_is_due_now(store: Store) -> None:
    with holding(store, offered(40 * DAY, "accepted", HOUR), offered(40 * DAY), offered(HOUR)) as tx:
        found = sla(ask(tx, "sla 2026-01"))
    assert found.total.met == Met(met=1, overdue=1)


def test_as_things_stood_at_an_earlier_moment(store: Store) -> None:
    with holding(store, offered(AGO, "accepted", 3 * HOUR), offered(AGO, "accepted", 6 * HOUR)) as tx:
        at = [met(due_rows(ask(tx, "sla 30d", as_of=NOW - AGO + after * HOUR))) for after in (1, 3, 5, 7)]
    assert at == [Met(not_yet=2), Met(not_yet=1), Met(met=1, overdue=1), Met(met=1, missed=1)]


def test_tiers_versions_and_the_overdue_ones(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", 10 * MINUTE, many=12, tier="P1", policy="v1"),
        offered(AGO, "accepted", 20 * MINUTE, many=8, tier="P2", policy="v2"),
        *(offered((5 + late) * HOUR, owner=who, tier="P2", policy="v2") for late, who in ((1, "ana"), (3, "ben"))),
        *(offered((20 + late) * HOUR, owner=None, tier="P2") for late in range(5)),
    ) as tx:
        found = sla(ask(tx, "sla 30d"))
    assert [(one.name, one.met) for one in found.groups] == [("P1", Met(met=12)), ("P2", Met(met=8, overdue=7))]
    assert [(one.name, one.met.due) for one in found.versions] == [("v1", 12), ("v2", 10), ("p", 5)]
    assert [(one.owner, NOW - one.due_at) for one in found.longest] == [
        *((None, (20 + late) * HOUR - 4 * HOUR) for late in (4, 3, 2, 1, 0)),
    ]
    assert found.groups[0].times.median == 10
    assert found.groups[1].times.decided == 8
    assert found.total.times.p90 is None


def test_people_who_are_not_to_be_seen_go_by_one_name(store: Store) -> None:
    rows = [offered(AGO, "accepted", HOUR, many=4, owner=who) for who in ("ana", "ben", "cleo")]
    with holding(store, *rows, offered(9 * HOUR, owner="cleo")) as tx:
        found = sla(ask(tx, "sla 30d by rep", sees=frozenset({"ana"})))
    assert {one.name: (one.met.met, one.met.overdue) for one in found.groups} == {"ana": (4, 0), OTHERS: (8, 1)}


def test_the_target_is_that_of_the_policy_in_force(store: Store) -> None:
    with holding(store) as tx:
        asked = ask(tx, "sla 30d")
        policy = replace(asked.policy, targets=Targets(accept=None, sla=0.97))
        assert (sla(asked).target, sla(replace(asked, policy=policy)).target) == (None, 0.97)


def test_an_empty_database_has_nothing_due(store: Store) -> None:
    with holding(store) as tx:
        assert sla(ask(tx, "sla 30d")).total.met == Met()
