"""The metrics that keep the others honest: differences, limits, and the rules of what is shown. Pure data."""

from bot.stats.metrics.metric import Metric
from bot.stats.metrics.rates import BY_THEN, DECIDED, WILSON

_SIDE = ("handed_off", "accepted_by_then", "open", "times_unknown")
BOTH = (*_SIDE, *(f"before_{name}" for name in _SIDE))
BOTH_DECIDED = ("accepted", "decided", "before_accepted", "before_decided")
MID_P = "mid-p: H. O. Lancaster, JASA 56 (1961)"
FAMILY = "family: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995)"
NEWCOMBE = "R. G. Newcombe, Statistics in Medicine 17 (1998), method 10"

COMPARED = (
    Metric(
        key="difference",
        name="Difference",
        aliases=("delta", "change", "points"),
        labels=("against the rest", "versus", "sources", "apart"),
        definition="One share less another, in points: a group less all the rest, or this window less the one before.",
        formula="share − other share, with limits from those of both",
        unit="points",
        counts=BOTH,
        plain=BOTH_DECIDED,
        source=f"{NEWCOMBE}; for shares by a horizon Zou and Donner, Statistics in Medicine 27 (2008)",
    ),
    Metric(
        key="clear",
        name="Clear difference",
        aliases=("flag", "arrow", "significant", "significance"),
        definition="An arrow stands only where chance is no good explanation: 10 points or more, an interval without "
        "0, at most 5 % false alarms to be expected among all arrows of the answer, 10 decided in the group and 20 "
        "in the rest, and no rate wider than 30 points.",
        formula="|difference| ≥ 10 points, q ≤ 0.05 over all comparisons of the answer, and 0 outside the interval",
        unit="none",
        counts=BOTH,
        plain=BOTH_DECIDED,
        source=f"{MID_P}; {FAMILY}; {NEWCOMBE}",
    ),
    Metric(
        key="could_see",
        name="Could see",
        aliases=("power", "detectable"),
        definition="The smallest difference these counts would have shown in 8 of 10 cases, were it the only one in "
        "the answer. A smaller one may be there unseen: no clear change is not no change.",
        formula="the sample-size formula for two shares (power 80 %, error 5 % ÷ comparisons of the answer), solved "
        "for the difference",
        unit="points",
        counts=BOTH,
        plain=BOTH_DECIDED,
        source="Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), ch. 4",
    ),
    Metric(
        key="mix",
        name="Mix",
        aliases=("kitagawa", "simpson", "rate_and_mix"),
        definition="A total can change because its parts do (rate) or because there is more of one part (mix). Both "
        "add up to the change of what is old enough for the horizon; where mix is half of it or turns its sign, the "
        "answer says so.",
        formula="mix = sum of change of a source's part × its mean rate; rate = the other way round",
        unit="points",
        counts=("accepted_by_then", "judged", "before_accepted_by_then", "before_judged"),
        plain=BOTH_DECIDED,
        source="E. M. Kitagawa, JASA 50 (1955)",
    ),
    Metric(
        key="shrunken_rate",
        name="Rate for ranking",
        aliases=("shrunken", "ranking", "rank"),
        labels=("order",),
        definition="Small groups have extreme rates by chance. For the order of a list each rate is drawn towards the "
        "others, the more the smaller the group; what is shown are the raw counts.",
        formula="(accepted + α) ÷ (n + α + β); n: handed off, fewer while some are open; α, β: fitted to all groups",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
        source="Empirical Bayes: Efron and Morris, JASA 70 (1975)",
    ),
    Metric(
        key="limits",
        name="Limits for reps",
        aliases=("funnel_plot", "chance", "standing", "expected", "case_mix"),
        labels=("among all reps", "reps", "not compared", "by_chance", "seen"),
        definition="Between which counts a rep's accepts, rejections and expiries lie by chance if they decide as all "
        "reps together do on leads of the same grade and source (what nobody owns is left out): at the edge beyond "
        "95 %, beyond chance beyond 99.8 %. Listed and counted is who is off by 5 points or more.",
        formula="expected = sum over grade × source of hand-offs × everybody's share; limits are binomial quantiles",
        unit="reps",
        counts=("handed_off", "accepted", "rejected", "expired"),
        sub="reps",
        source="D. J. Spiegelhalter, Statistics in Medicine 24 (2005)",
    ),
)

RULES = (
    Metric(
        key="interval",
        name="Interval",
        aliases=("wilson", "confidence", "ci"),
        labels=("low", "high"),
        definition="[55–69]: what the true share may well be, given so few hand-offs; in 95 of 100 cases it "
        "is within, with ci=90 in 90. Wider than 30 points it is marked ≈ and gets no arrow.",
        formula="the shares whose chance of these counts is not below 5 % (score interval)",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
        source=f"{WILSON}; recommended for few data by Brown, Cai and DasGupta, Statistical Science 16 (2001)",
    ),
    Metric(
        key="horizon",
        name="Horizon",
        aliases=("at", "by_then", "within"),
        definition="How long after the offer is looked. Without “at=” until a card expires; where fewer than 10 "
        "hand-offs are as old, the age that 10 have reached, and the answer says so.",
        formula="the longest last step of the SLA in force, by the calendar of whoever got it; “at=2bd” is working "
        "days as long as those of the default calendar, whoever got it",
        unit="none",
        counts=BY_THEN,
    ),
    Metric(
        key="previous",
        name="Previous window",
        aliases=("prev", "vs", "before"),
        labels=("before_n", "before_rejections"),
        definition="The window of the same length before, or the calendar unit before; looked at by the same horizon, "
        "so that its older hand-offs have no advantage.",
        formula="the same figures of the window before; “vs=year” a year ago, “vs=none” none",
        unit="share",
        counts=BOTH,
        plain=BOTH_DECIDED,
    ),
    Metric(
        key="few_data",
        name="Few data",
        aliases=("few", "counts_only", "minimum"),
        definition="Below 10 decided hand-offs there are counts and no share; below 30 the share says few data.",
        formula="decided < 10: counts · decided < 30: few data",
        unit="none",
        counts=BY_THEN,
        plain=DECIDED,
        source="Stricter precedent: the US National Center for Health Statistics shows no share of fewer than 30",
    ),
    Metric(
        key="bands",
        name="Reference bands",
        aliases=("benchmark", "benchmarks", "reference"),
        labels=("reference bands",),
        definition="What others report: 5–15 % in tech, 20–30 % with fast cycles, 90–95 % and more where both sides "
        "agreed on the criteria. Their definitions differ from each other and from yours: context, no grade.",
        formula="none: read, not computed",
        unit="none",
        counts=BY_THEN,
        plain=DECIDED,
        source="MQL→SAL analytics guide (5–15 %, 20–30 %); SAL in Marketing Explained (90–95 %)",
    ),
    Metric(
        key="target",
        name="Own target",
        aliases=("goal", "targets"),
        labels=("your target",),
        definition="What your sla.yaml sets under “targets”. It stands beside the rate and is no grade: only an "
        "SLA that is below it beyond chance is pointed at.",
        formula="as configured",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
    ),
)
