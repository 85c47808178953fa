"""A line of text becomes tokens: words, `key:value`, quoted text, people. And back: a value as it has to be typed.

Pure, and no word is known here: what tokens mean is up to grammar.py. Any quotes will do, paired or not. Inside of
quotes everything stays as it is, and a quote is doubled; they end where a space, a comma or nothing follows, so that
`'O'Brien'` is one name. A quote without a partner is a space, an apostrophe inside of a word is a letter.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

LONGEST_QUOTE = 40
"""Characters of somebody's input that an answer repeats."""

_FAMILIES = ('"“”„‟«»＂', "'`´‘’‚‛")
_ALL_QUOTES = "".join(_FAMILIES)
_GAP = r"\s,\u200b\u2060\ufeff"
_GAPS = re.compile(f"[{_GAP}]+")
_HEAD = re.compile(r"(?P<minus>[-–—−]{1,2}(?=[^\s,–—−-]))?(?:(?P<key>[^\W\d_][\w-]*+)\s*+[:=]\s*)?")
_MENTION = re.compile(r"<@([^\s<>|]+)(?:\|[^<>]*)?>")
_BARE = re.compile(rf"[^{_GAP}]+(?:\s+(?:\.\.+|…|[–—])\s+[^{_GAP}]+)?")
_COMMA = re.compile(r"\s*,\s*")
_PLAIN = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Value:
    """One piece of text; a `person` was mentioned, as `@ana` or as Slack does it."""

    text: str
    kind: Literal["bare", "quoted", "person"] = "bare"


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two spaces. `raw` is how it was typed; `key` is in small letters, without `-` and `_`.

    Without a key there is exactly one value.
    """

    raw: str
    values: tuple[Value, ...]
    key: str | None = None
    minus: bool = False

    @property
    def text(self) -> str:
        """The value of a token without a key, as it was typed."""
        return self.values[0].text if self.key is None else ""

    @property
    def word(self) -> str:
        """The same in small letters, where it can be a word of the command; else nothing."""
        can_be = self.key is None and self.values[0].kind != "person"
        return fold(self.text) if can_be else ""

    @property
    def quoted(self) -> bool:
        """Whether it is somebody's text in quotes."""
        return self.key is None and self.values[0].kind == "quoted"

    @property
    def person(self) -> bool:
        """Whether it is somebody, mentioned."""
        return self.key is None and self.values[0].kind == "person"


def fold(text: str) -> str:
    """Texts that differ only in capitals and in how much space they have are the same afterwards."""
    return " ".join(text.casefold().split())


def quote(text: str) -> str:
    """Somebody's input, to be repeated to them: on one line, and cut."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + '…'}”"


def written(value: str) -> str:
    """A value as it has to be typed: `read` finds exactly it again."""
    return value if _PLAIN.fullmatch(value) else in_quotes(value)


def in_quotes(value: str) -> str:
    """The same, always in quotes: in such as it does not hold, or else with each of its own doubled."""
    doubles, singles = (set(family) & set(value) for family in _FAMILIES)
    if doubles and not singles:
        return f"'{value}'"
    return f'"{"".join(each * 2 if each in doubles else each for each in value)}"'


def read(text: str) -> list[Token]:
    """The tokens of any text, in order. What no database can store is taken out of it first."""
    return _Scanner(text.replace("\0", " ").encode("utf-8", "replace").decode()).tokens()


@dataclass(slots=True)
class _Scanner:
    text: str
    hopeless: set[str] = field(default_factory=set)
    """Families of which no quote further on can be closed: nobody looks twice, so that time is linear."""

    def tokens(self) -> list[Token]:
        found, at = list[Token](), self._skip(0)
        while at < len(self.text):
            token, end = self._token(at)
            if token:
                found.append(token)
            at = self._skip(end)
        return found

    def _skip(self, at: int) -> int:
        gap = _GAPS.match(self.text, at)
        return gap.end() if gap else at

    def _token(self, start: int) -> tuple[Token | None, int]:
        head = _HEAD.match(self.text, start)
        key = head["key"].casefold().replace("-", "").replace("_", "") if head and head["key"] else None
        values, at = list[Value](), head.end() if head else start
        while True:
            value, at = self._value(at)
            if value and (value.text or value.kind != "bare"):
                values.append(value)
            comma = _COMMA.match(self.text, at) if key else None
            if not comma or self._has_key(comma.end()):
                break
            at = comma.end()
        raw = self.text[start:at].strip()
        token = Token(raw, tuple(values), key, bool(head and head["minus"])) if values or key else None
        return token, max(at, start + 1)

    def _has_key(self, at: int) -> bool:
        head = _HEAD.match(self.text, at)
        return bool(head and head["key"])

    def _value(self, at: int) -> tuple[Value | None, int]:
        if mention := _MENTION.match(self.text, at):
            return Value(mention[1], "person"), mention.end()
        person = self.text.startswith("@", at)
        if inside := self._inside_quotes(at + person):
            return Value(inside[0], "person" if person else "quoted"), inside[1]
        bare = _BARE.match(self.text, at + person)
        if bare:
            return Value(bare[0].strip(_ALL_QUOTES), "person" if person else "bare"), bare.end()
        return (Value("@"), at + 1) if person else (None, at)

    def _inside_quotes(self, start: int) -> tuple[str, int] | None:
        """What stands between the quote at `start` and its partner, and where that ends."""
        opening = self.text[start : start + 1]
        family = next((each for each in _FAMILIES if opening and opening in each), None)
        if family is None or family in self.hopeless:
            return None
        pieces, at = list[str](), start + 1
        for sign in re.compile(f"[{family}]").finditer(self.text, at):
            here = sign.start()
            if here < at:
                continue  # the second one of two
            if self.text.startswith(sign[0], here + 1):
                pieces.append(self.text[at : here + 1])
                at = here + 2
            elif here + 1 == len(self.text) or _GAPS.match(self.text, here + 1):
                return "".join([*pieces, self.text[at:here]]), here + 1
        self.hopeless.add(family)
        return None
