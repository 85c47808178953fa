"""A small configuration folder that is right, and how tests get one thing in it wrong."""

from pathlib import Path

import pytest

from bot.config.load import parse
from bot.yamlfile import Faults

CRITERIA = """\
tiers:
  P1: [A1, B1]
  P2: [A2]
derived:
  seniority:
    field: title
    values:
      head: [head of, vp]
      staff: [analyst]
fit:
  grades: {A: 20, B: 10, C: 5}
  rules:
    - label: Senior
      points: 15
      when: {field: seniority, equals: head}
    - first_of:
        - label: Mid size
          points: 10
          when: {field: employees, at_least: 50, at_most: 500}
        - label: Small
          points: -5.5
          when: {field: employees, below: 50}
    - label: Known industry
      points: 5
      when:
        any:
          - {field: industry, contains: [software, energy]}
          - {field: sic, matches: "^73"}
behaviour:
  grades: {1: 20, 2: 10, 3: 5}
  signals:
    demo: {label: Demo, points: 20, cap: 40, half_life: 30d, intent: true}
    visit:
      label: Visit
      points: 0.5
      cap_per_day: 2
      cap: 10
      half_life: 7d
    open: {label: Opened, points: 0}
    minutes: {label: Minutes watched, points: 0, per_value: 0.1, cap: 10}
    bye: {label: Said no, points: -5, cap: 5}
fast_tracks:
  - label: Asked for a demo
    signals: [demo]
    within: 2w
    tier: P1
disqualifiers:
  - {label: Said no for good, signal: bye, lifted_by: demo, voids_card: true}
  - label: Competitor
    when: {field: relationship, equals: competitor}
data:
  email: {needed: true, accept: [business]}
  phone: {}
crossing: {cooldown: 30d, recycle_after: 8w}
"""
PEOPLE = """\
persons:
  ana: {name: Ana Ruiz, slack: U1, role: rep}
  bob: {name: Bob Roy, slack: W2, role: rep}
  max: {name: Max Weber, slack: U3, role: manager}
  mia: {name: Mia Chen, slack: U4, role: marketing}
teams:
  emea:
    name: EMEA
    channel: C1
    manager: max
    members:
      - ana
      - max
  apac:
    name: APAC
    channel: G2
    manager: max
    members: [bob]
feedback_channel: C9
"""
ROUTED = """\
persons:
  ana:
    name: Ana Ruiz
    slack: U1
    role: rep
    zone: Europe/Madrid
    on_call: nights
    away:
      - {on: 2026-08-03, to: 2026-08-07, label: Holiday}
      - {on: 2026-10-12, label: A wedding}
    delegate: bob
    weight: 2
    skills: [french, support]
    accounts: [acme.example, Globex.example]
    known_as: [ana.ruiz, 4711]
    capacity: {open: 5}
  bob: {name: Bob Roy, slack: W2, role: rep, calendar: nights, delegate: max, skills: [french]}
  cat: {name: Cat Li, slack: U5, role: rep, weight: 0}
  max: {name: Max Weber, slack: U3, role: manager}
  mia: {name: Mia Chen, slack: U4, role: marketing}
teams:
  emea:
    name: EMEA
    channel: C1
    manager: max
    members: [ana, cat]
    capacity: {open: 9, per_day: 4}
  apac:
    name: APAC
    channel: G2
    manager: max
    members: [bob]
    calendar: office
routing:
  owner_field: crm_owner
  rules:
    - label: Asia
      when: {field: country_code, in: [JP, KR]}
      teams: [apac]
    - label: French
      when: {field: language, equals: French}
      skills: [french]
    - label: Users
      when: {field: relationship, equals: user}
      teams: [emea]
      skills: [french, support]
  otherwise: [emea]
feedback_channel: C9
ops_channel: C8
"""
SLA = """\
undo_minutes: 5
cards_per_hour: 7
tiers:
  P1:
    due: 30m
    ladder:
      - {after: 30s, step: remind}
      - {after: 100%, step: escalate}
      - {after: 5d, step: expire}
  P2:
    due: 2h
    ladder: [{after: 2h, step: escalate}, {after: 1d, step: expire}]
"""
REASONS = """\
reasons:
  JUNK:
    label: Junk
    family: DATA
    follow_up:
      kind: choice
      label: What is it?
      options:
        test: A test
        spam: Spam
  DUPLICATE:
    label: Known
    family: DATA
    follow_up: {kind: text, label: Link}
    consequence: void
    recycle_after: never
  TIMING:
    label: Later
    family: READINESS
    follow_up: {kind: date, label: When?}
  OTHER:
    label: Else
    family: OTHER
    follow_up: {kind: text, label: What?, min_length: 15}
    recycle_after: 26w
  ROUTE_OWNED:
    label: Not mine
    family: ROUTE
    follow_up: {kind: person, label: Whose?}
    consequence: reroute
"""
CALENDAR = """\
default: office
calendars:
  office:
    zone: Europe/Rome
    country: IT
    hours:
      mon-fri: [09:00-13:00, 14:00-18:00]
    days:
      - {on: 12-24, label: Christmas Eve, until: 13:00}
      - {on: 2026-08-10, to: 2026-08-14, label: Summer}
  nights:
    zone: Asia/Tokyo
    hours: {sun-thu: [22:00-06:00]}
"""
GOOD = {
    "criteria.yaml": CRITERIA,
    "people.yaml": PEOPLE,
    "sla.yaml": SLA,
    "reasons.yaml": REASONS,
    "calendar.yaml": CALENDAR,
}
WHOLE = GOOD | {"people.yaml": ROUTED}
"""The folder in which people.yaml says all it can."""


def write(folder: Path, files: dict[str, str]) -> Path:
    """The files in the folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(files: dict[str, str]) -> list[str]:
    """The faults of a folder, line by line."""
    with pytest.raises(Faults) as caught:
        parse(files)
    return [str(fault) for fault in caught.value.faults]


def edited(name: str, old: str, new: str, good: dict[str, str] = GOOD) -> dict[str, str]:
    """The good folder with one passage of one file replaced."""
    assert good[name].count(old) == 1, f"{old!r} must stand in {name} once"
    return good | {name: good[name].replace(old, new)}
