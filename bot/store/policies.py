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
from bot.yamlfile import Faults

_NEWEST = sa.select(policies.c.version).order_by(policies.c.id.desc()).limit(1)
_SINCE = sa.select(policies.c.applied_at).order_by(policies.c.id.desc()).limit(1)
_TEXTS = sa.select(policies.c.texts).where(policies.c.version == sa.bindparam("wanted")).limit(1)

_parsed: dict[str, Policy] = {}


def current(tx: Tx) -> Policy:
    """The policy in force; the shipped defaults where none was ever applied."""
    version = tx.execute(_NEWEST).scalar_one_or_none()
    if version is None:
        return _shipped()
    return _stored(tx, version) or _shipped()


def of_version(tx: Tx, version: str) -> Policy | None:
    """The policy with this version. None where it was never applied, or was written for another Baton."""
    try:
        return _shipped() if version == _shipped().version else _stored(tx, version)
    except Faults:
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


def _stored(tx: Tx, version: str) -> Policy | None:
    if version not in _parsed:
        texts = tx.execute(_TEXTS, {"wanted": version}).scalar_one_or_none()
        if texts is None:
            return None
        _parsed[version] = parse(texts)
    return _parsed[version]


@cache
def _shipped() -> Policy:
    return load(None)
