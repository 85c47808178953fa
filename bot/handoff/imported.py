"""What another system says about a hand-off, and what the hand-off looks like by it.

An `Account` is all that has been said, by however many files. What is known stays, what is new is added, so the
order of files and a second reading make no difference. Pure: `record` alone writes what comes out, and the history
rows made here are enough to build the account again (`account_of`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.handoff.events import Event, Kind
from bot.handoff.states import AFTER_ACCEPT, State


class Fact(StrEnum):
    """What can be said to have happened."""

    HANDED_OFF = "handed_off"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"


FURTHEST_FIRST = {
    Fact.WON: State.WON,
    Fact.LOST: State.LOST,
    Fact.DISQUALIFIED: State.DISQUALIFIED,
    Fact.QUALIFIED: State.QUALIFIED,
    Fact.ACCEPTED: State.ACCEPTED,
    Fact.REJECTED: State.REJECTED,
    Fact.EXPIRED: State.EXPIRED,
}
"""The state each fact leads to. Where several are told, the first of them here stands."""

WORDS = ("owner", "team", "source", "campaign", "tier", "due")
"""What may be said beside the facts; persons and teams by the other system's ids, the due time in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: when (UTC; None where nobody knows), by whom, and for a refusal the reason and its follow-up.

    `void`: the reason takes the hand-off out of every denominator. `assumed`: nobody said it, silence was read so.
    """

    at: datetime | None
    by: str | None = None
    reason: str | None = None
    follow_up: str | None = None
    void: bool = False
    assumed: bool = False

    @property
    def firm(self) -> bool:
        """Whether nothing that comes later can say it better."""
        return self.at is not None and not self.assumed


Facts = Mapping[Fact, Told]


@dataclass(frozen=True, slots=True)
class Account:
    """All that has been said of one hand-off. `words` has some of WORDS."""

    facts: Facts = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def news(self, said: "Account") -> "Account":
        """What of `said` is not known yet. A date is news where only the fact was known."""
        facts = {fact: told for fact, told in said.facts.items() if self._is_news(fact, told)}
        return Account(facts, {key: word for key, word in said.words.items() if key not in self.words})

    def with_news(self, news: "Account") -> "Account":
        """The account with what `news` found."""
        return Account({**self.facts, **news.facts}, {**self.words, **news.words})

    def _is_news(self, fact: Fact, told: Told) -> bool:
        known = self.facts.get(fact)
        return known is None or (told.firm and not known.firm)


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns of a hand-off that an account decides, by their names. Times are UTC."""

    state: State
    offered_at: datetime
    owner: str | None
    team: str | None
    source: str | None
    campaign: str | None
    tier: str | None = None
    due_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    follow_up: str | None = None
    accepted_at: datetime | None = None
    rejected_at: datetime | None = None
    voided_at: datetime | None = None
    expired_at: datetime | None = None
    qualified_at: datetime | None = None
    disqualified_at: datetime | None = None
    won_at: datetime | None = None
    lost_at: datetime | None = None


def state_of(facts: Facts) -> State:
    """The state that these facts add up to: the furthest stage wins, and with none the hand-off is open."""
    fact = _furthest(facts)
    if fact is None:
        return State.OFFERED
    return State.VOID if facts[fact].void else FURTHEST_FIRST[fact]


def standing(account: Account) -> Standing | None:
    """The hand-off by this account; None while nobody has said when it was handed over.

    Only what lies on the way to the state is dated: a rejection that was overtaken by a deal stays in the history.
    """
    handed_off = account.facts.get(Fact.HANDED_OFF)
    if handed_off is None or handed_off.at is None:
        return None
    way = _way(account.facts)
    decision = way.get(Fact.ACCEPTED) or way.get(Fact.REJECTED)
    refusal = way.get(Fact.REJECTED) or way.get(Fact.DISQUALIFIED)
    columns: dict[str, Any] = {f"{'voided' if told.void else fact.value}_at": told.at for fact, told in way.items()}
    if decision:
        columns |= {"decided_at": decision.at, "decided_by": decision.by}
    if refusal:
        columns |= {"reason": refusal.reason, "follow_up": refusal.follow_up}
    words: dict[str, Any] = {key: account.words.get(key) for key in WORDS if key != "due"}
    due = account.words.get("due")
    columns["due_at"] = datetime.fromisoformat(due) if due else None
    return Standing(state=state_of(account.facts), offered_at=handed_off.at, **words, **columns)


def silence(account: Account, patience: timedelta | None, now: datetime) -> Account:
    """What silence is read as, once `patience` is over (None: it stays open): expired, and marked as assumed."""
    handed_off = account.facts.get(Fact.HANDED_OFF)
    if patience is None or handed_off is None or handed_off.at is None or _furthest(account.facts):
        return Account()
    end = handed_off.at + patience
    return Account({Fact.EXPIRED: Told(end, assumed=True)}) if end <= now else Account()


def events(news: Account, now: datetime) -> list[Event]:
    """One history row per fact, dated at the fact's time; the words ride on the first.

    A fact without a time is dated at the earliest that is told beside it, else at `now`.
    """
    if not news.facts and not news.words:
        return []
    fallback = min((told.at for told in news.facts.values() if told.at), default=now)
    rows = [_event(fact, told, fallback) for fact, told in news.facts.items()]
    if not news.words:
        return rows
    first = rows[0] if rows else Event(Kind.RECORDED, now)
    return [Event(first.kind, first.at, first.by, {**first.detail, **news.words}), *rows[1:]]


def account_of(rows: Iterable[Event]) -> Account:
    """The account behind the history rows of one lead: the inverse of `events`. Other kinds are passed over."""
    account = Account()
    for row in rows:
        if row.kind is Kind.RECORDED:
            account = account.with_news(_told_by(row))
    return account


def _furthest(facts: Facts) -> Fact | None:
    return next((fact for fact in FURTHEST_FIRST if fact in facts), None)


def _way(facts: Facts) -> Facts:
    """The facts on the way to where the hand-off stands."""
    last = _furthest(facts)
    if last is None:
        return {}
    before = (Fact.ACCEPTED, Fact.QUALIFIED) if FURTHEST_FIRST[last] in AFTER_ACCEPT else ()
    return {fact: facts[fact] for fact in (*before, last) if fact in facts}


def _event(fact: Fact, told: Told, fallback: datetime) -> Event:
    detail = {
        "fact": fact.value,
        "time": None if told.at else "unknown",
        "reason": told.reason,
        "follow_up": told.follow_up,
        "void": told.void or None,
        "assumed": told.assumed or None,
    }
    kept = {key: value for key, value in detail.items() if value is not None}
    return Event(Kind.RECORDED, told.at or fallback, told.by, kept)


def _told_by(row: Event) -> Account:
    words = {key: str(row.detail[key]) for key in WORDS if key in row.detail}
    if "fact" not in row.detail:
        return Account({}, words)
    reason, follow_up = (row.detail.get(key) for key in ("reason", "follow_up"))
    told = Told(
        at=None if row.detail.get("time") == "unknown" else row.at,
        by=row.by,
        reason=None if reason is None else str(reason),
        follow_up=None if follow_up is None else str(follow_up),
        void="void" in row.detail,
        assumed="assumed" in row.detail,
    )
    return Account({Fact(str(row.detail["fact"])): told}, words)
