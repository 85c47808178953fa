"""The configuration folder is read as a whole: everything wrong is told at once, with file, line and key."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock.ladder import Rung, Sla, Span
from bot.config.files import NAMES
from bot.config.load import load, parse, texts
from bot.criteria import rules
from bot.criteria.definition import Check, Crossing, Derived, Disqualifier, FastTrack, FitRule, SignalRule
from bot.handoff.reasons import FollowUp, Reason
from bot.lead import People, Person, Team
from bot.yamlfile import Faults
from tests.core.config_kit import CALENDAR, GOOD, PEOPLE, REASONS, SLA, edited, told, write


def test_the_shipped_defaults_pass_their_own_lint_and_name_nobody() -> None:
    policy = load(None)
    assert policy.people == People({}, {}, None)
    assert policy.criteria.tiers == {"P1": ("A1",), "P2": ("A2", "B1", "B2"), "P3": ("A3", "C1")}
    due = Span(timedelta(hours=4))
    assert policy.slas["P2"] == Sla(
        due,
        (Rung(due, "remind", 50), Rung(due, "last_call", 80), Rung(due, "escalate"), Rung(Span(days=2), "expire")),
    )
    assert [tier for tier, sla in policy.slas.items() if sla.urgent] == ["P1"]
    assert policy.undo == timedelta(minutes=10)


def test_the_shipped_reasons_are_the_codes_of_the_trade() -> None:
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
        "ROUTE_TERRITORY",
        "ROUTE_OWNED",
        "ROUTE_CAPACITY",
    ]
    kinds = {code: reason.follow_up.kind for code, reason in reasons.items()}
    assert (kinds["TIMING"], kinds["DATA_INCOMPLETE"], kinds["FIT_COMPANY"]) == ("date", "choices", "choices")
    assert reasons["OTHER"].follow_up.min_length == 15
    assert [code for code, reason in reasons.items() if reason.consequence == "void"] == ["DUPLICATE"]
    reroutes = {code: kinds[code] for code, reason in reasons.items() if reason.consequence == "reroute"}
    assert reroutes == {"ROUTE_TERRITORY": "team", "ROUTE_OWNED": "person", "ROUTE_CAPACITY": "none"}
    assert {code for code, reason in reasons.items() if reason.family == "ROUTE"} == set(reroutes)
    waits = {code: reason.recycle_after for code, reason in reasons.items() if reason.recycle_after}
    assert {code for code, wait in waits.items() if wait == "never"} == {"JUNK", "COMPETITOR", "OPT_OUT"}
    assert {code for code, wait in waits.items() if wait == 180} == {"FIT_COMPANY", "FIT_PERSON", "FIT_USECASE"}


@pytest.mark.parametrize("escape", [r"\0", r"\ud800", r"\x1b[2J"])
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("criteria.yaml", "label: Senior", 'label: "Senior{}"'),
        ("criteria.yaml", "P2: [A2]", '"P2{}": [A2]'),
        ("criteria.yaml", "    open:", '    "open{}":'),
        ("criteria.yaml", "      staff:", '      "staff{}":'),
        ("people.yaml", "name: Ana Ruiz", 'name: "Ana{}"'),
        ("sla.yaml", "  P2:", '  "P2{}":'),
        ("reasons.yaml", "label: Junk", 'label: "Junk{}"'),
        ("reasons.yaml", "spam: Spam", '"spam{}": Spam'),
        ("calendar.yaml", "label: Summer", 'label: "Summer{}"'),
    ],
)
def test_nothing_that_could_not_be_stored_is_applied(name: str, old: str, new: str, escape: str) -> None:
    faults = told(edited(name, old, new.format(escape)))
    assert any(re.match(rf"{name}:\d+: .*expected text without control characters", fault) for fault in faults)


def _size(comparison: str, employees: int) -> rules.Test:
    return rules.Test("employees", comparison, (employees,))  # type: ignore[arg-type]


def test_a_folder_becomes_one_policy(tmp_path: Path) -> None:
    policy = load(write(tmp_path, GOOD))
    assert policy.criteria.version == policy.version
    criteria = policy.criteria
    assert criteria.tiers == {"P1": ("A1", "B1"), "P2": ("A2",)}
    assert (criteria.fit_from, criteria.behaviour_from) == ((2000, 1000, 500), (2000, 1000, 500))
    assert criteria.derived == (Derived("seniority", "title", {"head": ("head of", "vp"), "staff": ("analyst",)}),)
    assert criteria.fit == (
        FitRule("Senior", 1500, rules.Test("seniority", "equals", ("head",))),
        FitRule("Mid size", 1000, rules.AllOf((_size("at_least", 50), _size("at_most", 500))), group=1),
        FitRule("Small", -550, _size("below", 50), group=1),
        FitRule(
            "Known industry",
            500,
            rules.AnyOf(
                (rules.Test("industry", "contains", ("software", "energy")), rules.Test("sic", "matches", ("(?i)^73",)))
            ),
        ),
    )
    assert criteria.signals == {
        "demo": SignalRule("Demo", 2000, cap=4000, half_life=30, intent=True),
        "visit": SignalRule("Visit", 50, cap_per_day=200, cap=1000, half_life=7),
        "open": SignalRule("Opened", 0),
        "minutes": SignalRule("Minutes watched", 0, per_value=10, cap=1000),
        "bye": SignalRule("Said no", -500, cap=500),
    }
    assert criteria.fast_tracks == (FastTrack("Asked for a demo", ("demo",), 14, "P1"),)
    assert criteria.disqualifiers == (
        Disqualifier("Said no for good", signal="bye", lifted_by="demo", voids_card=True),
        Disqualifier("Competitor", rules.Test("relationship", "equals", ("competitor",))),
    )
    assert criteria.checks == (Check("email", True, ("business",)), Check("phone", False))
    assert criteria.crossing == Crossing(30, 56)
    assert policy.people.persons["ana"] == Person("ana", "Ana Ruiz", "U1", "rep", "office")
    assert policy.people.teams["emea"] == Team("emea", "EMEA", "C1", "max", ("ana", "max"))
    assert policy.people.feedback_channel == "C9"
    assert policy.slas["P1"].rungs[0] == Rung(Span(timedelta(seconds=30)), "remind")
    assert policy.slas["P1"].due == Span(timedelta(minutes=30))
    assert (policy.cards_per_hour, policy.undo) == (7, timedelta(minutes=5))
    assert list(policy.calendars) == ["office", "nights"]
    assert list(policy.reasons) == ["JUNK", "DUPLICATE", "TIMING", "OTHER", "ROUTE_OWNED"]
    assert policy.reasons["JUNK"] == Reason(
        "JUNK",
        "Junk",
        "DATA",
        FollowUp("choice", "What is it?", (("test", "A test"), ("spam", "Spam"))),
    )
    assert {code: one.recycle_after for code, one in policy.reasons.items() if one.recycle_after} == {
        "DUPLICATE": "never",
        "OTHER": 182,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_file_the_folder_lacks_is_the_shipped_one(name: str, tmp_path: Path) -> None:
    shipped = load(None)
    sla = (
        SLA + "  P3: {due: 1d, ladder: [{after: 1d, step: escalate}, {after: 2d, step: expire}]}\n"
    )  # the shipped criteria have three tiers
    write(tmp_path, GOOD | {"sla.yaml": sla})
    (tmp_path / name).unlink()
    policy = load(tmp_path)
    found = {
        "criteria.yaml": policy.criteria.signals == shipped.criteria.signals,
        "people.yaml": policy.people == shipped.people,
        "sla.yaml": policy.slas == shipped.slas,
        "reasons.yaml": policy.reasons == shipped.reasons,
        "calendar.yaml": policy.calendars == shipped.calendars,
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
        ("criteria.yaml", "points: 0.5", "points: 0.25"),
        ("people.yaml", "Ana Ruiz", "Ana Diaz"),
        ("sla.yaml", "due: 30m", "due: 31m"),
        ("reasons.yaml", "label: Later", "label: Not now"),
        ("calendar.yaml", "14:00-18:00", "14:00-17:00"),
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


def test_all_faults_of_all_files_come_at_once_in_the_order_of_files_and_lines() -> None:
    bad = edited("criteria.yaml", "  P2: [A2]", "  P3: [A2]")
    bad["people.yaml"] = PEOPLE.replace("slack: U1", "slack: ana").replace("members: [bob]", "members: [zoe]")
    bad["sla.yaml"] = SLA.replace("{after: 2h, step: escalate}, ", "").replace("cards_per_hour: 7", "cards_per_hour: 0")
    bad["reasons.yaml"] = REASONS.replace("kind: date", "kind: mood")
    bad["calendar.yaml"] = CALENDAR.replace("Europe/Rome", "Europe/Roma").replace("country: IT", "country: XX")
    bad["extra.yaml"] = ""
    assert [line.split(": ")[0] for line in told(bad)] == [
        "calendar.yaml:4",
        "calendar.yaml:5",
        "criteria.yaml:3",
        "extra.yaml",
        "people.yaml:2",
        "people.yaml:18",
        "reasons.yaml:20",
        "sla.yaml:2",
        "sla.yaml:12",
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
        f"{name}: is no file of the configuration; expected criteria.yaml, people.yaml, sla.yaml, reasons.yaml or "
        "calendar.yaml"
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
        if re.match(r"#($| (persons|teams|routing|feedback_channel|ops_channel|  ))", line)
    )
    people = parse({"people.yaml": example}).people
    assert (set(people.persons), people.teams["emea"].manager) == ({"ana", "ben", "max", "mia"}, "max")


def test_what_was_in_force_stays_so_when_a_newer_baton_knows_more_mistakes() -> None:
    odd = {"criteria.yaml": texts(None)["criteria.yaml"].replace("P3: [A3, C1]", "P3: [A3, C1, A1]")}
    with pytest.raises(Faults):
        parse(odd)
    assert parse(odd, lints=False).criteria.tier_of("A1") == "P1"
