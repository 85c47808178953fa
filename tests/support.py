"""What many tests start from: a small company, its policy in force, a lead that crosses, a card that is open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.config import load
from bot.config.policy import Policy
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal
from bot.moves.carry import Click
from bot.moves.receive import Incoming, receive
from bot.store import handoffs, policies
from bot.store.engine import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U0ANA, role: rep}
  ben: {name: Ben Okafor, slack: U0BEN, role: rep}
  maya: {name: Maya Lindqvist, slack: U0MAYA, role: manager}
  tom: {name: Tom Weber, slack: U0TOM, role: marketing}
teams:
  sales: {name: Sales, channel: C0SALES, manager: maya, members: [ana, ben]}
feedback_channel: C0FEEDBACK
"""

# Simple on purpose: nothing decays, whoever they are; 60 points are an MQL, and a test can add them up in its head.
CRITERIA = """
tiers: {P1: [A1], P2: [B1, C1, D1]}
fit:
  grades: {A: 40, B: 20, C: 10}
  rules:
    - {label: Senior title, points: 40, when: {field: title, contains: [chief, vp]}}
    - {label: Known company size, points: 20, when: {field: employees, at_least: 1}}
    - {label: Knows a country, points: 10, when: {field: country, is_blank: false}}
behaviour:
  grades: {1: 60, 2: 30, 3: 10}
  signals:
    demo_request: {label: Asked for a demo, points: 60, intent: true}
    pricing_request: {label: Asked for a quote, points: 60, intent: true}
    webinar_attended: {label: Attended a webinar, points: 15}
    page_visit: {label: Visited a page, points: 1}
    email_open: {label: Opened an e-mail, points: 0}
    unsubscribed: {label: Unsubscribed, points: -30}
    product_used: {label: Used the product, points: 5, intent: true}
    opt_out: {label: Asked not to be contacted, points: 0}
    opt_in: {label: Allowed contact again, points: 0}
fast_tracks:
  - {label: Uses the product, signals: [product_used], at_least: 3, within: 14d, tier: P1}
disqualifiers:
  - {label: Must not be contacted, signal: opt_out, lifted_by: opt_in, voids_card: true}
  - {label: Competitor, when: {field: relationship, equals: competitor}}
crossing: {cooldown: 30d, recycle_after: 60d}
"""

# Every minute counts, and a day has 24 hours, so that a test can add up times too; tests of the clock bring their own.
CALENDAR = """
default: always
calendars:
  always: {zone: UTC, hours: {mon-sun: [00:00-24:00]}}
"""

SLA = """
undo_minutes: 10
cards_per_hour: 20
tiers:
  P1:
    due: 15m
    urgent: true
    ladder:
      - {after: 12m, step: remind}
      - {after: 15m, step: escalate}
      - {after: 2d, step: expire}
  P2:
    due: 4h
    ladder:
      - {after: 2h, step: remind}
      - {after: 4h, step: escalate}
      - {after: 2d, step: expire}
  P3:
    due: 1d
    ladder:
      - {after: 12h, step: remind}
      - {after: 1d, step: escalate}
      - {after: 2d, step: expire}
"""

TEXTS = {
    **load.texts(None),
    "people.yaml": PEOPLE,
    "criteria.yaml": CRITERIA,
    "sla.yaml": SLA,
    "calendar.yaml": CALENDAR,
}
POLICY: Policy = load.parse(TEXTS)
EVERYBODY = ["U0ANA", "U0BEN", "U0MAYA", "U0TOM", "U0STRANGER"]


def in_force(store: Store, **texts: str) -> Store:
    """The store with the company's configuration applied; files may be given by name (`sla="…"`)."""
    files = TEXTS | {f"{name}.yaml": text for name, text in texts.items()}
    with store.transaction() as tx:
        policies.apply(tx, _parsed(frozenset(files.items())), files, NOW)
    return store


@cache
def _parsed(files: frozenset[tuple[str, str]]) -> Policy:
    """Once for each folder: hundreds of tests begin with the same one."""
    return load.parse(dict(files))


def hot(name: str = "elena", *, at: datetime = NOW, **fields: str) -> Incoming:
    """A lead that crosses by one signal."""
    known = {"email": f"{name}@vialetto.example", "name": name.title(), "source": "webinar", "campaign": "Q4 webinar"}
    return Incoming(Lead(**{**known, **fields}), [Signal(f"{name}-demo", "demo_request", at, "please call")])


def offered(store: Store, name: str = "elena", now: datetime = NOW) -> Handoff:
    """A hand-off that has just been offered."""
    received = receive(store, now, hot(name, at=now))
    assert received.handoff_id is not None, received
    return standing(store, received.handoff_id)


def standing(store: Store, handoff_id: int) -> Handoff:
    """The hand-off as the database has it."""
    with store.reading() as tx:
        handoff = handoffs.get(tx, handoff_id)
    assert handoff is not None
    return handoff


def by(slack: str, handoff: Handoff | int) -> Click:
    """A press on a hand-off's card."""
    return Click(handoff if isinstance(handoff, int) else handoff.id, slack, "C0SALES")


def owner_slack(handoff: Handoff) -> str:
    """The Slack id of the owner."""
    return POLICY.people.slack_of(handoff.owner) or ""


def handoff(**changes: object) -> Handoff:
    """A hand-off of the company that was never stored: open, Ana's, offered at NOW."""
    plain = Handoff(
        id=1,
        lead_id=1,
        number=1,
        state=State.OFFERED,
        version=1,
        owner="ana",
        team="sales",
        channel="C0SALES",
        tier="P2",
        policy=POLICY.version,
        source="webinar",
        campaign="Q4 webinar",
        offered_at=NOW,
        due_at=NOW + 4 * HOUR,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
