"""What the tables are built of: how keys are named, a moment that is UTC on both databases, ids, partial indexes."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


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


def partial(name: str, where: str, *columns: sa.Column[Any], unique: bool = False) -> sa.Index:
    """An index of only those rows for which `where` (SQL) holds."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
