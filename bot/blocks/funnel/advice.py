"""What to do now, told to somebody who sees the overview for the first time. Pure.

At most three sentences, the most urgent first; each names the command that shows more. Where nothing is beyond chance
it says that: a false alarm costs more than a quiet week.
"""

from collections.abc import Iterator

from bot.blocks.funnel.small_print import ONE_SIDED, late_words, overdue_words
from bot.blocks.funnel.steps import longer, step
from bot.blocks.funnel.words import Names, horizon_words, points, so_many_points
from bot.stats.maths.differences import LEAST, MINIMUM
from bot.stats.overview import Overview, Turn
from bot.stats.query import Dim, Sub
from bot.stats.rates import RATES_FROM, Ends
from bot.stats.verdicts import known, pair, suspected

MOST = 3
LARGE_REASON = 1 / 3
MANY_EXPIRED, LARGE_SILENCE = 3, 0.1
"""So many cards that ended without an answer, and such a share of all, are worth a word in a quiet week."""


def advice(overview: Overview, names: Names) -> tuple[str, ...]:
    """The sentences; none where nothing was handed off."""
    if overview.empty:
        return ()
    found = [
        *_overdue(overview),
        *_late(overview),
        *_fallen(overview, names),
        *_reason(overview, names),
    ][:MOST]
    if len(found) < MOST:
        found += _few(overview)
    return tuple(found) or (_quiet(overview),)


def _overdue(overview: Overview) -> Iterator[str]:
    if overview.sla.overdue:
        yield overdue_words(overview.sla.overdue)


def _late(overview: Overview) -> Iterator[str]:
    late = late_words(overview.sla.rate(overview.now.confidence), overview.sla_target)
    if late:
        yield f"{late} {_ask(overview, 'sla')} shows where."


def _fallen(overview: Overview, names: Names) -> Iterator[str]:
    change, turn = overview.change, worst(overview)
    by_source = _ask(overview, by="source")
    where = f", most of all {_turned(turn, names)}" if turn else ""
    if change and change.clear and change.difference.value < 0:
        yield f"Fewer are accepted than before: {points(change.difference)}{where}. {by_source} shows each source."
    elif turn:
        yield f"Fewer are accepted of one source: {_turned(turn, names)}. {by_source} shows each source."


def worst(overview: Overview) -> Turn | None:
    """The source that fell the most, and clearly."""
    fallen = [turn for turn in overview.turns if turn.change.clear and turn.change.difference.value < 0]
    return min(fallen, key=lambda turn: turn.change.difference.value, default=None)


def _turned(turn: Turn, names: Names) -> str:
    (k, n), (old_k, old_n) = turn.now, turn.before
    return f"{names.group('source', turn.source)}, {k:,} of {n:,} after {old_k:,} of {old_n:,}"


def _reason(overview: Overview, names: Names) -> Iterator[str]:
    if not overview.reasons or overview.now.by_outcome:
        return
    (code, n), all_ = overview.reasons[0], sum(n for _, n in overview.reasons)
    if n >= RATES_FROM and n >= LARGE_REASON * all_:
        told = f"One reason is behind {n:,} of {all_:,} rejections: “{names.reason(code)}”."
        yield f"{told} {_ask(overview, 'rejections')} shows where they come from."


def _few(overview: Overview) -> Iterator[str]:
    """What is missing for a comparison with the window before, on which side; nothing where nothing lies before."""
    now, before = overview.now, overview.before
    if now.one_sided:
        yield ONE_SIDED
        return
    if before is None or overview.change or now.by_outcome or before.one_sided or not before.counts.handed_off:
        return
    sides = zip((now, before), known(pair(now, before)), MINIMUM, ("here", "before"), strict=True)
    missing = " and ".join(
        f"{_decided(one, n, least)} {side} ({least} are needed)" for one, n, least, side in sides if n < least
    )
    more = "".join(f" `{step.command}` looks further back." for step in longer(overview.query))
    yield f"Too few decided to compare yet{f': {missing}' if missing else ''}.{more}"


def _decided(ends: Ends, known: int, least: int) -> str:
    """How many are decided: all so far where these are too few, as in the lines above, else those by the horizon."""
    if ends.counts.decided < least:
        return f"{ends.counts.decided}"
    return f"{known}{f' within {horizon_words(ends.horizon)}' if ends.incidence else ''}"


def _quiet(overview: Overview) -> str:
    if overview.now.by_outcome:
        why = "hand-offs that were chosen by their outcome have no rate to compare"
    elif overview.change:
        unsure = any(map(suspected, (overview.change, *(turn.change for turn in overview.turns))))
        why = "no change is sure yet" if unsure else f"no rate changed clearly by {so_many_points(LEAST)} or more"
    else:
        why = "there is nothing yet to compare with" if overview.before else "no other window was compared"
    quiet = f"Nothing to do: no card is overdue, and {why}."
    expired, decided = overview.now.counts.expired, overview.now.counts.decided
    if expired >= MANY_EXPIRED and expired >= LARGE_SILENCE * decided:
        return f"{quiet} But {expired:,} of {decided:,} got no answer: {_ask(overview, 'sla')} shows where."
    return f"{quiet} {_ask(overview, by='source')} looks closer."


def _ask(overview: Overview, sub: Sub = "overview", by: Dim | None = None) -> str:
    return f"`{step('', overview.query, sub, by).command}`"
