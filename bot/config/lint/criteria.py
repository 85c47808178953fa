"""What criteria.yaml can get wrong beyond its conditions: grades, cells, caps, names that nothing bears. For `lint`."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, pairwise

from bot.config.criteria_file import CriteriaFile, DerivedShape, FastTrackShape, FirstOfShape, RuleShape, SignalShape
from bot.config.lint.conditions import lint_condition
from bot.config.lint.logic import Fields
from bot.config.lint.reach import Range, most_before_decay, reachable
from bot.config.lint.shadows import lint_shadows
from bot.config.lint.words import label_faults, repeats
from bot.config.sla_file import SlaFile
from bot.criteria.facts import READ_OUT
from bot.lead import LEAD_FIELDS
from bot.yamlfile import Document, Fault, KeyPath, Page, shown


def lint_criteria(page: Page[CriteriaFile], sla: SlaFile | None) -> Iterator[Fault]:
    """Every fault of the file, and every tier that `sla` lacks.

    Shadows and reach are asked last, and only of a file that is right so far: what cannot hold casts no shadow.
    """
    document, file = page.document, page.content
    criteria = file.build("")
    fields = Fields.of(criteria.derived)
    found = [
        *_labels(document, file),
        *_grades(document, file),
        *_derived(document, file.derived),
        *_fit(document, file, fields),
        *_signals(document, file),
        *_fast_tracks(document, file),
        *_disqualifiers(document, file, fields),
        *_data(document, file),
        *_tiers(document, file),
    ]
    yield from found
    if not found:
        yield from lint_shadows(document, file, criteria, fields)
        yield from _cells(document, file, reachable(criteria, fields))
    if sla:
        yield from _slas(document, file, sla)


def _slas(document: Document, file: CriteriaFile, sla: SlaFile) -> Iterator[Fault]:
    for tier in file.tiers:
        if tier not in sla.tiers:
            known = ", ".join(sla.tiers) or "a tier that sla.yaml does not have yet"
            yield document.fault(f"{tier!r} has no SLA; expected one of the tiers of sla.yaml: {known}", "tiers", tier)


def _labels(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    """An explanation tells rules of one kind apart by their labels."""
    kinds: list[list[tuple[KeyPath, str]]] = [
        [((*keys, "label"), rule.label) for members in file.fit.placed() for keys, rule in members],
        [(("behaviour", "signals", type_, "label"), rule.label) for type_, rule in file.behaviour.signals.items()],
        [(("fast_tracks", place, "label"), track.label) for place, track in enumerate(file.fast_tracks)],
        [(("disqualifiers", place, "label"), one.label) for place, one in enumerate(file.disqualifiers)],
    ]
    for labels in kinds:
        yield from label_faults(document, labels)
        yield from repeats(document, labels)


def _grades(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    for axis, grades in (("fit", file.fit.grades), ("behaviour", file.behaviour.grades)):
        starts = grades.model_dump(by_alias=True).items()
        for (better, start), (worse, lower) in pairwise(starts):
            if lower >= start:
                keys = (axis, "grades", worse)
                words = f"got {shown(document.at(*keys))}, expected less than for {better}, which begins at"
                yield document.fault(f"{words} {shown(document.at(axis, 'grades', better))}", *keys)


def _tiers(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    if not file.tiers:
        yield document.fault("is empty, so no lead can cross; expected at least one tier", "tiers")
    used = {track.tier for track in file.fast_tracks}
    for tier, cells in file.tiers.items():
        if not tier.strip():
            yield document.fault("is blank; expected the name of a tier", "tiers", tier)
        if not cells and tier not in used:
            yield document.fault("no cell and no fast track gives it; expected at least one", "tiers", tier)
    yield from repeats(document, _placed_cells(file))


def _placed_cells(file: CriteriaFile) -> list[tuple[KeyPath, str]]:
    return [(("tiers", tier, place), cell) for tier, cells in file.tiers.items() for place, cell in enumerate(cells)]


def _cells(document: Document, file: CriteriaFile, grades: Mapping[str, Range]) -> Iterator[Fault]:
    for keys, cell in _placed_cells(file):
        for axis, grade in zip(("fit", "behaviour"), cell, strict=True):
            if grade not in grades:
                words = f"is out of reach: no sum of {axis} points gives {grade}; expected a cell that a lead can be in"
                yield document.fault(f"{cell} {words}", *keys)
    for place, track in enumerate(file.fast_tracks):
        if not set(track.fits) & set(grades):
            words = "no sum of fit points gives one of these; expected a grade that a lead can have"
            yield document.fault(words, "fast_tracks", place, "fits")


def _derived(document: Document, derived: Mapping[str, DerivedShape]) -> Iterator[Fault]:
    for name, shape in derived.items():
        keys: KeyPath = ("derived", name)
        if name in LEAD_FIELDS or name in READ_OUT or not name.strip():
            words = "is blank" if not name.strip() else "is a key that every lead has"
            yield document.fault(f"{words}; expected a name of its own", *keys)
        if not shape.field.strip():
            yield document.fault("is blank; expected a field or attribute of a lead", *keys, "field")
        if name in _read_from(shape.field, derived):
            yield document.fault(f"{name} is read out of itself; expected another field", *keys, "field")
        if not shape.values:
            yield document.fault("is empty; expected at least one value with its words", *keys, "values")
        yield from repeats(document, [((*keys, "values", value), value) for value in shape.values])
        for value, words_ in shape.values.items():
            yield from _written(document, (*keys, "values", value), value, words_)


def _read_from(field: str, derived: Mapping[str, DerivedShape]) -> list[str]:
    """The field, and the fields that it is read out of itself."""
    chain: list[str] = []
    while field not in chain:
        chain.append(field)
        if field in derived:
            field = derived[field].field
    return chain


def _written(document: Document, keys: KeyPath, value: str, words: Iterable[str]) -> Iterator[Fault]:
    if not value.strip() or not words:
        what = "at least one word" if value.strip() else "the name of a value"
        yield document.fault(f"is {'empty' if value.strip() else 'blank'}; expected {what}", *keys)
    for place, word in enumerate(words):
        if not word.strip() or word != word.strip():
            yield document.fault(f"got {shown(word)}, expected a word without blanks around it", *keys, place)


def _fit(document: Document, file: CriteriaFile, fields: Fields) -> Iterator[Fault]:
    for place, entry in enumerate(file.fit.rules):
        if isinstance(entry, RuleShape) and not entry.points:
            yield document.fault("got 0, expected points that change something", "fit", "rules", place, "points")
        if isinstance(entry, FirstOfShape) and not entry.first_of:
            yield document.fault("is empty; expected at least one rule", "fit", "rules", place, "first_of")
    for keys, rule in chain.from_iterable(file.fit.placed()):
        yield from lint_condition(document, (*keys, "when"), rule.when, fields)


def _signals(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    signals = file.behaviour.signals.values()
    if signals and not any(shape.intent for shape in signals):
        words = "none has intent, so no lead that was turned down ever comes back; expected it of at least one"
        yield document.fault(words, "behaviour", "signals")
    for type_, shape in file.behaviour.signals.items():
        keys: KeyPath = ("behaviour", "signals", type_)
        if not type_.strip() or type_ != type_.strip():
            yield document.fault("expected a type without blanks around it", *keys)
        if shape.points or shape.per_value:
            yield from _caps(document, keys, shape)
            continue
        for key in ("cap_per_day", "cap", "half_life"):
            if getattr(shape, key) is not None:
                yield document.fault("nothing to limit, for the signal is worth 0 points; expected none", *keys, key)


def _caps(document: Document, keys: KeyPath, shape: SignalShape) -> Iterator[Fault]:
    points, day, cap = abs(shape.points), shape.cap_per_day, shape.cap
    for key, limit in (("cap_per_day", day), ("cap", cap)):
        if limit is not None and limit < points:
            words = f"less than one signal is worth, {abs(_number_at(document, keys, 'points'))}; expected that or more"
            yield document.fault(f"got {_number_at(document, keys, key)}, {words}", *keys, key)
    if day is not None and cap is not None and day > cap:
        words = f"more than cap, {_number_at(document, keys, 'cap')}, lets through; expected that or less"
        yield document.fault(f"got {_number_at(document, keys, 'cap_per_day')}, {words}", *keys, "cap_per_day")
    most = most_before_decay(shape.build())
    if cap is not None and cap > most:
        written = shown(document.at(*keys, "half_life"))
        words = f"but cap_per_day and a half_life of {written} let no more than {most / 100:g} through"
        yield document.fault(f"got {_number_at(document, keys, 'cap')}, {words}; expected that or less", *keys, "cap")


def _number_at(document: Document, keys: KeyPath, key: str) -> float:
    found = document.at(*keys, key)
    return found if isinstance(found, int | float) else 0


def _fast_tracks(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    for place, track in enumerate(file.fast_tracks):
        keys: KeyPath = ("fast_tracks", place)
        if file.tiers and track.tier not in file.tiers:
            words = f"{track.tier!r} is no tier; expected one of {', '.join(file.tiers)}"
            yield document.fault(words, *keys, "tier")
        yield from _listed(document, keys, track)
        for at, type_ in enumerate(track.signals):
            yield from _known(document, file, type_, *keys, "signals", at)
        if track.at_least < 1:
            yield document.fault(f"got {track.at_least}, expected at least 1", *keys, "at_least")


def _listed(document: Document, keys: KeyPath, track: FastTrackShape) -> Iterator[Fault]:
    if not track.signals:
        yield document.fault("is empty; expected at least one type of signal", *keys, "signals")
    if not track.fits:
        yield document.fault("is empty; expected at least one grade from A to D", *keys, "fits")
    yield from repeats(document, [((*keys, "signals", at), type_) for at, type_ in enumerate(track.signals)])
    yield from repeats(document, [((*keys, "fits", at), grade) for at, grade in enumerate(track.fits)])


def _disqualifiers(document: Document, file: CriteriaFile, fields: Fields) -> Iterator[Fault]:
    for place, rule in enumerate(file.disqualifiers):
        keys: KeyPath = ("disqualifiers", place)
        if rule.when:
            yield from lint_condition(document, (*keys, "when"), rule.when, fields)
        for key, type_ in (("signal", rule.signal), ("lifted_by", rule.lifted_by)):
            if type_ is not None:
                yield from _known(document, file, type_, *keys, key)
        if rule.signal is not None and rule.signal == rule.lifted_by:
            yield document.fault(f"{rule.signal!r} would lift itself; expected another signal", *keys, "lifted_by")


def _known(document: Document, file: CriteriaFile, type_: str, *keys: str | int) -> Iterator[Fault]:
    types = list(file.behaviour.signals)
    if type_ not in types:
        like = get_close_matches(type_, types, 1)
        expected = f"{like[0]}, or another type" if like else "a type"
        yield document.fault(f"{type_!r} is no known signal; expected {expected} of behaviour.signals", *keys)


def _data(document: Document, file: CriteriaFile) -> Iterator[Fault]:
    for field, check in file.data.items():
        if not field.strip():
            yield document.fault("is blank; expected a field or attribute of a lead", "data", field)
        if check.accept and field != "email":
            yield document.fault("kinds of mailbox; expected them under email only", "data", field, "accept")
