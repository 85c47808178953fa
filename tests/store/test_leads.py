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
from bot.store import grounds, handoffs, leads, policies
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


def test_leads_are_judged_on_their_day_and_those_without_one_are_not(store: Store) -> None:
    ada, bob, cid, dan = stored(store, *(Lead(email=f"{name}@example.com") for name in "abcd"))
    with store.transaction() as tx:
        for lead_id, day in ((ada, TODAY), (bob, TODAY - DAY), (cid, TODAY + DAY)):
            leads.judge_on(tx, StoredLead(lead_id, ADA, True), day)
        assert leads.to_judge(tx, TODAY, 10) == [bob, ada]
        assert leads.to_judge(tx, TODAY, 1) == [bob]
        leads.judge_on(tx, StoredLead(bob, ADA, True, judge_on=TODAY - DAY), None)
        assert leads.to_judge(tx, TODAY + DAY, 10) == [ada, cid]
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
    for said, words in (
        (Lead(email="BOB@example.com", name="Eve"), "e-mail bob@example.com"),
        (Lead(origin="crm", external_id="7", name="Eve"), "external id 7 of crm"),
    ):
        told = f"^{words} belongs to lead {bob}; expected names of lead {ada}$"
        with pytest.raises(Ambiguous, match=told), store.transaction() as tx:
            leads.mend(tx, ada, said, NOW)
    with store.reading() as tx:
        assert leads.get(tx, ada) == StoredLead(ada, ADA, False)


REAL = "ada@real.example"


def mended(store: Store) -> int:
    """A lead whose sender knows it under one address, and somebody mended another."""
    [ada] = stored(store, ADA)
    with store.transaction() as tx:
        leads.mend(tx, ada, Lead(email=REAL), NOW)
    return ada


def heard(store: Store, said: Lead) -> Lead:
    with store.transaction() as tx:
        return leads.upsert(tx, said, NOW).lead


def test_the_senders_next_signal_under_the_old_address_does_not_undo_what_was_mended(store: Store) -> None:
    ada = mended(store)
    for again in (ADA, replace(ADA, email=" ADA@Example.com", company="Acme")):
        assert heard(store, again).email == REAL
    with store.reading() as tx:
        known = leads.get(tx, ada)
    assert known
    assert (known.lead.email, known.lead.company) == (REAL, "Acme"), "the rest of what it says is taken"


def test_an_address_the_lead_never_had_is_its_newest_and_finds_it(store: Store) -> None:
    ada = mended(store)
    by_id = {"origin": "crm", "external_id": "7"}
    heard(store, Lead(email=REAL, **by_id))
    assert heard(store, Lead(email="ada@third.example", **by_id)).email == "ada@third.example"
    assert stored(store, *(Lead(email=one) for one in ("ada@example.com", REAL, "ada@third.example"))) == [ada] * 3
    with store.transaction() as tx:
        assert leads.mend(tx, ada, Lead(email="ada@example.com"), NOW).lead.email == "ada@example.com", (
            "by hand it goes"
        )


@pytest.mark.parametrize(
    ("said", "bounced"),
    [(True, None), ("true", None), ("ada@example.com", None), (REAL, REAL), (REAL.upper(), REAL.upper())],
)
def test_a_bounce_told_under_the_old_address_is_none_of_the_mended_one(
    store: Store, said: bool | str, bounced: str | None
) -> None:
    mended(store)
    found = heard(store, replace(ADA, attributes={BOUNCED: said, "employees": 90}))
    assert (found.attributes.get(BOUNCED), found.attributes["employees"]) == (bounced, 90)


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
        first = grounds.assessment(tx, handoff.id)
        assert first == grounds.offered_with(tx, handoff.id)
        grounds.reassess(tx, handoff.id, newer)
        assert grounds.assessment(tx, handoff.id) == newer != first
        assert grounds.offered_with(tx, handoff.id) == first
        assert handoffs.get(tx, handoff.id) == handoff, "nobody's click is refused for it"
        assert (grounds.assessment(tx, 99), grounds.offered_with(tx, 99)) == (None, None)


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
        with pytest.raises(policies.Outdated, match="version 0123456789ab was written for another release of Baton"):
            policies.of_version(tx, "0123456789ab")
        assert policies.of_version(tx, "ffffffffffff") is None
