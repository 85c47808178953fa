"""What is said elsewhere about a hand-off adds up, whatever the order it is said in."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.events import Event, Kind
from bot.handoff.imported import (
    WORDS,
    Account,
    Fact,
    Told,
    account_of,
    events,
    silence,
    standing,
    state_of,
)
from bot.handoff.states import State

DAY = datetime(2024, 5, 1, tzinfo=UTC)
NOW = datetime(2024, 6, 1, tzinfo=UTC)

TABLE = [
    ((), State.OFFERED),
    (("expired",), State.EXPIRED),
    (("rejected",), State.REJECTED),
    (("rejected", "expired"), State.REJECTED),
    (("accepted",), State.ACCEPTED),
    (("accepted", "rejected", "expired"), State.ACCEPTED),
    (("accepted", "qualified"), State.QUALIFIED),
    (("accepted", "disqualified"), State.DISQUALIFIED),
    (("accepted", "qualified", "disqualified"), State.DISQUALIFIED),
    (("accepted", "qualified", "lost"), State.LOST),
    (("accepted", "disqualified", "lost"), State.LOST),
    (("accepted", "qualified", "lost", "won"), State.WON),
    (("won",), State.WON),
    (("won", "rejected"), State.WON),
]


@pytest.mark.parametrize(("facts", "state"), TABLE)
def test_the_furthest_stage_wins(facts: tuple[str, ...], state: State) -> None:
    assert state_of({Fact(name): Told(DAY) for name in ("handed_off", *facts)}) is state


def test_every_set_of_facts_has_the_state_of_its_furthest() -> None:
    rank = ["expired", "rejected", "accepted", "qualified", "disqualified", "lost", "won"]
    for size in range(1, len(rank) + 1):
        for chosen in combinations(rank, size):
            assert state_of({Fact(name): Told(DAY) for name in chosen}).value == chosen[-1]


def test_a_reason_that_voids_makes_the_handoff_void_and_dates_it_so() -> None:
    told = {Fact.HANDED_OFF: Told(DAY), Fact.REJECTED: Told(NOW, "ana", "DUPLICATE", "https://crm/7", void=True)}
    stands = standing(Account(told))
    assert stands
    assert (stands.state, stands.voided_at, stands.rejected_at, stands.reason) == (State.VOID, NOW, None, "DUPLICATE")


def test_a_rejection_that_a_deal_overtook_leaves_no_trace_in_the_columns() -> None:
    told = {Fact.HANDED_OFF: Told(DAY), Fact.REJECTED: Told(DAY, None, "JUNK", "spam"), Fact.WON: Told(NOW)}
    stands = standing(Account(told))
    assert stands
    assert (stands.state, stands.rejected_at, stands.reason, stands.won_at) == (State.WON, None, None, NOW)


def test_nobody_knows_a_handoff_before_somebody_says_when_it_was() -> None:
    assert standing(Account({Fact.WON: Told(NOW)}, {"owner": "ana"})) is None


def test_a_time_is_news_where_only_the_fact_was_known_and_the_other_way_round_it_is_not() -> None:
    vague, exact = Account({Fact.ACCEPTED: Told(None)}), Account({Fact.ACCEPTED: Told(DAY, "ana")})
    assert vague.news(exact) == exact
    assert exact.news(vague) == Account()


def test_silence_is_read_as_expiry_only_when_it_is_over_and_nobody_decided() -> None:
    handed = Account({Fact.HANDED_OFF: Told(DAY)})
    two = timedelta(days=2)
    assert silence(handed, two, NOW).facts == {Fact.EXPIRED: Told(DAY + two, assumed=True)}
    assert silence(handed, None, NOW) == silence(handed, two, DAY) == Account()
    assert silence(handed.with_news(Account({Fact.LOST: Told(DAY)})), two, NOW) == Account()
    assert silence(Account({Fact.WON: Told(DAY)}), two, NOW) == Account()


def test_a_real_expiry_replaces_an_assumed_one() -> None:
    assumed = Account({Fact.EXPIRED: Told(DAY, assumed=True)})
    real = Account({Fact.EXPIRED: Told(NOW)})
    assert assumed.with_news(assumed.news(real)) == real
    assert real.news(assumed) == Account()


times = st.datetimes(datetime(2020, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC))
names = st.none() | st.sampled_from(["ana", "4ef15afb"])
told = st.builds(Told, times, names, names, names, st.booleans(), st.booleans())
facts = st.dictionaries(st.sampled_from(Fact), told) | st.just({Fact.ACCEPTED: Told(None)})
accounts = st.builds(Account, facts, st.dictionaries(st.sampled_from(WORDS), st.text(min_size=1)))


@given(st.lists(accounts, max_size=4))
def test_the_history_rows_hold_all_that_was_said(said: list[Account]) -> None:
    account, rows = Account(), [Event(Kind.CROSSED, NOW)]
    for one in said:
        news = account.news(one)
        account = account.with_news(news)
        rows += events(news, NOW)
    assert account_of(rows) == account


@given(accounts)
def test_what_was_said_once_is_no_news(account: Account) -> None:
    assert account.news(account) == Account()
    assert events(account.news(account), NOW) == []


@given(accounts, accounts)
def test_two_files_that_do_not_contradict_each_other_may_come_in_any_order(one: Account, other: Account) -> None:
    other = Account(
        {fact: told for fact, told in other.facts.items() if fact not in one.facts},
        {key: word for key, word in other.words.items() if key not in one.words},
    )
    assert one.with_news(one.news(other)) == other.with_news(other.news(one))
