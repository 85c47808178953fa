"""Checks on the words people will read: present, short enough for Slack, each of them once. Used by the lints."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bot.criteria.rules import plain
from bot.lead import Value
from bot.yamlfile import Document, Fault, KeyPath, dotted, shown

LONGEST = 75
"""What Slack takes in an option and in the label of a field."""

Named = Iterable[tuple[KeyPath, str]]


def label_faults(document: Document, labels: Named) -> Iterator[Fault]:
    """Labels that are blank or that Slack would refuse."""
    for keys, label in labels:
        if not label.strip():
            yield document.fault("is blank; expected a few words", *keys)
        elif len(label.splitlines()) > 1:
            yield document.fault("holds a line break; expected words in one line", *keys)
        elif len(label) > LONGEST:
            words = f"got {len(label)} characters, {shown(label)}; expected at most {LONGEST}"
            yield document.fault(words, *keys)


def repeats(document: Document, values: Iterable[tuple[KeyPath, Value]]) -> Iterator[Fault]:
    """Values that stand in an earlier place too; capitals make no difference, and true is not 1."""
    first: dict[tuple[bool, Value], KeyPath] = {}
    for keys, value in values:
        earlier = first.setdefault((isinstance(value, bool), plain(value)), keys)
        if earlier != keys:
            where = f"{dotted(earlier)} in line {document.line(*earlier)}"
            yield document.fault(f"{shown(value)} is {where} already; expected each once", *keys)


def near(wrong: str, known: Iterable[str], otherwise: str) -> str:
    """The name that was meant, as far as one can guess, and what it should be one of."""
    like = get_close_matches(wrong, known, 1)
    return f"{like[0]}, or {otherwise.replace('a ', 'another ', 1)}" if like else otherwise
