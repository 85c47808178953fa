"""A lead's signals walked once more under any criteria: when would it have crossed, and into what?

Pure. A replay knows the signals and when they happened. It takes for granted that each arrived when it happened, that
the lead was always what is known of it today, and that nobody decided on its card, which so stays open until an
opt-out takes it back. `stats.criteria_diff` counts what comes out under two policies.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from math import inf
from operator import attrgetter

from bot.criteria import score
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import Day, hundredths, newest_first, utc_day
from bot.criteria.definition import FITS, LEVELS, Criteria, Grade
from bot.criteria.facts import Facts
from bot.criteria.rules import Outcome, judge
from bot.handoff.crossing import Past, turn
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal

_MOMENT = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Crossed:
    """A crossing at `at` (UTC) that would have made a card, or with needed data `missing` an entry in `data-fix`."""

    at: datetime
    cell: str
    tier: str
    because: str
    missing: bool


class Replay:
    """One policy's criteria, made ready to replay any number of leads."""

    def __init__(self, criteria: Criteria) -> None:
        starts = dict(zip(LEVELS, (*criteria.behaviour_from, -inf), strict=True))
        self.criteria = criteria
        self.needed = {
            fit: min((starts[level] for level in LEVELS if criteria.tier_of(f"{fit}{level}")), default=inf)
            for fit in FITS
        }
        self.least = min(self.needed.values())
        self.single = {type_: score.worth(rule, 1) for type_, rule in criteria.signals.items()}
        self.tracked = {type_ for track in criteria.fast_tracks for type_ in track.signals}
        self.intent = criteria.intent
        self.withdraw = {rule.signal for rule in criteria.disqualifiers if rule.voids_card}

    def crossings(self, lead: Lead, signals: Iterable[Signal], until: datetime) -> Iterator[Crossed]:
        """Every crossing up to `until`, as `moves.receive` would have made them, signal by signal; oldest first.

        Signals of one moment arrive together. A crossing while a card is open is a line on that card, not one of these.
        """
        heard = sorted((one for one in signals if one.at <= until), key=_MOMENT)
        walk = _Walk(self, lead)
        for moment, together in groupby(heard, key=_MOMENT):
            crossed = walk.arrive(moment, list(together))
            if crossed:
                yield crossed
            if walk.settled:
                return


class _Walk:
    """Where a lead's replay has got to: what was heard, and what the past is by now."""

    def __init__(self, replay: Replay, lead: Lead) -> None:
        self._replay = replay
        self._lead = lead
        self._past = Past(mql=False)
        self._news: list[Signal] = []
        self._days: dict[tuple[str, date], Day] = {}
        self._most = 0
        self._tracked = False
        self._fit: Grade | None = None
        self.settled = False

    def arrive(self, moment: datetime, signals: Sequence[Signal]) -> Crossed | None:
        """What comes of signals that arrive at `moment` (UTC)."""
        self._hear(signals)
        if self._past.handoff and self._past.handoff.state is State.OFFERED:
            if any(signal.type in self._replay.withdraw for signal in signals) and self._judged(moment).withdrawn:
                void = replace(_CARD, state=State.VOID, voided_at=moment)
                self._past = replace(self._past, mql=False, handoff=void)
            return None
        return self._turned(self._judged(moment)) if self._near(moment) else None

    def _hear(self, signals: Sequence[Signal]) -> None:
        replay = self._replay
        for signal in signals:
            if signal.type in replay.intent:
                self._past = replace(self._past, intent_at=signal.at)
            self._tracked = self._tracked or signal.type in replay.tracked
            self._most += self._at_most(signal)
        self._news += signals

    def _at_most(self, signal: Signal) -> int:
        """No fewer points than it can add: as if nothing faded, no cap was full, and nothing spoke against the lead."""
        if signal.value is None:
            return max(0, self._replay.single.get(signal.type, 0))
        rule = self._replay.criteria.signals.get(signal.type)
        return max(0, score.worth(rule, 1, hundredths(signal.value)) + 1) if rule else 0  # days are rounded as a whole

    def _near(self, moment: datetime) -> bool:
        """Whether it may be an MQL now. Most leads never come near, and so are never assessed."""
        if self._most < self._replay.least and not self._tracked:
            return False
        if self._fit is None:
            self._fit = self._find_fit()
        needed = self._replay.needed[self._fit]
        return not self.settled and ((self._most >= needed and self._points(moment) >= needed) or self._on_a_track())

    def _find_fit(self) -> Grade:
        """Its fit grade, once for all; a lead that is disqualified by what it is stays so."""
        criteria = self._replay.criteria
        known = Facts(self._lead, criteria.derived)
        self.settled = any(rule.when and judge(rule.when, known) is Outcome.MET for rule in criteria.disqualifiers)
        return FITS[score.grade(sum(line.points for line in score.fit(criteria.fit, known)), criteria.fit_from)]

    def _points(self, moment: datetime) -> int:
        rules, today = self._replay.criteria.signals, utc_day(moment)
        heard = newest_first(self._all_days(), today)
        worth_something = {type_: rules[type_] for type_ in heard if type_ in rules}
        return sum(line.points for line in score.behaviour(worth_something, heard, today))

    def _on_a_track(self) -> bool:
        if not self._tracked:
            return False
        days = self._all_days()
        return any(
            self._fit in track.fits and sum(day.count for day in days if day.type in track.signals) >= track.at_least
            for track in self._replay.criteria.fast_tracks
        )

    def _judged(self, moment: datetime) -> Assessment:
        return assess(self._lead, self._all_days(), self._replay.criteria, moment)

    def _turned(self, assessment: Assessment) -> Crossed | None:
        turned = turn(assessment.mql, self._past, self._replay.criteria.crossing, assessment.at)
        if turned != "crossed" or assessment.tier is None:
            return None
        self._past = replace(self._past, mql=True, crossed_at=assessment.at, handoff=_CARD)
        missing = bool(assessment.missing)
        self.settled = missing  # for ever, since its data never changes
        return Crossed(assessment.at, assessment.cell, assessment.tier, assessment.because, missing)

    def _all_days(self) -> tuple[Day, ...]:
        for signal in self._news:
            key = signal.type, utc_day(signal.at)
            before = self._days.get(key) or Day(*key, 0)
            self._days[key] = Day(*key, before.count + 1, before.value + hundredths(signal.value))
        self._news = []
        return tuple(self._days.values())


_CARD = Handoff(
    id=0,
    lead_id=0,
    number=1,
    state=State.OFFERED,
    version=1,
    owner=None,
    team=None,
    channel=None,
    tier=None,
    policy="",
    source=None,
    campaign=None,
    offered_at=datetime.min.replace(tzinfo=UTC),
    due_at=None,
)
"""An open card on which nobody decides: all that `turn` wants to know of a hand-off."""
