"""History from elsewhere is taken in: it wakes nothing. No card, no message, no timer, no verdict, no crossing.

A lead has one imported hand-off. What several files say of it is one account (`handoff/imported.py`), and history
rows hold it; here it is merged with what a file says now, and the hand-off is written as it stands after that.
What is said of a lead before anybody says when it was handed over waits in the history until then.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from bot.clock.calendar import ROUND_THE_CLOCK
from bot.config.policy import Policy
from bot.handoff import imported
from bot.handoff.events import Event
from bot.handoff.imported import Account, Fact, Facts, Standing, Told
from bot.handoff.reasons import NOT_RECORDED, fault
from bot.handoff.states import State
from bot.lead import Lead
from bot.moves.kept import kept
from bot.moves.turn import Turn, turn, unless_raced
from bot.store import history, imports
from bot.store.engine import Store
from bot.store.filing import Filed, file_leads
from bot.store.history import Happened
from bot.store.imports import New
from bot.store.leads import Ambiguous, names

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be ahead; history lies behind us."""

UNDECIDED = "imported, and nobody has decided"
DECIDED = "a later import decided it"

Outcome = Literal["new", "changed", "unchanged", "waiting"]


@dataclass(frozen=True, slots=True)
class Record:
    """What one row says of one lead. Source and campaign of the hand-off are those of `lead`.

    `due` is when it was to be decided, as its `tier` or anything else promised then.
    Without facts it is undecided: open, or expired after a time of its own or, with "expired", the policy's ladder.
    """

    lead: Lead
    facts: Facts
    owner: str | None = None
    team: str | None = None
    undecided: Literal["open", "expired"] | timedelta = "open"
    tier: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that was not taken: its place in the batch, the field at fault, and why."""

    index: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch, in records. `waiting` told something of a lead nobody has handed over yet."""

    new: int
    changed: int
    unchanged: int
    waiting: int
    refused: tuple[Refused, ...]


def record(store: Store, now: datetime, records: Sequence[Record]) -> Recorded:
    """Take a batch in, in one transaction; a few hundred records are a good size. `now` is UTC.

    What cannot be taken comes back as `refused`, the rest is stored. Naive times raise TypeError.
    """
    return unless_raced(lambda: _once(store, now, records))


@dataclass(slots=True)
class _Case:
    """One lead of the batch: the account as it grows, and the hand-off as it stood and as it stands by it."""

    filed: Filed
    account: Account
    stood: Standing | None
    stands: Standing | None
    events: list[Event] = field(default_factory=list)


def _once(store: Store, now: datetime, records: Sequence[Record]) -> Recorded:
    with turn(store, now) as here:
        refused = [Refused(index, *fault) for index, one in enumerate(records) for fault in _faults(one, here)]
        bad = {one.index for one in refused}
        good = [index for index in range(len(records)) if index not in bad]
        filed = file_leads(here.tx, [records[index].lead for index in good], now)
        found = list(zip(good, filed, strict=True))
        refused += [Refused(index, "lead", str(lead)) for index, lead in found if isinstance(lead, Ambiguous)]
        cases: dict[int, _Case] = {}
        outcomes = Counter(
            _hear(cases.get(lead.id) or cases.setdefault(lead.id, _open(lead)), records[index], here)
            for index, lead in found
            if isinstance(lead, Filed)
        )
        _keep(here, list(cases.values()))
        _write(here, [case for case in cases.values() if case.events])
        counts = {outcome: outcomes[outcome] for outcome in get_args(Outcome)}
        return Recorded(**counts, refused=tuple(sorted(refused, key=lambda one: one.index)))


def _faults(one: Record, here: Turn) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a record, each with its field."""
    if not names(one.lead):
        yield "lead", "nothing says who this is; expected email, or origin and external_id"
    if not one.facts:
        yield "", "expected a time at which the lead was handed over, or something that became of it"
    for fact, told in one.facts.items():
        yield from _time_faults(fact, told, here.now)
    yield from _word_faults(one, here.policy)
    if Fact.REJECTED in one.facts:
        yield from _reason_faults(one.facts[Fact.REJECTED], here.policy)
    late = one.facts.get(Fact.DISQUALIFIED)
    if late and not (late.reason and late.follow_up):
        yield "disqualified", "expected a reason code and a follow-up"


def _time_faults(fact: Fact, told: Told, now: datetime) -> Iterator[tuple[str, str]]:
    if told.at is None and fact is not Fact.ACCEPTED:
        yield fact.value, "has no time; only that of accepted may be unknown"
    if told.at and not EARLIEST <= told.at <= now + AHEAD:
        yield fact.value, f"{told.at:%Y-%m-%d %H:%M} UTC is out of range; expected a time from 2000 until now"


def _word_faults(one: Record, policy: Policy) -> Iterator[tuple[str, str]]:
    """A due time may be to come; what was promised before the hand-over is taken as it is."""
    known = list(policy.criteria.tiers)
    if one.tier is not None and one.tier not in known:
        yield "tier", f"{one.tier!r} is no tier; expected one of {', '.join(known)}"
    if one.due and one.due < EARLIEST:
        yield "due", f"{one.due:%Y-%m-%d %H:%M} UTC is out of range; expected a time from {EARLIEST.year} on"


def _reason_faults(told: Told, policy: Policy) -> Iterator[tuple[str, str]]:
    """The rule of every door: a code that exists, and its follow-up. Only here it may be `not recorded`."""
    reason = policy.reasons.get(told.reason or "")
    if reason is None or reason.reroutes:
        known = ", ".join(code for code, reason in policy.reasons.items() if not reason.reroutes)
        yield "rejected.code", f"{told.reason!r} is no reason code; expected one of {known}"
    elif told.at and told.follow_up != NOT_RECORDED:
        wrong = fault(reason, told.follow_up or "", told.at.date())
        if wrong:
            yield "rejected.follow_up", f"{told.follow_up!r} is no answer to {reason.follow_up.label!r}: {wrong}"


def _open(filed: Filed) -> _Case:
    account = imported.account_of(filed.said)
    stood = imported.standing(account)
    return _Case(filed, account, stood, stood)


def _hear(case: _Case, one: Record, here: Turn) -> Outcome:
    """Merge one record into its case, and say what it was to it."""
    news = case.account.news(_said(one, here.policy))
    heard = case.account.with_news(news)
    assumed = imported.silence(heard, _patience(one, here.policy), here.now)
    events = [*imported.events(news, here.now), *imported.events(assumed, here.now)]
    if not events:
        return "unchanged"
    before = case.stands
    case.account = heard.with_news(assumed)
    case.stands = imported.standing(case.account)
    case.events += events
    if case.stands is None:
        return "waiting"
    return "new" if before is None else "changed"


def _said(one: Record, policy: Policy) -> Account:
    words = {"owner": one.owner, "team": one.team, "source": one.lead.source, "campaign": one.lead.campaign}
    words |= {"tier": one.tier, "due": one.due.astimezone(UTC).isoformat() if one.due else None}
    facts = {fact: _judged(told, policy) for fact, told in one.facts.items()}
    return Account(facts, {key: word for key, word in words.items() if word is not None})


def _judged(told: Told, policy: Policy) -> Told:
    """A refusal whose reason says that there never was a lead makes the hand-off void."""
    reason = policy.reasons.get(told.reason or "")
    return replace(told, void=True) if reason and reason.consequence == "void" else told


def _patience(one: Record, policy: Policy) -> timedelta | None:
    if one.undecided == "expired":
        return max(
            sla.rungs[-1].by(ROUND_THE_CLOCK) for sla in policy.slas.values()
        )  # whichever tier it would have had
    return None if one.undecided == "open" else one.undecided


def _keep(here: Turn, cases: Sequence[_Case]) -> None:
    """What hand-offs that are there already gain beside their accounts: another time, or what was not known yet."""
    there = [(case.filed.handoff_id, case, case.stands) for case in cases if case.filed.handoff_id and case.stands]
    before = imports.kept(here.tx, [key for key, _, _ in there])
    after = {key: kept(here.policy, case.filed.lead, stands, case.stood, before[key]) for key, case, stands in there}
    imports.change_kept(here.tx, {key: one for key, one in after.items() if one != before[key]})


def _write(here: Turn, cases: Sequence[_Case]) -> None:
    """Everything a batch has changed. History comes last, when every hand-off has its id."""
    made = [(case, case.stands) for case in cases if case.stands and case.filed.handoff_id is None]
    altered = [case for case in cases if case.stands != case.stood]
    changed = {case.filed.handoff_id: case.stands for case in altered if case.filed.handoff_id and case.stands}
    new = [
        New(
            case.filed.id,
            case.filed.number + 1,
            here.policy.version,
            stands,
            kept(here.policy, case.filed.lead, stands),
        )
        for case, stands in made
    ]
    ids = imports.add_handoffs(here.tx, new)
    for case, _ in made:
        case.filed.handoff_id = ids[case.filed.id]
    imports.change_handoffs(here.tx, changed)
    happened = [Happened(event, case.filed.id, case.filed.handoff_id) for case in cases for event in case.events]
    history.write(here.tx, happened)
    entering = [ids[case.filed.id] for case, stands in made if _must_wait(case.filed, stands)]
    imports.enter(here.tx, entering, UNDECIDED, here.now)
    # A lead that has crossed since may stand there for its crossing, which no import decides.
    decided = [case.filed for case in cases if case.stands and case.stands.state is not State.OFFERED]
    imports.leave(
        here.tx, [filed.waits_for for filed in decided if filed.waits_for and not filed.mql], DECIDED, here.now
    )


def _must_wait(filed: Filed, stands: Standing) -> bool:
    """Nobody is asked about an open imported hand-off, so a queue keeps it; unless sales has the lead anyway."""
    return stands.state is State.OFFERED and not filed.live and not filed.waits
