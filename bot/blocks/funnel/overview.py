"""The overview in words: what became of a window's hand-offs, and what to do now. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.advice import advice
from bot.blocks.funnel.overview_data import data
from bot.blocks.funnel.report import Chart, Line, Report, Step
from bot.blocks.funnel.small_print import (
    NOTHING_BEFORE,
    accepted,
    bands,
    further,
    looked,
    marked,
    outcomes,
    quarters,
    stage_words,
    versus_words,
)
from bot.blocks.funnel.steps import LONGER_DAYS, longer, nothing, step
from bot.blocks.funnel.words import (
    Names,
    change_words,
    day,
    in_points,
    left_out,
    minutes_words,
    reading,
    short_rate,
    signed,
    titled,
    untimed,
)
from bot.stats.cohort import Counts
from bot.stats.onward import SAL_TO_SQL
from bot.stats.overview import LEAST_MIX, Mix, Overview
from bot.stats.rates import Ends, Say

TOP_REASONS = 3
WATCHED = "Open ones count only for as long as they have been watched, so a rate is above its counts divided."


def report(overview: Overview, names: Names) -> Report:
    """The answer to `/funnel`."""
    query = overview.query
    return Report(
        title=f"Funnel · {titled(query.cohort.window)}",
        command=query.text,
        reading=reading(query, names, looked(overview.now)),
        lines=tuple(_nothing(overview) if overview.empty else _lines(overview, names)),
        advice=advice(overview, names),
        charts=(_stages(overview.now.counts),) if overview.now.counts.handed_off else (),
        notes=() if overview.empty else tuple(_notes(overview, names)),
        steps=longer(query) if overview.empty else tuple(_steps(overview)),
        data=data(overview),
    )


def _steps(overview: Overview) -> Iterator[Step]:
    query = overview.query
    if overview.sla.overdue:
        yield Step("What is open", "open")
    yield step("By source", query, by="source")
    yield step("By campaign", query, by="campaign")
    yield step("Rejections", query, "rejections")
    yield step("SLA", query, "sla")


def _nothing(overview: Overview) -> Iterator[Line]:
    if overview.last is None and not overview.query.cohort.filters:
        yield Line("Handed off", "None yet: a lead is handed off as soon as it meets the criteria.")
        return
    last = f" Last: {day(overview.last)} {overview.last.year}." if overview.last else ""
    words = f"None in this window.{last}"
    far = overview.last and overview.query.cohort.window.end - overview.last > LONGER_DAYS
    told = f"{words} Try `{overview.last:%Y-%m}`." if overview.last and far else nothing(overview.query, words)
    yield Line("Handed off", told)


def _lines(overview: Overview, names: Names) -> Iterator[Line]:
    now, counts = overview.now, overview.now.counts
    yield Line("Handed off", outcomes(counts) if counts.handed_off else "none in this window that count")
    if counts.sql:
        yield Line("Further", further(counts))
    yield Line("Accept rate", accepted(now))
    if overview.before is not None and counts.decided:
        yield Line("Before", _before(overview, overview.before))
    turned = [turn for turn in overview.turns if turn.change.clear]
    if turned:
        told = (
            f"{names.group('source', one.source)} {change_words(one.change)}"
            f" ({one.before[0]:,} of {one.before[1]:,}, now {one.now[0]:,} of {one.now[1]:,})"
            for one in turned
        )
        yield Line("Sources", " · ".join(told) + _judged(overview))
    if overview.mix and _matters(overview, overview.mix):
        yield Line("Mix", _parted(overview.mix) + _judged(overview))
    if now.rate("rejected").told:
        yield Line("Other ends", _others(now))
    yield Line("Decision time", _times(overview))
    if overview.sla.due or overview.sla.not_yet or overview.sla.unknown:
        yield Line("SLA met", _sla(overview))
    if overview.sql.n:
        yield Line("SQL rate", stage_words(overview.sql, "of the accept", SAL_TO_SQL))
    if overview.reasons:
        top = (f"{names.reason(code)} {n:,}" for code, n in overview.reasons[:TOP_REASONS])
        yield Line("Top reasons", " · ".join(top))


def _judged(overview: Overview) -> str:
    """Said where some are too young to be looked at by source, so that the counts are not those of the whole."""
    return " · of those old enough to judge" if overview.judged < overview.now.counts.handed_off else ""


def _matters(overview: Overview, mix: Mix) -> bool:
    """Whether the parts of a change are worth a line: it is clear, or the mix alone made a good deal of it."""
    return bool(overview.change and overview.change.clear) or abs(mix.split.mix) >= LEAST_MIX


def _parted(mix: Mix) -> str:
    """The two parts, which add up as they are shown."""
    whole, part = round(100 * mix.split.total), round(100 * mix.split.mix)
    rates = signed((whole - part) / 100)
    return f"of {in_points(whole / 100)}, {rates} come from the sources' rates, {signed(part / 100)} from their mix"


def _before(overview: Overview, before: Ends) -> str:
    if not before.counts.handed_off:
        return NOTHING_BEFORE
    both = looked(overview.now) is not None and looked(before) is not None
    versus = versus_words(overview.change, overview.now, before, "no clear change")
    return f"{accepted(before, plain=not both, until=False)} → {versus}"


def _others(ends: Ends) -> str:
    rejected, expired = ends.rate("rejected"), ends.rate("expired")
    return f"rejected {short_rate(rejected)} ({rejected.k:,}) · expired {short_rate(expired)} ({expired.k:,})"


def _times(overview: Overview) -> str:
    at_work, wall = overview.working, overview.wall
    unknown = untimed(at_work.unknown)
    if not at_work.decided and not wall.decided:
        return unknown or "no accept or reject yet"
    parts = []
    if at_work.enough:
        parts.append(f"{quarters(at_work)} of working time")
    if wall.enough:
        parts.append(f"on the wall clock half within {minutes_words(wall.median, 'wall', wall.horizon)}")
    return " · ".join(filter(None, (*(parts or ["too few to tell"]), unknown)))


def _sla(overview: Overview) -> str:
    met = overview.sla
    if not met.due:
        return f"nothing was due yet{left_out(met.unknown)}"
    overdue = f"; {met.overdue:,} of the missed {'is' if met.overdue == 1 else 'are'} still open" if met.overdue else ""
    rate = met.rate(overview.now.confidence)
    share = f"{short_rate(rate)} · " if rate.told else ""
    few = " · few data" if rate.say is Say.FEW else ""
    return f"{share}{met.met:,} of {met.due:,} due{left_out(met.unknown)}{few}{overdue}"


def _apart(overview: Overview) -> Iterator[str]:
    counts, repeats = overview.now.counts, overview.repeats
    if counts.void:
        yield f"{counts.void:,} void (tests, duplicates)"
    if repeats.handed_off:
        many = "repeat hand-offs" if repeats.handed_off > 1 else "repeat hand-off"
        yield f"{repeats.handed_off:,} {many} ({repeats.accepted:,} accepted)"
    if overview.rerouted:
        times = f"{overview.rerouted:,} times" if overview.rerouted > 1 else "once"
        yield f"{times} “not mine” (that only moves a card)"


def _stages(counts: Counts) -> Chart:
    stages = {"Handed off": counts.handed_off, "Accepted": counts.accepted, "SQL": counts.sql, "Won": counts.won}
    return Chart("bar", "How far they came", tuple(stages), {"Hand-offs": tuple(stages.values())})


def _notes(overview: Overview, names: Names) -> Iterator[str]:
    if overview.mix and overview.mix.misleads:
        yield _mixed(overview.mix, names)
    if apart := " · ".join(_apart(overview)):
        yield f"Not among these: {apart}."
    if overview.now.counts.open and overview.now.incidence and overview.now.rate("accepted").told:
        yield WATCHED
    yield from marked(overview.marks)
    yield bands(overview.accept_target)


def _mixed(mix: Mix, names: Names) -> str:
    (old, old_all), (new, new_all) = mix.before, mix.now
    source = f"{names.group('source', mix.source)} was {old:,} of {old_all:,}, now {new:,} of {new_all:,}"
    if mix.simpson.flips:
        return f"⚠ Mix: every source with enough data went the other way than the whole ({source})."
    return f"⚠ Mix: much of the change comes from another mix of sources ({source})."
