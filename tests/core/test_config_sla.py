"""sla.yaml in working time: what it means, and each slip in it with file, line, key and expectation."""

from datetime import timedelta

import pytest

from bot.clock.ladder import Rung, Sla, Span
from bot.config.lint.sla import lint_sla
from bot.config.sla_file import SlaFile
from bot.yamlfile import Faults, from_text, parse
from tests.core.clock_kit import calendar

GOOD = """\
tiers:
  P1:
    due: 15m
    ladder:
      - {after: 80%, step: last_call}
      - {after: 100%, step: escalate}
      - {after: 150%, step: reassign}
      - {after: 4h, step: escalate}
      - {after: 2d, step: expire}
  P3:
    due: 1d
    ladder:
      - {after: 50%, step: remind}
      - {after: 1d, step: escalate}
      - {after: 9h, step: reassign}
      - {after: 2d, step: expire}
"""
OFFICE = calendar("Europe/Rome", *("09:00-17:30",) * 5)
NIGHTS = calendar("America/New_York", "22:00-06:00")
LONG_DAYS = calendar("Asia/Riyadh", *("08:00-18:00",) * 5)


def faults(text: str, **calendars: object) -> list[str]:
    document = from_text(text, "sla.yaml")
    try:
        given = calendars or {"office": OFFICE, "nights": NIGHTS}
        return [str(fault) for fault in lint_sla(document, parse(document, SlaFile), given)]  # type: ignore[arg-type]
    except Faults as wrong:
        return [str(fault) for fault in wrong.faults]


def test_shares_are_of_the_due_time_and_days_are_working_days() -> None:
    quarter, day = Span(timedelta(minutes=15)), Span(days=1)
    tiers = parse(from_text(GOOD, "sla.yaml"), SlaFile).tiers
    assert tiers["P1"].build() == Sla(
        quarter,
        (
            Rung(quarter, "last_call", 80),
            Rung(quarter, "escalate", 100),
            Rung(quarter, "reassign", 150),
            Rung(Span(timedelta(hours=4)), "escalate"),
            Rung(Span(days=2), "expire"),
        ),
    )
    assert tiers["P3"].build().rungs[0] == Rung(day, "remind", 50)
    assert faults(GOOD) == []


AFTER = "a share of the due time such as 80%, or working time such as 30s, 15m, 4h or 2d"
SLIPS = [
    ("due: 15m", "due: 1w", "3: tiers.P1.due: got '1w', expected working time such as 30s, 15m, 4h or 2d"),
    ("80%", "0%", f"5: tiers.P1.ladder.0.after: got '0%', expected {AFTER}"),
    (
        "80%",
        "100%",
        "5: tiers.P1.ladder.0.after: got 100%, 0.25 h in calendar office; expected less than 100% for a last_call",
        "6: tiers.P1.ladder.1.after: got 100%, 0.25 h in calendar office; expected later than the step before it",
    ),
    (
        "after: 100%, step: escalate",
        "after: 110%, step: escalate",
        (
            "6: tiers.P1.ladder.1.after: got 110%, 0.275 h in calendar office; "
            "expected 100% for the first escalate, which is the breach"
        ),
    ),
    (
        "150%, step: reassign",
        "1000%, step: reassign",
        None,
    ),
    (
        "150%, step: reassign",
        "2000%, step: reassign",
        "8: tiers.P1.ladder.3.after: got 4h, 4 h in calendar office; expected later than the step before it",
    ),
    (
        "50%, step: remind",
        "50%, step: reassign",
        (
            "13: tiers.P3.ladder.0.after: got 50%, 4.25 h in calendar office; "
            "expected more than 100% for reassign, which comes after the breach"
        ),
    ),
    (
        "      - {after: 1d, step: escalate}\n",
        "",
        "12: tiers.P3.ladder: is remind, reassign, expire; expected an escalate at 100%",
    ),
    (
        "2d, step: expire}\n  P3",
        "2d, step: escalate}\n  P3",
        (
            "4: tiers.P1.ladder: is last_call, escalate, reassign, escalate, escalate; "
            "expected exactly one expire, at its end"
        ),
    ),
    (
        "tiers:\n",
        "cards_per_hour: 0\nundo_minutes: 61\ntiers:\n",
        "1: cards_per_hour: got 0, expected at least 1",
        "2: undo_minutes: got 61, expected 0 to 60",
    ),
    (
        GOOD[GOOD.index("    ladder:\n      - {after: 50%") :],
        "    ladder: []\n",
        "12: tiers.P3.ladder: is empty; expected exactly one expire, at its end",
        "12: tiers.P3.ladder: is empty; expected an escalate at 100%",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[2])
def test_each_slip_is_told(slip: tuple[str, str, str | None]) -> None:
    old, new, *expected = slip
    assert GOOD.count(old) == 1
    assert faults(GOOD.replace(old, new)) == [f"sla.yaml:{one}" for one in expected if one]


def test_a_tier_is_urgent_only_if_it_says_so() -> None:
    urgent = GOOD.replace("    due: 15m\n", "    due: 15m\n    urgent: true\n")
    tiers = parse(from_text(urgent, "sla.yaml"), SlaFile).tiers
    assert {name: tier.build().urgent for name, tier in tiers.items()} == {"P1": True, "P3": False}


def test_a_ladder_must_rise_in_every_calendar_and_the_first_that_it_does_not_rise_in_is_named() -> None:
    assert faults(GOOD, office=OFFICE, riyadh=LONG_DAYS, slow=LONG_DAYS) == [
        "sla.yaml:15: tiers.P3.ladder.2.after: got 9h, 9 h in calendar riyadh; expected later than the step before it"
    ]
