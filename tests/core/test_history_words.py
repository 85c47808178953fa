"""Every kind of thing that happens has its line, whatever an older Baton kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.history_words import STEPS, WORDS, event_line, event_words
from bot.handoff.events import Detail, Event, Kind
from tests.support import NOW, POLICY

PEOPLE, REASONS = POLICY.people, POLICY.reasons


def words(kind: Kind, by: str | None = None, **detail: str | int | bool | None) -> str:
    return event_words(Event(kind, NOW, by, detail), PEOPLE, REASONS)


def test_every_kind_has_words() -> None:
    assert set(WORDS) == set(Kind)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (words(Kind.CROSSED, cell="A1", because="Asked for a demo"), "became an MQL, A1: Asked for a demo"),
        (words(Kind.CROSSED, cell="A1", because="cell A1"), "became an MQL, A1"),
        (words(Kind.QUEUED, queue="unassigned", reason="all away"), "went into the queue unassigned: all away"),
        (words(Kind.OFFERED, owner="ana", team="sales"), "offered to Ana Ruiz"),
        (words(Kind.RAISED, **{"from": "P2", "to": "P1"}), "rose from P2 to P1"),
        (words(Kind.REMINDED, step="remind", rung=0), "its owner was reminded"),
        (words(Kind.REMINDED, step="last_call", rung=1), "last call for its owner"),
        (words(Kind.ESCALATED, step="escalate", rung=2), "the manager was told"),
        (
            words(Kind.ESCALATED, step="reassign", rung=3),
            "nobody else was free to take it; the manager was told",
        ),
        (words(Kind.SNOOZED, "ana", until=NOW.isoformat()), "Ana Ruiz snoozed it until 2026-03-02 09:00 UTC"),
        (words(Kind.BREACHED, owner="ana", due=NOW.isoformat()), "became overdue, with Ana Ruiz"),
        (
            words(Kind.REROUTED, "ana", **{"from": "ana", "to": "ben"}, reason="ROUTE_CAPACITY", comment="at a fair"),
            "Ana Ruiz passed it on to Ben Okafor: No time for it now; “at a fair”",
        ),
        (
            words(Kind.REASSIGNED, **{"from": "ana", "to": "ben", "why": "nobody answered"}),
            "reassigned from Ana Ruiz to Ben Okafor: nobody answered",
        ),
        (
            words(Kind.REASSIGNED, "maya", **{"from": "ana", "to": "ben"}),
            "reassigned from Ana Ruiz to Ben Okafor, by Maya Lindqvist",
        ),
        (words(Kind.CLAIMED, "ben", **{"from": "ana", "to": "ben"}), "Ben Okafor claimed it from Ana Ruiz"),
        (
            words(Kind.REJECTED, "ana", reason="TIMING", follow_up="2026-11-01"),
            f"Ana Ruiz rejected it: {REASONS['TIMING'].label}; 2026-11-01",
        ),
        (words(Kind.REJECTED, "left", reason="GONE"), "left rejected it: GONE"),
        (words(Kind.VOIDED, because="Must not be contacted"), "void: Must not be contacted"),
        (words(Kind.UNDONE, "ana", was="rejected"), "Ana Ruiz took back what was decided: rejected"),
        (words(Kind.MARKED_AWAY, person="ana"), "Ana Ruiz counts as away from now on"),
        (
            words(Kind.RECORDED, "u17", fact="accepted", time="unknown", owner="u17"),
            "recorded from elsewhere: accepted, by u17: owner u17; when is not known",
        ),
    ],
)
def test_it_says_who_what_and_why(said: str, line: str) -> None:
    assert said == line


def test_its_line_begins_with_the_time() -> None:
    assert event_line(Event(Kind.EXPIRED, NOW), PEOPLE, REASONS) == "2026-03-02 09:00 UTC  expired, nobody had answered"


values = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.sampled_from(["ana", "TIMING", "{by}"])
keys = st.sampled_from(["from", "to", "why", "reason", "comment", "step", "cell", "until", "owner", "queue"])


@given(st.sampled_from(Kind), st.none() | st.text(max_size=9), st.dictionaries(keys | st.text(max_size=5), values))
def test_whatever_was_kept_becomes_one_line(kind: Kind, by: str | None, detail: Detail) -> None:
    line = event_line(Event(kind, NOW, by, detail), PEOPLE, REASONS)
    assert line.isprintable()


def test_the_steps_that_have_words_of_their_own_are_steps() -> None:
    assert {kind for kind, _ in STEPS} == {Kind.REMINDED, Kind.ESCALATED}
