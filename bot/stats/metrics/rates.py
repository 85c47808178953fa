"""The metrics that are made of counts: shares by a horizon, plain shares, and times. Pure data."""

from bot.stats.metrics.metric import Metric

WILSON = "Interval: E. B. Wilson, JASA 22 (1927)"
COMPETING = (
    "Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978); where nothing is open any more it is the plain "
    "share, with Wilson's interval (JASA 22, 1927)"
)
KAPLAN = "Kaplan and Meier, JASA 53 (1958)"
BY_THEN = ("handed_off", "accepted_by_then", "rejected_by_then", "expired_by_then", "open", "times_unknown")
DECIDED = ("accepted", "rejected", "expired", "decided")
TIMED = ("timed", "decided_unknown", "open")
PROMISE = ("due", "met", "missed", "overdue", "due_unknown")

RATES = (
    Metric(
        key="accept_rate",
        name="Accept rate",
        aliases=("accept", "acceptance", "mql_sal", "mql_to_sal", "sal_rate"),
        labels=("accept by", "accept", "by cohort"),
        definition="Of all hand-offs of the window the share accepted by the horizon. Open ones count up to their age.",
        formula="sum over the minutes up to the horizon of (share still open before) × accepted then ÷ open then",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
        source=COMPETING,
    ),
    Metric(
        key="reject_rate",
        name="Reject rate",
        aliases=("reject", "rejection_rate"),
        labels=("reject by", "reject", "other ends"),
        definition="The share rejected by the horizon. Accept, reject, expire and still open make 100 % together.",
        formula="as the accept rate, with the rejected ones",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
        source=COMPETING,
    ),
    Metric(
        key="expire_rate",
        name="Expire rate",
        aliases=("expire", "expiry_rate"),
        labels=("expire by", "expire"),
        definition="The share that nobody had answered when its card ended, by the horizon.",
        formula="as the accept rate, with the expired ones",
        unit="share",
        counts=BY_THEN,
        plain=DECIDED,
        source=COMPETING,
    ),
    Metric(
        key="accept_of_decided",
        name="Accepted of decided",
        aliases=("accept_decided", "plain_rate"),
        definition="The plain share that other systems show. While many are open it is biased: slow ones are missing.",
        formula="accepted ÷ (accepted + rejected + expired)",
        unit="share",
        counts=DECIDED,
        source=WILSON,
    ),
    Metric(
        key="period_rate",
        name="Period rate",
        aliases=("basis_period", "plain_formula", "sal_mql"),
        labels=("sal ÷ mql",),
        definition="Accepts dated in the window for each hand-off of the window. It mixes cohorts: a lead offered "
        "before the window may be accepted within it, and above 100 % is possible.",
        formula="accepts in the window ÷ hand-offs in the window × 100",
        unit="share",
        counts=("period_offered", "period_accepted", "period_undated"),
        source="MQL→SAL analytics guide; ask with “basis=period”",
    ),
    Metric(
        key="period_sql_rate",
        name="Period rate, SAL to SQL",
        aliases=("sql_period_rate",),
        labels=("sql ÷ sal",),
        definition="SQLs dated in the window for each accept dated in it. It mixes cohorts as the period rate does.",
        formula="SQLs in the window ÷ accepts in the window × 100",
        unit="share",
        counts=("period_accepted", "period_sql"),
        source="MQL→SAL analytics guide; ask with “basis=period”",
    ),
    Metric(
        key="sql_rate",
        name="SAL → SQL",
        aliases=("sal_sql", "sal_to_sql", "sql_sal"),
        labels=("sql rate", "sal → sql by"),
        definition="Of the accepted ones, the share that became SQL within 30 days of the accept. Disqualified and "
        "lapsed ones cannot any more; the others count up to their age.",
        formula="as the accept rate, from the accept on",
        unit="share",
        counts=("accepted", "sql", "out", "underway"),
        source=COMPETING,
    ),
    Metric(
        key="mql_sql_rate",
        name="MQL → SQL",
        aliases=("mql_sql", "mql_to_sql"),
        labels=("mql → sql by",),
        definition="Of all hand-offs, the share that became SQL within 45 days of the offer.",
        formula="as the accept rate, on the clock, with SQL",
        unit="share",
        counts=("handed_off", "sql"),
        source=COMPETING,
        sub="velocity",
    ),
    Metric(
        key="won_rate",
        name="MQL → won",
        aliases=("mql_won", "mql_to_won", "win_rate"),
        labels=("mql → won by",),
        definition="Of all hand-offs, the share that was won within 180 days of the offer.",
        formula="as the accept rate, on the clock, with won",
        unit="share",
        counts=("handed_off", "won"),
        source=COMPETING,
        sub="velocity",
    ),
    Metric(
        key="reason_share",
        name="Share of rejections",
        aliases=("reason", "top_reasons", "top_reason", "reasons"),
        labels=("share", "rest", "families", "new", "where_n"),
        definition="How much of all rejections one reason makes. Tests and leads passed on are no rejections.",
        formula="rejected for the reason ÷ rejected",
        unit="share",
        counts=("rejected", "top_reason"),
        source=WILSON,
        sub="rejections",
    ),
)

TIMES = (
    Metric(
        key="decision_time",
        name="Decision time",
        aliases=("time_to_decision", "median", "p90", "working_time"),
        labels=("half decided", "90 % decided", "p75", "times unknown", "answered"),
        definition="After how much working time of whoever got it first half, three quarters and nine tenths had been "
        "accepted or rejected. Open and expired ones count for as long as they were watched, never as fast ones.",
        formula="the first minute at which 1 − product of (1 − decided ÷ open) reaches 50, 75 and 90 %",
        unit="time",
        counts=TIMED,
        source=KAPLAN,
    ),
    Metric(
        key="wall_time",
        name="Decision time on the clock",
        aliases=("wall", "wall_clock"),
        labels=("half decided, wall clock", "90 % decided, wall clock", "what the prospect feels"),
        definition="The same on the clock, nights and weekends too: what the prospect feels.",
        formula="as the decision time, with all hours",
        unit="time",
        counts=("timed_wall", "decided_unknown_wall", "open"),
        source=KAPLAN,
    ),
    Metric(
        key="accept_time",
        name="Time to accept",
        aliases=("time_to_accept",),
        labels=("half accepted",),
        definition="After how much time, on the clock of the horizon, half of all hand-offs were accepted, the never "
        "accepted ones included: not reached where fewer are.",
        formula="the first minute at which the accept rate reaches 50 %",
        unit="time",
        counts=BY_THEN,
        source=COMPETING,
        sub="velocity",
    ),
    Metric(
        key="sla_met",
        name="SLA met",
        aliases=("sla", "sla_rate", "on_time"),
        labels=("met", "missed", "due", "due_unknown", "not_yet", "not due yet"),
        definition="Of the hand-offs, first and repeated, whose due time fell in the window and is over: the share "
        "accepted or rejected by then. Open overdue and expired ones have missed it. "
        "Answers at an unknown time are left out.",
        formula="met ÷ (met + missed + open overdue)",
        unit="share",
        counts=PROMISE,
        source=WILSON,
        sub="sla",
    ),
    Metric(
        key="overdue",
        name="Overdue",
        aliases=("late",),
        definition="Open beyond their due time, of those that were due in the window.",
        formula="count of open ones whose due time is over",
        unit="hand-offs",
        counts=PROMISE,
        sub="sla",
    ),
    Metric(
        key="stuck",
        name="Stuck",
        definition="Open for longer than nine tenths of the window's hand-offs took to be decided.",
        formula="count of open ones older than the 90 % decision time, on the working clock",
        unit="hand-offs",
        counts=("open", "timed"),
        source=KAPLAN,
        sub="velocity",
    ),
)
