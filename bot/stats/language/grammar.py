"""The language of `/funnel`: a line of text becomes one of the records of query.py, or a Problem with better lines.

Pure, but for what it asks `known`; the Slack command and the command line speak it alike. Words come in any order, in
capitals or not, within any quotes; docs/funnel.md has all of them. words.py makes tokens of a line; asides.py answers
what is not about a cohort; reading.py says what each token is, choices.py and bare.py which hand-offs are meant,
sense.py whether it goes together; near.py mends what is wrong.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.stats.language import bare, windows
from bot.stats.language.asides import aside
from bot.stats.language.choices import Values, as_typed, chosen, merged
from bot.stats.language.near import Wrong, suggestions
from bot.stats.language.reading import Found, collect
from bot.stats.language.sense import built, check
from bot.stats.language.words import Token, in_quotes, read, written
from bot.stats.query import Asked, Definition, Explain, Help, Known, NewNote, Notes, Open, Problem, Query, Window

SLASH = "/funnel"
_YEAR, _ABOUT = timedelta(days=365), timedelta(days=3)


def parse(text: str, now: datetime, known: Known, metrics: Collection[str] = ()) -> Asked:
    """What `text` asks for at `now` (any time zone). It never raises, whatever the text.

    `metrics` are the names that can be explained. `known` is asked for values and persons that the line names, and
    for what it may have meant instead. A line that is in quotes as a whole is read without them.
    """
    reader = _Reader(now.astimezone(UTC), known, metrics)
    tokens = read(text)
    if tokens and tokens[0].raw.casefold() == SLASH:
        tokens = tokens[1:]
    if len(tokens) == 1 and tokens[0].quoted:
        inside = reader.answer(read(tokens[0].text))
        return reader.answer(tokens) if isinstance(inside, Problem) else inside
    return reader.answer(tokens)


def command(asked: Asked) -> str:
    """The shortest command, without `/funnel`, that asks for the same; of a Problem, the nearest one that works."""
    match asked:
        case Query():
            text = asked.text
        case Explain():
            text = f"explain {written(asked.metric)} {asked.query.text}"
        case NewNote():
            text = f"note {in_quotes(asked.words)} {asked.on.isoformat()}"
        case Notes():
            text = "note" if asked.remove is None else f"note remove {asked.remove}"
        case Definition():
            text = "criteria"
        case Open():
            text = "open"
        case Help():
            text = "help"
        case Problem():
            text = next(iter(asked.suggestions), "help")
    return text


def canonical(query: Query) -> str:
    """The shortest command that asks for the same as a query, whatever its `text` says; so for changed ones too."""
    at, ci = query.after, round(query.confidence * 100)
    about = {
        "overview": "",
        "rep": f"rep @{written(query.subject or '')}",
        "campaign": f"campaign {in_quotes(query.subject or '')}",
    }
    parts = (
        about.get(query.sub, query.sub),
        query.cohort.window.text,
        query.by and f"by {query.by}",
        *(as_typed(one) for one in sorted(query.cohort.filters, key=lambda one: (one.key, one.negated))),
        query.cohort.touch != "trigger" and f"touch={query.cohort.touch}",
        query.basis != "cohort" and f"basis={query.basis}",
        query.matured and "matured",
        at and f"at={at.text}",
        _versus(query.cohort.window, query.previous),
        ci != 95 and f"ci={ci}",
        query.to != "private" and query.to,
        query.csv and "csv",
    )
    return " ".join(part for part in parts if part)


def _versus(window: Window, previous: Window | None) -> str:
    """Told by how far apart the two are, as both may have been moved since they were asked for."""
    if previous is None:
        return "vs=none"
    with suppress(ValueError):
        if previous == windows.before(window):
            return ""
    with suppress(ValueError):
        if previous == windows.year_before(window):
            return "vs=year"
    apart, long = window.start - previous.start, window.end - window.start
    return "vs=year" if abs(apart - _YEAR) < _ABOUT and long < _YEAR - _ABOUT else ""


class _Reader:
    """Reads lines at one moment in one world, and asks that world for each thing once."""

    def __init__(self, now: datetime, known: Known, metrics: Collection[str]) -> None:
        self._now, self._known, self._metrics = now, known, metrics
        self._values: dict[Window, Values] = {}

    def answer(self, tokens: Sequence[Token]) -> Asked:
        """What the tokens ask for."""
        try:
            return self._asked(tokens)
        except Wrong as wrong:
            return Problem(wrong.words, suggestions(tokens, wrong, lambda other: command(self._asked(other))))

    def _asked(self, tokens: Sequence[Token]) -> Asked:
        said = aside(tokens, self._now)
        if said is not None:
            return said
        found = collect(tokens, self._now, self._metrics)
        metric = bare.metric(found, self._metrics)
        window = next(iter(found.windows), None) or self._default()
        query = self._query(found, self._values.setdefault(window, Values(self._known, window)))
        return query if metric is None else Explain(metric, query)

    def _query(self, found: Found, values: Values) -> Query:
        subject = bare.subject(found, values)
        check(found)
        filters = [(place, chosen(place, found.tokens[place], key, values)) for place, key in found.filters.items()]
        query = built(found, values.window, subject, merged([*filters, *bare.filters(found, values)]))
        return replace(query, text=canonical(query))

    def _default(self) -> Window:
        try:
            return windows.default(self._now)
        except ValueError as error:
            raise Wrong(f"{windows.DEFAULT}: {error}.") from None
