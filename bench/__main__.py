"""Measures everything, prints a table, and writes bench/results.json."""

import tempfile
import time
from pathlib import Path

from bench.accept import BOUND_AT, Setting, accept
from bench.criteria import criteria
from bench.deadlines import deadlines
from bench.funnel import overview
from bench.imports import imports
from bench.postgres import postgres
from bench.signals import files, known_leads
from bench.sweep import among, shared
from bench.table import Row, keep, shown

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """The whole run; some ten minutes on two cores."""
    started = time.monotonic()
    rows = _measured()
    keep(rows, RESULTS)
    print(f"{shown(rows)}\n{time.monotonic() - started:.0f} s; also in {RESULTS.relative_to(Path.cwd())}")


def _measured() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder, postgres() as server, postgres() as other:
        return [
            *accept(Setting("SQLite", f"sqlite:///{folder}/accept.sqlite", ratio=0.4)),
            *accept(Setting("PostgreSQL", server, ratio=0.3)),
            *accept(
                Setting(
                    "SQLite with delivery at work",
                    f"sqlite:///{folder}/delivering.sqlite",
                    None,
                    "delivering",
                    (BOUND_AT,),
                )
            ),
            *imports(Path(folder)),
            *criteria(),
            *deadlines(),
            known_leads("SQLite", f"sqlite:///{folder}/signals.sqlite"),
            known_leads("PostgreSQL", server),
            *files(Path(folder)),
            *among("SQLite", f"sqlite:///{folder}/sweep.sqlite"),
            *among("PostgreSQL", server),
            *shared(server),
            *overview("SQLite", f"sqlite:///{folder}/past.sqlite", f"sqlite:///{folder}/two-windows.sqlite"),
            *overview("PostgreSQL", server, other),
        ]


if __name__ == "__main__":
    main()
