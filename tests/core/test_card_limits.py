"""However much there is to say and whatever it holds, a card is short, and Slack takes it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks import changes, ids
from bot.blocks.card import card
from bot.clock.calendar import ROUND_THE_CLOCK
from bot.clock.ladder import Step
from bot.clock.why import why
from bot.criteria.assess import Assessment
from bot.criteria.checks import Checked
from bot.criteria.rules import Outcome
from bot.criteria.score import Line
from bot.handoff.case import Case, Heard
from bot.handoff.states import State
from bot.lead import Lead, Leave
from tests.core.card_kit import buttons, case, line, lines, texts
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

HOSTILE = ["x" * 3000, "&" * 3000, "<!channel>" * 300, "\u202e*_~`" * 600, "😀" * 1500, "a\nb" * 1000]


SNOOZED = {"snoozed_until": NOW + HOUR, "steps": (Step(NOW + HOUR, "remind"), Step(NOW + 4 * HOUR, "escalate"))}
OVERDUE = {"breached_by": "ana"}
CLOCKS: list[dict[str, Any]] = [SNOOZED, OVERDUE, {**SNOOZED, **OVERDUE}]


def hostile(text: str, *, barred: bool, **changed: Any) -> Case:
    """A card on which whatever can be long is long, and every line is there that can be."""
    ana = replace(POLICY.people.persons["ana"], name=text, delegate="ben")
    people = replace(POLICY.people, persons={**POLICY.people.persons, "ana": ana})
    lead = Lead(
        **dict.fromkeys(["email", "name", "company", "title", "phone", "country", "source", "campaign"], text),  # type: ignore[arg-type]
    )
    told = [Line("fit", text, outcome, points, 5) for points in (900, -900) for outcome in Outcome for _ in range(9)]
    told += [Line("fast track", text, Outcome.MET), *([Line("disqualifier", text, Outcome.MET)] if barred else [])]
    told += [Line("disqualifier", text, Outcome.WRONG_TYPE)] * 9
    checks = tuple(Checked(field, True, fault) for field in ("email", "phone", text) for fault in (text, None)) * 9
    found = Assessment("v", NOW, "A", 1, 10**15 + 1, 10**15, "P1", text, tuple(told), checks, withdrawn=barred)
    heard = (Heard(text, NOW, text),) * 3
    return Case(
        handoff=handoff(raised_from=text, **{"tier": "P1", **changed}), lead=lead, assessment=found, latest=heard,
        news=heard, people=people, reasons=POLICY.reasons, unknown=(text,) * 40,
        deadline=why(ROUND_THE_CLOCK, NOW, NOW + 4 * HOUR), away=Leave(NOW.date(), None, text),
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:8]))
@pytest.mark.parametrize("barred", [False, True])
@pytest.mark.parametrize("state", State)
def test_whatever_a_label_or_a_value_holds_slack_takes_the_card(state: State, text: str, barred: bool) -> None:
    one = hostile(text, barred=barred, state=state, decided_at=NOW, comment=text, **SNOOZED)
    for drawn in (
        card(one),
        *(changes.raised(one, tier, "C0SALES") for tier in ("P1", text)),
        changes.barred(one, "C0SALES"),
    ):
        said = {"text": drawn.text, "blocks": drawn.blocks}
        assert check.call("chat.update", {"channel": "C1", "ts": "1.2", **said}) == []
        assert 0 < len(drawn.text) <= 4000
        assert all(0 < len(paragraph) <= 3000 for paragraph in texts(drawn))
        assert "<!channel" not in json.dumps(drawn.blocks) + drawn.text


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("barred", [False, True])
@pytest.mark.parametrize("state", State)
def test_no_card_has_more_than_ten_lines_above_its_buttons(state: State, barred: bool, clock: dict[str, Any]) -> None:
    decided: dict[str, Any] = {"decided_at": NOW, "decided_by": "ana"} if state is not State.OFFERED else {}
    decided |= {"undo_until": NOW + HOUR} if state in {State.ACCEPTED, State.REJECTED, State.VOID} else {}
    for text in ("x", "y" * 3000):
        assert len(lines(hostile(text, barred=barred, state=state, **decided, **clock))) <= 10


def test_why_this_score_is_asked_wherever_the_score_is_shown() -> None:
    for state in State:
        one = case(state=state, decided_at=NOW, decided_by="ana")
        assert (ids.WHY in buttons(one)) == bool(line(one, "*Fit"))
        assert ids.WHY not in buttons(replace(one, assessment=None)), "there is none"


def test_a_hand_off_without_an_assessment_still_has_its_card() -> None:
    one = replace(case(), assessment=None)
    assert line(one, "*Fit") == ""
    assert "*Why now*" in lines(one)
    assert "elena@vialetto.example · ✗ phone is missing · IT" in lines(one)[-1]
