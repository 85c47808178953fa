"""Who could have a lead as they stand now: how much they have, whether there is room, and who is back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock.calendar import Calendar
from bot.clock.ladder import Sla
from bot.handoff.decision import Refusal
from bot.handoff.events import Kind
from bot.handoff.routing import Queued
from bot.handoff.states import Handoff, State
from bot.moves import place
from bot.moves.attendance import come_back
from bot.moves.decisions import accept
from bot.moves.hand_on import pass_on, reassign
from bot.moves.offer import offer
from bot.moves.receive import receive
from bot.store import queues, refusals, switches
from bot.store.engine import Store
from bot.sweep import sweep
from tests.store.hand_on_kit import CAPACITY, PEOPLE, SLACK, kinds, out, owed, owner, people, routings
from tests.support import HOUR, NOW, TEXTS, by, hot, in_force, offered, standing

ALONE = ("members: [ana, ben, cleo]", "members: [ana]")
DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # in Madrid
LATE = MIDNIGHT + HOUR / 2


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=PEOPLE)


def limited(store: Store, *changes: tuple[str, str]) -> None:
    """The company with limits for Ana, who lives in Madrid."""
    put = [(old, f"role: rep, zone: Europe/Madrid, {new}}}") for old, new in changes]
    ana = [
        ("ana: {name: Ana Ruiz, slack: U0ANA, " + old + "}", "ana: {name: Ana Ruiz, slack: U0ANA, " + new)
        for old, new in put
    ]
    in_force(store, people=people(*ana, ALONE))


def waits(store: Store, lead_id: int) -> list[tuple[str, str]]:
    """The queues a lead stands in, and why."""
    with store.reading() as tx:
        return [(entry.queue, entry.reason) for entry in queues.of_lead(tx, lead_id)]


def comes(store: Store, name: str, now: datetime = NOW) -> tuple[int, str | None]:
    """A lead comes: its id, and who gets it."""
    received = receive(store, now, hot(name, at=now))
    return received.lead_id, standing(store, received.handoff_id).owner if received.handoff_id else None


def test_open_cards_count_against_capacity_until_they_are_decided(store: Store) -> None:
    limited(store, ("role: rep", "capacity: {open: 2}"))
    first = offered(store, "elena")
    assert comes(store, "samuel")[1] == "ana"
    lead, nobody = comes(store, "mia")
    assert (nobody, waits(store, lead)) == (
        None,
        [("overflow", "everybody of Sales has as many leads as they take")],
    )
    accept(store, NOW, by("U0ANA", first))
    assert isinstance(offer(store, NOW, lead), Handoff)
    assert waits(store, lead) == []


def test_what_somebody_passed_on_is_no_open_card_of_theirs_any_more(store: Store) -> None:
    limited(store, ("role: rep", "capacity: {open: 1}"))
    pass_on(store, NOW, by("U0ANA", offered(store, "elena")), CAPACITY)
    assert comes(store, "samuel")[1] == "ana"


def test_leads_of_the_day_are_those_that_came_since_midnight_where_they_live(store: Store) -> None:
    limited(store, ("role: rep", "capacity: {per_day: 2}"))
    one = offered(store, "elena")
    accept(store, NOW, by("U0ANA", one))
    assert comes(store, "samuel")[1] == "ana", "what is decided counts for the day, and it is the second"
    assert comes(store, "mia")[1] is None
    assert comes(store, "zoe", LATE - HOUR)[1] is None
    assert [comes(store, name, at)[1] for name, at in (("leo", MIDNIGHT), ("max", LATE), ("ida", LATE))] == [
        "ana",
        "ana",
        None,
    ]


def test_each_has_the_midnight_of_their_own_zone(store: Store) -> None:
    """At 23:30 UTC it is tomorrow in Madrid, and still today in London."""
    limit = "capacity: {per_day: 1}}"
    ana = ("slack: U0ANA, role: rep}", f"slack: U0ANA, role: rep, zone: Europe/Madrid, {limit}")
    ben = ("slack: U0BEN, role: rep}", f"slack: U0BEN, role: rep, zone: Europe/London, {limit}")
    in_force(store, people=people(ana, ben, ("[ana, ben, cleo]", "[ana, ben]")))
    assert [comes(store, name)[1] for name in ("elena", "samuel", "mia")] == ["ana", "ben", None]
    assert [comes(store, name, LATE)[1] for name in ("leo", "max")] == ["ana", None]


def test_a_lead_they_have_no_more_is_none_of_the_day_and_one_given_to_them_is(store: Store) -> None:
    limited(store, ("role: rep", "capacity: {per_day: 1}"))
    one = offered(store, "elena")
    reassign(store, NOW, by("U0MAYA", one), "maya")
    two = offered(store, "samuel")
    assert two.owner == "ana"
    assert comes(store, "mia")[1] is None
    reassign(store, NOW, by("U0MAYA", two), "eve")
    reassign(store, NOW, by("U0MAYA", one), "ana")
    assert comes(store, "zoe")[1] is None


def test_with_everybody_full_a_lead_that_must_go_elsewhere_goes_to_the_manager(store: Store) -> None:
    full = [
        (f"slack: {SLACK[key]}, role: rep", f"slack: {SLACK[key]}, role: rep, capacity: {{open: 1}}")
        for key in ("ana", "ben", "cleo")
    ]
    in_force(store, people=people(*full))
    leads = [comes(store, name) for name in ("elena", "samuel", "mia")]
    assert {who for _, who in leads} == {"ana", "ben", "cleo"}
    pass_on(store, NOW, by("U0ANA", 1), CAPACITY)
    assert standing(store, 1).owner == "maya"
    assert sum(owed(store).values()) == 0


@pytest.mark.parametrize("stop", ["paused", "full"])
def test_while_no_new_cards_are_shown_a_lead_still_moves_on(store: Store, stop: str) -> None:
    if stop == "full":
        in_force(store, people=PEOPLE, sla=TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1"))
    one = offered(store, "elena")
    if stop == "paused":
        with store.transaction() as tx:
            switches.turn_on(tx, switches.PAUSED, "an import", NOW)
    lead, nobody = comes(store, "samuel")
    assert nobody is None
    assert [queue for queue, _ in waits(store, lead)] == ["overflow"]
    pass_on(store, NOW, by("U0ANA", one), CAPACITY)
    assert owner(store, one) == "ben"


@pytest.mark.parametrize("key", ["ben", "maya"])
def test_a_lead_that_waits_for_everybody_goes_to_whoever_is_back_first(store: Store, key: str) -> None:
    out(store, "ana", "ben", "cleo", "maya")
    lead, nobody = comes(store, "elena")
    assert (nobody, waits(store, lead)) == (None, [("unassigned", "everybody of Sales is away")])
    assert offer(store, NOW, lead) == Queued("unassigned", "everybody of Sales is away")
    come_back(store, NOW + HOUR, key, key)
    sweep(store, NOW + HOUR)
    assert waits(store, lead) == []
    one = standing(store, 1)
    assert (one.owner, one.offered_at, one.due_at) == (key, NOW + HOUR, NOW + 5 * HOUR)
    assert [who for who, _ in routings(store, one)] == [key]
    assert kinds(store, one) == [Kind.OFFERED]
    assert offer(store, NOW + HOUR, lead) is None


def test_a_lead_that_waits_goes_to_whoever_is_back_by_the_calendar(store: Store) -> None:
    out(store, "ana", "ben", "cleo", "maya", last=NOW.date())
    lead, nobody = comes(store, "elena")
    assert nobody is None
    sweep(store, NOW + 14 * HOUR)
    assert waits(store, lead) != []
    sweep(store, NOW + 15 * HOUR)
    assert (waits(store, lead), standing(store, 1).owner) == ([], "ana")


def test_whoever_goes_away_before_it_would_be_due_does_not_get_it(store: Store) -> None:
    evening = NOW + 14 * HOUR  # due at three in the morning
    out(store, "ben", "cleo", "maya", last=NOW.date() + timedelta(days=9))
    with_leave = people(("ana: {name: Ana Ruiz,", "ana: {name: Ana Ruiz, away: [{on: 2026-03-03, label: a day off}],"))
    in_force(store, people=with_leave)
    assert comes(store, "elena", NOW)[1] == "ana"
    assert comes(store, "samuel", evening)[1] is None


def test_a_move_of_nothing_is_told_to_whoever_asked(store: Store) -> None:
    assert isinstance(pass_on(store, NOW, by("U0ANA", 99), CAPACITY), Refusal)


def test_what_a_calendar_says_is_worked_out_once_for_all_who_share_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody else who brings a lead waits for as long as that takes."""
    staff = "".join(f"  r{n}: {{name: Rep {n}, slack: U0R{n}, role: rep}}\n" for n in range(40))
    keys = ", ".join(f"r{n}" for n in range(40))
    in_force(store, people=people(("  dan:", f"{staff}  dan:"), ("[ana, ben, cleo]", f"[ana, ben, cleo, {keys}]")))
    out(store, "ben", last=NOW.date() + 9 * DAY)
    asked: list[Calendar] = []

    def counted(now: datetime, sla: Sla, hours: Calendar) -> datetime | str:
        asked.append(hours)
        return due(now, sla, hours)

    due = place._due
    monkeypatch.setattr(place, "_due", counted)
    assert comes(store, "elena")[1] == "ana"
    assert len(asked) == 1


def test_who_works_enough_for_the_due_time_gets_it_though_never_for_the_last_step(store: Store) -> None:
    """A minute a week: half an hour lies within the horizon, ten hours do not."""
    calendar = "default: rare\ncalendars:\n  rare: {zone: UTC, hours: {mon: [09:00-09:01]}}\n"
    tier = "{due: 30m, ladder: [{after: 30m, step: escalate}, {after: 10h, step: expire}]}"
    sla = f"undo_minutes: 10\ncards_per_hour: 20\ntiers: {{P1: {tier}, P2: {tier}, P3: {tier}}}\n"
    in_force(store, people=PEOPLE, calendar=calendar, sla=sla)
    one = offered(store)
    assert (one.owner, one.due_at) == ("ana", NOW + HOUR / 2), "then every minute counts"
    pass_on(store, NOW, by("U0ANA", one), CAPACITY)
    assert owner(store, one) == "ben"


@pytest.mark.parametrize(("late", "bars"), [(False, {"ben"}), (True, set())])
def test_a_lead_bars_whoever_let_it_expire_and_not_who_got_it_when_it_was_too_late(
    store: Store, late: bool, bars: set[str]
) -> None:
    one = offered(store)
    assert one.owner == "ana"
    reassign(store, one.steps[-1].at - HOUR / 60 if late else NOW, by("U0MAYA", one), "ben")
    sweep(store, one.steps[-1].at)
    assert standing(store, one.id).state is State.EXPIRED
    with store.reading() as tx:
        assert set(refusals.of_lead(tx, one.lead_id)) == bars


def test_a_lead_that_expired_while_no_worker_ran_bars_nobody(store: Store) -> None:
    one = offered(store)
    sweep(store, one.steps[-1].at + HOUR)
    assert standing(store, one.id).state is State.EXPIRED
    with store.reading() as tx:
        assert refusals.of_lead(tx, one.lead_id) == {}
