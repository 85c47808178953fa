"""What the year's book has read so far: cards, who is away, who refused what, what everybody is owed."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.handoff.states import Handoff, State
from bot.store.engine import Store
from tests.store.year_cards import EVER, Card, silent_in_a_row
from tests.store.year_company import TEAMS, WALLS, Off, Setup
from tests.store.year_oracle import Hours, Scene, Wanted

APART, TOGETHER, UNDO = timedelta(minutes=15), timedelta(seconds=10), timedelta(minutes=10)
UNANSWERED = "nobody answered"
HANDED = {"rerouted", "reassigned", "claimed"}


@dataclass
class Told:
    """Days off that somebody told of, or that silence brought."""

    person: str
    off: Off
    began: datetime
    ended: datetime | None = None


class Said(NamedTuple):
    """One row of the history."""

    id: int
    at: datetime
    kind: str
    lead: int
    handoff: int | None
    by: str | None
    detail: dict[str, Any]


class Ledger:
    """Read after every move. `sweeps` are the moments at which a worker has looked for what is due."""

    def __init__(self, store: Store, setup: Setup) -> None:
        self.store, self.setup = store, setup
        self.wanted: dict[int, Wanted] = {}
        self.signs: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        self.cards: dict[int, Card] = {}
        self.told: list[Told] = []
        self.gone: set[str] = set()
        self.refused: dict[int, set[str]] = defaultdict(set)
        self.balance: Counter[str] = Counter()
        self.earned: Counter[str] = Counter()
        self.got: Counter[str] = Counter()
        self.sweeps: list[datetime] = []
        self.nudges: dict[str, datetime] = {}
        self.kinds: Counter[str] = Counter()
        self.rows: dict[int, Handoff] = {}
        self.crossed: dict[int, datetime] = defaultdict(lambda: EVER)
        self.taking: set[int] = set()
        self.silent: set[int] = set()
        self.last = 0

    # What it knows.

    def scene(self, at: datetime) -> Scene:
        """Everybody as they stand at a moment that has been read up to."""
        told = [(one.person, one.off) for one in self.told if one.ended is None]
        gone = frozenset(self.gone)
        scene = Scene(self.setup, at, told, gone, self._open(), {}, self.balance)
        midnights = {key: _midnight(scene.plain(key), at) for key in self.setup.staff}
        today = Counter(one.owner for one in self.cards.values() if one.since >= midnights.get(one.owner, EVER))
        return Scene(self.setup, at, told, gone, scene.open, today, self.balance)

    def open(self) -> list[Card]:
        """The cards that nobody has answered."""
        return [one for one in self.cards.values() if one.state is State.OFFERED]

    def barred(self, lead: int) -> set[str]:
        """Who has refused a lead, or let it expire without an excuse."""
        rejected = [one for one in self.of(lead) if one.state is State.REJECTED]
        silent = {one.owner for one in self.of(lead) if one.state is State.EXPIRED and one.is_silence(one.owner)}
        return self.refused[lead] | silent | {who for one in rejected for who in (one.owner, one.by) if who}

    def of(self, lead: int) -> list[Card]:
        """All cards of a lead, in order."""
        return [one for one in self.cards.values() if one.lead == lead]

    def tier(self, lead: int, at: datetime) -> str | None:
        """The tier that its signs give it; None where they disagree."""
        tiers = {tier for when, tier in self.signs[lead] if at - when < timedelta(days=3)}
        return tiers.pop() if len(tiers) == 1 else None

    def swept(self, at: datetime) -> datetime:
        """The first sweep that could see what was due then."""
        return self.sweeps[bisect_left(self.sweeps, at)]

    def go_away(self, person: str, off: Off, at: datetime) -> None:
        """Somebody has said so."""
        self.told.append(Told(person, off, at))

    def come_back(self, person: str, at: datetime, today: date) -> None:
        """What has begun ends; or else what is still to come."""
        last = [one for one in self.told if one.person == person and one.ended is None]
        ahead = [one for one in last if one.off.last is None or today <= one.off.last]
        begun = [one for one in ahead if one.off.first <= today]
        for one in begun or ahead:
            one.ended = at

    def is_silent(self, card: Card, at: datetime) -> bool:
        """Whether its owner, who has let it expire, has done so twice in a row, and is not away as it is."""
        scene, who = self.scene(at), card.owner
        if who not in self.setup.staff or who == TEAMS[card.team]:
            return False
        today = scene.plain(who).today(at)
        if any(one.first <= today and (one.last is None or today <= one.last) for one in scene.off(who)):
            return False
        since = max((one.ended for one in self.told if one.person == who and one.ended), default=EVER)
        return silent_in_a_row(list(self.cards.values()), who, since) >= 2

    def may(self, said: Said, card: Card) -> None:
        """Whoever said it is the owner, stands in for them, or is the manager."""
        stands_in = self.setup.delegate(card.owner) if card.owner in self.setup.staff else None
        assert said.by in {card.owner, stands_in, TEAMS[card.team]}

    def _open(self) -> Counter[str]:
        return Counter(one.owner for one in self.open())


def _midnight(hours: Hours, at: datetime) -> datetime:
    zone = ZoneInfo(WALLS[hours.wall].zone)
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)
