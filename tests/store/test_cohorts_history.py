"""Outcomes equal a recount of the history that commands have written, also where moments meet exactly."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.clock.ladder import Step
from bot.handoff.commands import Accept, Command, Expire, Reject, Undo
from bot.handoff.decision import Change
from bot.handoff.events import Event, Kind
from bot.handoff.machine import decide
from bot.handoff.reasons import FollowUp, Reason
from bot.stats.cohort import Counts, counts
from bot.stats.query import Cohort, Window
from bot.store import cohorts, handoffs, history
from bot.store.engine import Store, Tx
from tests.store.recount import (
    HOUR,
    SLOW,
    START,
    forgotten,
    insert_leads,
    moments,
    offered,
)

UNDO = timedelta(minutes=10)
REASON = Reason("FIT", "Does not fit", "FIT", FollowUp("text", "Why?"))
TWICE = Reason("DUPLICATE", "There already", "DATA", FollowUp("text", "Which?"), "void")
COMMANDS: list[Command] = [
    Accept("ana", UNDO),
    Reject("ana", UNDO, REASON, "too small"),
    Reject("ana", UNDO, TWICE, "the other one"),
    Undo("ana"),
    Expire(),
]
lives = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(COMMANDS)), max_size=5)


@SLOW
@given(st.lists(st.tuples(moments, lives), min_size=1, max_size=6), moments)
@example([(START, [(5, COMMANDS[0]), (5, COMMANDS[3]), (5, COMMANDS[1])])], START + timedelta(minutes=7))
def test_outcomes_equal_a_recount_of_the_history(
    store: Store, plans: list[tuple[datetime, list[tuple[int, Command]]]], as_of: datetime
) -> None:
    with forgotten(store) as tx:
        insert_leads(tx, len(plans))
        stories = [history.of_handoff(tx, _live(tx, number, *plan)) for number, plan in enumerate(plans, start=1)]
        found = counts(cohorts.tallies(tx, Cohort(Window(START, START + 5 * HOUR, "any")), as_of))
    outcomes = Counter(_outcome(story, as_of) for story in stories)
    expected = {"open": Kind.OFFERED, "void": Kind.VOIDED, "accepted": Kind.ACCEPTED}
    expected |= {"rejected": Kind.REJECTED, "expired": Kind.EXPIRED}
    assert found == Counts(**{name: outcomes[kind] for name, kind in expected.items()})


def _live(tx: Tx, number: int, offered_at: datetime, commands: list[tuple[int, Command]]) -> int:
    """A hand-off that is offered, and then given commands, so many minutes after one another, as moves give them."""
    ladder = (Step(offered_at + HOUR, "expire"),)
    standing = handoffs.insert(tx, replace(offered(offered_at), lead_id=number, steps=ladder), None)
    history.append(tx, [Event(Kind.OFFERED, offered_at)], number, standing.id)
    now = offered_at
    for minutes, command in commands:
        now += timedelta(minutes=minutes)
        decision = decide(standing, command, now)
        if isinstance(decision, Change):
            assert handoffs.save(tx, standing, decision.handoff)
            history.append(tx, decision.events, number, standing.id)
            standing = replace(decision.handoff, version=standing.version + 1)
    return standing.id


def _outcome(story: list[Event], as_of: datetime) -> Kind | None:
    """The last thing that happened by then and was not undone, ever; None before the offer."""
    standing: list[Event] = []
    for event in story:
        standing = standing[:-1] if event.kind is Kind.UNDONE else [*standing, event]
    by_then = [event.kind for event in standing if event.at <= as_of]
    return by_then[-1] if by_then else None
