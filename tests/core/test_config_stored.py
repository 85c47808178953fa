"""A version that an older release stored, without calendar.yaml: it keeps its name and meaning, or says it cannot."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK
from bot.config.load import parse
from bot.yamlfile import Faults, from_text
from tests.core.config_kit import GOOD, WHOLE, edited

FORMER = ("criteria.yaml", "people.yaml", "sla.yaml", "reasons.yaml")
SLA = """\
undo_minutes: 10
tiers:
  P1:
    due: 30m
    ladder: [{after: 12h, step: remind}, {after: 1d, step: escalate}, {after: 2d, step: expire}]
  P2:
    due: 4h
    ladder: [{after: 20h, step: remind}, {after: 1d, step: expire}]
"""
OLD = {name: GOOD[name] for name in FORMER} | {"sla.yaml": SLA}
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_it_keeps_its_name() -> None:
    written = json.dumps([[name, from_text(OLD[name], name).data] for name in FORMER], separators=(",", ":"))
    assert parse(OLD, lints=False).version == hashlib.sha256(written.encode()).hexdigest()[:12]


def test_a_calendar_that_is_given_counts_towards_the_name() -> None:
    assert parse(OLD | {"calendar.yaml": GOOD["calendar.yaml"]}, lints=False).version != parse(OLD, lints=False).version


def test_every_minute_counts_as_it_did() -> None:
    policy = parse(OLD, lints=False)
    assert list(policy.calendars.values()) == [ROUND_THE_CLOCK]
    assert policy.hours_of("ana") == ROUND_THE_CLOCK
    made = ladder.build(policy.slas["P1"], FRIDAY, policy.hours_of("ana"))
    assert made.due_at == FRIDAY + timedelta(minutes=30)
    hours = {step.step: (step.at - FRIDAY) / timedelta(hours=1) for step in made.steps}
    assert hours == {"remind": 12, "escalate": 24, "expire": 48}


def test_what_newer_lints_would_refuse_is_no_fault_of_it() -> None:
    with pytest.raises(Faults):
        parse(OLD)
    route = OLD | edited("reasons.yaml", "family: READINESS", "family: ROUTE", OLD)
    assert parse(route, lints=False).reasons["TIMING"].consequence == "reject"


@pytest.mark.parametrize("due", ["1w", "1440m"])
def test_spans_that_are_gone_are_faults_of_the_shape(due: str) -> None:
    with pytest.raises(Faults, match=rf"sla\.yaml:4: tiers\.P1\.due: got '{due}', expected working time such as"):
        parse(OLD | {"sla.yaml": SLA.replace("due: 30m", f"due: {due}")}, lints=False)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("calendar.yaml", "Asia/Tokyo", "Asia/Atlantis", "got 'Asia/Atlantis', expected a time zone such as"),
        ("calendar.yaml", "country: IT", "country: IT\n    region: XX", "got 'XX', expected a region of IT"),
        ("calendar.yaml", "country: IT", "country: SU", "got 'SU', expected an ISO country code"),
        ("people.yaml", "Europe/Madrid", "Europe/Kief", "got 'Europe/Kief', expected a time zone such as Europe/Kiev"),
    ],
)
def test_a_place_that_is_known_no_more_is_told_and_does_not_surprise_a_move(
    name: str, old: str, new: str, fault: str
) -> None:
    with pytest.raises(Faults) as caught:
        parse(edited(name, old, new, WHOLE), lints=False)
    [only] = caught.value.faults
    assert fault in only.problem
