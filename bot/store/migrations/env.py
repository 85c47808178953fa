"""How Alembic reaches the database: through the connection that `bot.store.schema` hands it."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.store import staff_tables, tables  # noqa: F401 - they fill the metadata
from bot.store.columns import UtcDateTime, metadata


def _render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """A migration must read the same in ten years: it names SQLAlchemy's types, never ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
