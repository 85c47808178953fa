"""Each slip in people.yaml, sla.yaml and reasons.yaml is told with file, line, key and expectation."""

import pytest

from tests.core.config_kit import GOOD, REASONS, edited, told

WAIT = "whole days, such as 30d or 2w, at most ten years, or never"
LONG = "x" * 76
CODE = "X" * 41
JUNK_OPTIONS = "10: reasons.JUNK.follow_up.options"
OPTIONS = "\n".join(f"        o{number}: Option {number}" for number in range(101))

LINT = [
    # people.yaml
    (
        "people.yaml",
        "      - ana",
        "      - zoe",
        "12: teams.emea.members.0: 'zoe' is nobody; expected a key of persons",
    ),
    (
        "people.yaml",
        "manager: max\n    members:\n",
        "manager: zoe\n    members:\n",
        "10: teams.emea.manager: 'zoe' is nobody; expected a key of persons",
    ),
    (
        "people.yaml",
        "manager: max\n    members:\n",
        "manager: bob\n    members:\n",
        "10: teams.emea.manager: 'bob' has role rep; expected a person with role manager",
    ),
    (
        "people.yaml",
        "members: [bob]",
        "members: [bob, ana]",
        "18: teams.apac.members.1: 'ana' is in team emea already; expected one team per person",
    ),
    (
        "people.yaml",
        "members: [bob]",
        "members: [bob, bob]",
        "18: teams.apac.members.1: 'bob' is in team apac already; expected one team per person",
    ),
    (
        "people.yaml",
        "members: [bob]",
        "members: [mia]",
        "18: teams.apac.members.0: 'mia' has role marketing; expected a rep or a manager, who may accept leads",
    ),
    (
        "people.yaml",
        "members: [bob]",
        "members: []",
        "18: teams.apac.members: is empty; expected at least one key of persons",
    ),
    (
        "people.yaml",
        "slack: U1",
        "slack: '@ana'",
        "2: persons.ana.slack: got '@ana', expected a Slack user id such as U012AB3CD",
    ),
    (
        "people.yaml",
        "slack: U1",
        "slack: C1",
        "2: persons.ana.slack: got 'C1', expected a Slack user id such as U012AB3CD",
    ),
    (
        "people.yaml",
        "channel: C1",
        "channel: '#emea'",
        "9: teams.emea.channel: got '#emea', expected a Slack channel id such as C012AB3CD",
    ),
    (
        "people.yaml",
        "feedback_channel: C9",
        "feedback_channel: U9",
        "19: feedback_channel: got 'U9', expected a Slack channel id such as C012AB3CD",
    ),
    (
        "people.yaml",
        "slack: W2",
        "slack: U1",
        "3: persons.bob.slack: 'U1' is persons.ana.slack in line 2 already; expected each once",
    ),
    (
        "people.yaml",
        "channel: G2",
        "channel: C1",
        "16: teams.apac.channel: 'C1' is teams.emea.channel in line 9 already; expected each once",
    ),
    ("people.yaml", "name: APAC", "name: ''", "15: teams.apac.name: is blank; expected a few words"),
    (
        "people.yaml",
        "name: Bob Roy",
        f"name: {LONG}",
        f"3: persons.bob.name: got 76 characters, '{'x' * 57}…'; expected at most 75",
    ),
    (
        "people.yaml",
        "role: marketing",
        "role: boss",
        "5: persons.mia.role: got 'boss', expected one of rep, manager, marketing, ops",
    ),
    # sla.yaml
    ("sla.yaml", "cards_per_hour: 7", "cards_per_hour: -1", "2: cards_per_hour: got -1, expected at least 1"),
    ("sla.yaml", "undo_minutes: 5", "undo_minutes: -1", "1: undo_minutes: got -1, expected 0 to 60"),
    ("sla.yaml", "undo_minutes: 5", "undo_minutes: 61", "1: undo_minutes: got 61, expected 0 to 60"),
    (
        "sla.yaml",
        "due: 30m",
        "due: 6d",
        "9: tiers.P1.ladder.2.after: got 5d, 40 h in calendar office; expected later than the step before it",
    ),
    # reasons.yaml
    (
        "reasons.yaml",
        "  TIMING:",
        "  Timing:",
        "17: reasons.Timing: got 'Timing', expected a code in UPPER_CASE of at most 40 characters",
    ),
    (
        "reasons.yaml",
        "  TIMING:",
        f"  {CODE}:",
        f"17: reasons.{CODE}: got '{CODE}', expected a code in UPPER_CASE of at most 40 characters",
    ),
    (
        "reasons.yaml",
        "label: Later",
        f"label: {LONG}",
        f"18: reasons.TIMING.label: got 76 characters, '{'x' * 57}…'; expected at most 75",
    ),
    (
        "reasons.yaml",
        "label: Later",
        "label: junk",
        "18: reasons.TIMING.label: 'junk' is reasons.JUNK.label in line 3 already; expected each once",
    ),
    (
        "reasons.yaml",
        "label: When?",
        "label: ''",
        "20: reasons.TIMING.follow_up.label: is blank; expected a few words",
    ),
    (
        "reasons.yaml",
        "family: READINESS",
        "family: MOOD",
        "19: reasons.TIMING.family: got 'MOOD', expected one of DATA, FIT, READINESS, ROUTE, OTHER",
    ),
    (
        "reasons.yaml",
        "kind: date",
        "kind: choice",
        "20: reasons.TIMING.follow_up.options: got 0 options, expected 1 to 100 for a choice",
    ),
    (
        "reasons.yaml",
        "        spam: Spam",
        OPTIONS,
        "8: reasons.JUNK.follow_up.options: got 102 options, expected 1 to 100 for a choice",
    ),
    (
        "reasons.yaml",
        "kind: choice",
        "kind: text",
        "8: reasons.JUNK.follow_up.options: options for a text; expected none",
    ),
    (
        "reasons.yaml",
        "spam: Spam",
        "'a,b': Spam",
        f"{JUNK_OPTIONS}.a,b: got 'a,b', expected 1 to 75 characters without a comma or outer blanks",
    ),
    (
        "reasons.yaml",
        "spam: Spam",
        "spam: a test",
        f"{JUNK_OPTIONS}.spam: 'a test' is reasons.JUNK.follow_up.options.test in line 9 already; expected each once",
    ),
    (
        "reasons.yaml",
        "spam: Spam",
        "spam: ''",
        "10: reasons.JUNK.follow_up.options.spam: is blank; expected a few words",
    ),
    (
        "reasons.yaml",
        "kind: date, label: When?",
        "kind: date, label: When?, min_length: 3",
        "20: reasons.TIMING.follow_up.min_length: a length for a date; expected none",
    ),
    (
        "reasons.yaml",
        "min_length: 15",
        "min_length: 0",
        "24: reasons.OTHER.follow_up.min_length: got 0, expected 1 to 3000",
    ),
    (
        "reasons.yaml",
        "recycle_after: never",
        "recycle_after: soon",
        f"16: reasons.DUPLICATE.recycle_after: got 'soon', expected {WAIT}",
    ),
    (
        "reasons.yaml",
        "recycle_after: 26w",
        "recycle_after: 12h",
        f"25: reasons.OTHER.recycle_after: got '12h', expected {WAIT}",
    ),
    (
        "reasons.yaml",
        "    label: Later\n",
        "    label: Later\n    recycle_after: 30d\n",
        "19: reasons.TIMING.recycle_after: a wait for a code that asks for a date, which says when; expected none",
    ),
    (
        "reasons.yaml",
        "    family: READINESS\n",
        "",
        "17: reasons.TIMING.family: missing; expected one of DATA, FIT, READINESS, ROUTE, OTHER",
    ),
    (
        "reasons.yaml",
        "family: READINESS",
        "family:",
        "19: reasons.TIMING.family: got nothing, expected one of DATA, FIT, READINESS, ROUTE, OTHER",
    ),
    (
        "reasons.yaml",
        "consequence: void",
        "consequence: maybe",
        "15: reasons.DUPLICATE.consequence: got 'maybe', expected one of reject, void, reroute",
    ),
    (
        "reasons.yaml",
        REASONS[REASONS.index("  JUNK") : REASONS.index("  ROUTE")],
        REASONS[REASONS.index("  DUPLICATE") : REASONS.index("  TIMING")],
        "1: reasons: no code rejects, so nobody could; expected at least one that does",
    ),
    (
        "reasons.yaml",
        "family: READINESS",
        "family: ROUTE",
        "19: reasons.TIMING.family: got ROUTE, but the consequence is reject; expected reroute, or another family",
    ),
    (
        "reasons.yaml",
        "family: ROUTE",
        "family: OTHER",
        "30: reasons.ROUTE_OWNED.consequence: got reroute in family OTHER; expected another one, or family ROUTE",
    ),
    (
        "reasons.yaml",
        "consequence: reroute",
        "consequence: reroute\n    recycle_after: 30d",
        "31: reasons.ROUTE_OWNED.recycle_after: a wait for a code that turns nothing down; expected none",
    ),
    (
        "reasons.yaml",
        "kind: person, label: Whose?",
        "kind: none, label: Whose?",
        "29: reasons.ROUTE_OWNED.follow_up: got a map, expected a label with every kind but none, which asks nothing",
    ),
    (
        "reasons.yaml",
        "kind: person, label: Whose?",
        "kind: person",
        "29: reasons.ROUTE_OWNED.follow_up: got a map, expected a label with every kind but none, which asks nothing",
    ),
    (
        "reasons.yaml",
        "kind: date, label: When?",
        "kind: person, label: Who?",
        "20: reasons.TIMING.follow_up.kind: got person, which goes with consequence reroute; expected text or a choice",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "fault"), LINT)
def test_each_slip_is_told_with_file_line_key_and_expectation(name: str, old: str, new: str, fault: str) -> None:
    assert told(edited(name, old, new)) == [f"{name}:{fault}"]


def test_more_codes_than_a_list_of_slack_holds_are_refused() -> None:
    code = "  C{0}: {{label: L{0}, family: DATA, follow_up: {{kind: text, label: Why}}}}\n"
    many = "reasons:\n" + "".join(code.format(number) for number in range(101))
    assert told(GOOD | {"reasons.yaml": many}) == ["reasons.yaml:1: reasons: got 101 codes, expected at most 100"]
