"""What Slack says of people, as last seen: a status that sounds like an absence, and whether their account is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.handoff.absence import Status
from bot.store.engine import Tx, insert_into
from bot.store.staff_tables import profiles

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When somebody was last asked about who never was."""

_COLUMNS = [profiles.c[name] for name in ("person", "status", "status_until", "answer", "gone")]


@dataclass(frozen=True, slots=True)
class Profile:
    """`answer` is what the person (key) said to the question about their status: "away", "here", or nothing yet."""

    person: str
    status: Status | None = None
    answer: str | None = None
    gone: bool = False


def get(tx: Tx, person: str) -> Profile:
    """What is known of somebody (key); nothing, of somebody who was never asked about."""
    row = tx.execute(sa.select(*_COLUMNS).where(profiles.c.person == person)).one_or_none()
    if row is None:
        return Profile(person)
    status = Status(row.status, row.status_until) if row.status else None
    return Profile(person, status, row.answer, row.gone)


def every(tx: Tx) -> dict[str, Profile]:
    """All that is known, by key."""
    return {key: get(tx, key) for key in tx.execute(sa.select(profiles.c.person)).scalars()}


def gone(tx: Tx) -> set[str]:
    """Those (keys) whose Slack account is no more."""
    return set(tx.execute(sa.select(profiles.c.person).where(profiles.c.gone)).scalars())


def put(tx: Tx, profile: Profile) -> None:
    """Keep what is known of somebody now. When Slack was last asked about them stays as it is."""
    status = profile.status or Status("")
    values: dict[str, Any] = {"status": status.words or None, "status_until": status.until}
    values |= {"answer": profile.answer, "gone": profile.gone}
    insert = insert_into(profiles, tx.dialect.name).values(person=profile.person, seen_at=NEVER, **values)
    tx.execute(insert.on_conflict_do_update(index_elements=[profiles.c.person], set_=values))


def longest_unseen(tx: Tx, people: Sequence[str], before: datetime) -> tuple[str, datetime] | None:
    """Who of `people` (keys) was asked about longest ago, and when; None if nobody's turn came `before` then (UTC)."""
    query = sa.select(profiles.c.person, profiles.c.seen_at).where(profiles.c.person.in_(people))
    seen = {row.person: row.seen_at for row in tx.execute(query)}
    longest = min(people, key=lambda key: seen.get(key, NEVER), default=None)
    if longest is None or seen.get(longest, NEVER) > before:
        return None
    return longest, seen.get(longest, NEVER)


def take(tx: Tx, person: str, seen: datetime, wall: datetime) -> bool:
    """Note that Slack is asked about somebody now; False if another process has done so since they were `seen`."""
    insert = insert_into(profiles, tx.dialect.name).values(person=person, gone=False, seen_at=wall)
    unless_taken = insert.on_conflict_do_update(
        index_elements=[profiles.c.person], set_={"seen_at": wall}, where=profiles.c.seen_at == seen
    )
    return tx.execute(unless_taken.returning(profiles.c.person)).first() is not None
