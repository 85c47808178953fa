"""What the tables are built of: a moment that is UTC on both databases, ids, references and dates."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. Refuses naive values on the way in, and is UTC on the way out, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: expected one with a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up by itself only for INTEGER


def id_() -> sa.Column[int]:
    """The row's own number."""
    return sa.Column("id", Id, primary_key=True)


def ref(name: str, target: str, **options: Any) -> sa.Column[int]:
    """The number of a row of another table."""
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), **options)


def when(name: str, **options: Any) -> sa.Column[datetime]:
    """A moment, in UTC."""
    return sa.Column(name, UtcDateTime, **options)
