"""What the rule for one type of signal can get wrong: caps and half-lives that do nothing. For `lint`."""

from collections.abc import Iterator

from bot.config.criteria_file import SignalShape
from bot.config.reach import most_before_decay
from bot.yamlfile import Document, Fault, KeyPath, shown


def lint_signal(document: Document, keys: KeyPath, shape: SignalShape) -> Iterator[Fault]:
    """Every fault of one rule under behaviour.signals."""
    if not shape.points and not shape.per_value:
        for key in ("cap_per_day", "cap", "half_life"):
            if getattr(shape, key) is not None:
                yield document.fault("nothing to limit, for the signal is worth 0 points; expected none", *keys, key)
        return
    yield from _caps(document, keys, shape)


def _caps(document: Document, keys: KeyPath, shape: SignalShape) -> Iterator[Fault]:
    points, day, cap = abs(shape.points), shape.cap_per_day, shape.cap
    for key, limit in (("cap_per_day", day), ("cap", cap)):
        if limit is not None and limit < points:
            words = f"less than one signal is worth, {abs(_written(document, keys, 'points'))}; expected that or more"
            yield document.fault(f"got {_written(document, keys, key)}, {words}", *keys, key)
    if day is not None and cap is not None and day > cap:
        words = f"more than cap, {_written(document, keys, 'cap')}, lets through; expected that or less"
        yield document.fault(f"got {_written(document, keys, 'cap_per_day')}, {words}", *keys, "cap_per_day")
    most = most_before_decay(shape.build())
    if cap is not None and cap > most:
        written = shown(document.at(*keys, "half_life"))
        words = f"but cap_per_day and a half_life of {written} let no more than {most / 100:g} through"
        yield document.fault(f"got {_written(document, keys, 'cap')}, {words}; expected that or less", *keys, "cap")


def _written(document: Document, keys: KeyPath, key: str) -> float:
    found = document.at(*keys, key)
    return found if isinstance(found, int | float) else 0
