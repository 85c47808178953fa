"""Which hand-offs: `source:webinar,demo`, `score:60..80`, `-team:north`, `@ana` become filters, with values as stored.

Pure, but for what it asks `known`: each dimension once. `blank` is the group of hand-offs that have no value.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.criteria.definition import CELLS
from bot.stats.cohort import BLANK
from bot.stats.language.near import Mend, Wrong, nearest
from bot.stats.language.windows import YEARS, called
from bot.stats.language.words import Token, Value, fold, quote, written
from bot.stats.query import DIMENSIONS, Dim, Filter, Key, Known, Window

LISTED = 5
"""Values that a Problem names."""

_SAME: Mapping[str, Dim] = {
    **{f"{name}s": name for name in DIMENSIONS},
    "owner": "rep",
    "owners": "rep",
    "weekly": "week",
    "monthly": "month",
}
_WEEK = re.compile(r"([0-9]{4})-?w([0-9]{1,2})|([0-9]{4}-[0-9]{2}-[0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_CELL = re.compile(r"([a-d])([1-4])?(?:\s*(?:\.\.+|…|[–—-])\s*([a-d])([1-4])?)?")
_TO, _POINTS = r"\s*(?:\.\.+|…|[–—-])\s*", "-?[0-9]{1,6}"
_SCORE = re.compile(
    rf"(?P<only>{_POINTS})|(?P<low>{_POINTS}){_TO}(?P<high>{_POINTS})?|\s*(?:\.\.+|…)\s*(?P<top>{_POINTS})"
)
_SHAPES: Mapping[str, str] = {
    "grade": "A1 … D4, or A1..B2",
    "week": "a day of it, 2026-03-16, or its number, 2026-W12",
    "month": "2026-03",
    "score": "60..80, 60.. or ..80",
}


def dimension(word: str) -> Dim | None:
    """The dimension that a word in small letters means; also for many of it."""
    plain = word.replace("-", "").replace("_", "").replace(" ", "")
    return next((name for name in DIMENSIONS if name == plain), _SAME.get(plain))


def key_of(word: str) -> Key | None:
    """The key of a filter."""
    return "score" if word in ("score", "scores", "points") else dimension(word)


class Values:
    """What there is in one window, asked for when it is first needed."""

    def __init__(self, known: Known, window: Window) -> None:
        """Asks nothing yet."""
        self._known, self.window = known, window
        self._read: dict[Dim, tuple[Mapping[str, str], dict[str, list[str]]]] = {}

    def all(self, key: Dim) -> Mapping[str, str]:
        """All values of a dimension, as `known` orders them, with what people call each."""
        return self._of(key)[0]

    def spellings(self, key: Dim, text: str) -> tuple[str, ...]:
        """The stored values that are meant by a text; none where there are none."""
        if fold(text) in ("blank", BLANK):
            return (BLANK,)
        return tuple(sorted(self._of(key)[1].get(fold(text), ())))

    def person(self, text: str) -> tuple[str, ...]:
        """The keys of those who may be meant: by name or key, or else by what hand-offs of the window have."""
        found = tuple(self._known.person(text))
        return (text,) if text in found else found or self.spellings("rep", text)

    def one(self, key: Dim, text: str) -> tuple[str, ...]:
        """The values that may be meant where only one can be: the very same, if it is there."""
        found = self.spellings(key, text)
        return (text,) if text in found else found

    def _of(self, key: Dim) -> tuple[Mapping[str, str], dict[str, list[str]]]:
        if key not in self._read:
            names = self._known.names(key)
            there = self._known.values(key, self.window)
            stored = {value: names.get(value, value) for value in (*there, *(names if key == "team" else ()))}
            by_key, by_name = _by_fold(stored, stored), _by_fold(stored, stored.values())
            self._read[key] = stored, by_name | by_key
        return self._read[key]


def _by_fold(values: Iterable[str], spellings: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value, spelling in zip(values, spellings, strict=True):
        found.setdefault(fold(spelling), []).append(value)
    return found


def chosen(place: int, token: Token, key: Key, values: Values) -> Filter:
    """The filter that a token with a key, or a mention, stands for. Raises Wrong."""
    if not token.values:
        raise Wrong(f"“{key}:” has no value.", {place: ""})
    if key == "score":
        return _score(place, token)
    found: list[str] = []
    for position, value in enumerate(token.values):

        def instead(text: str, position: int = position) -> Mend:
            return {place: _with(token, key, position, text)}

        found += _stored(key, value, values, instead)
    return Filter(key, tuple(sorted(set(found))), negated=token.minus)


def merged(filters: Iterable[tuple[int, Filter]]) -> tuple[Filter, ...]:
    """One filter for each key and sign, in one order, of filters with their places.

    Raises Wrong where two cannot both be meant.
    """
    by_name: dict[tuple[Key, bool], Filter] = {}
    for place, one in filters:
        name, opposite = (one.key, one.negated), by_name.get((one.key, not one.negated))
        other = by_name.get(name, one)
        if (one.low, one.high) != (other.low, other.high):
            raise Wrong("There are two ranges of the score; one is enough.", {place: ""})
        if opposite and (set(one.values) & set(opposite.values) or replace(opposite, negated=one.negated) == one):
            raise Wrong(f"{quote(as_typed(one))} cannot be both chosen and left out.", {place: ""})
        both = tuple(sorted({*one.values, *other.values}))
        by_name[name] = Filter(one.key, both, one.low, one.high, one.negated)
    return tuple(by_name[name] for name in sorted(by_name))


def as_typed(one: Filter) -> str:
    """A filter as it is typed."""
    if one.key == "score":
        low, high = ("" if bound is None else str(bound) for bound in (one.low, one.high))
        wanted = low if low == high else f"{low}..{high}"
    else:
        wanted = ",".join("blank" if value == BLANK else written(value) for value in one.values)
    return f"{'-' if one.negated else ''}{one.key}:{wanted}"


def nobody(key: Dim, text: str, values: Values, instead: Callable[[str], Mend]) -> Wrong:
    """The fault of a value that no hand-off of the window has."""
    there = values.all(key)
    some = ", ".join(quote(name) for name in list(there.values())[:LISTED])
    more = f" and {len(there) - LISTED} more" if len(there) > LISTED else ""
    words = f"No hand-off of {called(values.window)} has the {key} {quote(text)}."
    meant = {name: one for one, name in there.items()} | {one: one for one in there}
    near = dict.fromkeys(meant[one] for one in nearest(text, meant))
    mends = [instead(written(one)) for one in near] or [*map(instead, list(there)[:1]), instead("")]
    told = f"There {'is' if len(there) == 1 else 'are'} {some}{more}." if there else "None has any."
    return Wrong(f"{words} {told}", *mends, otherwise=instead(""))


def _stored(key: Dim, value: Value, values: Values, instead: Callable[[str], Mend]) -> Sequence[str]:
    text = value.text
    if fold(text) in ("blank", BLANK):
        return (BLANK,)
    if key in _SHAPES:
        return _shaped(key, text, instead)
    if key == "tier" and re.fullmatch(r"p[0-9]", fold(text)):
        return (fold(text).upper(),)
    found = values.person(text) if key == "rep" else values.spellings(key, text)
    if not found:
        raise nobody(key, text, values, instead)
    if key == "rep" and len(found) > 1 and len({fold(one) for one in found}) > 1:
        raise Wrong(f"{quote(text)} can be several people.", *(instead(written(one)) for one in found))
    return found


def _shaped(key: Dim, text: str, instead: Callable[[str], Mend]) -> Sequence[str]:
    """Values that need no looking up, as they can be nothing else."""
    readers: Mapping[str, Callable[[str], Sequence[str]]] = {"grade": _cells, "week": _week, "month": _month}
    try:
        found = readers[key](fold(text))
    except ValueError:
        found = ()
    if not found:
        near = nearest(text, CELLS, 1) if key == "grade" else []
        raise Wrong(f"{quote(text)} is no {key}; expected {_SHAPES[key]}.", *map(instead, near), instead(""))
    return found


def _cells(text: str) -> Sequence[str]:
    """Every grade whose letter and digit both lie between those of two: A1..B2 is A1, A2, B1 and B2."""
    found = _CELL.fullmatch(text)
    if not found:
        return ()
    letter, digit, last_letter, last_digit = found.groups()
    letters = sorted((letter.upper(), (last_letter or letter).upper()))
    digits = sorted((digit or "1", (last_digit or "4") if last_letter else digit or "4"))
    return [cell for cell in CELLS if letters[0] <= cell[0] <= letters[1] and digits[0] <= cell[1] <= digits[1]]


def _week(text: str) -> Sequence[str]:
    """A week is called by its Monday."""
    found = _WEEK.fullmatch(text)
    if not found:
        return ()
    day = date.fromisoformat(found[3]) if found[3] else date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return ((day - timedelta(days=day.weekday())).isoformat(),) if day.year in YEARS else ()


def _month(text: str) -> Sequence[str]:
    found = _MONTH.fullmatch(text)
    return (date(int(found[1]), int(found[2]), 1).isoformat()[:7],) if found and int(found[1]) in YEARS else ()


def _score(place: int, token: Token) -> Filter:
    text = token.values[0].text
    found = _SCORE.fullmatch(fold(text))
    if not found or len(token.values) > 1:
        typed = ",".join(value.text for value in token.values)
        raise Wrong(f"{quote(typed)} is no range of the score; expected {_SHAPES['score']}.", {place: ""})
    ends = found["low"] or found["only"], found["high"] or found["top"] or found["only"]
    low, high = (int(part) if part else None for part in ends)
    if low is not None and high is not None and low > high:
        raise Wrong(f"The score range {quote(text)} ends before it starts.", {place: f"score:{high}..{low}"})
    return Filter("score", low=low, high=high, negated=token.minus)


def _with(token: Token, key: Key, position: int, text: str) -> str:
    """The token with another value in one position, or without it."""
    texts = [written(value.text) for value in token.values]
    texts[position : position + 1] = [text] if text else []
    return f"{'-' if token.minus else ''}{key}:{','.join(texts)}" if texts else ""
