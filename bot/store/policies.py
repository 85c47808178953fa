"""Applied configuration: one row per version; the newest one is in force everywhere at once.

Rows hold the files' texts. Parsing them is slow and a version never changes, so parsed policies are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.config.load import load, parse
from bot.config.policy import Policy
from bot.store.engine import Store, Tx
from bot.store.tables import policies
from bot.yamlfile import Faults

_NEWEST = sa.select(policies.c.version).order_by(policies.c.id.desc()).limit(1)
_SINCE = sa.select(policies.c.applied_at).order_by(policies.c.id.desc()).limit(1)
_TEXTS = sa.select(policies.c.texts).where(policies.c.version == sa.bindparam("wanted")).limit(1)

_APPLIED = sa.select(policies.c.version, policies.c.texts, policies.c.applied_at).order_by(policies.c.id)

_parsed: dict[str, Policy] = {}

MOST_FAULTS = 3


class Outdated(Exception):
    """A version that was applied under another release of Baton, and that this one cannot read.

    The text is `sentence`, which says what to do, and below it the first `MOST_FAULTS` faults of the stored files.
    """

    def __init__(self, sentence: str, found: Faults) -> None:
        lines = [f"    {fault}" for fault in found.faults[:MOST_FAULTS]]
        more = len(found.faults) - len(lines)
        super().__init__("\n".join([sentence, *lines, *([f"    … and {more} more"] if more else [])]))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Applied:
    """A version with the texts of its files, and when it was put in force (UTC)."""

    version: str
    texts: Mapping[str, str]
    at: datetime


def current(tx: Tx) -> Policy:
    """The policy in force; the shipped defaults where none was ever applied. Raises `Outdated`."""
    version = tx.execute(_NEWEST).scalar_one_or_none()
    if version is None:
        return _shipped()
    try:
        return _stored(tx, version) or _shipped()
    except Faults as found:
        raise Outdated(
            f"the version in force, {version}, was written for another release of Baton and does not load any more:"
            " put a folder in force with `baton config apply FOLDER`",
            found,
        ) from None


def of_version(tx: Tx, version: str) -> Policy | None:
    """The policy with this version; None where it was never applied. Raises `Outdated`."""
    try:
        return _shipped() if version == _shipped().version else _stored(tx, version)
    except Faults as found:
        sentence = f"version {version} was written for another release of Baton and does not load any more"
        raise Outdated(sentence, found) from None


def problem(store: Store) -> str | None:
    """Why nothing can be decided under what is in force, in one sentence; None if it can."""
    try:
        with store.reading() as tx:
            current(tx)
    except Outdated as outdated:
        return outdated.sentence
    return None


def since(tx: Tx) -> datetime | None:
    """Since when the current policy is in force (UTC); None where none was ever applied."""
    return tx.execute(_SINCE).scalar_one_or_none()


def any_applied(tx: Tx) -> bool:
    """Whether a folder was ever put in force."""
    return tx.execute(_NEWEST).first() is not None


def apply(tx: Tx, policy: Policy, texts: Mapping[str, str], now: datetime) -> bool:
    """Put `policy` in force; False if it already is."""
    if tx.execute(_NEWEST).scalar_one_or_none() == policy.version:
        return False
    tx.execute(sa.insert(policies).values(version=policy.version, texts=dict(texts), applied_at=now))
    return True


def applied(tx: Tx, start: datetime, end: datetime) -> list[Applied]:
    """What was put in force from `start` up to, not including, `end` (UTC), oldest first; before it what was so then.

    Where nothing was in force at `start`, the first one is the first ever.
    """
    before = sa.select(sa.func.max(policies.c.id)).where(policies.c.applied_at < start).scalar_subquery()
    query = _APPLIED.where(policies.c.id >= sa.func.coalesce(before, 0), policies.c.applied_at < end)
    return [Applied(*row) for row in tx.execute(query)]


def _stored(tx: Tx, version: str) -> Policy | None:
    if version not in _parsed:
        texts = tx.execute(_TEXTS, {"wanted": version}).scalar_one_or_none()
        if texts is None:
            return None
        _parsed[version] = parse(texts, lints=False)
    return _parsed[version]


@cache
def _shipped() -> Policy:
    return load(None)
