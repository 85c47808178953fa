"""What the store remembers of a lead beside its signals: how it stands, what somebody put right, and who is who."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.criteria.assess import assess
from bot.criteria.checks import BOUNCED
from bot.criteria.days import Day
from bot.handoff.imported import Fact, Told
from bot.lead import Lead
from bot.moves.record import Record, record
from bot.store import handoffs, leads, policies
from bot.store.engine import Store
from bot.store.leads import Ambiguous, StoredLead, merge
from tests.support import NOW, POLICY, TEXTS, in_force, offered

DAY = timedelta(days=1)
TODAY = NOW.date()
ADA = Lead(email="ada@example.com", name="Ada", attributes={"employees": 80})


def stored(store: Store, *some: Lead) -> list[int]:
    with store.transaction() as tx:
        return [leads.upsert(tx, one, NOW).id for one in some]


# The verdict


def test_a_verdict_keeps_when_the_lead_last_crossed_even_after_it_fell(store: Store) -> None:
    [ada] = stored(store, ADA)
    with store.transaction() as tx:
        leads.set_verdict(tx, ada, True, NOW)
        leads.set_verdict(tx, ada, False, NOW + DAY)
        fallen = leads.get(tx, ada)
        leads.set_verdict(tx, ada, True, NOW + 2 * DAY)
        assert leads.upsert(tx, ADA, NOW) == StoredLead(ada, ADA, True, NOW + 2 * DAY)
    assert fallen == StoredLead(ada, ADA, False, NOW)


def test_each_mql_is_judged_once_a_day_and_nobody_else_is(store: Store) -> None:
    ada, bob, cid, dan = stored(store, *(Lead(email=f"{name}@example.com") for name in "abcd"))
    with store.transaction() as tx:
        leads.set_verdict(tx, ada, True, NOW - 2 * DAY)
        leads.set_verdict(tx, bob, True, NOW)  # crossing is being judged
        leads.set_verdict(tx, cid, True)  # as a release without that date left it
        assert set(leads.to_judge(tx, TODAY, 10)) == {ada, cid}
        assert len(leads.to_judge(tx, TODAY, 1)) == 1
        assert [leads.judged(tx, one, TODAY) for one in (ada, cid, ada, bob)] == [True, True, False, False]
        assert leads.to_judge(tx, TODAY, 10) == []
        assert set(leads.to_judge(tx, TODAY + DAY, 10)) == {ada, bob, cid}
    assert dan


# What somebody puts right


def test_what_is_mended_is_added_and_finds_the_lead_from_then_on(store: Store) -> None:
    [ada] = stored(store, replace(ADA, origin="crm"))
    with store.transaction() as tx:
        mended = leads.mend(tx, ada, Lead(email="ada@new.example", external_id="7", attributes={"region": "EU"}), NOW)
    assert mended.lead == Lead(
        email="ada@new.example", origin="crm", external_id="7", name="Ada", attributes={"employees": 80, "region": "EU"}
    )
    for name in (Lead(email="ada@example.com"), Lead(email="ADA@new.example"), Lead(origin="crm", external_id="7")):
        assert stored(store, name) == [ada]


def test_a_name_of_another_lead_cannot_be_mended_in(store: Store) -> None:
    ada, bob = stored(store, ADA, Lead(email="bob@example.com", origin="crm", external_id="7"))
    for said in (Lead(email="BOB@example.com", name="Eve"), Lead(origin="crm", external_id="7", name="Eve")):
        with pytest.raises(Ambiguous, match=f"{ada} and {bob}"), store.transaction() as tx:
            leads.mend(tx, ada, said, NOW)
    with store.reading() as tx:
        assert leads.get(tx, ada) == StoredLead(ada, ADA, False)


def test_nobody_can_be_mended_who_is_not_there(store: Store) -> None:
    with pytest.raises(LookupError, match="lead 99: there is none"), store.transaction() as tx:
        leads.mend(tx, 99, ADA, NOW)


BACK = Lead(email="ada@example.com", attributes={BOUNCED: True, "employees": 80})


@pytest.mark.parametrize(
    ("said", "bounced"),
    [
        (Lead(name="Ada"), True),
        (Lead(email=" ADA@Example.com"), True),
        (Lead(email="ada@new.example"), None),
        (Lead(email="ada@new.example", attributes={"employees": 90}), None),
        (Lead(email="ada@new.example", attributes={BOUNCED: True}), True),
        (Lead(email="ada@new.example", attributes={BOUNCED: "ada@example.com"}), "ada@example.com"),
        (Lead(attributes={BOUNCED: False}), False),
    ],
)
def test_a_bounce_goes_with_the_address_it_is_of(store: Store, said: Lead, bounced: object) -> None:
    assert merge(BACK, said).attributes.get(BOUNCED) == bounced
    [ada] = stored(store, BACK)
    with store.transaction() as tx:
        assert leads.mend(tx, ada, said, NOW).lead.attributes.get(BOUNCED) == bounced
        known = leads.get(tx, ada)
    assert known is not None
    assert known.lead.attributes["employees"] in {80, 90}


def test_a_bounce_that_history_tells_of_another_address_is_none_of_the_standing_one() -> None:
    assert BOUNCED not in merge(BACK, Lead(email="ada@new.example")).attributes
    assert merge(Lead(attributes={BOUNCED: True}), Lead(email="ada@new.example")).attributes[BOUNCED] is True


# Hand-offs and policies


def test_a_hand_off_keeps_the_assessment_it_was_offered_with_beside_the_newest(store: Store) -> None:
    handoff = offered(in_force(store))
    visited = [Day("page_visit", TODAY, 3)]
    newer = assess(ADA, visited, POLICY.criteria, NOW + DAY)
    with store.transaction() as tx:
        first = handoffs.assessment(tx, handoff.id)
        assert first == handoffs.offered_with(tx, handoff.id)
        handoffs.reassess(tx, handoff.id, newer)
        assert handoffs.assessment(tx, handoff.id) == newer != first
        assert handoffs.offered_with(tx, handoff.id) == first
        assert handoffs.get(tx, handoff.id) == handoff, "nobody's click is refused for it"
        assert (handoffs.assessment(tx, 99), handoffs.offered_with(tx, 99)) == (None, None)


def test_the_newest_hand_off_is_batons_own_and_an_imported_one_only_where_there_is_no_other(store: Store) -> None:
    in_force(store)
    record(store, NOW, [Record(ADA, {Fact.HANDED_OFF: Told(NOW - 9 * DAY)})])
    [ada] = stored(store, ADA)
    with store.reading() as tx:
        newest = handoffs.newest_of_lead(tx, ada)
        assert newest is not None
        assert newest.imported
        assert handoffs.live_of_lead(tx, ada) is None
    own = offered(store)
    record(store, NOW, [Record(Lead(email="elena@vialetto.example"), {Fact.HANDED_OFF: Told(NOW - 9 * DAY)})])
    with store.reading() as tx:
        assert handoffs.newest_of_lead(tx, own.lead_id) == handoffs.live_of_lead(tx, own.lead_id) == own


def test_a_policy_is_found_by_its_version_as_long_as_this_baton_can_read_it(store: Store) -> None:
    in_force(store)
    with store.transaction() as tx:
        broken = TEXTS | {"criteria.yaml": "mql: 60"}
        policies.apply(tx, replace(POLICY, version="0123456789ab"), broken, NOW)
        assert policies.of_version(tx, POLICY.version) == POLICY
        assert policies.of_version(tx, "0123456789ab") is None
        assert policies.of_version(tx, "ffffffffffff") is None
