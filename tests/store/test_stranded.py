"""Leads of people who are not there, and messages that Slack refuses: on both databases, by several hands at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.config import load
from bot.handoff.absence import Status
from bot.handoff.events import Kind
from bot.handoff.notices import Notice, handoff_subject
from bot.handoff.states import Handoff, State
from bot.lead import Leave
from bot.moves import stranded
from bot.moves.attendance import go_away
from bot.moves.carry import Outcome
from bot.moves.decisions import accept
from bot.moves.hand_on import reassign, replace_owner
from bot.moves.lost_card import turn_away
from bot.moves.receive import receive
from bot.moves.stranded import rehome
from bot.store import history, lost, messages, policies, profiles, queues
from bot.store.engine import Store
from bot.store.profiles import NEVER, Profile
from bot.store.tables import messages as table
from bot.sweep import sweep
from tests.support import HOUR, NOW, PEOPLE, SLA, TEXTS, by, hot, in_force, offered, standing

WALL = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def statuses(store: Store, kind: str) -> dict[str, str]:
    with store.reading() as tx:
        rows = tx.execute(sa.select(table.c.recipient, table.c.status).where(table.c.kind == kind))
        return {row.recipient: row.status for row in rows}


def test_one_who_is_away_on_days_that_no_clock_shows_keeps_nobody_elses_leads(store: Store) -> None:
    in_force(store, people=PEOPLE.replace("{name: Ana Ruiz,", "{name: Ana Ruiz, zone: Asia/Tokyo,"))
    found = [offered(store, name) for name in ("elena", "jonas")]
    assert [one.owner for one in found] == ["ana", "ben"]
    go_away(store, NOW, "ana", Leave(date.min, date(2026, 12, 31), "Skiing"), "ana")  # as a database may hold it
    go_away(store, NOW, "ben", Leave(NOW.date(), None, "Ill"), "ben")
    assert rehome(store, NOW, 10) == 1
    assert standing(store, found[1].id).owner == "maya"


def test_a_lead_that_cannot_be_moved_keeps_no_other_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(store)
    found = [offered(store, name) for name in ("elena", "jonas", "mia")]
    go_away(store, NOW, "ana", Leave(NOW.date(), None, "Ill"), "ana")
    first = found[0].id

    def broken(store: Store, now: datetime, handoff_id: int, owner: str, why: str) -> Outcome:
        if handoff_id == first:
            raise RuntimeError("a bad row")
        return replace_owner(store, now, handoff_id, owner, why)

    monkeypatch.setattr(stranded, "replace_owner", broken)
    assert rehome(store, NOW, 10) == 1
    assert [standing(store, one.id).owner for one in found] == ["ana", "ben", "ben"]


def test_what_slack_says_of_people_is_kept(store: Store) -> None:
    known = Profile("ana", Status("Skiing", NOW + HOUR), "away")
    with store.transaction() as tx:
        assert profiles.get(tx, "ana") == Profile("ana")
        profiles.put(tx, known)
        profiles.put(tx, Profile("ben", gone=True))
    with store.transaction() as tx:
        assert profiles.every(tx) == {"ana": known, "ben": Profile("ben", gone=True)}
        profiles.put(tx, Profile("ben"))
        assert profiles.gone(tx) == set()


def test_whoever_was_asked_about_longest_ago_is_next_and_only_one_worker_asks(store: Store) -> None:
    ten = timedelta(minutes=10)
    with store.transaction() as tx:
        assert profiles.longest_unseen(tx, [], WALL) is None
        assert profiles.longest_unseen(tx, ["ana", "ben"], WALL) == ("ana", NEVER)
        assert profiles.take(tx, "ana", NEVER, WALL)
    with store.transaction() as tx:
        assert not profiles.take(tx, "ana", NEVER, WALL), "another worker was faster"
        assert profiles.longest_unseen(tx, ["ana", "ben"], WALL) == ("ben", NEVER)
        assert profiles.take(tx, "ben", NEVER, WALL + ten)
    with store.transaction() as tx:
        assert profiles.longest_unseen(tx, ["ana", "ben"], WALL) == ("ana", WALL)
        assert profiles.take(tx, "ana", WALL, WALL + ten)
        assert profiles.longest_unseen(tx, ["ana", "ben"], WALL) is None
        assert profiles.get(tx, "ana") == Profile("ana")


def test_a_queue_in_a_sentence(store: Store) -> None:
    in_force(store, people="persons: {}\nteams: {}\n")
    with store.reading() as tx:
        assert queues.summary(tx, "unassigned", 3) == (0, None, [])
    for number, name in enumerate(("elena", "jonas")):
        receive(store, NOW + number * HOUR, hot(name, at=NOW + number * HOUR))
    with store.reading() as tx:
        count, since, reasons = queues.summary(tx, "unassigned", 3)
    assert (count, since, len(reasons)) == (2, NOW, 1)


def test_a_refused_card_is_let_go_and_comes_back_when_it_is_wanted_again(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    with store.transaction() as tx:
        card = messages.claim(tx, WALL)
    assert card
    assert turn_away(store, NOW, card, "is_archived")
    assert statuses(store, "card") == {"C0SALES": "dropped", "U0ANA": "waiting"}
    with store.transaction() as tx:
        messages.touch(tx, handoff_subject(handoff.id))
    assert statuses(store, "card")["C0SALES"] == "dropped", "a change alone brings nothing back"
    with store.transaction() as tx:
        messages.want(tx, Notice(handoff_subject(handoff.id), "card", "C0SALES"), NOW)
    assert statuses(store, "card")["C0SALES"] == "waiting"


def test_what_comes_of_a_refusal_is_not_written_over_somebody_elses_work(store: Store) -> None:
    in_force(store)
    offered(store)
    with store.transaction() as tx:
        card = messages.claim(tx, WALL)
    with store.transaction() as tx:
        again = messages.claim(tx, WALL + timedelta(minutes=2))
    assert card
    assert again
    with store.transaction() as tx:
        lost.let_go(tx, card, [], "is_archived")
    assert statuses(store, "card") == {"C0SALES": "sending"}


def test_leads_move_while_everybody_is_at_work_on_them_and_each_moves_once(postgres_store: Store) -> None:
    """Two workers, people who click, the sweep, and cards that Slack refuses: nobody waits for somebody in a circle."""
    store = in_force(postgres_store)
    found = [offered(store, f"lead{number}") for number in range(18)]
    go_away(store, NOW, "ana", Leave(NOW.date(), None, "Ill"), "ana")

    def refuse() -> None:
        with store.transaction() as tx:
            message = messages.claim(tx, WALL)
        if message and message.kind == "card":
            turn_away(store, NOW, message, "is_archived")

    jobs = [lambda: rehome(store, NOW, 100), lambda: rehome(store, NOW, 100), lambda: sweep(store, NOW + 2 * HOUR)]
    jobs += [refuse for _ in range(18)]
    jobs += [lambda one=one: accept(store, NOW, by("U0MAYA", one)) for one in found[::4]]
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()
    rehome(store, NOW, 100)
    now = [standing(store, one.id) for one in found]
    assert {one.owner for one in now if one.state is State.OFFERED} == {"ben"}
    with store.reading() as tx:
        moved = Counter(
            event.kind for one in found for event in history.of_handoff(tx, one.id) if event.kind is Kind.REASSIGNED
        )
    assert moved[Kind.REASSIGNED] <= sum(one.owner == "ana" for one in found)


ILL = PEOPLE.replace("slack: U0ANA,", "slack: U0ANA, away: [{on: 2026-03-02, to: 2026-03-12, label: Ill}],")


def apply(store: Store, now: datetime, **texts: str) -> None:
    files = TEXTS | {f"{name}.yaml": text for name, text in texts.items()}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(files), files, now)


def test_leave_entered_on_its_first_day_moves_what_was_got_before_and_not_what_was_given_since(store: Store) -> None:
    in_force(store)
    before = offered(store)
    assert before.owner == "ana"
    apply(store, NOW + HOUR, people=ILL)
    assert rehome(store, NOW + HOUR, 50) == 1
    assert standing(store, before.id).owner == "ben"
    by_hand = reassign(store, NOW + 2 * HOUR, by("U0MAYA", before), "ana")
    assert isinstance(by_hand, Handoff)
    apply(store, NOW + 3 * HOUR, people=ILL, sla=SLA.replace("cards_per_hour: 20", "cards_per_hour: 21"))
    assert rehome(store, NOW + 3 * HOUR, 50) == 0
    assert standing(store, before.id).owner == "ana"


def test_what_was_given_by_hand_goes_on_when_they_fall_ill_the_same_day(store: Store) -> None:
    in_force(store)
    card = offered(store)
    by_hand = reassign(store, NOW + HOUR, by("U0MAYA", card), "ben")
    assert isinstance(by_hand, Handoff)
    go_away(store, NOW + 2 * HOUR, "ben", Leave(NOW.date(), None, "Ill"), "ben")
    assert rehome(store, NOW + 3 * HOUR, 50) == 1
    assert standing(store, card.id).owner == "ana"
    again = reassign(store, NOW + 4 * HOUR, by("U0MAYA", standing(store, card.id)), "ben")
    assert isinstance(again, Handoff)
    assert rehome(store, NOW + 5 * HOUR, 50) == 0, "away as they were, a person gave it to them"


def test_days_that_keep_a_lead_hide_none_that_do_not(store: Store) -> None:
    in_force(store, people=ILL)
    card = offered(store)
    assert isinstance(reassign(store, NOW + HOUR, by("U0MAYA", card), "ana"), Handoff)
    apply(store, NOW + 2 * HOUR, people=ILL, sla=SLA.replace("cards_per_hour: 20", "cards_per_hour: 21"))
    assert rehome(store, NOW + 2 * HOUR, 50) == 0
    go_away(store, NOW + 3 * HOUR, "ana", Leave(NOW.date(), None, "Worse"), "ana")
    assert rehome(store, NOW + 3 * HOUR, 50) == 1
    assert standing(store, card.id).owner == "ben"
