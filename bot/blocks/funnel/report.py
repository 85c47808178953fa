"""A Report: any answer of `/funnel` in plain words and plain figures, before it is drawn for anybody.

Each kind of answer becomes one in a file of its own beside this one; slack.py, terminal.py and sheet.py draw them all.
Nothing in it is escaped: names and labels may come from a CRM, and whoever draws makes them safe. A pair of backticks
holds a command without its `/funnel`; names have none (`Names` sees to it).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = str | int | float | None

_COMMAND = re.compile("`([^`]+)`")
_WHOLE = ("/", "baton ")
"""How something begins that is typed as it stands."""


def commands(words: str, door: str) -> str:
    """Words of a report, every command in them as it is typed at this `door`: `/funnel open`, `baton funnel open`."""
    return _COMMAND.sub(lambda found: found[0] if found[1].startswith(_WHOLE) else f"`{door} {found[1]}`", words)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure and what it is called: "Accept by 2 bd", "62 % [55–69] · 121 of 195"."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`shown` to people; `value` is what a program gets, shares from 0 to 1 and times in seconds."""

    shown: str
    value: Value


@dataclass(frozen=True, slots=True)
class Column:
    """`name` over it for people, `key` for programs; figures stand on the right.

    Where the table becomes lines, what stands in it is told with its name, unless it speaks for itself (`bare`).
    """

    key: str
    name: str
    figures: bool = True
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have a cell for each column. Those beyond `most` are left out where people look, and said to be."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    most: int = 15


@dataclass(frozen=True, slots=True)
class Chart:
    """Each series has a value for every category; `None` where there is none to show (a week that is not over).

    `unit` is "%" for shares, which go from 0 to 100 here, else what is counted. Its numbers stand in the report's
    lines or table as well: where nobody takes charts one series becomes bars of text, and of several the table tells.
    """

    kind: Literal["bar", "line", "area"]
    title: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[float | None, ...]]
    unit: str = "hand-offs"


@dataclass(frozen=True, slots=True)
class Step:
    """What can be asked next: a button, or a line to type. `command` goes without `/funnel`."""

    label: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An answer, from the top down.

    `command` means the same as what was asked, and `reading` says it in words. `advice` tells what to do now, most
    urgent first. `code` stands as it is, line by line. `notes` are small print: warnings, definitions, sources. `data`
    is the whole answer as a table, for CSV, and `about` says in each of its rows what it is the answer to. `unsharable`
    where nobody but the one who asked may see it.
    """

    title: str
    command: str
    reading: str
    lines: tuple[Line, ...] = ()
    advice: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    table: Table | None = None
    code: str = ""
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    data: Table | None = None
    about: Mapping[str, Value] = field(default_factory=dict)
    unsharable: bool = False
