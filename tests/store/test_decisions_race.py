"""Invariant 2: however many press at once, a hand-off gets exactly one standing decision, and losers learn whose."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.handoff.decision import Refusal
from bot.handoff.events import Event, Kind
from bot.handoff.notices import campaign_subject
from bot.handoff.states import Handoff, State
from bot.kinds import KINDS
from bot.moves.carry import Click, Outcome
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.receive import receive
from bot.moves.take import take
from bot.slack import Slack
from bot.store import history
from bot.store.engine import Store
from bot.store.messages import ANSWER
from bot.store.tables import handoffs as handoff_rows
from bot.store.tables import messages as message_rows
from bot.sweep import sweep
from tests.support import EVERYBODY, HOUR, NOW, POLICY, TEXTS, by, hot, in_force, offered, standing

ROUNDS = 6
THREADS = 16
LATE = NOW + 49 * HOUR
NO_SLACK = Slack("xoxb-none", "http://127.0.0.1:9/api/")

Press = Callable[[Store, Click], Outcome]


def accepts(store: Store, click: Click) -> Outcome:
    return accept(store, NOW, click)


def rejects(store: Store, click: Click) -> Outcome:
    return reject(store, NOW, click, Grounds("NOT_READY", "no budget"))


def voids(store: Store, click: Click) -> Outcome:
    return reject(store, NOW, click, Grounds("DUPLICATE", "see the other one"))


def undoes(store: Store, click: Click) -> Outcome:
    return undo(store, NOW, click)


def accepts_late(store: Store, click: Click) -> Outcome:
    return accept(store, LATE, click)


def sweeps_late(store: Store, click: Click) -> Outcome:
    sweep(store, LATE)
    return standing(store, click.handoff)


def takes(store: Store, click: Click) -> Outcome:
    return take(store, LATE, click)


@pytest.fixture
def store(postgres_store: Store) -> Store:
    texts = TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1000")
    return in_force(postgres_store, sla=texts)


def offered_in(store: Store, campaign: str, number: int) -> Handoff:
    name = f"{campaign}-{number}".replace(" ", "-").lower()
    received = receive(store, NOW, hot(name, campaign=campaign))
    return standing(store, received.handoff_id or 0)


def at_once(store: Store, presses: Sequence[tuple[Press, Click]]) -> list[Outcome]:
    """All presses, each from a thread of its own, let go together."""
    gate = threading.Barrier(len(presses))

    def one(press: Press, click: Click) -> Outcome:
        gate.wait()
        return press(store, click)

    with ThreadPoolExecutor(len(presses)) as pool:
        return [done.result() for done in [pool.submit(one, *press) for press in presses]]


def events(store: Store, handoff: Handoff) -> list[Event]:
    with store.reading() as tx:
        return history.of_handoff(tx, handoff.id)


def drawn_answers(store: Store) -> dict[str, list[str]]:
    """Every private answer, in the words the person reads, by person; then they are out of the way."""
    told: dict[str, list[str]] = {user: [] for user in EVERYBODY}
    with store.transaction(wakes=False) as tx:
        waiting = tx.execute(sa.select(message_rows).where(message_rows.c.kind == ANSWER)).all()
        for row in waiting:
            draw = KINDS[ANSWER](tx, row)  # type: ignore[arg-type]
            told[row.recipient].append(draw(NO_SLACK).text)
        tx.execute(sa.delete(message_rows).where(message_rows.c.kind == ANSWER))
    return told


def test_many_accept_and_reject_at_once_and_one_decision_stands(store: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(store, f"lead{round_}")
        owner = POLICY.people.slack_of(handoff.owner) or ""
        may = [owner, "U0MAYA"]
        moves: list[Press] = [accepts, rejects, voids]
        presses = [(moves[n % 3], by(may[n % 2], handoff)) for n in range(THREADS)]

        outcomes = at_once(store, presses)

        winners = [outcome for outcome in outcomes if isinstance(outcome, Handoff)]
        assert len(winners) == 1
        stands = standing(store, handoff.id)
        assert (stands.state, stands.decided_by, stands.version) == (winners[0].state, winners[0].decided_by, 2)
        kinds = [event.kind for event in events(store, handoff)]
        assert kinds == [Kind.OFFERED, KIND_OF[stands.state]]
        assert events(store, handoff)[-1].by == stands.decided_by

        told = drawn_answers(store)
        losers = Counter(click.user for (_, click), outcome in zip(presses, outcomes, strict=True)
                         if isinstance(outcome, Refusal))  # fmt: skip
        assert {user: len(words) for user, words in told.items() if words} == losers
        winner = POLICY.people.slack_of(stands.decided_by)
        assert all(f"by <@{winner}> · <!date^" in words for one in told.values() for words in one)


KIND_OF = {
    State.OFFERED: Kind.UNDONE,
    State.ACCEPTED: Kind.ACCEPTED,
    State.REJECTED: Kind.REJECTED,
    State.VOID: Kind.VOIDED,
}
DECISIONS = {Kind.ACCEPTED, Kind.REJECTED, Kind.VOIDED}


def test_everybody_presses_everything_at_once_and_history_agrees_with_the_row(store: Store) -> None:
    moves: list[Press] = [accepts, undoes, rejects, takes, voids, undoes]
    for round_ in range(ROUNDS):
        handoff = offered(store, f"lead{round_}")
        presses = [(moves[n % 6], by(EVERYBODY[n % 5], handoff)) for n in range(30)]

        outcomes = at_once(store, presses)

        happened = events(store, handoff)[1:]
        kinds = [event.kind for event in happened]
        assert all((kind in DECISIONS) != (number % 2 == 1) for number, kind in enumerate(kinds)), kinds
        assert len(kinds) == sum(isinstance(outcome, Handoff) for outcome in outcomes)
        stands = standing(store, handoff.id)
        assert stands.version == 1 + len(kinds)
        last = happened[-1] if happened else None
        assert KIND_OF[stands.state] == (last.kind if last else Kind.UNDONE)
        if last and last.kind in DECISIONS:
            assert (stands.decided_by, stands.decided_at) == (last.by, last.at)
        allowed = {"maya", handoff.owner}
        assert {event.by for event in happened} <= allowed
        refused = Counter(click.user for (_, click), outcome in zip(presses, outcomes, strict=True)
                          if isinstance(outcome, Refusal))  # fmt: skip
        assert {user: len(words) for user, words in drawn_answers(store).items() if words} == refused


def test_a_whole_team_takes_an_expired_lead_at_once_and_one_has_it(store: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(store, f"lead{round_}")
        sweep(store, LATE)
        sweep(store, LATE)
        takers = ["U0ANA", "U0BEN", "U0MAYA"]
        presses = [(takes, by(takers[n % 3], handoff)) for n in range(12)]

        outcomes = at_once(store, presses)

        [new] = [outcome for outcome in outcomes if isinstance(outcome, Handoff)]
        assert (new.number, new.previous_id, new.state) == (2, handoff.id, State.ACCEPTED)
        winner = POLICY.people.slack_of(new.owner)
        told = drawn_answers(store)
        assert sum(map(len, told.values())) == 11
        assert all(f"<@{winner}> has it now, " in words for one in told.values() for words in one)
        with store.reading() as tx:
            count = sa.select(sa.func.count()).where(handoff_rows.c.lead_id == handoff.lead_id)
            assert tx.execute(count).scalar_one() == 2


def test_the_clock_and_a_person_at_the_same_moment_leave_one_outcome(store: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(store, f"lead{round_}")
        sweep(store, NOW + 47 * HOUR)  # down to the last rung
        at_once(store, [(accepts_late, by("U0MAYA", handoff)), (sweeps_late, by("U0MAYA", handoff))] * 4)
        kinds = [event.kind for event in events(store, handoff)]
        assert len({Kind.ACCEPTED, Kind.EXPIRED} & set(kinds)) == 1
        assert standing(store, handoff.id).state in {State.ACCEPTED, State.EXPIRED}


def test_the_first_rejections_of_a_month_at_once_share_one_thread_and_none_fails(store: Store) -> None:
    for round_ in range(ROUNDS):
        campaign = f"Campaign {round_}"
        offers = [offered_in(store, campaign, number) for number in range(10)]
        outcomes = at_once(store, [(rejects, by("U0MAYA", handoff)) for handoff in offers])
        assert all(isinstance(outcome, Handoff) for outcome in outcomes)
        with store.reading() as tx:
            of_month = sa.select(message_rows.c.id).where(
                message_rows.c.subject == campaign_subject(campaign, NOW), message_rows.c.kind == "thread"
            )
            [thread] = tx.execute(of_month).scalars()
            replies = sa.select(sa.func.count()).where(message_rows.c.parent_id == thread)
            assert tx.execute(replies).scalar_one() == 10
