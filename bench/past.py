"""A database with a past: hand-offs of years, one after the other, most of them ended; made by the database itself.

Every row has the size of a real one: it is a copy of a hand-off that was offered, with its grounds, that lives one of a
few thousand lives.
"""

import math
from dataclasses import astuple, dataclass, fields
from random import Random

import sqlalchemy as sa

from bench.open_handoffs import NOW, REPS, fill
from bot.store.engine import Store
from bot.store.tables import grounds, handoffs, history, leads

PER_WINDOW, DAYS = 20_000, 30
"""So many are offered within so many days."""
APART = DAYS * 864_000 // PER_WINDOW
"""Tenths of a second between two offers."""
LIVES = 10_007
HOUR, DAY = 3_600, 86_400
EXPIRY = 17 * HOUR
EPOCH = int(NOW.timestamp())


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of a hand-off, in seconds since the offer; `took` is working time."""

    i: int
    ends: str
    took: int
    ended: int
    reason: str | None
    further: str | None
    went: int | None
    closes: str | None
    closed: int | None
    due: int
    source: str | None
    campaign: str | None
    rep: str
    number: int
    passed_on: int


def life(i: int, luck: Random) -> Life:
    """A likely one: of 100, 60 are accepted, 33 rejected, 5 expire and 2 are void; most in half a day."""
    ends = luck.choices(["accepted", "rejected", "expired", "void"], [60, 33, 5, 2])[0]
    took = EXPIRY if ends == "expired" else min(int(luck.lognormvariate(math.log(4_200), 1.4)), EXPIRY - 1)
    nights = int((luck.random() * 8.5 * HOUR + took) // (8.5 * HOUR))
    ended = took + int(nights * 15.5 * HOUR) + (2 * DAY if luck.random() < 0.2 * nights + 0.05 else 0)
    further, closes = None, None
    if ends == "accepted":
        further = luck.choices(["qualified", "disqualified", "lapsed", None], [42, 23, 5, 30])[0]
        closes = luck.choice(["won", "lost", None, None]) if further == "qualified" else None
    went = ended + int(luck.lognormvariate(math.log(8 * DAY), 0.9)) if further else None
    return Life(
        i,
        ends,
        took,
        ended,
        luck.choice(["SIZE", "TIMING", "JUNK", "NOT_NOW", "COUNTRY", "OTHER"]) if ends == "rejected" else None,
        further,
        went,
        closes,
        went + int(luck.lognormvariate(math.log(30 * DAY), 0.6)) if went and closes else None,
        luck.choice([HOUR, 17 * HOUR, DAY]),
        f"source-{int(luck.random() ** 1.7 * 12)}" if luck.random() > 0.02 else None,
        f"campaign {int(luck.random() ** 1.5 * 40)}" if luck.random() > 0.1 else None,
        f"r{luck.randrange(REPS)}",
        1 if luck.random() < 0.93 else 2,
        int(luck.random() < 0.04),
    )


def past(url: str, many: int) -> Store:
    """`many` hand-offs up to NOW, each of a lead of its own, with a line of history per offer, decision and reroute."""
    store = fill(url, 2)
    with store.transaction() as tx:
        _lives(tx)
        _insert(tx, leads, many, {"judge_on": "NULL"})
        _insert(tx, handoffs, many, _columns(store))
        _insert(tx, grounds, many, {})
        for kind, at, where in (
            ("'offered'", "offered_at", "TRUE"),
            ("state", "decided_at", "decided_at IS NOT NULL"),
            ("'rerouted'", "offered_at", f"(id * 7919) % {LIVES} IN (SELECT i FROM lives WHERE passed_on = 1)"),
        ):
            rows = f"SELECT {at}, {kind}, lead_id, id, '{{}}' FROM handoffs WHERE id > 2 AND {where}"
            names = [history.c[name].name for name in ("at", "kind", "lead_id", "handoff_id", "detail")]
            tx.execute(sa.text(f"INSERT INTO history ({', '.join(names)}) {rows}"))
    with store.engine.connect() as plain:
        settled = plain.execution_options(isolation_level="AUTOCOMMIT")
        settled.execute(sa.text("ANALYZE" if store.sqlite else "VACUUM ANALYZE"))
        settled.commit()
    return store


def _lives(tx: sa.Connection) -> None:
    luck, names = Random(5), [field.name for field in fields(Life)]
    kinds = ", ".join(f"{field.name} {'BIGINT' if 'int' in str(field.type) else 'TEXT'}" for field in fields(Life))
    tx.execute(sa.text("DROP TABLE IF EXISTS lives"))
    tx.execute(sa.text(f"CREATE TABLE lives ({kinds}, PRIMARY KEY (i))"))
    rows = [dict(zip(names, astuple(life(i, luck)), strict=True)) for i in range(LIVES)]
    tx.execute(sa.text(f"INSERT INTO lives VALUES ({', '.join(f':{name}' for name in names)})"), rows)


def _insert(tx: sa.Connection, table: sa.Table, many: int, changed: dict[str, str]) -> None:
    """Row 1 for every number from 3 to `many`, with these columns changed."""
    numbers = (
        f"SELECT CAST(n AS BIGINT) AS n FROM generate_series(3, {many}) AS n"
        if tx.dialect.name == "postgresql"
        else f"WITH RECURSIVE c(n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM c WHERE n < {many}) SELECT n FROM c"
    )
    dated = f"SELECT n, {EPOCH} - ({many} - n) * {APART} / 10 - 30 AS at FROM ({numbers}) AS numbers"
    names, [key] = [column.name for column in table.c], table.primary_key.columns.keys()
    values = ", ".join({key: "n", **changed}.get(name, f"one.{name}") for name in names)
    source = f"({dated}) AS dated JOIN lives ON i = (n * 7919) % {LIVES} JOIN {table.name} AS one ON one.{key} = 1"
    tx.execute(sa.text(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {source}"))


def _columns(store: Store) -> dict[str, str]:
    def moment(seconds: str) -> str:
        if store.sqlite:
            return f"strftime('%Y-%m-%d %H\\:%M\\:%S.000000', at + {seconds}, 'unixepoch')"
        return f"to_timestamp(at + {seconds})"

    def then(seconds: str, value: str, where: str = "TRUE") -> str:
        return f"CASE WHEN {where} AND at + {seconds} <= {EPOCH} THEN {value} END"

    steps = (("closed", "closes"), ("went", "further"), ("ended", "ends"))
    state = " ".join(f"WHEN at + {at} <= {EPOCH} THEN {name}" for at, name in steps)
    dates = {"accepted": "ends", "rejected": "ends", "expired": "ends"}
    dates |= dict.fromkeys(("qualified", "disqualified", "lapsed"), "further") | dict.fromkeys(
        ("won", "lost"), "closes"
    )
    at = {"ends": "ended", "further": "went", "closes": "closed"}
    return {
        **dict.fromkeys(("owner", "first_owner"), "rep"),
        **{name: f"lives.{name}" for name in ("source", "campaign", "number")},
        "lead_id": "n",
        "state": f"CASE {state} ELSE 'offered' END",
        "offered_at": moment("0"),
        "owner_since": moment("0"),
        "due_at": moment("due"),
        "next_due_at": "NULL",
        "decided_at": then("ended", moment("ended"), "ends <> 'expired'"),
        "decided_by": then("ended", "rep"),
        "took_wall": then("ended", "ended"),
        "took_working": then("ended", "took"),
        "reason": then("ended", "lives.reason"),
        "voided_at": then("ended", moment("ended"), "ends = 'void'"),
        **{f"{name}_at": then(at[of], moment(at[of]), f"{of} = '{name}'") for name, of in dates.items()},
    }
