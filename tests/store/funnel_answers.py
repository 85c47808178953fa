"""Every answer of `/funnel` as plain numbers, told apart by their names: those that funnel_counted.py counts anew."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.stats.campaign import Campaign
from bot.stats.overview import Overview
from bot.stats.period import PeriodAnswer
from bot.stats.rejections import Rejections
from bot.stats.reps import Rep, Reps
from bot.stats.sla import Sla
from bot.stats.split import Parts
from bot.stats.velocity import Velocity
from tests.store import funnel_oracle as oracle
from tests.store.funnel_oracle import Figures


def _ends(one: Any) -> Figures:
    found = {
        "counts": asdict(one.counts),
        "unknown": one.unknown,
        "by_then": dict(one.by_then),
        "horizon": (one.horizon.minutes, one.horizon.clock, one.horizon.life),
    }
    if one.incidence is None:
        return found
    shares = {cause: share.value for cause, share in one.incidence.shares.items()}
    return found | {"shares": shares | {None: one.incidence.open}, "n": one.incidence.n}


def _times(one: Any) -> Figures:
    return {"p50": one.median, "p75": one.p75, "p90": one.p90, "decided": one.decided, "unknown": one.unknown}


def _stage(one: Any) -> Figures:
    names = ("reached", "out", "open", "unknown", "median")
    found = {name: getattr(one, name) for name in names} | {"horizon": one.horizon.minutes}
    return found | ({"share": one.rate.estimate.value} if one.rate else {})


def _pace(one: Any) -> Figures:
    return {"counts": asdict(one.counts), "working": _times(one.working), "wall": _times(one.wall)}


def _overview(one: Overview) -> Figures:
    return {
        "now": _ends(one.now),
        "before": _ends(one.before) if one.before else None,
        "repeats": asdict(one.repeats),
        "rerouted": one.rerouted,
        "working": _times(one.working),
        "wall": _times(one.wall),
        "sla": asdict(one.sla),
        "sql": _stage(one.sql),
        "reasons": dict(one.reasons),
        "last": one.last,
    }


def _split(one: Parts) -> Figures:
    return {"total": _ends(one.total), "groups": {part.name: _ends(part.ends) for part in one.groups}}


def _period(one: PeriodAnswer) -> Figures:
    def plain(found: Any) -> Figures:
        return {name: getattr(found, name) for name in ("offered", "accepted", "sql", "undated")}

    groups = {group.name: plain(group) for group in one.groups}
    return {
        "total": plain(one.total),
        "before": plain(one.before) if one.before else None,
        "groups": groups,
        "cohort": _ends(one.cohort),
    }


def _campaign(one: Campaign) -> Figures:
    why = {why.code: (why.own, why.rest) for why in one.why}
    course = {part.name: _ends(part.ends) for part in one.course}
    return {"own": _ends(one.own), "rest": _ends(one.rest), "why": why, "course": course}


def _rejections(one: Rejections) -> Figures:
    return {
        "counts": asdict(one.counts),
        "before": asdict(one.before) if one.before else None,
        "reasons": {
            found.code: ((found.share.k, found.share.n), (found.before.k, found.before.n) if found.before else None)
            for found in one.reasons
        },
        "families": dict(one.families),
        "new": sorted(one.new),
        "voids": dict(one.voids),
        "rerouted": one.rerouted,
        "repeats": asdict(one.repeats),
        "groups": {group.name: (asdict(group.counts), dict(group.reasons)) for group in one.groups},
    }


def _sla(one: Sla) -> Figures:
    return {
        "total": asdict(one.total.met),
        "times": _times(one.total.times),
        "groups": {group.name: asdict(group.met) for group in one.groups},
        "versions": {version.name: asdict(version.met) for version in one.versions},
        "before": asdict(one.before) if one.before else None,
        "longest": [(late.due_at, late.owner, late.tier) for late in one.longest],
    }


def _velocity(one: Velocity) -> Figures:
    curve = one.curve and {cause: one.curve.shares[cause] for cause in oracle.CAUSES}
    return {
        "ends": _ends(one.ends),
        "curve": curve,
        "half": one.half,
        "total": _pace(one.total),
        "stages": [_stage(stage) for stage in one.stages],
        "stuck": one.stuck,
        "before": _times(one.before) if one.before else None,
        "repeats": asdict(one.repeats),
        "groups": {group.name: _pace(group) for group in one.groups},
    }


def _figures(figures: Mapping[Any, Any]) -> Figures:
    return {cause: (one.k, one.n, one.expected) for cause, one in figures.items()}


def _reps(one: Reps) -> Figures:
    reps = {rep.key: (asdict(rep.counts), rep.moved, _figures(rep.figures)) for rep in one.reps}
    return {"total": asdict(one.total), "old": one.old, "reps": reps, "nobody": asdict(one.nobody)}


def _side(one: Any) -> Figures:
    return {
        "ends": _ends(one.ends),
        "working": _times(one.working),
        "wall": _times(one.wall),
        "met": asdict(one.met),
    }


def _rep(one: Rep) -> Figures:
    standing = (one.standing.moved, _figures(one.standing.figures))
    return {"own": _side(one.own), "team": _side(one.team), "reasons": dict(one.reasons), "standing": standing}


TOLD: Mapping[type, Callable[[Any], Figures]] = {
    Overview: _overview,
    Parts: _split,
    PeriodAnswer: _period,
    Campaign: _campaign,
    Rejections: _rejections,
    Sla: _sla,
    Velocity: _velocity,
    Reps: _reps,
    Rep: _rep,
}


def told(record: object) -> Figures:
    """The numbers of an answer."""
    return TOLD[type(record)](record)
