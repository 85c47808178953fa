"""However many press at once, a lead changes hands once: the others learn whose it is. On both databases."""

import pytest
import sqlalchemy as sa

from bot.handoff.decision import Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.states import Handoff, State
from bot.lead import Leave
from bot.moves.attendance import press_away
from bot.moves.carry import Click, Outcome
from bot.moves.decisions import accept, snooze
from bot.moves.hand_on import NotMine, claim, pass_on, reassign
from bot.store import absences, turns
from bot.store.engine import Store
from bot.store.tables import messages
from bot.sweep import sweep
from tests.store.test_decisions_race import Press, at_once, events
from tests.support import HOUR, NOW, PEOPLE, SLA, by, in_force, offered, standing

ROUNDS = 4
OVERDUE = NOW + 4 * HOUR
LATER = NOW + 6 * HOUR
REPS = ["ana", "ben", "cleo", "dan", "eve"]
SALES = PEOPLE.replace(
    "teams:\n", "".join(f"  {key}: {{name: {key.title()}, slack: U0{key.upper()}, role: rep}}\n" for key in REPS[2:])
    + "teams:\n",
).replace("members: [ana, ben]", f"members: [{', '.join(REPS)}]")  # fmt: skip
REASSIGNS = SLA.replace(
    "      - {after: 4h, step: escalate}\n",
    "      - {after: 4h, step: escalate}\n      - {after: 6h, step: reassign}\n",
)
HANDED = {Kind.REROUTED, Kind.REASSIGNED, Kind.CLAIMED}


@pytest.fixture
def team(store: Store) -> Store:
    """Five reps, so that there is always somebody else."""
    sla = REASSIGNS.replace("cards_per_hour: 20", "cards_per_hour: 1000")
    return in_force(store, people=SALES, sla=sla)


def claims(store: Store, click: Click) -> Outcome:
    return claim(store, OVERDUE, click)


def accepts(store: Store, click: Click) -> Outcome:
    return accept(store, OVERDUE, click)


def sweeps(store: Store, click: Click) -> Outcome:
    sweep(store, LATER)
    return standing(store, click.handoff)


def passes(owner: str | None) -> Press:
    """The form as it was opened while the lead was `owner`'s."""
    return lambda store, click: pass_on(store, LATER, click, NotMine("ROUTE_CAPACITY", owner=owner))


def slack(key: str | None) -> str:
    return f"U0{(key or '').upper()}"


def handed(store: Store, handoff: Handoff) -> list[Kind]:
    return [event.kind for event in events(store, handoff) if event.kind in HANDED]


def refusals(outcomes: list[Outcome]) -> list[Why]:
    return [outcome.why for outcome in outcomes if isinstance(outcome, Refusal)]


def answers(store: Store) -> int:
    with store.reading() as tx:
        query = sa.select(sa.func.count()).where(messages.c.kind == "answer")
        return tx.execute(query).scalar_one()


def test_a_whole_team_claims_at_once_and_one_has_it(team: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(team, f"lead{round_}")
        others = [key for key in [*REPS, "maya"] if key != handoff.owner]
        before = answers(team)

        outcomes = at_once(team, [(claims, by(slack(key), handoff)) for key in others * 2])

        [won] = [outcome for outcome in outcomes if isinstance(outcome, Handoff)]
        stands = standing(team, handoff.id)
        assert (stands.owner, stands.due_at, stands.state) == (won.owner, handoff.due_at, State.OFFERED)
        assert handed(team, handoff) == [Kind.CLAIMED]
        assert set(refusals(outcomes)) == {Why.CHANGED_HANDS, Why.ALREADY_THEIRS}, "the winner pressed twice"
        assert answers(team) - before == 9


def test_its_owner_accepts_while_a_teammate_claims_and_one_of_them_has_it(team: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(team, f"lead{round_}")
        rival = next(key for key in REPS if key != handoff.owner)

        outcomes = at_once(
            team, [(accepts, by(slack(handoff.owner), handoff)), (claims, by(slack(rival), handoff))] * 3
        )

        stands = standing(team, handoff.id)
        assert sum(isinstance(outcome, Handoff) for outcome in outcomes) == 1
        if stands.state is State.ACCEPTED:
            assert (stands.owner, stands.decided_by) == (handoff.owner, handoff.owner)
            assert handed(team, handoff) == []
        else:
            assert (stands.owner, stands.decided_by) == (rival, None)
            assert handed(team, handoff) == [Kind.CLAIMED]


def test_the_owner_and_the_manager_pass_it_on_at_once_and_it_moves_once(team: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(team, f"lead{round_}")
        form = passes(handoff.owner)

        outcomes = at_once(team, [(form, by(slack(key), handoff)) for key in (handoff.owner, "maya") * 4])

        assert handed(team, handoff) == [Kind.REROUTED]
        assert sum(isinstance(outcome, Handoff) for outcome in outcomes) == 1
        assert set(refusals(outcomes)) <= {Why.CHANGED_HANDS, Why.NOT_YOURS}
        with team.reading() as tx:
            assert sum(turns.balances(tx).values()) == 0, "whose turn it is was settled once"


def test_it_is_passed_on_while_the_clock_takes_it_away_and_it_moves_once(team: Store) -> None:
    for round_ in range(ROUNDS):
        handoff = offered(team, f"lead{round_}")
        sweep(team, OVERDUE)
        form, click = passes(handoff.owner), by(slack(handoff.owner), handoff)

        outcomes = at_once(team, [(form, click), (sweeps, click)] * 2)

        assert len(handed(team, handoff)) == 1
        stands = standing(team, handoff.id)
        assert stands.owner != handoff.owner
        assert (stands.due_at, stands.breached_by) == (handoff.due_at, handoff.owner)
        assert set(refusals(outcomes)) <= {Why.CHANGED_HANDS, Why.NOT_YOURS}
        with team.reading() as tx:
            assert sum(turns.balances(tx).values()) == 0


def test_the_manager_moves_it_while_everybody_presses_everything_and_the_record_agrees(team: Store) -> None:
    def moves(store: Store, click: Click) -> Outcome:
        return reassign(store, OVERDUE, click, "eve")

    def snoozes(store: Store, click: Click) -> Outcome:
        return snooze(store, NOW + HOUR, click, 30)

    for round_ in range(ROUNDS):
        handoff = offered(team, f"lead{round_}")
        presses: list[tuple[Press, Click]] = [(moves, by("U0MAYA", handoff))] * 3
        for key in REPS:
            presses += [(press, by(slack(key), handoff)) for press in (claims, accepts, snoozes, passes(handoff.owner))]

        at_once(team, presses)

        happened, stands = events(team, handoff), standing(team, handoff.id)
        chain = [event for event in happened if event.kind in HANDED]
        owners = [handoff.owner, *(event.detail["to"] for event in chain)]
        assert [event.detail["from"] for event in chain] == owners[:-1]
        assert stands.owner == owners[-1]
        assert stands.due_at == handoff.due_at
        decided = [event for event in happened if event.kind is Kind.ACCEPTED]
        assert len(decided) == (stands.state is State.ACCEPTED)
        assert all(event.by == stands.owner for event in decided)


def test_the_same_absence_said_twice_at_once_is_one(team: Store) -> None:
    leave = Leave(NOW.date(), None, "Ill")

    def goes(store: Store, click: Click) -> Outcome:
        outcome = press_away(store, NOW, "ana", leave, click.user)
        assert not isinstance(outcome, Refusal)
        return standing(store, click.handoff)

    click = by("U0ANA", offered(team))
    at_once(team, [(goes, click)] * 8)
    with team.reading() as tx:
        assert [one.leave for one in absences.standing(tx, ["ana"])] == [leave]
