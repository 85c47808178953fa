"""Whether what was found in a line makes sense together; if so, the Query.

Pure. A combination that would have to be answered with something else than what was asked is a fault. An option that
changes nothing of an answer is none: the buttons below an answer take options along to the next one.
"""

from collections.abc import Sequence
from typing import Literal, cast

from bot.stats.language import windows
from bot.stats.language.near import Mend, Wrong, drop
from bot.stats.language.reading import AT, Found
from bot.stats.language.words import written
from bot.stats.query import After, Cohort, Filter, Query, Sub, Touch, Unit, Window

SPLIT: tuple[Sub, ...] = ("overview", "rejections", "sla", "velocity")
"""Questions that can be split `by` something."""
BY_PERIOD: tuple[Sub, ...] = ("overview", "campaign")
"""Questions about rates of stages, which are counted by period too."""


def check(found: Found) -> None:
    """Raises Wrong where two things cannot both be meant."""
    if len(found.windows) > 1:
        (one, places), (other, others), *_ = found.windows.items()
        words = f"There are two windows, {one.text} and {other.text}; one is enough."
        raise Wrong(words, drop(*others), drop(*places))
    if len(found.subs) > 1:
        (sub, place), (second, after), *_ = found.subs.items()
        words = f"One question at a time: {sub} or {second}."
        raise Wrong(words, _without(found, second, after), _without(found, sub, place))
    if len(found.splits) > 1:
        (by, places), (also, others), *_ = found.splits.items()
        words = f"A funnel is split by one thing at a time, not by {by} and {also}."
        raise Wrong(words, drop(*others), drop(*places))
    sub = sub_of(found)
    if found.splits and sub not in SPLIT:
        raise _not_split(found, sub, next(iter(found.splits.values())))
    if found.explain is not None and found.subject is not None:
        words = f"A figure is explained for the hand-offs that filters choose, not for a {sub}."
        raise Wrong(words, _without(found, sub, found.subs[sub]))
    _check_options(found, sub)


def sub_of(found: Found) -> Sub:
    """The question."""
    return next(iter(found.subs), "overview")


def previous(found: Found, window: Window) -> Window | None:
    """The window to compare with; None if there is to be none. Raises Wrong."""
    versus, place = found.options.get("vs", ("prev", None))
    if versus == "none":
        return None
    try:
        return windows.before(window) if versus == "prev" else windows.year_before(window)
    except ValueError as error:
        token = found.tokens[0].raw if found.tokens else ""
        mends = [drop(place), {place: "vs=none"}] if place is not None else [{0: f"{token} vs=none"}]
        raise Wrong(f"{window.text} cannot be compared with vs={versus}: {error}.", *mends) from None


def built(found: Found, window: Window, subject: str | None, filters: tuple[Filter, ...]) -> Query:
    """The query, still without its text. Raises Wrong."""
    option = {key: value for key, (value, _) in found.options.items()}
    at = AT.fullmatch(option.get("at", ""))
    by = next(iter(found.splits), None)
    return Query(
        sub=sub_of(found),
        cohort=Cohort(window, filters, cast(Touch, option.get("touch", "trigger"))),
        previous=previous(found, window),
        by=by,
        subject=subject,
        basis=cast(Literal["cohort", "period"], option.get("basis", "cohort")),
        after=After(int(at[1]), cast(Unit, at[2])) if at else None,
        matured="matured" in option,
        confidence=int(option.get("ci", "95")) / 100,
        to=cast(Literal["private", "share", "dm"], option.get("to", "private")),
        csv="csv" in option,
    )


def _check_options(found: Found, sub: Sub) -> None:
    places = {key: place for key, (_, place) in found.options.items()}
    ages = [places[key] for key in ("matured", "at") if key in places]
    period = found.options.get("basis", ("", 0))[0] == "period"
    if "csv" in places and found.options.get("to", ("private", 0))[0] != "private":
        words = "CSV is for whoever asks: it goes neither to a channel nor on by message."
        raise Wrong(words, drop(places["to"]), drop(places["csv"]))
    if period and ages:
        words = "basis=period counts what happened in the window, whatever its age: matured and at= do not go with it."
        raise Wrong(words, drop(*ages), drop(places["basis"]))
    if period and sub not in BY_PERIOD:
        words = f"{sub} is told of cohorts only; basis=period goes with the overview and with a campaign."
        raise Wrong(words, drop(places["basis"]), _without(found, sub, found.subs[sub]))
    if ages and sub == "sla":
        words = "The SLA has a due time of its own for each hand-off: matured and at= do not go with it."
        raise Wrong(words, drop(*ages), _without(found, sub, found.subs[sub]))


def _without(found: Found, sub: Sub, place: int) -> Mend:
    """To ask nothing in particular; what the question was about is a filter then."""
    if sub not in ("rep", "campaign") or found.subject is None:
        return drop(place)
    places, text = found.subject
    return {**drop(place, *places), places[0]: f"{sub}:{written(text)}"}


def _not_split(found: Found, sub: Sub, places: Sequence[int]) -> Wrong:
    words = f"{sub} cannot be split; only {', '.join(SPLIT[:-1])} and {SPLIT[-1]} can."
    return Wrong(words, _without(found, sub, found.subs[sub]), drop(*places))
