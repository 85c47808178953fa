"""Applied configuration: one row per version; the newest one is in force everywhere at once.

Rows hold the files' texts. Parsing them is slow and a version never changes, so parsed policies are kept.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.config.load import load, parse
from bot.config.policy import Policy
from bot.store.engine import Tx
from bot.store.tables import policies

_NEWEST = sa.select(policies.c.version).order_by(policies.c.id.desc()).limit(1)
_TEXTS = sa.select(policies.c.texts).where(policies.c.version == sa.bindparam("wanted")).limit(1)

_parsed: dict[str, Policy] = {}


def current(tx: Tx) -> Policy:
    """The policy in force; the shipped defaults where none was ever applied."""
    version = tx.execute(_NEWEST).scalar_one_or_none()
    if version is None:
        return _shipped()
    if version not in _parsed:
        _parsed[version] = parse(tx.execute(_TEXTS, {"wanted": version}).scalar_one())
    return _parsed[version]


def any_applied(tx: Tx) -> bool:
    """Whether a folder was ever put in force."""
    return tx.execute(_NEWEST).first() is not None


def apply(tx: Tx, policy: Policy, texts: Mapping[str, str], now: datetime) -> bool:
    """Put `policy` in force; False if it already is."""
    if tx.execute(_NEWEST).scalar_one_or_none() == policy.version:
        return False
    tx.execute(sa.insert(policies).values(version=policy.version, texts=dict(texts), applied_at=now))
    return True


@cache
def _shipped() -> Policy:
    return load(None)
