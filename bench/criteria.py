"""Criteria at work under the shipped configuration: how many leads are judged in a second of one core."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.table import Row
from bot.config import load
from bot.criteria.assess import assess
from bot.criteria.days import daily
from bot.lead import Lead, Signal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEADS = 100
SIGNALS = 50
ROUNDS = 100
TITLES = ("Head of Data", "VP Sales", "Chief Marketing Officer", "Account Executive", "Software Engineer", "Intern")


def criteria() -> Iterator[Row]:
    """Everything that is measured of criteria."""
    yield _assess()


def _assess() -> Row:
    """Leads no two of which are alike, each with signals of all types over three months: days, points, data checks.

    The best of many short rounds: what else the machine does can only make one slower.
    """
    policy = load.parse(load.texts(None))
    types, chance = list(policy.criteria.signals), random.Random(1)  # the same leads in every run
    leads = [(_lead(number, chance), _signals(number, types, chance)) for number in range(LEADS)]
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for lead, signals in leads:
            assess(lead, daily(signals, NOW), policy.criteria, NOW)
        rates.append(LEADS / (time.process_time() - started))
    return Row(f"assess a lead with {SIGNALS} signals: leads a second of one core", max(rates), "1/s", 3_000)


def _lead(number: int, chance: random.Random) -> Lead:
    return Lead(
        email=f"person{number}@company{number}.example",
        company=f"Company {number}",
        title=f"{chance.choice(TITLES)} {number}",
        phone=f"+44 20 7946 {number:04}",
        country=chance.choice(["DE", "GB", "Norway"]),
        attributes={
            "employees": chance.randint(1, 6_000),
            "industry": chance.choice(["Computer Software", "Retail", "Mining"]),
            "technology": chance.choice(["Salesforce", "SAP"]),
        },
    )


def _signals(number: int, types: list[str], chance: random.Random) -> list[Signal]:
    moments = (NOW - timedelta(minutes=chance.randint(0, 90 * 24 * 60)) for _ in range(SIGNALS))
    return [Signal(f"{number}-{place}", chance.choice(types), at) for place, at in enumerate(moments)]
