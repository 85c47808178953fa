"""The words of the criteria: the definition in a few lines, scores a salesperson can follow, forms Slack takes."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.blocks import why
from bot.blocks.criteria_words import either, moment, points
from bot.blocks.definition import definition, definition_blocks, definition_in_force
from bot.blocks.explained_text import explained_text, unknown_text
from bot.blocks.explained_words import Row, behaviour_rows, check_rows, disqualifier_rows, fit_rows, track_rows, verdict
from bot.blocks.outlook_words import outlook, standing_words
from bot.criteria.checks import Checked
from bot.criteria.days import daily
from bot.criteria.definition import Criteria, Disqualifier, FastTrack, FitRule, SignalRule
from bot.criteria.explain import Explanation, Told, explain
from bot.criteria.rules import Outcome
from bot.criteria.rules import Test as Comparison
from bot.criteria.score import Line
from bot.handoff.crossing import Held
from bot.handoff.explained import HandoffExplained, LeadExplained, Standing
from bot.handoff.routing import Entry
from bot.handoff.states import State
from bot.lead import Lead, Signal
from tests.core.test_explain import ELENA, NOW, SHIPPED, heard, told
from tests.schemas import check
from tests.support import HOUR, POLICY, handoff

HOSTILE = "<!channel> *bold* _x_ & `y` \x00\x1b[31m\n\u202e" + "w" * 300


@pytest.mark.parametrize(
    ("hundredths", "plain", "signed"),
    [
        (0, "0", "0"),
        (1250, "12.5", "+12.5"),
        (100, "1", "+1"),
        (1000, "10", "+10"),
        (-29, "−0.29", "−0.29"),
        (5, "0.05", "+0.05"),
    ],
)
def test_points_are_written_as_people_write_them(hundredths: int, plain: str, signed: str) -> None:
    assert (points(hundredths), points(hundredths, signed=True)) == (plain, signed)


def test_a_list_in_words() -> None:
    assert [either(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]


# The definition


def test_the_shipped_definition_stands_in_under_fifteen_lines_of_a_terminal() -> None:
    lines = definition_in_force(SHIPPED, NOW).splitlines()
    assert len(lines) < 15
    assert max(map(len, lines)) <= 110
    assert lines[0] == f"Criteria      version {SHIPPED.version}, in force since 2026-03-02 09:00 UTC"


def test_the_shipped_definition_leaves_out_none_of_who_is_a_fit_and_none_of_what_makes_or_bars_an_mql() -> None:
    said = " ".join(definition_in_force(SHIPPED, None).split())
    rules = (*SHIPPED.fit, *SHIPPED.fast_tracks, *SHIPPED.disqualifiers)
    assert [rule.label for rule in rules if rule.label not in said] == []
    for words in (
        "P2: A2, B1, B2",
        "B from 30",
        "by half in 7 to 90 days",
        "e-mail (business or free)",
    ):
        assert words in said


def huge(label: str = "rule") -> Criteria:
    """A folder with a hundred and twenty of everything."""
    names = [f"{label} {n}" for n in range(120)]
    test = Comparison("x", "equals", (1,))
    return replace(
        SHIPPED,
        tiers=dict.fromkeys(names, ("A1",)),
        fit=tuple(FitRule(name, 100, test, n // 3 if n % 2 else None) for n, name in enumerate(names)),
        signals={name: SignalRule(name, (-1) ** n * 100, half_life=n + 1) for n, name in enumerate(names)},
        fast_tracks=tuple(FastTrack(name, (name,), 14, "P1") for name in names),
        disqualifiers=tuple(Disqualifier(name, test) for name in names),
    )


@pytest.mark.parametrize("label", ["rule", HOSTILE])
def test_however_many_rules_there_are_the_definition_stays_short_and_counts_what_it_leaves_out(label: str) -> None:
    lines = definition_in_force(huge(label), NOW).splitlines()
    assert len(lines) < 15
    assert max(map(len, lines)) <= 110
    for noun in ("signals", "rules", "fast tracks", "tiers"):
        assert any(f"more {noun}" in line for line in lines), noun


def test_what_is_counted_and_what_is_shown_add_up() -> None:
    words = definition_in_force(huge(), NOW).partition("\nBehaviour")[2].partition("\nFast tracks")[0]
    assert words.count("rule") + int(words.rpartition("… and ")[2].split()[0]) == 120


def test_nothing_to_say_is_not_said() -> None:
    bare = replace(SHIPPED, fit=(), signals={}, fast_tracks=(), disqualifiers=(), checks=())
    assert [said.heading for said in definition(bare)] == ["MQL", "Fit", "Behaviour", "Once more"]


@pytest.mark.parametrize("criteria", [SHIPPED, huge(), huge(HOSTILE)], ids=["shipped", "huge", "hostile"])
def test_slack_takes_the_definition(criteria: Criteria) -> None:
    drawing = definition_blocks(criteria, NOW)
    assert check.blocks(drawing.blocks) == []
    assert "<!channel>" not in str(drawing)
    assert "<!date^" in drawing.text


# An assessment


def said(rows: Iterable[Row]) -> list[str]:
    return [" ".join(filter(None, row)) for row in rows]


def test_fit_is_told_as_what_holds_what_nobody_knows_and_what_does_not_hold() -> None:
    assert said(fit_rows(told(ELENA))) == [
        "✓ +20 Leads a department",
        "✓ +20 50 to 1,000 employees",
        "✓ +10 Works where our product is used",
        "✓ +10 Country we sell to",
        "? industry is not known: Industry we know +10",
        "? technology is not known: Uses a system we connect to +10",
        "✗ Decides on a budget: no (would be +25 instead of +20)",
        "– Personal mailbox: no (would be −10)",
    ]


def test_a_title_that_says_nothing_and_a_number_in_letters_are_told_as_such() -> None:
    rows = said(fit_rows(told(Lead(title="Wizard", email="a@gmail.com", attributes={"employees": "many"}))))
    assert rows[0] == "✗ −10 Personal mailbox"
    assert rows[1].startswith("! employees is written in a way that the rule cannot read: 50 to 1,000 employees +20, ")
    assert (
        "? title does not tell the seniority: Decides on a budget +25, Leads a department +20, Leads a team +10" in rows
    )


@pytest.mark.parametrize(
    ("signals", "row"),
    [
        (heard("demo_request"), "✓ +50 Asked for a demo: today"),
        (heard("webinar_attended", ago=1), "✓ +14.66 Attended a webinar: yesterday, 15 when fresh"),
        (heard("webinar_attended", ago=8), "✓ +12.47 Attended a webinar: 8 days ago, 15 when fresh"),
        (
            heard("content_download") + heard("content_download", ago=2),
            "✓ +15.64 Downloaded content: 2 times, last today, 16 when fresh",
        ),
        (heard(*["page_visit"] * 9), "✓ +5 Visited a page: 9 times, last today, capped at 5"),
        (heard("careers_page_visit"), "✗ −10 Looked at jobs: today"),
        (heard("email_open", "email_open"), "– 0 Opened an e-mail: 2 times, last today"),
        (heard("ebook"), "! Counts for nothing, for no rule knows it: ebook"),
    ],
)  # fmt: skip
def test_a_signal_is_told_with_how_often_when_and_what_became_of_its_points(signals: list[Signal], row: str) -> None:
    assert row in said(behaviour_rows(told(ELENA, *signals)))


def test_a_signal_worth_by_its_value_is_capped_too() -> None:
    minutes = SignalRule("Watched the film", 0, per_value=100, cap=1000, half_life=7)
    criteria = replace(SHIPPED, signals={"film": minutes})
    for value, row in ((3.0, "✓ +3 Watched the film: today"), (30.0, "✓ +10 Watched the film: today, capped at 10")):
        explanation = told(ELENA, Signal("1", "film", NOW, value=value), criteria=criteria)
        assert said(behaviour_rows(explanation)) == [row]


def test_what_was_not_heard_of_is_one_line() -> None:
    rows = said(behaviour_rows(told(ELENA)))
    assert len(rows) == 1
    assert all(rule.label in rows[0] for rule in SHIPPED.signals.values())


def test_fast_tracks_say_how_far_they_are() -> None:
    kid = Lead(email="kid@gmail.com")
    rows = said(track_rows(told(kid, *heard("demo_request", "trial_request", "product_used"))))
    assert rows == [
        "✓ Asked to be called: 1 in the last 14 days, makes it P1",
        "– Started a trial: only for fit A, B or C, not D",
        "– Uses the product: 1 of 3 in the last 14 days",
    ]


def test_what_bars_a_lead_is_told_first() -> None:
    lead = Lead(title="Intern", attributes={"relationship": "competitor"})
    assert said(disqualifier_rows(told(lead, *heard("opt_out", ago=3)))) == [
        "✗ Asked not to be contacted, 3 days ago: this beats all points",
        "✗ Competitor: this beats all points",
        "✗ Student or job seeker: this beats all points",
        "? opted out is not known: Opted out of contact",
        "✓ Not so: Existing customer",
    ]


def test_data_checks() -> None:
    checks = [
        Checked("email", True, None),
        Checked("phone", False, "is missing"),
        Checked("company", True, "is missing"),
    ]
    assert said(check_rows(checks)) == [
        "✓ e-mail",
        "! phone is missing",
        "✗ company is missing: without it there is no card",
    ]


@pytest.mark.parametrize(
    ("lead", "signals", "words"),
    [
        (ELENA, heard("demo_request"), "A1, MQL of tier P1"),
        (Lead(), heard("demo_request"), "D1, MQL of tier P1, because: Asked to be called"),
        (Lead(), [], "D4, no MQL"),
        (ELENA, heard("demo_request", "opt_out"), "A1, but disqualified: Asked not to be contacted"),
    ],
)
def test_the_verdict_in_one_line(lead: Lead, signals: list[Signal], words: str) -> None:
    assert verdict(told(lead, *signals).assessment) == words


# What would change it


def test_the_next_behaviour_is_told_with_the_signals_that_bring_it() -> None:
    asked = "“Asked for a demo”, “Asked to talk to sales”, “Asked for a quote” or “Started a trial”"
    assert list(outlook(told(ELENA, *heard("webinar_attended"))))[:2] == [
        "Behaviour 2 takes 10 points more.",
        f"{asked} today would make it A1, MQL of tier P1.",
    ]


def test_the_next_fit_is_told_with_what_could_bring_it() -> None:
    [fit] = [one for one in outlook(told(replace(ELENA, country=None, attributes={}))) if one.startswith("Fit")]
    assert fit == (
        "Fit A takes 20 points more and would make it A4, no MQL. Open: 50 to 1,000 employees +20 (not known yet), "
        "Industry we know +10 (not known yet), Country we sell to +10 (not known yet), "
        "Uses a system we connect to +10 (not known yet) and 1 more."
    )


def test_a_fit_out_of_reach_is_told_as_such() -> None:
    poor = replace(
        SHIPPED, fit=(FitRule("Big", 100, Comparison("employees", "at_least", (50,))),), fit_from=(900, 800, 700)
    )
    assert next(iter(outlook(told(Lead(), criteria=poor)))).endswith(
        "takes 7 points more and would make it C4, no MQL: out of reach, for all that is open would bring 1."
    )


def test_a_disqualified_lead_is_moved_by_nothing() -> None:
    found = list(outlook(told(ELENA, *heard("opt_out", ago=1))))
    assert found == ["Nothing moves it while this holds: Asked not to be contacted."]


def test_when_a_lead_fades() -> None:
    *_, fading = outlook(told(ELENA, *heard("demo_request", "webinar_attended")))
    assert fading == "If nothing more is heard of it: A2, MQL of tier P1 in 12 days; A4, no MQL in 82 days."


# Where it stands


LATER = NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("changes", "tier", "sentences"),
    [
        ({}, None, ["It was never handed to sales, for it never crossed."]),
        ({}, "P1", ["It was never handed to sales."]),
        ({"turn": "crossed"}, "P1", ["It crosses with the next thing that is heard of it; time alone makes no card."]),
        ({"turn": "fell"}, None, ["It was an MQL and has faded; the next night's pass notes it."]),
        (
            {"turn": Held("crossed_lately", LATER)},
            "P1",
            ["Held back: it crossed not long ago, so it makes no new card before 2026-04-01 09:00 UTC."],
        ),
        (
            {"turn": Held("turned_down", LATER)},
            "P1",
            ["Held back: it was turned down. Only a new sign of intent from 2026-04-01 09:00 UTC on brings it back."],
        ),
        (
            {"turn": Held("turned_down", None)},
            "P1",
            ["Held back for good: it was turned down for a reason after which it does not come back."],
        ),
        (
            {"waiting": (Entry("data-fix", 1, None, "company is missing", NOW),)},
            "P1",
            ["Waits in queue data-fix since 2026-03-02 09:00 UTC: company is missing."],
        ),
        (
            {"handoff": handoff()},
            "P1",
            ["Hand-off 1, offered to Ana Ruiz 2026-03-02 09:00 UTC: nobody has answered yet."],
        ),
        (
            {"handoff": handoff(owner="ben", owner_since=NOW + HOUR)},
            "P1",
            ["Hand-off 1, offered 2026-03-02 09:00 UTC, now with Ben Okafor: nobody has answered yet."],
        ),
        (
            {"handoff": handoff(state=State.WON, owner="gone", imported=True)},
            "P1",
            ["Hand-off 1 (imported), offered to gone 2026-03-02 09:00 UTC: won."],
        ),
        (
            {"handoff": handoff(), "turn": "crossed"},
            "P1",
            ["Hand-off 1, offered to Ana Ruiz 2026-03-02 09:00 UTC: nobody has answered yet."],
        ),
    ],
)
def test_where_a_lead_stands(changes: dict[str, object], tier: str | None, sentences: list[str]) -> None:
    standing = replace(Standing(1, None, (), None, POLICY.people), **changes)  # type: ignore[arg-type]
    assert list(standing_words(standing, tier, moment)) == sentences


# In a terminal and in Slack


@cache
def hostile(label: str) -> Explanation:
    criteria = huge(label)
    signals = [Signal(name, name, NOW, HOSTILE) for name in criteria.signals]
    return explain(Lead(name=HOSTILE, company=HOSTILE, title=HOSTILE), daily(signals, NOW), criteria, NOW)


def test_a_terminal_gets_lines_of_at_most_110_characters_and_no_control_characters() -> None:
    lead = Lead(name=HOSTILE, email="a@x.example")
    for explanation in (told(ELENA, *heard("demo_request")), hostile(HOSTILE)):
        lines = explained_text(LeadExplained(lead, explanation, None)).splitlines()
        assert max(map(len, lines)) <= 110
        assert all(character.isprintable() for line in lines for character in line)


def shown(explanation: Explanation | None, today: Explanation | None = None) -> HandoffExplained:
    offered = explanation.assessment if explanation else None
    return HandoffExplained(handoff(), Lead(name=HOSTILE), explanation, offered, today)


@pytest.mark.parametrize(
    "explained",
    [
        lambda: shown(told(ELENA, *heard("demo_request")), told(ELENA)),
        lambda: shown(None),
        lambda: shown(None, told(ELENA)),
        lambda: shown(hostile("rule"), hostile("rule")),
        lambda: shown(hostile(HOSTILE), hostile(HOSTILE)),
    ],
    ids=["plain", "none kept", "none kept, live", "huge", "hostile"],
)
def test_slack_takes_the_form(explained: Callable[[], HandoffExplained]) -> None:
    view = why.view(explained())
    assert check.view(view) == []
    assert len(view["blocks"]) <= 100
    assert "<!channel>" not in str(view)


@pytest.mark.parametrize("character", ["&", "語"])
def test_a_form_that_would_be_too_long_says_where_the_rest_is_and_keeps_the_outlook(character: str) -> None:
    lines = tuple(Line("fit", f"{n} " + character * 60, Outcome.MET, 100, 100) for n in range(2_000))
    found = told(ELENA)
    rules = tuple(Told(line, None, ()) for line in lines)
    long = replace(found, rules=rules, assessment=replace(found.assessment, lines=lines))
    view = why.view(shown(long, found))
    assert check.view(view) == []
    assert "`baton criteria explain` shows all of them" in str(view)
    assert "What would change it" in str(view)


def test_no_rule_is_left_out_of_the_form_of_the_shipped_criteria() -> None:
    text = str(why.view(shown(told(ELENA))))
    assert [one.line.label for one in told(ELENA).rules if one.line.label not in text] == []


def test_the_form_says_what_it_was_when_it_was_offered_only_where_that_was_another_day() -> None:
    now = told(ELENA, *heard("demo_request"))
    before = replace(told(ELENA).assessment, at=NOW - timedelta(days=2))
    assert "when it was offered" not in str(why.view(shown(now)))
    assert "when it was offered: A4, no MQL" in str(why.view(replace(shown(now), offered=before)))


def test_the_form_says_so_where_the_lead_is_another_today() -> None:
    now, later = told(ELENA, *heard("demo_request")), told(ELENA)
    assert "Judged anew it is A4, no MQL" in str(why.view(shown(now, later)))
    assert "Judged anew" not in str(why.view(shown(now, now)))


def test_types_that_no_rule_knows_are_a_table() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC).date()
    assert unknown_text([("ebook", 12, 3, day)]).splitlines() == [
        "  signals      leads  last day    type",
        "       12          3  2026-03-01  ebook",
    ]
    assert unknown_text([]) == "every type of signal that came in has a rule"
