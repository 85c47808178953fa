"""Why leads were turned down, from a real database."""

from bot.answers.rejections import rejections
from bot.handoff.events import Event, Kind
from bot.stats.cohort import BLANK, OTHERS, Counts
from bot.store import history
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, ask, holding, offered
from tests.support import NOW

AGO, BEFORE = 10 * DAY, 40 * DAY


def test_reasons_of_the_window_beside_those_before(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "rejected", many=12, reason="FIT_COMPANY"),
        offered(AGO, "rejected", many=3, reason="FIT_COMPANY", campaign="Spring"),
        offered(AGO, "rejected", many=2, reason="TIMING", campaign="Spring"),
        offered(AGO, "rejected", reason=None),
        offered(AGO, "accepted", many=20, reason="JUNK"),  # turned down once, and undone
        offered(AGO, "void", many=4, reason="DUPLICATE"),
        offered(AGO, "rejected", many=2, reason="JUNK", number=2),
        offered(HOUR, many=5),
        offered(BEFORE, "rejected", many=11, reason="FIT_COMPANY"),
        offered(BEFORE, "rejected", many=9, reason="FIT_PERSON"),
    ) as tx:
        found = rejections(ask(tx, "rejections 30d"))
    assert found.counts == Counts(accepted=20, rejected=18, void=4, open=5)
    assert found.before == Counts(rejected=20)
    assert [(one.code, one.share.k, one.before and one.before.k) for one in found.reasons] == [
        ("FIT_COMPANY", 15, 11),
        ("TIMING", 2, 0),
        (BLANK, 1, 0),
        ("FIT_PERSON", 0, 9),
    ]
    assert found.new == ("TIMING", BLANK)
    assert (found.where, found.reasons[0].where) == ("campaign", ("Q4 webinar", 12))
    assert found.voids == (("DUPLICATE", 4),)
    assert found.repeats == Counts(rejected=2)
    assert found.families == (("FIT", 15), ("READINESS", 2), (BLANK, 1))


def test_a_group_with_a_reason_of_its_own(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "rejected", many=50, reason="FIT_COMPANY", source="ads"),
        offered(AGO, "rejected", many=10, reason="TIMING", source="ads"),
        offered(AGO, "rejected", many=10, reason="FIT_COMPANY"),
        offered(AGO, "rejected", many=50, reason="TIMING"),
    ) as tx:
        found = rejections(ask(tx, "rejections 30d by source"))
        reps = rejections(ask(tx, "rejections 30d by rep", sees=frozenset()))
    assert [one.name for one in found.groups] == ["ads", "webinar"]
    assert {code: how.difference.value > 0 for code, how in found.groups[0].apart} == {
        "FIT_COMPANY": True,
        "TIMING": False,
    }
    assert found.where == "source"
    assert [one.name for one in reps.groups] == [OTHERS]


def test_by_reason_is_the_question_itself(store: Store) -> None:
    with holding(store, offered(AGO, "rejected", many=5, reason="TIMING")) as tx:
        assert rejections(ask(tx, "by reason")).groups == ()


def test_filters_hold_for_both_windows(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "rejected", many=5, reason="TIMING"),
        offered(AGO, "rejected", many=7, reason="JUNK", source="ads"),
        offered(BEFORE, "rejected", many=3, reason="TIMING", source="ads"),
    ) as tx:
        found = rejections(ask(tx, "rejections 30d source:ads"))
    assert (found.counts.rejected, found.before and found.before.rejected) == (7, 3)


def test_what_was_passed_on_is_counted_once_and_beside(store: Store) -> None:
    with holding(store, offered(AGO, "rejected", reason="JUNK"), offered(AGO, "accepted")) as tx:
        for lead_id, handoff_id in ((1, 1), (1, 1), (2, 2)):
            detail = {"reason": "ROUTE_OWNED", "from": "ana", "to": "ben"}
            history.append(tx, [Event(Kind.REROUTED, NOW - AGO + HOUR, "ana", detail)], lead_id, handoff_id)
        found = rejections(ask(tx, "rejections 30d"))
        earlier = rejections(ask(tx, "rejections 30d", as_of=NOW - AGO))
    assert (found.rerouted, found.counts.rejected) == (2, 1)
    assert (earlier.rerouted, earlier.counts) == (0, Counts(open=2))


def test_an_empty_database_has_no_reasons(store: Store) -> None:
    with holding(store) as tx:
        found = rejections(ask(tx, "rejections 30d by source"))
    assert (found.reasons, found.groups, found.counts) == ((), (), Counts())
