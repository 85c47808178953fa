"""Who is there, as far as Slack and the configuration know: each worker asks, and gives stranded leads to others.

A tick of its own beside the sweep, since it waits for Slack. Safe in several processes at once: a person is asked about
by one of them, and moves compare and swap.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.handoff.absence import absence_in
from bot.handoff.routing import Queue
from bot.moves.attendance import note
from bot.moves.stranded import rehome, tell_waiting
from bot.slack import Profile, Shut, Slack, SlackFailure, Transient
from bot.store import absences, policies, profiles, queues
from bot.store.engine import Store, Tx

EVERY = timedelta(minutes=10)
"""So often each person is asked about, and everybody's leads are looked at even if nothing seems to have changed."""
PAUSE = timedelta(minutes=1)
"""How long nobody is asked about once Slack did not answer; and how often the waiting are counted."""
MOST = 50
"""So many leads are given to others in one tick."""
WAITING: Queue = "unassigned"
FULL: Queue = "overflow"

Clock = Callable[[], datetime]

log = structlog.get_logger()


class Attendance:
    """One per worker process: `look` once a second. `now` is domain time, `wall` real time, both UTC."""

    def __init__(self, store: Store, slack: Slack, now: Clock, wall: Clock) -> None:
        self._store = store
        self._slack = slack
        self._now = now
        self._wall = wall
        self._rests_until = self._looks_at = self._counts_at = profiles.NEVER
        self._knows_us = False
        self._seen: object = None
        self._told: dict[Queue, tuple[str, int]] = {}

    def look(self) -> None:
        """One person, everybody's leads if anything has changed, and those who wait. One that fails stops no other."""
        for step in (self._ask, self._rehome, self._count):
            try:
                step()
            except Exception:  # it comes again at the next tick; the others must not wait for it
                log.exception("attendance failed")

    def _ask(self) -> None:
        wall = self._wall()
        found = self._next(wall) if wall >= self._rests_until else None
        if found is None:
            return
        person, slack = found
        try:
            profile = self._slack.person(slack)
            self._knows_us = True
        except Shut as error:
            if not self._knows_us:
                log.warning("slack knows nobody so far: is it the right workspace?", person=person, error=str(error))
                return
            profile = Profile(gone=True)
        except SlackFailure as error:
            rest = timedelta(seconds=error.wait) if isinstance(error, Transient) else PAUSE
            self._rests_until = wall + max(rest, PAUSE)
            log.warning("status not read", person=person, error=str(error))
            return
        status = absence_in(profile.status, profile.emoji, profile.until)
        note(self._store, self._now(), person, gone=profile.gone, status=status)

    def _next(self, wall: datetime) -> tuple[str, str] | None:
        """Whose turn it is: key and Slack id."""
        with self._store.reading() as tx:
            people = policies.current(tx).people
            staff = {key for team in people.teams.values() for key in (*team.members, team.manager)}
            longest = profiles.longest_unseen(tx, sorted(staff & set(people.persons)), wall - EVERY)
        if longest is None:
            return None
        person, seen = longest
        with self._store.transaction(wakes=False) as tx:
            mine = profiles.take(tx, person, seen, wall)
        return (person, people.persons[person].slack) if mine else None

    def _rehome(self) -> None:
        now = self._now()
        with self._store.reading() as tx:
            changed = _changes(tx)
        if changed == self._seen and now < self._looks_at:
            return
        self._seen, self._looks_at = changed, now + PAUSE  # should it fail
        more = rehome(self._store, now, MOST) == MOST
        self._seen, self._looks_at = (None, now) if more else (changed, now + EVERY)

    def _count(self) -> None:
        """Tell that leads wait which cannot, and how many do by now, as long as that has been told today."""
        now = self._now()
        if now < self._counts_at:
            return
        self._counts_at = now + PAUSE
        with self._store.reading() as tx:
            waiting: dict[Queue, int] = {WAITING: queues.counts(tx).get(WAITING, 0), FULL: queues.urgent(tx)}
        today = f"{now:%Y-%m-%d}"
        for queue, count in waiting.items():
            day, told = self._told.get(queue, (today, 0))
            if (told if day == today else 0) != count:
                tell_waiting(self._store, now, queue)
            self._told[queue] = (today, count)


def _changes(tx: Tx) -> object:
    """Something that differs once the policy, an absence or an account has changed."""
    return policies.current(tx).version, absences.newest(tx), profiles.gone(tx)
