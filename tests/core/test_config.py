"""The configuration folder is read as a whole: everything wrong is told at once, with file, line and key."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock.ladder import Rung, Sla
from bot.config.load import NAMES, load, parse, texts
from bot.criteria.rules import FitRule, Predicate, SignalRule
from bot.handoff.reasons import FollowUp, Reason
from bot.lead import People, Person, Team
from bot.yamlfile import Faults

CRITERIA = """\
threshold: 20
tier: P1
signals:
  demo: {points: 10, label: Demo}
  open: {points: 0, label: Opened}
fit:
  - when: {field: title, contains: vp}
    points: 15
    label: Senior
  - when: {field: employees, at_least: 50, at_most: 500}
    points: -5
    label: Size
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
SLA = """\
undo_minutes: 5
cards_per_hour: 7
tiers:
  P1:
    due: 30m
    ladder:
      - {after: 30s, step: remind}
      - {after: 1h, step: escalate}
      - {after: 1w, step: expire}
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
  TIMING:
    label: Later
    family: READINESS
    follow_up: {kind: date, label: When?}
  OTHER:
    label: Else
    family: OTHER
    follow_up: {kind: text, label: What?, min_length: 15}
"""
GOOD = {"criteria.yaml": CRITERIA, "people.yaml": PEOPLE, "sla.yaml": SLA, "reasons.yaml": REASONS}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(files: dict[str, str]) -> list[str]:
    with pytest.raises(Faults) as caught:
        parse(files)
    return [str(fault) for fault in caught.value.faults]


def edited(name: str, old: str, new: str) -> dict[str, str]:
    assert GOOD[name].count(old) == 1, f"{old!r} must stand in {name} once"
    return GOOD | {name: GOOD[name].replace(old, new)}


def test_the_shipped_defaults_pass_their_own_lint_and_name_nobody() -> None:
    policy = load(None)
    assert policy.people == People({}, {}, None)
    assert (policy.criteria.threshold, policy.criteria.tier) == (60, "P2")
    assert policy.slas["P2"] == Sla(
        timedelta(hours=4),
        (
            Rung(timedelta(hours=2), "remind"),
            Rung(timedelta(hours=4), "escalate"),
            Rung(timedelta(days=2), "expire"),
        ),
    )
    assert policy.undo == timedelta(minutes=10)


def test_the_shipped_reasons_are_the_codes_of_the_trade_without_the_routes() -> None:
    reasons = load(None).reasons
    assert list(reasons) == [
        "DATA_INCOMPLETE",
        "DATA_WRONG",
        "DUPLICATE",
        "JUNK",
        "FIT_COMPANY",
        "FIT_PERSON",
        "FIT_USECASE",
        "COMPETITOR",
        "NOT_READY",
        "TIMING",
        "OPT_OUT",
        "OTHER",
    ]
    kinds = {code: reason.follow_up.kind for code, reason in reasons.items()}
    assert (kinds["TIMING"], kinds["DATA_INCOMPLETE"], kinds["FIT_COMPANY"]) == ("date", "choices", "choices")
    assert reasons["OTHER"].follow_up.min_length == 15
    assert [code for code, reason in reasons.items() if reason.consequence == "void"] == ["DUPLICATE"]


def test_a_folder_becomes_one_policy(tmp_path: Path) -> None:
    policy = load(write(tmp_path, GOOD))
    assert policy.criteria.version == policy.version
    assert policy.criteria.signals == {"demo": SignalRule(10, "Demo"), "open": SignalRule(0, "Opened")}
    assert policy.criteria.fit == (
        FitRule((Predicate("title", "contains", ("vp",)),), 15, "Senior"),
        FitRule((Predicate("employees", "at_least", (50,)), Predicate("employees", "at_most", (500,))), -5, "Size"),
    )
    assert policy.people.persons["ana"] == Person("ana", "Ana Ruiz", "U1", "rep")
    assert policy.people.teams["emea"] == Team("emea", "EMEA", "C1", "max", ("ana", "max"))
    assert policy.people.feedback_channel == "C9"
    assert policy.slas["P1"].rungs[0] == Rung(timedelta(seconds=30), "remind")
    assert policy.slas["P1"].due == timedelta(minutes=30)
    assert (policy.cards_per_hour, policy.undo) == (7, timedelta(minutes=5))
    assert list(policy.reasons) == ["JUNK", "DUPLICATE", "TIMING", "OTHER"]
    assert policy.reasons["JUNK"] == Reason(
        "JUNK",
        "Junk",
        "DATA",
        FollowUp("choice", "What is it?", (("test", "A test"), ("spam", "Spam"))),
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_file_the_folder_lacks_is_the_shipped_one(name: str, tmp_path: Path) -> None:
    shipped = load(None)
    if name == "criteria.yaml":
        write(tmp_path, GOOD | {"sla.yaml": SLA.replace("P1", "P2")})
    else:
        write(tmp_path, edited("criteria.yaml", "P1", "P2") | {"sla.yaml": SLA.replace("P1", "P2")})
    (tmp_path / name).unlink()
    policy = load(tmp_path)
    found = {
        "criteria.yaml": policy.criteria.signals == shipped.criteria.signals,
        "people.yaml": policy.people == shipped.people,
        "sla.yaml": policy.slas == shipped.slas,
        "reasons.yaml": policy.reasons == shipped.reasons,
    }
    assert [file for file, same in found.items() if same] == [name]


def test_an_empty_folder_is_the_shipped_policy(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not ours", encoding="utf-8")
    (tmp_path / ".people.yaml").write_text("an editor's own", encoding="utf-8")
    assert load(tmp_path) == load(None)


def test_a_version_can_be_rebuilt_from_its_texts_alone(tmp_path: Path) -> None:
    write(tmp_path, {"people.yaml": PEOPLE})
    kept = texts(tmp_path)
    assert sorted(kept) == sorted(NAMES)
    assert parse(kept) == load(tmp_path)
    assert parse(texts(None)) == load(None)


def test_the_version_is_twelve_hex_digits_of_the_content() -> None:
    version = parse(GOOD).version
    assert re.fullmatch("[0-9a-f]{12}", version)
    assert parse(dict(reversed(GOOD.items()))).version == version
    assert parse(edited("sla.yaml", "tiers:", "# a comment\n\ntiers:")).version == version
    assert parse(edited("people.yaml", "[bob]", "\n      - bob")).version == version


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("criteria.yaml", "threshold: 20", "threshold: 21"),
        ("people.yaml", "Ana Ruiz", "Ana Diaz"),
        ("sla.yaml", "due: 30m", "due: 31m"),
        ("reasons.yaml", "label: Later", "label: Not now"),
    ],
)
def test_any_change_of_content_is_another_version(name: str, old: str, new: str) -> None:
    assert parse(edited(name, old, new)).version != parse(GOOD).version


def test_the_order_of_the_reasons_is_content_for_they_are_offered_in_it() -> None:
    first, second = REASONS.index("  TIMING"), REASONS.index("  OTHER")
    moved = "reasons:\n" + REASONS[first:second] + REASONS[9:first] + REASONS[second:]
    policy = parse(GOOD | {"reasons.yaml": moved})
    assert next(iter(policy.reasons)) == "TIMING"
    assert policy.version != parse(GOOD).version


LONG = "x" * 76
CODE = "X" * 41
JUNK_OPTIONS = "10: reasons.JUNK.follow_up.options"
OPTIONS = "\n".join(f"        o{number}: Option {number}" for number in range(101))

LINT = [
    # criteria.yaml
    ("criteria.yaml", "tier: P1", "tier: P3", "2: tier: 'P3' has no SLA; expected one of the tiers of sla.yaml: P1"),
    ("criteria.yaml", "threshold: 20", "threshold: 0", "1: threshold: got 0, expected at least 1"),
    (
        "criteria.yaml",
        "threshold: 20",
        "threshold: 26",
        "1: threshold: got 26, but all points together are 25; expected a threshold within reach",
    ),
    (
        "criteria.yaml",
        "{points: 10, label: Demo}",
        "{points: -10, label: Demo}",
        "3: signals: no signal is worth points, so no lead can cross; expected at least one that is",
    ),
    ("criteria.yaml", "label: Opened", "label: ' '", "5: signals.open.label: is blank; expected a few words"),
    (
        "criteria.yaml",
        "label: Senior",
        f"label: {LONG}",
        f"9: fit.0.label: got 76 characters, '{'x' * 57}…'; expected at most 75",
    ),
    (
        "criteria.yaml",
        "label: Senior",
        "label: demo",
        "9: fit.0.label: 'demo' is signals.demo.label in line 4 already; expected each once",
    ),
    (
        "criteria.yaml",
        "{field: title, contains: vp}",
        "{field: title}",
        "7: fit.0.when: tests nothing; expected equals, in, at_least, at_most or contains",
    ),
    (
        "criteria.yaml",
        "{field: title, contains: vp}",
        "{field: ' ', contains: vp}",
        "7: fit.0.when.field: is blank; expected a field or attribute of a lead",
    ),
    ("criteria.yaml", "contains: vp", "in: []", "7: fit.0.when.in: is empty; expected at least one value"),
    (
        "criteria.yaml",
        "contains: vp",
        "contains: [vp, ' ']",
        "7: fit.0.when.contains: holds a blank text, which nothing equals; expected a value",
    ),
    ("criteria.yaml", "points: -5", "points: 0", "11: fit.1.points: got 0, expected points that change something"),
    (
        "criteria.yaml",
        "at_most: 500",
        "at_most: 49",
        "10: fit.1.when.at_most: got 49, expected no less than at_least, 50",
    ),
    (
        "criteria.yaml",
        "points: 15",
        "points: 10001",
        "8: fit.0.points: got 10001, expected a whole number from -10000 to 10000",
    ),
    ("criteria.yaml", "points: 15", "points: much", "8: fit.0.points: got 'much', expected a whole number"),
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
        "after: 1h",
        "after: 30s",
        "8: tiers.P1.ladder.1.after: got 30s, expected later than the step before it",
    ),
    (
        "sla.yaml",
        "step: expire",
        "step: remind",
        "6: tiers.P1.ladder: is remind, escalate, remind; expected exactly one expire, at its end",
    ),
    (
        "sla.yaml",
        "step: escalate",
        "step: expire",
        "6: tiers.P1.ladder: is remind, expire, expire; expected exactly one expire, at its end",
    ),
    ("sla.yaml", "due: 30m", "due: 8d", "5: tiers.P1.due: got 8d, expected no later than the expire step"),
    (
        "sla.yaml",
        "due: 30m",
        "due: 1h30m",
        "5: tiers.P1.due: got '1h30m', expected a duration such as 30s, 15m, 4h, 2d or 1w",
    ),
    (
        "sla.yaml",
        "due: 30m",
        "due: 30",
        "5: tiers.P1.due: got 30, expected a duration such as 30s, 15m, 4h, 2d or 1w",
    ),
    (
        "sla.yaml",
        SLA[SLA.index("ladder:") :],
        "ladder: []\n",
        "6: tiers.P1.ladder: is empty; expected at least an expire step",
    ),
    # reasons.yaml
    (
        "reasons.yaml",
        "  TIMING:",
        "  Timing:",
        "16: reasons.Timing: got 'Timing', expected a code in UPPER_CASE of at most 40 characters",
    ),
    (
        "reasons.yaml",
        "  TIMING:",
        f"  {CODE}:",
        f"16: reasons.{CODE}: got '{CODE}', expected a code in UPPER_CASE of at most 40 characters",
    ),
    (
        "reasons.yaml",
        "label: Later",
        f"label: {LONG}",
        f"17: reasons.TIMING.label: got 76 characters, '{'x' * 57}…'; expected at most 75",
    ),
    (
        "reasons.yaml",
        "label: Later",
        "label: junk",
        "17: reasons.TIMING.label: 'junk' is reasons.JUNK.label in line 3 already; expected each once",
    ),
    (
        "reasons.yaml",
        "label: When?",
        "label: ''",
        "19: reasons.TIMING.follow_up.label: is blank; expected a few words",
    ),
    (
        "reasons.yaml",
        "family: READINESS",
        "family: MOOD",
        "18: reasons.TIMING.family: got 'MOOD', expected one of DATA, FIT, READINESS, ROUTE, OTHER",
    ),
    (
        "reasons.yaml",
        "kind: date",
        "kind: choice",
        "19: reasons.TIMING.follow_up.options: got 0 options, expected 1 to 100 for a choice",
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
        "19: reasons.TIMING.follow_up.min_length: a length for a date; expected none",
    ),
    (
        "reasons.yaml",
        "min_length: 15",
        "min_length: 0",
        "23: reasons.OTHER.follow_up.min_length: got 0, expected 1 to 3000",
    ),
    (
        "reasons.yaml",
        "consequence: void",
        "consequence: maybe",
        "15: reasons.DUPLICATE.consequence: got 'maybe', expected one of reject, void",
    ),
    (
        "reasons.yaml",
        REASONS[REASONS.index("  JUNK") :],
        REASONS[REASONS.index("  DUPLICATE") : REASONS.index("  TIMING")],
        "1: reasons: no code rejects, so nobody could; expected at least one that does",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "fault"), LINT)
def test_each_slip_is_told_with_file_line_key_and_expectation(name: str, old: str, new: str, fault: str) -> None:
    assert told(edited(name, old, new)) == [f"{name}:{fault}"]


def test_more_codes_than_a_list_of_slack_holds_are_refused() -> None:
    code = "  C{0}: {{label: L{0}, family: DATA, follow_up: {{kind: text, label: Why}}}}\n"
    many = "reasons:\n" + "".join(code.format(number) for number in range(101))
    assert told(GOOD | {"reasons.yaml": many}) == ["reasons.yaml:1: reasons: got 101 codes, expected at most 100"]


def test_all_faults_of_all_files_come_at_once_in_the_order_of_files_and_lines() -> None:
    bad = edited("criteria.yaml", "tier: P1", "tier: P3")
    bad["people.yaml"] = PEOPLE.replace("slack: U1", "slack: ana").replace("members: [bob]", "members: [zoe]")
    bad["sla.yaml"] = SLA.replace("due: 30m", "due: 9w").replace("cards_per_hour: 7", "cards_per_hour: 0")
    bad["reasons.yaml"] = REASONS.replace("kind: date", "kind: mood")
    bad["extra.yaml"] = ""
    assert [line.split(": ")[0] for line in told(bad)] == [
        "criteria.yaml:2",
        "extra.yaml",
        "people.yaml:2",
        "people.yaml:18",
        "reasons.yaml:19",
        "sla.yaml:2",
        "sla.yaml:5",
    ]


def test_broken_yaml_in_one_file_does_not_hide_the_faults_of_another() -> None:
    bad = edited("people.yaml", "slack: U1", "slack: ana") | {"sla.yaml": "tiers:\n\tP1: 1\n"}
    assert told(bad) == [
        "people.yaml:2: persons.ana.slack: got 'ana', expected a Slack user id such as U012AB3CD",
        "sla.yaml:2: a tab is used to indent; expected spaces",
    ]


@pytest.mark.parametrize("name", ["team.yaml", "people.yml", "Criteria.yaml"])
def test_a_file_under_a_wrong_name_is_told_and_not_left_out(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: "persons: {}"})
    with pytest.raises(Faults) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{name}: is no file of the configuration; expected criteria.yaml, people.yaml, sla.yaml or reasons.yaml"
    )


def test_files_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    for name in ("people.yaml", "sla.yaml"):
        (tmp_path / name).write_bytes(b"\xff")
    with pytest.raises(Faults) as caught:
        load(tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["people.yaml", "sla.yaml"]


def test_a_folder_that_is_not_there_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(Faults, match=r"is not a folder; expected one with criteria\.yaml"):
        load(tmp_path / "nowhere")


def test_the_example_in_the_shipped_people_file_is_a_good_one() -> None:
    shipped = texts(None)["people.yaml"]
    example = "\n".join(
        line.removeprefix("# ").removeprefix("#")
        for line in shipped.splitlines()
        if re.match(r"#($| (persons|teams|feedback_channel|  ))", line)
    )
    people = parse({"people.yaml": example}).people
    assert (set(people.persons), people.teams["emea"].manager) == ({"ana", "max", "mia"}, "max")
