"""Words that are not of the command: a metric, whom or what the question is about, or a source or campaign by its name.

Pure, but for what it asks about the world. All of it comes after reading.py, once the window is known.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bot.stats.cohort import BLANK
from bot.stats.language.choices import Values, chosen, nobody
from bot.stats.language.near import Mend, Wrong, drop, nearest
from bot.stats.language.reading import FLAGS, OPTIONS, SUBS, Found, metric_at, plain
from bot.stats.language.windows import NAMES, called
from bot.stats.language.words import quote, written
from bot.stats.query import DIMENSIONS, Dim, Filter

_WORDS: Mapping[str, str] = {
    **{word: f"{key}={word}" for key, choice in OPTIONS.items() for word in choice},
    **{word: word for word in (*SUBS, *FLAGS, *NAMES, "7d", "30d", "90d", "12w", "3m")},
    **{word: word for word in ("open", "criteria", "note", "notes", "help", "explain")},
    **{name: f"by {name}" for name in DIMENSIONS if name != "reason"},
}
"""What can be typed, and how it is typed for certain."""
_NAMED: tuple[Dim, ...] = ("source", "campaign")
_LONGEST_NAME = 8


def metric(found: Found, metrics: Collection[str]) -> str | None:
    """The metric to explain, if any; also from among the loose words, which then are loose no more. Raises Wrong."""
    if found.explain is None or found.metric is not None:
        return found.metric
    by_name = {plain(one): one for one in metrics}
    for place in found.loose:
        if named := metric_at(found.tokens, place, by_name):
            found.loose = [other for other in found.loose if not place <= other < place + named[1]]
            return named[0]
    place, typed = (found.loose[0], found.tokens[found.loose[0]].text) if found.loose else (found.explain, "")
    near = (nearest(typed, metrics) if typed else []) or list(metrics)[:3]
    others = drop(*found.loose)
    mends = [{**others, found.explain: f"explain {written(one)}"} for one in near]
    words = f"{quote(typed)} is no figure that can be explained." if typed else "Explain which figure?"
    raise Wrong(words, *mends, {**others, found.explain: ""})


def subject(found: Found, values: Values) -> str | None:
    """The key of a person, or the name of a campaign, that the question is about; None where it is about all.

    `rep` and `campaign` without one are dimensions. Raises Wrong.
    """
    for kind, place in found.perhaps.items():
        if found.subject is None and (named := _first_name(found, kind, values)):
            found.subs["rep" if kind == "rep" else "campaign"] = place
            found.subject = named
            found.loose = [other for other in found.loose if other not in named[0]]
        else:
            found.splits.setdefault(kind, (place,))
    return _one(found.subject, "rep" if "rep" in found.subs else "campaign", values) if found.subject else None


def filters(found: Found, values: Values) -> Iterator[tuple[int, Filter]]:
    """The filters that mentions and loose words stand for, with their places. Raises Wrong."""
    after = 0
    for place in found.loose:
        token = found.tokens[place]
        if token.person:
            yield place, chosen(place, token, "rep", values)
        elif token.text.strip() and place >= after:
            places, text = _name(found, place, lambda text: bool(_kinds(text, values))) or ((place,), token.text)
            after = places[-1] + 1
            yield place, _named(found, places, text, values)


def _first_name(found: Found, kind: Dim, values: Values) -> tuple[tuple[int, ...], str] | None:
    """The first loose words that name one of a kind."""

    def is_one(text: str) -> bool:
        names = values.person(text) if kind == "rep" else values.spellings(kind, text)
        return any(name != BLANK for name in names)

    for place in found.loose:
        token = found.tokens[place]
        if token.person and kind == "rep" and not token.minus:
            return (place,), token.text
        if not token.person and not token.minus and (named := _name(found, place, is_one)):
            return named
    return None


def _name(found: Found, place: int, is_one: Callable[[str], bool]) -> tuple[tuple[int, ...], str] | None:
    """As many loose words from a place on as name something together: names need no quotes."""
    run = [place]
    while len(run) < _LONGEST_NAME and not found.tokens[place].quoted and run[-1] + 1 < len(found.tokens):
        token = found.tokens[run[-1] + 1]
        if token.quoted or token.person or token.minus or run[-1] + 1 not in found.loose:
            break
        run.append(run[-1] + 1)
    for many in range(len(run), 0, -1):
        text = " ".join(found.tokens[one].text for one in run[:many])
        if is_one(text):
            return tuple(run[:many]), text
    return None


def _one(named: tuple[tuple[int, ...], str], kind: Dim, values: Values) -> str:
    """The only person, or the only campaign, that is meant."""
    places, text = named
    meant = [one for one in values.person(text) if one != BLANK] if kind == "rep" else values.one(kind, text)

    def instead(typed: str) -> Mend:
        return _as_subject(kind, places, typed)

    if not meant:
        raise nobody(kind, text, values, instead)
    if len(meant) > 1:
        raise Wrong(f"{quote(text)} can be several.", *(instead(written(one)) for one in meant))
    return meant[0]


def _as_subject(kind: Dim, places: Sequence[int], typed: str) -> Mend:
    subject = f"@{typed}" if kind == "rep" else typed if typed[:1] in ("'", '"') else f'"{typed}"'
    return {**drop(*places), places[0]: subject if typed else ""}


def _kinds(text: str, values: Values) -> dict[Dim, tuple[str, ...]]:
    """What has this name, with all spellings of it. No word alone means what is blank."""
    found = {kind: values.spellings(kind, text) for kind in _NAMED}
    return {kind: names for kind, names in found.items() if names and names != (BLANK,)}


def _named(found: Found, places: Sequence[int], text: str, values: Values) -> Filter:
    kinds, token = _kinds(text, values), found.tokens[places[0]]
    minus = "-" if token.minus else ""
    if len(kinds) > 1:
        mends = ({**drop(*places), places[0]: f"{minus}{kind}:{written(text)}"} for kind in kinds)
        raise Wrong(f"{quote(text)} is a source and a campaign.", *mends)
    if not kinds:
        raise _nameless(found, places, text, values) or _unknown(found, places, text, values)
    kind, names = next(iter(kinds.items()))
    return Filter(kind, names, negated=token.minus)


def _nameless(found: Found, places: Sequence[int], text: str, values: Values) -> Wrong | None:
    """The fault of `campaign nosuch`: a name was expected, and it is like no other word."""
    kind = next((kind for kind, place in found.perhaps.items() if place + 1 == places[0]), None)
    if kind is None or nearest(text, _WORDS):
        return None

    def instead(typed: str) -> Mend:
        return _as_subject(kind, places, typed)

    return nobody(kind, text, values, instead)


def _unknown(found: Found, places: Sequence[int], text: str, values: Values) -> Wrong:
    token, window = found.tokens[places[0]], called(values.window)
    words = f"{quote(token.raw)} is not a word of this command, nor a source or a campaign of {window}."
    near = _perhaps(places[0], text, values, "-" if token.minus else "")
    return Wrong(words, *near, otherwise=drop(*found.loose))


def _perhaps(place: int, text: str, values: Values, minus: str) -> Iterator[Mend]:
    """What may have been meant, the most alike first."""
    names = {name: f"{minus}{kind}:{written(name)}" for kind in reversed(_NAMED) for name in values.all(kind)}
    for word in nearest(text, (*_WORDS, *names)):
        yield {place: _WORDS.get(word) or names[word]}
