"""Rules that stand in the shadow of another one, so that they never decide anything. For `lint`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from bot.config.criteria_file import CriteriaFile, FastTrackShape
from bot.config.lint.logic import Fields, implies
from bot.criteria.definition import Criteria, Derived, Disqualifier
from bot.criteria.facts import Facts
from bot.criteria.rules import AnyOf, Condition, plain
from bot.lead import Lead
from bot.yamlfile import Document, Fault, KeyPath, dotted, shown

Placed = tuple[KeyPath, Condition]


def lint_shadows(document: Document, file: CriteriaFile, criteria: Criteria, fields: Fields) -> Iterator[Fault]:
    """Every rule that another one leaves nothing to; `criteria` is what `file` becomes. Each is good by itself."""
    entries = [[(keys, rule.when.build()) for keys, rule in members] for members in file.fit.placed()]
    for members in entries:
        yield from _behind(document, members, fields)
    yield from _twice(document, entries, fields)
    for track in _tracks(file.fast_tracks, list(file.tiers)):
        yield _never(document, *track)
    for pair in _barred(criteria.disqualifiers, fields):
        yield _never(document, *pair)
    for derived in criteria.derived:
        yield from _words(document, replace(derived, field="title"))


def _never(document: Document, keys: KeyPath, earlier: KeyPath) -> Fault:
    where = f"{dotted(earlier)} in line {document.line(*earlier)}"
    return document.fault(
        f"never decides, for {where} holds wherever this does; expected it further up, or gone", *keys
    )


def _behind(document: Document, members: Sequence[Placed], fields: Fields) -> Iterator[Fault]:
    """Rules of a first_of that never get their turn, because of one earlier rule or of several together."""
    for place, (keys, condition) in enumerate(members):
        earlier = members[:place]
        if not implies(condition, AnyOf(tuple(one for _, one in earlier)), fields):
            continue
        single = next((at for at, one in earlier if implies(condition, one, fields)), None)
        words = "never gets its turn: the rules before it leave nothing to it; expected it further up, or gone"
        yield _never(document, keys, single) if single else document.fault(words, *keys)


def _twice(document: Document, entries: Sequence[Sequence[Placed]], fields: Fields) -> Iterator[Fault]:
    """The same condition in two places. In two lists of first_of it can make sense."""
    for earlier, later in combinations(entries, 2):
        for (first, one), (keys, other) in ((a, b) for a in earlier for b in later if 1 in {len(earlier), len(later)}):
            if implies(one, other, fields) and implies(other, one, fields):
                where = f"{dotted(first)} in line {document.line(*first)}"
                yield document.fault(f"asks for the same as {where}; expected each condition once", *keys)


def _tracks(tracks: Sequence[FastTrackShape], tiers: Sequence[str]) -> Iterator[tuple[KeyPath, KeyPath]]:
    """Fast tracks with an earlier one that is met wherever they are, and gives a tier as urgent."""
    for (at, wide), (place, narrow) in combinations(enumerate(tracks), 2):
        as_urgent = tiers.index(wide.tier) <= tiers.index(narrow.tier)
        if as_urgent and _wider(wide, narrow):
            yield ("fast_tracks", place), ("fast_tracks", at)


def _wider(wide: FastTrackShape, narrow: FastTrackShape) -> bool:
    return (
        set(wide.signals) >= set(narrow.signals)
        and wide.within >= narrow.within
        and wide.at_least <= narrow.at_least
        and set(wide.fits) >= set(narrow.fits)
    )


def _barred(rules: Sequence[Disqualifier], fields: Fields) -> Iterator[tuple[KeyPath, KeyPath]]:
    """Disqualifiers with an earlier one that is met wherever they are, and does as much to an open card."""
    for (at, wide), (place, narrow) in combinations(enumerate(rules), 2):
        if wide.voids_card < narrow.voids_card:
            continue
        same = wide.signal == narrow.signal and wide.lifted_by in {None, narrow.lifted_by} and wide.signal
        if same or (wide.when and narrow.when and implies(narrow.when, wide.when, fields)):
            yield ("disqualifiers", place), ("disqualifiers", at)


def _words(document: Document, derived: Derived) -> Iterator[Fault]:
    """Words that are never found, since an earlier value has a word that stands in them."""
    for value, words in derived.values.items():
        for place, word in enumerate(words):
            found = Facts(Lead(title=word), [derived]).value(derived.name)
            if found is not None and found != plain(value):
                problem = f"{shown(word)} is taken for {found}, which stands before {value}; expected {value} before it"
                yield document.fault(problem, "derived", derived.name, "values", value, place)
