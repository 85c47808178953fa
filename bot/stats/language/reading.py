"""What each token of a line is: a question, a window, a split, a filter, an option, or a word that may be a value.

Pure, and nothing is looked up here; grammar.py makes a question of it. A word that can be several things is the first
of these: option, question, dimension, window, value.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.stats.language import windows
from bot.stats.language.choices import dimension, key_of
from bot.stats.language.near import Mend, Wrong, drop, nearest
from bot.stats.language.spoken import LONGEST, MONTHS, spelled
from bot.stats.language.words import Token, fold, quote, written
from bot.stats.query import DIMENSIONS, Dim, Key, Sub, Window

SUBS: Mapping[str, Sub] = {
    **dict.fromkeys(("overview", "summary"), "overview"),
    **dict.fromkeys(("rejections", "rejection", "rejects", "rejected", "reasons", "reason"), "rejections"),
    "sla": "sla",
    **dict.fromkeys(("velocity", "speed"), "velocity"),
    "reps": "reps",
}
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "touch": ("trigger", "first", "last"),
    "basis": ("cohort", "period"),
    "at": ("2bd", "24h", "30d", "8bh"),
    "vs": ("prev", "year", "none"),
    "ci": ("95", "90"),
}
"""What stands before `=`, with what may follow; of `at`, examples."""
FLAGS: Mapping[str, str] = {"matured": "matured", "csv": "csv", "private": "to", "share": "to", "dm": "to"}
AT = re.compile(r"0*([1-9][0-9]{0,3})(bh|bd|h|d)")

_SAID = {"last year": "year", "last-year": "year"}

_KINDS = ("rep", "campaign")
"""Questions about somebody or something; without one of these, dimensions."""


@dataclass(slots=True)
class Found:
    """What was found, with the places of the tokens it was found in."""

    tokens: Sequence[Token]
    subs: dict[Sub, int] = field(default_factory=dict)
    windows: dict[Window, tuple[int, ...]] = field(default_factory=dict)
    splits: dict[Dim, tuple[int, ...]] = field(default_factory=dict)
    filters: dict[int, Key] = field(default_factory=dict)
    options: dict[str, tuple[str, int]] = field(default_factory=dict)
    subject: tuple[tuple[int, ...], str] | None = None
    """Whom or what a question is about, and where that stands."""
    perhaps: dict[Dim, int] = field(default_factory=dict)
    """`rep` and `campaign` with nothing behind them."""
    loose: list[int] = field(default_factory=list)
    explain: int | None = None
    metric: str | None = None


def collect(tokens: Sequence[Token], now: datetime, metrics: Collection[str]) -> Found:
    """What the tokens are. Raises Wrong."""
    collector = _Collector(Found(tokens), now, {plain(one): one for one in metrics})
    while collector.at < len(tokens):
        collector.step()
    return collector.found


def metric_at(tokens: Sequence[Token], place: int, metrics: Mapping[str, str]) -> tuple[str, int] | None:
    """The metric that is named from some place on, and with how many words."""
    for many in (4, 3, 2, 1):
        words = [token.word for token in tokens[place : place + many]]
        if len(words) == many and all(words) and (found := metrics.get(plain(" ".join(words)))):
            return found, many
    return None


@dataclass(slots=True)
class _Collector:
    found: Found
    now: datetime
    metrics: Mapping[str, str]
    at: int = 0

    def step(self) -> None:
        """Reads what stands next, and whatever belongs to it."""
        place, token = self.at, self.found.tokens[self.at]
        self.at += 1
        if token.key is not None:
            self._keyed(place, token, token.key)
        elif token.word in FLAGS:
            self._option(place, FLAGS[token.word], token.word)
        elif token.minus or not token.word or not self._word(place, token):
            self.found.loose.append(place)

    def _word(self, place: int, token: Token) -> bool:
        """Whether it is a word of the command."""
        word = token.word
        if word == "by":
            self._by(place)
        elif word == "explain" and self.found.explain is None:
            self._explain(place)
        elif word in SUBS:
            self.found.subs.setdefault(SUBS[word], place)
        elif word in _KINDS:
            self._kind(place, word)
        elif named := dimension(word):
            self._split(named, place)
        elif word in OPTIONS and self._spaced(place, word):
            pass
        else:
            return self._window(place)
        return True

    def _keyed(self, place: int, token: Token, key: str) -> None:
        if key == "by":
            wanted = dimension(fold(token.values[0].text)) if len(token.values) == 1 else None
            if not wanted:
                raise self._by_what(token.values[0].text if token.values else "", place)
            self._split(wanted, place)
        elif key in OPTIONS:
            self._option(place, key, ",".join(fold(value.text) for value in token.values))
        elif named := key_of(key):
            self.found.filters[place] = named
        else:
            raise self._no_key(place, token)

    def _option(self, place: int, key: str, value: str) -> None:
        if key in OPTIONS and not _takes(key, value):
            choice = ", ".join(OPTIONS[key])
            near = nearest(value, OPTIONS[key]) or OPTIONS[key][:1]
            words = f"“{key}=” takes {'for example ' if key == 'at' else ''}{choice}, not {quote(value)}."
            raise Wrong(words, *({place: f"{key}={one}"} for one in near), otherwise=drop(place))
        before, other = self.found.options.setdefault(key, (value, place))
        if before != value:
            raise Wrong(f"{quote(before)} and {quote(value)} cannot both be meant.", drop(place), drop(other))

    def _spaced(self, place: int, key: str) -> bool:
        """Whether an option follows with a space for its sign: `vs year`, `at 24h`."""
        following = [token.word for token in self.found.tokens[place + 1 : place + 3]]
        for many in (2, 1):
            value = _SAID.get(" ".join(following[:many]), following[0] if following and many == 1 else "")
            if value and _takes(key, value):
                self.at += many
                self._option(place, key, value)
                return True
        return False

    def _by(self, place: int) -> None:
        following = [token.word for token in self.found.tokens[place + 1 : place + 3]]
        for many in (2, 1):
            wanted = dimension(" ".join(following[:many])) if all(following[:many]) else None
            if wanted and len(following) >= many:
                self.at += many
                return self._split(wanted, place, *range(place + 1, place + 1 + many))
        after = self.found.tokens[place + 1] if following else None
        raise self._by_what(after.raw if after else "", place, *([place + 1] if after else []))

    def _by_what(self, typed: str, *places: int) -> Wrong:
        choice = f"{', '.join(DIMENSIONS[:-1])} or {DIMENSIONS[-1]}"
        words = f"A funnel can be split by {choice}, not by {quote(typed)}." if typed else f"By what? By {choice}."
        near = nearest(typed, DIMENSIONS) if typed else ["source"]
        return Wrong(words, *({**drop(*places), places[0]: f"by {one}"} for one in near), otherwise=drop(*places))

    def _split(self, wanted: Dim, *places: int) -> None:
        if wanted == "reason":
            self.found.subs.setdefault("rejections", places[0])
        else:
            self.found.splits.setdefault(wanted, places)

    def _kind(self, place: int, word: str) -> None:
        """Somebody mentioned or something in quotes right behind is what the question is about."""
        after = self.found.tokens[self.at] if self.at < len(self.found.tokens) else None
        if after and not after.minus and (after.quoted or (word == "rep" and after.person)):
            if self.found.subject is not None:
                raise Wrong("A question is about one rep or one campaign.", drop(place, self.at))
            self.found.subs["rep" if word == "rep" else "campaign"] = place
            self.found.subject = (self.at,), after.text
            self.at += 1
        else:
            self.found.perhaps["rep" if word == "rep" else "campaign"] = place

    def _explain(self, place: int) -> None:
        self.found.explain = place
        if named := metric_at(self.found.tokens, self.at, self.metrics):
            self.found.metric = named[0]
            self.at += named[1]

    def _window(self, place: int) -> bool:
        if place - 1 in self.found.perhaps.values() and self.found.tokens[place].word in MONTHS:
            return False  # somebody may be called April
        for many in range(LONGEST, 0, -1):
            tokens = self.found.tokens[place : place + many]
            places = tuple(range(place, place + many))
            if len(tokens) == many and (window := self._read_window(tokens, places)):
                self.found.windows.setdefault(window, places)
                self.at = place + many
                return True
        return False

    def _read_window(self, tokens: Sequence[Token], places: tuple[int, ...]) -> Window | None:
        """The window that some tokens in a row name; in quotes, only what is typed as one word."""
        word = tokens[0].word if len(tokens) == 1 else None
        try:
            if all(token.word and not token.minus and not token.quoted for token in tokens):
                word = spelled([token.word for token in tokens], self.now) or word
            return windows.read(word, self.now) if word else None
        except ValueError as error:
            typed = " ".join(token.raw for token in tokens)
            mends = [word and windows.instead(word), windows.DEFAULT]
            near = ({**drop(*places), places[0]: mend} for mend in mends if mend)
            raise Wrong(f"{quote(typed)} is no window of time: {error}.", *near) from None

    def _no_key(self, place: int, token: Token) -> Wrong:
        near = nearest(token.key or "", (*DIMENSIONS, "score", *OPTIONS))
        typed = ",".join(written(value.text) for value in token.values)
        minus = "-" if token.minus else ""
        mends: list[Mend] = [{place: f"{minus}{key}{'=' if key in OPTIONS else ':'}{typed}"} for key in near]
        keys = f"Keys are {', '.join(DIMENSIONS)} and score; options {', '.join(f'{key}=' for key in OPTIONS)}."
        words = f"There is nothing called {quote(token.key or '')} to choose by. {keys}"
        return Wrong(words, *mends, otherwise=drop(place))


def _takes(key: str, value: str) -> bool:
    return bool(AT.fullmatch(value)) if key == "at" else value in OPTIONS[key]


def plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())
