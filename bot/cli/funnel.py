"""`baton funnel`: in a terminal what `/funnel` is in Slack, by the same grammar and from the same answer."""

import json
from datetime import datetime
from typing import Annotated

import typer

from bot.answers.criteria import definition
from bot.answers.open_cards import MOST, open_cards
from bot.blocks.definition import definition_in_force
from bot.blocks.funnel.guide import guide_text
from bot.blocks.funnel.terminal import as_json, problem_text, report_csv, report_text
from bot.blocks.open_cards_text import open_cards_json, open_cards_text
from bot.cli.shared import Complaint, moment, now, opened
from bot.funnel import OPERATOR, Told, told, told_note, understood
from bot.stats.language.grammar import command
from bot.stats.language.words import written
from bot.stats.query import Asked, Definition, Explain, Help, NewNote, Notes, Open, Problem, Query
from bot.store import shares
from bot.store.engine import Store
from bot.store.shares import Share

MOST_IN_JSON = 1_000


def funnel(
    query: Annotated[list[str] | None, typer.Argument(help="As after the slash command: 30d by source.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
    csv_: Annotated[bool, typer.Option("--csv", help="CSV instead of text, all rows.")] = False,
    as_of: Annotated[str | None, typer.Option(help="A day or moment (ISO, UTC): how things stood at its end.")] = None,
) -> None:
    """Live conversion stats, as `/funnel` gives them."""
    when = moment(as_of) if as_of else now()
    with opened() as store:
        with store.reading() as tx:
            asked = understood(tx, _line(query or []), when, OPERATOR)
        match asked:
            case Problem():
                raise Complaint(problem_text(asked))
            case Help() | Definition() | Open():
                typer.echo(_aside(store, asked, json_, csv_, as_of))
            case _:
                found = _told(store, asked, when)
                sheet = csv_ or (isinstance(asked, Query) and asked.csv)
                if sheet and not json_:
                    _keep(store, found, when)
                typer.echo(_shown(found, json_, sheet))


def _aside(store: Store, asked: Help | Definition | Open, json_: bool, csv_: bool, as_of: str | None) -> str:
    """What is about no cohort. What an option would not change is no answer to it."""
    name = command(asked)
    if as_of:
        raise Complaint(f"--as-of: `{name}` is told as it is now, expected none with it")
    if csv_:
        raise Complaint(f"--csv: `{name}` has no rows of figures, expected a question that has some, such as 30d")
    if isinstance(asked, Open):
        return _open(store, json_)
    if json_:
        raise Complaint(f"--json: `{name}` is nothing but words, expected a question with figures, such as 30d")
    if isinstance(asked, Help):
        return guide_text()
    with store.reading() as tx:
        return definition_in_force(*definition(tx))


def _line(words: list[str]) -> str:
    """One line of what a shell made words of: those that hold blanks were quoted, perhaps behind a key."""
    return words[0] if len(words) == 1 else " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if not any(map(str.isspace, word)):
        return word
    key, colon, value = word.partition(":")
    named = colon and not any(map(str.isspace, key))
    return f"{key}:{written(value)}" if named else written(word)


def _told(store: Store, asked: Asked, when: datetime) -> Told:
    if isinstance(asked, NewNote | Notes):
        with store.transaction() as tx:
            found = told_note(tx, asked, when, OPERATOR)
    elif isinstance(asked, Query | Explain):
        with store.reading() as tx:
            found = told(tx, asked, when, OPERATOR)
    else:
        raise AssertionError(f"{asked}: answered before")
    if isinstance(found, Problem):
        raise Complaint(problem_text(found))
    return found


def _keep(store: Store, found: Told, when: datetime) -> None:
    """An export is kept on record, whoever makes it."""
    with store.transaction() as tx:
        shares.add(tx, Share(when, None, "command_line", None, found.report.command, names=True))


def _shown(found: Told, json_: bool, csv_: bool) -> str:
    if json_:
        return json.dumps(as_json(found.record), indent=2, ensure_ascii=False)
    return report_csv(found.report).rstrip() if csv_ else report_text(found.report)


def _open(store: Store, json_: bool) -> str:
    with store.reading() as tx:
        found = open_cards(tx, now(), MOST_IN_JSON if json_ else MOST)
    return json.dumps(open_cards_json(found), indent=2, ensure_ascii=False) if json_ else open_cards_text(found)
