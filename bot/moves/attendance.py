"""Who is there and who is not: somebody says so, comes back with one click, or is silent twice in a row.

Rows, not configuration: they hold at once, and routing passes over whoever is away. What Slack says of people is kept
beside them: a status is only asked about, an account that is gone counts at once. `stranded` moves their leads.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.config.policy import Policy
from bot.handoff.absence import Absence, Status, fault, reason
from bot.handoff.decision import Refusal, Why
from bot.handoff.events import Event, Kind
from bot.handoff.notices import (
    Notice,
    absence_notices,
    absence_subject,
    gone_notices,
    gone_subject,
    status_subject,
)
from bot.handoff.states import Handoff
from bot.lead import Leave, People, Person
from bot.moves.turn import Turn, turn
from bot.store import absences, handoffs, history, profiles, refusals
from bot.store.engine import Store

SILENT = 2
"""So many leads in a row that somebody let expire mean that they are not there."""


def go_away(store: Store, now: datetime, person: str, leave: Leave, by: str | None) -> Absence:
    """The person `person` (key) is on leave; whoever they are away for is told."""
    with turn(store, now) as here:
        return _begin(here, person, leave, by)


def come_back(store: Store, now: datetime, person: str, by: str | None) -> list[Absence]:
    """The person is there again: absences that have begun end, or else those still to come. Those that did."""
    with turn(store, now) as here:
        return _end(here, person, today(here.policy, person, now), by) or _end(here, person, date.max, by)


def press_away(store: Store, now: datetime, person: str, leave: Leave, slack: str) -> Absence | Refusal:
    """Somebody (Slack id) says that the person (key) is on leave, for themselves or for somebody they manage.

    Said twice, it is one. `Why.FOLLOW_UP` carries the words for the form's field.
    """
    with turn(store, now) as here:
        by, people = here.policy.people.by_slack(slack), here.policy.people
        if by is None:
            return Refusal(Why.STRANGER)
        if person not in people.persons or not may_end(by, person, people):
            return Refusal(Why.NOT_YOUR_MOVE)
        wrong = fault(leave, today(here.policy, person, now))
        if wrong:
            return Refusal(Why.FOLLOW_UP, wrong)
        handoffs.take_turns(here.tx)  # two forms sent at once are two sayings of the same
        said = next((one for one in absences.standing(here.tx, [person]) if one.leave == leave), None)
        return said or _begin(here, person, leave, by.key)


def press_back(store: Store, now: datetime, absence_id: int, slack: str) -> Absence | Refusal:
    """Somebody (Slack id) presses "I am back", for themselves or for somebody they manage."""
    with turn(store, now) as here:
        absence, by = absences.get(here.tx, absence_id), here.policy.people.by_slack(slack)
        if absence is None:
            return Refusal(Why.UNKNOWN)
        if by is None:
            return Refusal(Why.STRANGER)
        if not may_end(by, absence.person, here.policy.people):
            return Refusal(Why.NOT_YOUR_MOVE)
        begun = max(absence.leave.first, today(here.policy, absence.person, now))
        _end(here, absence.person, begun, by.key)
        return absences.get(here.tx, absence_id) or absence


def may_end(by: Person, person: str, people: People) -> bool:
    """Whether `by` may say that somebody (key) is away or back: they themselves, their manager, operations."""
    team = people.team_of(person)
    return by.key == person or by.role == "ops" or (team is not None and by.key == team.manager)


def mark_away(here: Turn, expired: Handoff) -> None:
    """Silence once may happen; in a row it means that nobody is there. Managers have nobody above them to tell."""
    owner, people = expired.owner or "", here.policy.people
    team = people.teams.get(expired.team or "")
    if owner not in people.persons or (team and owner == team.manager):
        return
    since = absences.last_ended(here.tx, owner)
    if refusals.silent_in_a_row(here.tx, owner, since) < SILENT or _off(here, owner):
        return
    leave = Leave(today(here.policy, owner, here.now), None, f"let {SILENT} leads in a row expire")
    _begin(here, owner, leave, None)
    event = Event(Kind.MARKED_AWAY, here.now, detail={"person": owner})
    history.append(here.tx, [event], expired.lead_id, expired.id)


def note(store: Store, now: datetime, person: str, *, gone: bool, status: Status | None) -> None:
    """Keep what Slack says of somebody (key) now. What is new of it is asked or told, once."""
    with store.reading() as tx:
        before = profiles.get(tx, person)
    if (before.gone, before.status) == (gone, status):
        return
    with turn(store, now) as here:
        if gone:
            account_gone(here, person)
            return
        if before.gone:
            here.touch(gone_subject(person))
        answer = before.answer if status == before.status else None
        profiles.put(here.tx, profiles.Profile(person, status, answer))
        if status != before.status:
            _ask(here, person, status)


def account_gone(here: Turn, person: str) -> None:
    """The Slack account of somebody (key) is no more: they get no lead, and whoever must know is told."""
    before = profiles.get(here.tx, person)
    if not before.gone:
        profiles.put(here.tx, replace(before, gone=True))
        here.wanted.extend(gone_notices(person, here.now, here.policy.people))


def press_status(store: Store, now: datetime, person: str, slack: str, *, away: bool) -> Absence | Refusal | None:
    """Somebody (Slack id) answers whether the status of `person` (key) means that they are away, until it ends.

    None where there is nothing to begin: they are here, or the status has gone since.
    """
    with turn(store, now) as here:
        by = here.policy.people.by_slack(slack)
        if by is None:
            return Refusal(Why.STRANGER)
        if not may_end(by, person, here.policy.people):
            return Refusal(Why.NOT_YOUR_MOVE)
        handoffs.hold_person(here.tx, person)  # two clicks are one answer
        here.touch(status_subject(person))
        known = profiles.get(here.tx, person)
        if known.status is None or known.answer == "away":
            return None
        profiles.put(here.tx, replace(known, answer="away" if away else "here"))
        return _begin(here, person, _leave(here, person, known.status), by.key) if away else None


def today(policy: Policy, person: str, now: datetime) -> date:
    """The day it is for somebody (key)."""
    return now.astimezone(policy.hours_of(person).zone).date()


def last_day(policy: Policy, person: str, until: datetime) -> date:
    """The last day, for somebody (key), of a status that ends then (UTC): one that ends at midnight, the day before."""
    return today(policy, person, until - timedelta(seconds=1))


def _leave(here: Turn, person: str, status: Status) -> Leave:
    end = last_day(here.policy, person, status.until) if status.until else None
    first = today(here.policy, person, here.now)
    return Leave(first, max(first, end) if end else None, f"Slack status: {status.words}")


def _ask(here: Turn, person: str, status: Status | None) -> None:
    """One direct message for each status; nobody is asked who is away as it is."""
    here.touch(status_subject(person))
    slack = here.policy.people.slack_of(person)
    if status is None or slack is None or _off(here, person):
        return
    here.want(Notice(status_subject(person), "status", slack, f"{here.now:%Y-%m-%d} {status.words}"))


def _off(here: Turn, person: str) -> bool:
    known, day = here.policy.people.persons[person], today(here.policy, person, here.now)
    off = [*known.leave, *(one.leave for one in absences.standing(here.tx, [person]))]
    return reason(off, day, day) is not None


def _begin(here: Turn, person: str, leave: Leave, by: str | None) -> Absence:
    absence = absences.begin(here.tx, person, leave, by, here.now)
    for notice in absence_notices(absence, here.policy.people):
        here.want(notice)
    return absence


def _end(here: Turn, person: str, first: date, by: str | None) -> list[Absence]:
    """What has begun by the day `first` ends, and is not over as it is; a holiday in a month is left alone."""
    day = today(here.policy, person, here.now)
    standing = absences.standing(here.tx, [person])
    ended = [one for one in standing if one.leave.first <= first and (one.leave.last is None or day <= one.leave.last)]
    if ended:
        absences.end(here.tx, ended, by, here.now)
    here.touch(status_subject(person), *(absence_subject(absence.id) for absence in ended))
    return ended
