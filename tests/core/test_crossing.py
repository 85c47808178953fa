"""When a verdict is a crossing: once per cycle, not too soon again, and after a no only by later new intent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.criteria.definition import Crossing
from bot.handoff.crossing import Held, Past, Turned, ended_at, turn
from bot.handoff.reasons import FollowUp, Reason
from bot.handoff.states import LIVE, State
from tests.support import NOW, handoff

DAY = timedelta(days=1)
RULES = Crossing(cooldown=30, recycle_after=60)
SIZE = Reason("FIT_COMPANY", "Too small", "FIT", FollowUp("text", "Why?"), recycle_after=180)
NEVER = Reason("JUNK", "Spam", "DATA", FollowUp("text", "Why?"), recycle_after="never")
LATER = Reason("TIMING", "Later", "READINESS", FollowUp("date", "When?"))
TURNED_DOWN = handoff(state=State.REJECTED, rejected_at=NOW)
REJECTED = Past(True, NOW - DAY, TURNED_DOWN)


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def asked(past: Past, *, now: float, intent: float | None = None, reason: Reason | None = None) -> Turned:
    """What an MQL verdict means `now` days after NOW, with the newest sign of intent at `intent`."""
    intent_at = None if intent is None else at(intent)
    return turn(True, replace(past, reason=reason or past.reason, intent_at=intent_at), RULES, at(now))


@pytest.mark.parametrize(
    ("mql", "stood", "crossed", "live", "expected"),
    [
        (False, False, None, False, None),
        (False, True, None, False, "fell"),
        (False, True, -1, True, "fell"),
        (True, False, None, False, "crossed"),
        (True, True, -1, False, None),
        (True, True, -1, True, None),
        (True, False, -29, False, Held("crossed_lately", at(1))),
        (True, False, -30, False, "crossed"),
        (True, False, -1, True, "crossed"),  # the line on a live hand-off waits for nothing
    ],
)
def test_without_a_no_a_verdict_that_turns_is_a_crossing_but_for_the_cooldown(
    mql: bool, stood: bool, crossed: int | None, live: bool, expected: Turned
) -> None:
    past = Past(stood, None if crossed is None else at(crossed), handoff() if live else None)
    assert turn(mql, past, RULES, NOW) == expected


@pytest.mark.parametrize(
    ("now", "intent", "expected"),
    [
        (61, None, "held"),
        (61, -1, "held"),  # what made the first card makes no second one
        (61, 59, "held"),  # too early, and time alone does not make it late enough
        (61, 60, "crossed"),
        (59, 59, "held"),
        (60, 60, "crossed"),
    ],
)
def test_after_a_no_only_a_sign_of_intent_from_after_the_wait_brings_a_lead_back(
    now: float, intent: float | None, expected: str
) -> None:
    result = asked(REJECTED, now=now, intent=intent)
    assert result == (expected if expected == "crossed" else Held("turned_down", at(60)))


def test_a_reason_may_have_a_wait_of_its_own() -> None:
    assert asked(REJECTED, now=179, intent=179, reason=SIZE) == Held("turned_down", at(180))
    assert asked(REJECTED, now=180, intent=180, reason=SIZE) == "crossed"
    assert asked(REJECTED, now=3000, intent=3000, reason=NEVER) == Held("turned_down", None)


def test_a_date_the_lead_named_is_waited_for() -> None:
    named = replace(REJECTED, handoff=replace(TURNED_DOWN, follow_up="2026-12-01"))
    first = datetime(2026, 12, 1, tzinfo=UTC)
    assert asked(named, now=200, intent=200, reason=LATER) == Held("turned_down", first)
    assert turn(True, replace(named, reason=LATER, intent_at=first), RULES, first) == "crossed"


def test_a_date_that_an_import_did_not_record_leaves_the_ordinary_wait() -> None:
    imported = replace(REJECTED, handoff=replace(TURNED_DOWN, follow_up="not recorded"))
    assert asked(imported, now=60, intent=60, reason=LATER) == "crossed"


def test_silence_is_no_no_so_new_intent_brings_an_expired_lead_back_at_once() -> None:
    expired = Past(True, NOW - DAY, handoff(state=State.EXPIRED, expired_at=NOW))
    assert asked(expired, now=0.1, intent=0.1) == "crossed"
    assert asked(expired, now=0.1, intent=0) == Held("turned_down", NOW)


def test_whoever_asks_again_is_not_kept_waiting_by_a_cooldown() -> None:
    fell = Past(False, NOW)
    assert asked(fell, now=1, intent=0) == Held("crossed_lately", at(30)), "what made it cross is no new sign"
    assert asked(fell, now=1, intent=1) == "crossed"


def test_a_card_that_was_withdrawn_was_nobodys_no() -> None:
    withdrawn = Past(False, NOW - DAY, handoff(state=State.VOID, voided_at=NOW, decided_at=NOW))
    assert asked(withdrawn, now=1, intent=1) == "crossed"
    duplicate = replace(withdrawn, handoff=handoff(state=State.VOID, voided_at=NOW, decided_by="ana"))
    assert asked(duplicate, now=1, intent=1) == Held("turned_down", at(60))


def test_a_lead_whose_only_hand_off_is_imported_is_held_like_any_other() -> None:
    imported = Past(False, NOW, handoff(state=State.ACCEPTED, imported=True))
    assert asked(imported, now=1) == Held("crossed_lately", at(30))


def test_a_lead_that_came_back_and_waits_in_a_queue_does_not_cross_again() -> None:
    back = replace(REJECTED, crossed_at=at(61))
    assert asked(back, now=62, intent=62) is None


@pytest.mark.parametrize("state", State)
def test_a_hand_off_has_ended_or_is_under_way(state: State) -> None:
    dated = replace(handoff(state=state), **{f"{word}_at": NOW for word in _DATED})
    assert (ended_at(dated) is None) == (state in LIVE)
    assert ended_at(handoff(state=state)) is None, "history import may know no time"


_DATED = ("accepted", "rejected", "voided", "expired", "qualified", "disqualified", "won", "lost", "lapsed")
PASTS = st.builds(
    Past,
    mql=st.booleans(),
    crossed_at=st.none() | st.integers(-400, 0).map(at),
    handoff=st.none() | st.sampled_from([TURNED_DOWN, handoff(), handoff(state=State.EXPIRED, expired_at=NOW - DAY)]),
    reason=st.none() | st.sampled_from([SIZE, NEVER, LATER]),
    intent_at=st.none() | st.integers(-400, 0).map(at),
)


@given(past=PASTS, later=st.integers(0, 400))
def test_after_a_no_time_alone_never_lets_a_lead_go(past: Past, later: int) -> None:
    now, then = turn(True, past, RULES, NOW), turn(True, past, RULES, NOW + later * DAY)
    if isinstance(now, Held) and now.why == "turned_down":
        came_in_time = past.intent_at is not None and now.until is not None and past.intent_at >= now.until
        assert came_in_time or isinstance(then, Held)


@given(past=PASTS, now=st.integers(0, 400))
def test_a_verdict_that_stands_falls_exactly_once_and_never_crosses_by_falling(past: Past, now: int) -> None:
    assert turn(False, past, RULES, NOW + now * DAY) == ("fell" if past.mql else None)
