"""`baton config`: a folder is begun, checked and put in force, always as a whole; a bad one is never in force."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import Complaint, folder_of, now, opened
from bot.config import files, load, schemas
from bot.store import policies

Folder = Annotated[Path | None, typer.Argument(help="The folder; BATON_CONFIG_DIR by default.")]


def init(folder: Annotated[Path, typer.Argument(help="A new or an empty folder.")]) -> None:
    """Begin a folder: the shipped files to change, and what an editor needs to check them."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Complaint(f"{folder}: is there already, expected a new or an empty folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in load.texts(None).items():
            (folder / name).write_text(schemas.headed(name, text), encoding="utf-8")
        schemas.write(folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    typer.echo(f"wrote {', '.join(files.NAMES)} and their schemas into {folder}")
    typer.echo(f"next: put your people into people.yaml, then `baton config check {folder}`")


def schema(folder: Folder = None) -> None:
    """Renew the schemas of a folder, for an editor to check its files while one writes them."""
    there = folder_of(folder)
    if not there.is_dir():
        raise Complaint(f"{there}: is not a folder, expected one with a configuration in it")
    try:
        schemas.write(there)
    except OSError as error:
        raise _unwritable(there, error) from None
    typer.echo(f"wrote {len(files.NAMES)} schemas into {there / schemas.FOLDER}")


def _unwritable(folder: Path, error: OSError) -> Complaint:
    return Complaint(f"{folder}: cannot be written: {error.strerror}, expected a folder that can")


def check(folder: Folder = None) -> None:
    """Say everything that is wrong with a folder: file, line, key, expectation."""
    policy = load.load(folder_of(folder))
    typer.echo(f"fine: version {policy.version}")


def apply(folder: Folder = None) -> None:
    """Put a folder in force, everywhere, from the next move on."""
    texts = load.texts(folder_of(folder))
    policy = load.parse(texts)
    with opened() as store, store.transaction() as tx:
        changed = policies.apply(tx, policy, texts, now())
    typer.echo(f"version {policy.version} {'is in force' if changed else 'was in force already'}")
