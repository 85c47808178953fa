"""YAML 1.2 into plain values that remember their lines. Aliases, tags and keys written twice are faults, and so is text
that a database refuses or a terminal obeys.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from pathlib import Path
from types import NoneType
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
KeyPath = tuple[str | int, ...]

DEEPEST = 50
"""Brackets that may be open within one line. The parser looks ahead to the line's end once for each of them."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogates, which an escape in double quotes can make."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file, in words for whoever wrote it. Line 0: the file as a whole."""

    file: str
    line: int
    key: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.problem) if part)


class Faults(Exception):
    """Everything that is wrong, told at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content in plain values; `lines` holds the line of every value, by its key path."""

    file: str
    data: Plain
    lines: Mapping[KeyPath, int]

    def line(self, *keys: str | int) -> int:
        """The line of the value at this key path, or of its nearest parent that exists."""
        return self.lines[self.nearest(keys)]

    def nearest(self, keys: KeyPath) -> KeyPath:
        """As much of this key path as the file has."""
        return next(keys[:end] for end in range(len(keys), -1, -1) if keys[:end] in self.lines)

    def at(self, *keys: str | int) -> Plain:
        """The value at a key path that exists."""
        return cast(Plain, reduce(lambda found, key: found[key], keys, cast(Any, self.data)))

    def fault(self, problem: str, *keys: str | int) -> Fault:
        """A fault at this key path."""
        return Fault(self.file, self.line(*keys), dotted(keys), problem)


def dotted(keys: KeyPath) -> str:
    """A key path as people write it: teams.emea.members.0."""
    return ".".join(map(str, keys))


def shown(value: Plain) -> str:
    """A value inside a message: text in quotes and cut short, a collection by its kind."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "…")
    kinds = {NoneType: "nothing", list: "a list", dict: "a map"}
    return kinds.get(type(value)) or str(value).lower()


def read(path: Path) -> Document:
    """The file at `path`; Faults where it cannot be read or is not YAML."""
    return from_text(text_of(path), path.name)


def text_of(path: Path) -> str:
    """The text of a file, or Faults in place of the operating system's words."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        words = f"cannot be read: {getattr(error, 'strerror', None) or error}; expected a text in UTF-8"
        raise Faults(Fault(path.name, 0, "", words)) from None


def from_text(text: str, file: str) -> Document:
    """The same for a text that is at hand; `file` is what faults call it."""
    for place, line in enumerate(text.splitlines(), 1):
        if _depth(line) > DEEPEST:
            raise Faults(_too_deep(file, place))
    reading = _Reading(file)
    try:
        data = reading.content(text)
    except YAMLError as error:
        raise Faults(_broken(file, text, error)) from None
    except RecursionError:
        raise Faults(_too_deep(file, 1)) from None
    if reading.faults:
        raise Faults(*reading.faults)
    return Document(file, data, reading.lines)


def _depth(line: str) -> int:
    """The most brackets that are open at once within this line, without regard to quotes."""
    if line.count("[") + line.count("{") <= DEEPEST:
        return 0
    return max(accumulate((letter in "[{") - (letter in "]}") for letter in line))


def _too_deep(file: str, line: int) -> Fault:
    return Fault(file, line, "", "nested too deeply; expected a handful of levels")


def _broken(file: str, text: str, error: YAMLError) -> Fault:
    """A syntax fault. The parser's own words, but for the tab, which nobody can see."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return Fault(file, line, "", "holds a character that YAML does not allow; expected plain text")
    problem = str(getattr(error, "problem", None))
    words = "a tab is used to indent; expected spaces" if "'\\t'" in problem else f"is not YAML: {problem}"
    return Fault(file, mark.line + 1, "", words)


def _unfit(text: str) -> str:
    return f"{shown(text)}, expected text without control characters and halves of characters"


class _Reading:
    """Turns the parser's nodes into plain values and notes lines and faults on the way."""

    def __init__(self, file: str) -> None:
        self.lines: dict[KeyPath, int] = {(): 1}
        self.faults: list[Fault] = []
        self._file = file
        self._yaml = YAML(typ="safe", pure=True)
        self._met: set[int] = set()

    def content(self, text: str) -> Plain:
        root = self._yaml.compose(text)
        return None if root is None else self._value(root, ())

    def _value(self, node: Node, path: KeyPath) -> Plain:
        self.lines.setdefault(path, node.start_mark.line + 1)
        # The parser hands out one node for an anchor and all its aliases; loops and bombs are made of those.
        if id(node) in self._met:
            return self._fault(node, path, "an alias; expected the value written out")
        self._met.add(id(node))
        match node:
            case MappingNode():
                return dict(self._pairs(node, path))
            case SequenceNode():
                return [self._value(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[str, Plain]]:
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, path, "a collection as a key; expected text")
            elif _CONTROL.search(key):
                self._fault(key_node, path, f"the key {_unfit(key)}")
            elif (*path, key) in self.lines:
                first = self.lines[(*path, key)]
                self._fault(key_node, (*path, key), f"written twice, first in line {first}; expected it once")
            else:
                # For what begins below its key, or is not there, a reader looks for the key's own line.
                at = value_node if isinstance(value_node, ScalarNode) and value_node.value else key_node
                self.lines[(*path, key)] = at.start_mark.line + 1
                yield key, self._value(value_node, (*path, key))

    def _scalar(self, node: Node, path: KeyPath) -> Plain:
        text: str = node.value
        match str(node.tag).rpartition(":")[2]:
            case "null":
                return None
            case "str" | "timestamp" | "merge" | "value" if _CONTROL.search(re.sub(r"[\t\n]", "", text)):
                return self._fault(node, path, f"got {_unfit(text)}")
            case "str" | "timestamp" | "merge" | "value":
                return text
            case "int" | "float" | "bool":
                return self._number(node, path)
        return self._fault(node, path, f"the tag {node.tag}; expected text, a number, true or false")

    def _number(self, node: Node, path: KeyPath) -> Plain:
        with suppress(ValueError):  # Python refuses to read thousands of digits
            value: bool | int | float = self._yaml.constructor.construct_object(node, deep=True)
            if abs(value) < 10**18:  # neither infinity nor NaN passes
                return value
        return self._fault(node, path, f"got {shown(node.value)}, expected a number of at most 18 digits")

    def _fault(self, node: Node, path: KeyPath, problem: str) -> Plain:
        self.faults.append(Fault(self._file, node.start_mark.line + 1, dotted(path), problem))
        return None  # the value, so that reading goes on and finds the next fault
