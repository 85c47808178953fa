"""`baton criteria score` and `diff`: look before you change. Neither stores anything."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.answers.replay import compare
from bot.blocks.criteria_diff import diff_json, diff_text
from bot.cli.shared import Complaint, File, Map, folder_of, now, opened, refused
from bot.config import files, load
from bot.config.policy import Policy
from bot.intake import mapping, scoring
from bot.store import policies
from bot.store.engine import Tx

WHICH = "A folder, a version (12 hex digits), or `current`."


def score(
    file: File,
    map: Map,  # noqa: A002 - the option's name
    config: Annotated[Path | None, typer.Option(help="The folder; BATON_CONFIG_DIR by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="A CSV file to write; standard output by default.")] = None,
) -> None:
    """Score the rows of a CSV file, each by itself. Nothing is stored, and no database is asked."""
    folder = folder_of(config, "--config")
    criteria = load.load(folder).criteria
    page = mapping.load(map, mapping.LeadsMap)
    size = file.stat().st_size
    with (
        _written(out, [file, map, *(folder / name for name in files.NAMES)]) if out else _printed() as to,
        typer.progressbar(length=size, file=sys.stderr, hidden=_unwatched(size), label="Scoring") as bar,
    ):
        found = scoring.score(file, page, criteria, now(), to, progress=lambda read: bar.update(read - bar.pos))
        bar.update(size - bar.pos)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in found.verdicts.most_common())
    typer.echo(f"{found.rows} rows: {counts or 'none scored'}", err=True)
    refused(found.refused, found.faults)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=WHICH)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=WHICH)],
    days: Annotated[int, typer.Option(help="How many days back.", min=1, max=3650)] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Replay the stored leads under both: who would cross that did not, who no longer, and how many cards a day."""
    with opened() as store, store.reading() as tx:
        before, after = _policy(tx, old), _policy(tx, new)
        with typer.progressbar(length=0, file=sys.stderr, hidden=_unwatched(), label="Replaying leads") as bar:

            def done(more: int, many: int) -> None:
                bar.length = many
                bar.update(more)

            found = compare(tx, before, after, now(), days, progress=done)
    if as_json:
        typer.echo(json.dumps(diff_json(found), indent=2, ensure_ascii=False))
    else:
        typer.echo(diff_text(found, old, new))


def _policy(tx: Tx, named: str) -> Policy:
    if named == "current":
        return policies.current(tx)
    if named and Path(named).is_dir():
        return load.load(Path(named))
    found = policies.of_version(tx, named)
    if found is None:
        raise Complaint(f"{named!r} is no folder and no stored version; expected one of them, or `current`")
    return found


def _unwatched(size: int = 1) -> bool:
    return not (sys.stderr.isatty() and size)


@contextmanager
def _printed() -> Iterator[TextIO]:
    """Standard output, with a complaint where it takes no more. Who reads a pipe may stop when they like."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in the buffer goes nowhere, or Python would fail once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Complaint(f"standard output: cannot be written: {error.strerror}") from None


@contextmanager
def _written(out: Path, read: Sequence[Path]) -> Iterator[TextIO]:
    """A file beside `out` that takes its name in the end, so that nobody ever finds half of one.

    None of those that are `read` may be it, nor lie where they would be looked for.
    """
    if (out.exists() and not out.is_file()) or any(_same(out, one) for one in read):
        expected = "expected a new file, or one that is neither FILE nor the mapping nor of the configuration"
        raise Complaint(f"--out: {out} is no file that may be overwritten; {expected}")
    half = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with half.open("x", encoding="utf-8", newline="") as file:
            yield file
        half.replace(out)
    except OSError as error:
        raise Complaint(f"--out: {out} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _same(one: Path, other: Path) -> bool:
    both = one.exists() and other.exists()
    return one.samefile(other) if both else one.resolve() == other.resolve()
