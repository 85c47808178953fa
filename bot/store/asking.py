"""How a transaction asks for messages: new ones, and those that exist drawn anew. `messages.py` brings them out.

Always in one order, new ones by name and then existing ones by id: two that ask for some of the same wait for one
another, and never in a circle. So a move asks once, as the last thing it does.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from bot.handoff.notices import Notice
from bot.store.columns import Id
from bot.store.engine import Tx, insert_into
from bot.store.tables import messages

FEW = 4
_NAME = ("subject", "kind", "recipient", "occurrence")
_FIND = sa.select(messages.c.id).where(*(messages.c[key] == sa.bindparam(key) for key in _NAME))
# Built once, as every click comes by here.
_INSERT = {
    dialect: insert_into(messages, dialect).on_conflict_do_nothing().returning(messages.c.id)
    for dialect in ("postgresql", "sqlite")
}
_SETTLED = messages.c.status.in_([sa.literal("sent"), sa.literal("failed")])


def ask(
    tx: Tx,
    wanted: Iterable[Notice],
    changed: Collection[str],
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """See to it that these messages exist, with their parents, and redraw those that do, and all about `changed`.

    `detail` is kept with the new ones, for their loader. What is new needs no redrawing.
    """
    asked = list(dict.fromkeys(wanted))
    new, standing, ids = set[int](), set[int](), dict[Notice, int]()
    for parent in _in_order({one.parent for one in asked if one.parent}):
        found = tx.execute(_FIND, name_of(parent)).scalar_one_or_none()  # nearly always it is there
        if found is not None:
            ids[parent] = found
            standing.add(found)
        else:
            asked.append(parent)
    for notice in _in_order(asked):
        fresh = insert(tx, name_of(notice), ids[notice.parent] if notice.parent else None, detail or {}, now)
        ids[notice] = int(tx.execute(_FIND, name_of(notice)).scalar_one()) if fresh is None else fresh
        (standing if fresh is None else new).add(ids[notice])
    if changed or standing - new:
        redraw(tx, changed, standing - new, new)


def insert(tx: Tx, name: Mapping[str, str], parent: int | None, detail: Mapping[str, Any], now: datetime) -> int | None:
    """The id of a new message; None if it exists. Two rejections at once may both want a month's first thread."""
    values = {"parent_id": parent, "detail": dict(detail), "created_at": now, "wanted": 1, "shown": 0}
    return tx.execute(_INSERT[tx.dialect.name], {**name, **values, "status": "waiting"}).scalar_one_or_none()


def redraw(tx: Tx, subjects: Collection[str], also: Collection[int] = (), but: Collection[int] = ()) -> None:
    """All messages about `subjects`, and those with the ids `also`; none with the ids `but`."""
    if len(subjects) <= FEW and not also and not but:
        given_one_by_one = {f"subject_{place}": subject for place, subject in enumerate(subjects)}
        tx.execute(_few(tx.dialect.name, len(subjects)), given_one_by_one)
        return
    statement = _STATEMENTS[tx.dialect.name, bool(also)]
    given = {"subjects": sorted(subjects), "but": list(but), **({"also": list(also)} if also else {})}
    tx.execute(statement, given)


def _in_order(notices: Iterable[Notice]) -> list[Notice]:
    """By name; a parent before its replies, whatever it is called."""
    return sorted(notices, key=lambda one: (one.parent is not None, one.subject))


def name_of(notice: Notice) -> dict[str, str]:
    """What a message is known by, whatever else is told of it."""
    return {key: getattr(notice, key) for key in _NAME}


def _anew(wanted: sa.ColumnElement[bool] | None) -> sa.Update:
    """What was let go stays so when it changes, and comes back when it is `wanted`."""
    back = _SETTLED if wanted is None else _SETTLED | (wanted & (messages.c.status == "dropped"))
    return sa.update(messages).values(
        wanted=messages.c.wanted + 1, status=sa.case((back, "waiting"), else_=messages.c.status)
    )


@cache
def _few(dialect: str, many: int) -> sa.Update:
    """For a click, which knows its handful of subjects: to pass a list costs a quarter of the whole statement."""
    about = messages.c.subject.in_([sa.bindparam(f"subject_{place}") for place in range(many)])
    rows = sa.select(messages.c.id).where(about).order_by(messages.c.id).with_for_update(key_share=True)
    return _anew(None).where(messages.c.id.in_(rows) if dialect == "postgresql" else about)


def _postgres(also: bool) -> sa.Update:
    """A reply may be added to a message that is locked: its key stays."""
    about = messages.c.subject == sa.any_(sa.bindparam("subjects", type_=ARRAY(sa.Text)))
    wanted = messages.c.id == sa.any_(sa.bindparam("also", type_=ARRAY(Id))) if also else None
    which = about if wanted is None else about | wanted
    not_these = messages.c.id != sa.all_(sa.bindparam("but", type_=ARRAY(Id)))
    rows = sa.select(messages.c.id).where(which, not_these).order_by(messages.c.id).with_for_update(key_share=True)
    return _anew(wanted).where(messages.c.id.in_(rows))


def _sqlite(also: bool) -> sa.Update:
    """Nobody waits for rows there: it has one writer."""
    about = messages.c.subject.in_(_values("subjects", sa.Text()))
    wanted = messages.c.id.in_(_values("also", Id)) if also else None
    which = about if wanted is None else about | wanted
    return _anew(wanted).where(which, messages.c.id.not_in(_values("but", Id)))


def _values(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Select[Any]:
    return sa.select(
        sa.func.json_each(sa.bindparam(name, type_=sa.JSON)).table_valued(sa.column("value", kind)).c.value
    )


# Built once: a list goes in as one value, however long it is.
_STATEMENTS = {
    **{("postgresql", also): _postgres(also) for also in (False, True)},
    **{("sqlite", also): _sqlite(also) for also in (False, True)},
}
