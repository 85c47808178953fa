"""A lead changes hands: "not mine", the manager moves it, a teammate steps in, the clock or an absence takes it away.

Same hand-off, same due time. Whoever gets it has reminders in their own hours, and history says who and why. A lead
that goes round in circles ends at the manager.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK, NeverOpen
from bot.clock.ladder import Step
from bot.handoff.commands import Claim, Command, Reassign, Reroute
from bot.handoff.decision import Refusal, Why
from bot.handoff.events import HANDED, UNANSWERED, Kind
from bot.handoff.machine import refusal
from bot.handoff.notices import is_direct
from bot.handoff.permissions import team_of
from bot.handoff.reasons import FollowUpKind, fault
from bot.handoff.routing import Considered, Queued, Route, Routed, trace_to_dict
from bot.handoff.states import Handoff
from bot.lead import Person
from bot.moves.carry import Click, Outcome, carry_out, look, press
from bot.moves.place import Wish, choose, clock, terms
from bot.moves.turn import Turn, turn
from bot.store import grounds, handoffs, history, leads, profiles, turns
from bot.store.engine import Store

MOST_REROUTES = 2
"""So often a lead may be passed on before the manager has it."""


@dataclass(frozen=True, slots=True)
class NotMine:
    """What the form held: a code that reroutes, the answer to its question (a key, or nothing), and free words.

    `owner` is whose the lead was when the form was opened (key): sent twice, it passes the lead on once.
    """

    code: str
    follow_up: str = ""
    comment: str | None = None
    owner: str | None = None


IN_FORM = frozenset({Why.FOLLOW_UP, Why.NOBODY, Why.ALREADY_THEIRS})
"""What the fields of the two forms say, where the choice of a person is to blame."""


def may_pass_on(store: Store, now: datetime, click: Click) -> Outcome:
    """Whether the form of "not mine" is worth opening; a refusal is told in private."""
    return look(store, now, click, Reroute)


def may_reassign(store: Store, now: datetime, click: Click) -> Outcome:
    """The same for the manager's form."""
    return look(store, now, click, Reassign)


def pass_on(store: Store, now: datetime, click: Click, said: NotMine) -> Outcome:
    """The owner says that the lead is not theirs. Refusals `IN_FORM` are for the form's fields to say."""
    with turn(store, now) as here:
        return press(here, click, Reroute, lambda seen, by: _passed_on(here, seen, by, said), IN_FORM)


def reassign(store: Store, now: datetime, click: Click, to: str, owner: str | None = None) -> Outcome:
    """The manager gives the lead to the person whose key is `to`, whatever they had before. `IN_FORM` as above.

    `owner` is whose it was when the form was opened (key): nobody takes it from somebody they did not read of.
    """
    with turn(store, now) as here:
        return press(here, click, Reassign, lambda seen, by: _moved(here, seen, by, to, owner), IN_FORM)


def claim(store: Store, now: datetime, click: Click) -> Outcome:
    """A teammate takes over what its owner has let become overdue."""
    with turn(store, now) as here:
        return press(here, click, Claim, lambda seen, by: _claimed(here, seen, by))


def reassign_unanswered(here: Turn, seen: Handoff) -> Outcome | None:
    """The clock finds another owner in the team; `Why.NOBODY` where none is free. None: it changed meanwhile.

    The manager has been told already, and gets nothing that nobody asked them to take.
    """
    silent, team = {seen.owner or "": "did not answer this lead in time"}, team_of(seen, here.policy.people)
    if team is None:
        return Refusal(Why.NOBODY)
    routed = _routed(here, seen, Wish(team=team.key, never=silent))
    if not (isinstance(routed.place, Route) and routed.place.owner in team.members):
        return Refusal(Why.NOBODY)
    return _give(here, seen, routed, lambda place, steps: Reassign(None, UNANSWERED, place, steps))


def replace_owner(store: Store, now: datetime, handoff_id: int, owner: str, why: str) -> Outcome:
    """Its `owner` (key) is not there any more, says `why`: somebody else gets it, and if nobody can, a manager.

    `Why.NOT_DUE` if it is not theirs any more; `Why.NOBODY` if no manager is left either.
    """
    with turn(store, now) as here:
        while True:
            seen = handoffs.get(here.tx, handoff_id)
            shut = refusal(seen, Reassign) if seen else Refusal(Why.UNKNOWN)
            if seen is None or shut:
                return shut or Refusal(Why.UNKNOWN)
            if seen.owner != owner:
                return Refusal(Why.NOT_DUE)
            outcome = _replaced(here, seen, owner, why)
            if outcome is not None:
                return outcome


# What each of them asks for: whom, and by which command.


def _passed_on(here: Turn, seen: Handoff, by: Person, said: NotMine) -> Outcome | None:
    reason = here.policy.reasons.get(said.code)
    if reason is None or not reason.reroutes:
        return Refusal(Why.UNKNOWN_REASON)
    if said.owner not in {None, seen.owner}:
        return Refusal(Why.CHANGED_HANDS)
    wrong = fault(reason, said.follow_up, here.now.date())
    if wrong:
        return Refusal(Why.FOLLOW_UP, wrong)
    wish = _wish(here, seen, reason.follow_up.kind, said.follow_up)
    if isinstance(wish, Refusal):
        return wish
    routed = _routed(here, seen, wish)
    team = team_of(seen, here.policy.people)
    decides = team is not None and by.key == team.manager
    if isinstance(routed.place, Route) and not decides and _goes_round(here, seen, routed.place.owner):
        routed = _to_manager(here, seen, routed)
    return _give(
        here,
        seen,
        routed,
        lambda place, steps: Reroute(by.key, reason, said.follow_up, place, steps, said.comment),
    )


def _wish(here: Turn, seen: Handoff, kind: FollowUpKind, named: str) -> Wish | Refusal:
    """Whom the answer to the code's question asks for: nobody, if they cannot own a lead or have this one."""
    never, team = {seen.owner or "": "passed this lead on"}, team_of(seen, here.policy.people)
    if kind == "team":
        known = named in here.policy.people.teams
        return Wish(team=named, never=never) if known else Refusal(Why.NOBODY)
    if kind == "person":
        if named == seen.owner:
            return Refusal(Why.ALREADY_THEIRS)
        return Wish(person=named, never=never) if _place_of(here, seen, named) else Refusal(Why.NOBODY)
    return Wish(team=team.key if team else None, never=never)


def _moved(here: Turn, seen: Handoff, by: Person, to: str, owner: str | None) -> Outcome | None:
    if owner not in {None, seen.owner} and to != seen.owner:
        return Refusal(Why.CHANGED_HANDS)
    place = _place_of(here, seen, to)
    if place is None:
        return Refusal(Why.NOBODY)
    trace = (Considered(f"{by.name} reassigned it", (to,)),)
    return _give(here, seen, Routed(place, trace), lambda place, steps: Reassign(by.key, "by hand", place, steps))


def _claimed(here: Turn, seen: Handoff, by: Person) -> Outcome | None:
    """Of several at once one has it: nobody takes it from a teammate who stepped in."""
    handed = [event.kind for event in history.of_handoff(here.tx, seen.id) if event.kind in HANDED]
    if handed[-1:] == [Kind.CLAIMED] and seen.owner != by.key:
        return Refusal(Why.CHANGED_HANDS)
    team = team_of(seen, here.policy.people)
    if team is None:
        return Refusal(Why.NOBODY)
    stays = seen.channel if seen.channel and not is_direct(seen.channel) else team.channel
    place, trace = Route(team.key, by.key, stays), (Considered("claimed it after it was overdue", (by.key,)),)
    return _give(here, seen, Routed(place, trace), lambda place, steps: Claim(by.key, place, steps))


def _replaced(here: Turn, seen: Handoff, owner: str, why: str) -> Outcome | None:
    team = team_of(seen, here.policy.people)
    routed = _routed(here, seen, Wish(team=team.key if team else None, person=owner, never={owner: why}))
    if isinstance(routed.place, Route) and routed.place.owner == owner:
        routed = _to_manager(here, seen, routed, never=owner)
    return _give(here, seen, routed, lambda place, steps: Reassign(None, why, place, steps))


def _routed(here: Turn, seen: Handoff, wish: Wish) -> Routed:
    """Where routing would send it; to the manager, if to nobody: an open lead always has an owner."""
    stored = leads.get(here.tx, seen.lead_id)
    assert stored is not None  # noqa: S101 - a hand-off has a lead
    routed = choose(here, stored, terms(here, seen)[1], wish)
    return routed if isinstance(routed.place, Route) else _to_manager(here, seen, routed)


def _goes_round(here: Turn, seen: Handoff, to: str) -> bool:
    """Whether it was passed on too often, or comes back to somebody who had it."""
    events = history.of_handoff(here.tx, seen.id)
    had = {event.detail.get("from") for event in events if event.kind in HANDED}
    passed = sum(event.kind is Kind.REROUTED for event in events)
    return passed >= MOST_REROUTES or to in had


def _to_manager(here: Turn, seen: Handoff, routed: Routed, never: str | None = None) -> Routed:
    """The last resort, away or not: of the team whose lead it is, else of any.

    No place with nobody but `never` and managers whose account is gone: it would go back and forth between them.
    """
    own, every = team_of(seen, here.policy.people), here.policy.people.teams.values()
    cannot = {never, *profiles.gone(here.tx)}
    team = next((one for one in (*([own] if own else []), *every) if one.manager not in cannot), None)
    if team is None:
        return replace(routed, place=Queued("unassigned", "there is no other manager"))
    step = Considered("the manager decides what goes round, or has nobody to go to", (team.manager,))
    return Routed(Route(team.key, team.manager, team.channel), (*routed.trace, step))


def _place_of(here: Turn, seen: Handoff, key: str) -> Route | None:
    """The team through which a person may own a lead: its own, if they are in it, else theirs."""
    people = here.policy.people
    own = team_of(seen, people)
    team = own if own and key in {*own.members, own.manager} else people.team_of(key)
    return Route(team.key, key, team.channel) if team and key in people.persons else None


def _give(
    here: Turn, seen: Handoff, routed: Routed, command: Callable[[Route, tuple[Step, ...]], Command]
) -> Outcome | None:
    """Carry it out, with the ladder as it goes on for whoever gets it, and keep why they do."""
    place = routed.place
    if not isinstance(place, Route):
        return Refusal(Why.NOBODY)
    outcome = carry_out(here, seen, command(place, _steps(here, seen, place.owner)))
    if isinstance(outcome, Handoff):
        turns.settle(here.tx, routed.shares, place.owner)
        routing = {"at": here.now.isoformat(), "to": place.owner, "trace": trace_to_dict(routed.trace)}
        grounds.add_routing(here.tx, seen.id, routing)
    return outcome


def _steps(here: Turn, seen: Handoff, to: str) -> tuple[Step, ...]:
    sla = terms(here, seen)[1]
    hours = clock(here, to, urgent=sla.urgent)
    left, due = seen.steps[seen.step :], seen.due_at or here.now
    try:
        return ladder.pass_on(sla, left, due, here.now, hours)
    except NeverOpen:
        return ladder.pass_on(sla, left, due, here.now, ROUND_THE_CLOCK)
