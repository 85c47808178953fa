"""Each slip in what people.yaml says of working time, routing and shares is told with line, key and expectation."""

import pytest

from bot.config.load import parse
from tests.core.config_kit import ROUTED, WHOLE, edited, told

BOB = "calendar: nights, delegate: max, skills: [french]"
MIA = "slack: U4, role: marketing"
NO_LEADS = "marketing gets no leads; expected none of a person with this role"

SLIPS = [
    # persons
    ("slack: U5, ", "", "18: persons.cat.slack: missing; expected a Slack user id such as U012AB3CD"),
    ("slack: U5", "slack: ''", "18: persons.cat.slack: got '', expected a Slack user id such as U012AB3CD"),
    (
        "zone: Europe/Madrid",
        "zone: Europe/Madird",
        "6: persons.ana.zone: got 'Europe/Madird', expected a time zone such as Europe/Madrid",
    ),
    (
        BOB,
        "calendar: night, delegate: max, skills: [french]",
        "17: persons.bob.calendar: 'night' is no calendar; expected nights, or another calendar of calendar.yaml",
    ),
    (
        "on_call: nights",
        "on_call: weekend",
        "7: persons.ana.on_call: 'weekend' is no calendar; expected a calendar of calendar.yaml",
    ),
    (
        "    calendar: office\n",
        "    calendar: offices\n",
        "33: teams.apac.calendar: 'offices' is no calendar; expected office, or another calendar of calendar.yaml",
    ),
    (
        "on: 2026-08-03",
        "on: 08-03",
        "9: persons.ana.away.0.on: got '08-03', expected a date such as 2026-12-24",
    ),
    (
        "to: 2026-08-07",
        "to: 2026-08-01",
        "9: persons.ana.away.0.to: got 2026-08-01, expected later than `on`, by less than 366 days",
    ),
    (
        "on: 2026-10-12",
        "on: 2026-08-05",
        "10: persons.ana.away.1.on: 2026-08-05 stands further up already; the first counts",
    ),
    ("label: A wedding", "label: ' '", "10: persons.ana.away.1.label: is blank; expected a few words"),
    ("weight: 2", "weight: -1", "12: persons.ana.weight: got -1, expected 0 to 100"),
    ("weight: 2", "weight: 101", "12: persons.ana.weight: got 101, expected 0 to 100"),
    (
        "weight: 2",
        "weight: 0",
        "26: teams.emea.members: everybody's weight is 0, so nobody gets a lead; expected more of at least one",
    ),
    ("{open: 5}", "{open: 0}", "16: persons.ana.capacity.open: got 0, expected at least 1"),
    ("per_day: 4", "per_day: -4", "27: teams.emea.capacity.per_day: got -4, expected at least 1"),
    # delegates
    (
        "delegate: bob",
        "delegate: bobb",
        "11: persons.ana.delegate: 'bobb' is nobody; expected bob, or another key of persons",
    ),
    (
        "delegate: bob",
        "delegate: mia",
        "11: persons.ana.delegate: 'mia' has role marketing; expected a rep or a manager, who may accept leads",
    ),
    (
        "delegate: bob",
        "delegate: ana",
        "11: persons.ana.delegate: ana → ana leads in a circle; expected somebody who is there while they are away",
    ),
    (
        "delegate: max",
        "delegate: ana",
        (
            "11: persons.ana.delegate: ana → bob → ana leads in a circle; "
            "expected somebody who is there while they are away"
        ),
    ),
    (
        "slack: U3, role: manager",
        "slack: U3, role: manager, delegate: bob",
        (
            "17: persons.bob.delegate: bob → max → bob leads in a circle; "
            "expected somebody who is there while they are away"
        ),
    ),
    # accounts and names
    (
        "[acme.example, Globex.example]",
        "[acme.example, ana@globex.example]",
        "14: persons.ana.accounts.1: got 'ana@globex.example', expected what follows the @, such as example.com",
    ),
    (
        "[acme.example, Globex.example]",
        "['https://acme.example']",
        "14: persons.ana.accounts.0: got 'https://acme.example', expected what follows the @, such as example.com",
    ),
    (
        "[acme.example, Globex.example]",
        "[gmail.com]",
        "14: persons.ana.accounts.0: 'gmail.com' gives mailboxes to anybody; expected the domain of one company",
    ),
    (
        BOB,
        f"{BOB}, accounts: [ACME.example]",
        "17: persons.bob.accounts.0: 'ACME.example' is persons.ana.accounts.0 in line 14 already; expected each once",
    ),
    (
        BOB,
        f"{BOB}, known_as: ['4711']",
        "17: persons.bob.known_as.0: '4711' is ana already; expected a name of their own",
    ),
    (
        BOB,
        f"{BOB}, known_as: [ana Ruiz]",
        "17: persons.bob.known_as.0: 'ana Ruiz' is ana already; expected a name of their own",
    ),
    (BOB, f"{BOB}, known_as: [max]", "17: persons.bob.known_as.0: 'max' is max already; expected a name of their own"),
    (BOB, f"{BOB}, known_as: ['']", "17: persons.bob.known_as.0: is blank; expected a few words"),
    # roles
    (MIA, f"{MIA}, delegate: ana", f"20: persons.mia.delegate: {NO_LEADS}"),
    (MIA, f"{MIA}, weight: 0", f"20: persons.mia.weight: {NO_LEADS}"),
    (MIA, f"{MIA}, accounts: [initech.example]", f"20: persons.mia.accounts: {NO_LEADS}"),
    (MIA, f"{MIA}, on_call: nights", f"20: persons.mia.on_call: {NO_LEADS}"),
    # routing
    (
        "owner_field: crm_owner",
        "owner_field: ''",
        "35: routing.owner_field: is blank; expected a field or attribute of a lead",
    ),
    (
        "teams: [apac]",
        "teams: [asia]",
        "39: routing.rules.0.teams.0: 'asia' is no team; expected a key of teams",
    ),
    (
        "otherwise: [emea]",
        "otherwise: [emea, emae]",
        "47: routing.otherwise.1: 'emae' is no team; expected emea, or another key of teams",
    ),
    (
        "otherwise: [emea]",
        "otherwise: [emea, emea]",
        "47: routing.otherwise.1: 'emea' is routing.otherwise.0 in line 47 already; expected each once",
    ),
    ("      teams: [apac]\n", "", "37: routing.rules.0: changes nothing; expected teams, skills or both"),
    (
        "label: French",
        "label: asia",
        "40: routing.rules.1.label: 'asia' is routing.rules.0.label in line 37 already; expected each once",
    ),
    (
        "in: [JP, KR]",
        "in: [Japan, KR]",
        "38: routing.rules.0.when.in.0: got 'Japan', expected the ISO 3166 code of a country, such as JP",
    ),
    (
        "in: [JP, KR]",
        "at_least: 5",
        "38: routing.rules.0.when.at_least: got 5, but country_code is text; expected a comparison of texts",
    ),
    (
        "when: {field: language, equals: French}",
        "when: {any: [{field: language, is_blank: true}, {field: language, is_blank: false}]}",
        "41: routing.rules.1.when: holds for every lead; expected something that can be otherwise",
    ),
    (
        "when: {field: relationship, equals: user}",
        "when: {field: country_code, equals: JP}",
        (
            "45: routing.rules.2.teams: never decides the team, for routing.rules.0 in line 37 holds "
            "wherever this does; expected it further up, or gone"
        ),
    ),
    # skills
    (
        "skills: [french]\n    - label: Users",
        "skills: [frensh]\n    - label: Users",
        (
            "42: routing.rules.1.skills.0: nobody who gets a share in its teams has 'frensh'; "
            "expected french, or another skill that somebody there has"
        ),
    ),
    (
        "[french, support]\n    accounts",
        "[french, Support]\n    accounts",
        "13: persons.ana.skills.1: no rule asks for 'Support'; expected support, or another skill of routing.rules",
        (
            "46: routing.rules.2.skills.1: nobody who gets a share in its teams has 'support'; "
            "expected Support, or another skill that somebody there has"
        ),
    ),
    (
        "teams: [emea]\n      skills: [french, support]",
        "teams: [emea, apac]\n      skills: [french, support, welsh]",
        (
            "46: routing.rules.2.skills.2: nobody who gets a share in its teams has 'welsh'; "
            "expected a skill that somebody there has"
        ),
    ),
    (
        "[french, support]\n    accounts",
        "[french, french, support]\n    accounts",
        "13: persons.ana.skills.1: 'french' is persons.ana.skills.0 in line 13 already; expected each once",
    ),
    # channels
    (
        "ops_channel: C8",
        "ops_channel: '#ops'",
        "49: ops_channel: got '#ops', expected a Slack channel id such as C012AB3CD",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[2])
def test_each_slip_is_told(slip: tuple[str, ...]) -> None:
    old, new, *expected = slip
    assert told(edited("people.yaml", old, new, WHOLE)) == [f"people.yaml:{one}" for one in expected]


def test_what_is_right_raises_no_alarm() -> None:
    parse(WHOLE)
    parse(edited("people.yaml", "delegate: bob", "delegate: max", WHOLE))  # two with the same one
    parse(edited("people.yaml", "teams: [apac]", "teams: [emea, apac]", WHOLE))
    parse(edited("people.yaml", "[ana.ruiz, 4711]", "[ana, Ana Ruiz, U1, 4711, '4711']", WHOLE))  # one's own names


def test_skills_that_only_two_together_have_are_told() -> None:
    files = edited("people.yaml", "[french, support]\n    accounts", "[support]\n    accounts", WHOLE)
    files = edited(
        "people.yaml",
        "cat: {name: Cat Li, slack: U5, role: rep, weight: 0}",
        "cat: {name: Cat Li, slack: U5, role: rep, skills: [french]}",
        files,
    )
    [fault] = told(files)
    assert fault.endswith(
        "routing.rules.2.skills: nobody who gets a share in its teams has all of them; expected skills of one person"
    )


def test_a_skill_of_somebody_without_a_share_is_a_skill_of_nobody() -> None:
    files = edited("people.yaml", "role: rep, weight: 0", "role: rep, weight: 0, skills: [welsh]", WHOLE)
    [fault] = told(edited("people.yaml", "[french]\n    - label", "[welsh]\n    - label", files))
    assert "routing.rules.1.skills.0: nobody who gets a share in its teams has 'welsh'" in fault


def test_a_rule_that_adds_a_skill_where_another_decides_the_team_is_not_in_vain() -> None:
    parse(edited("people.yaml", "{field: language, equals: French}", "{field: country_code, equals: JP}", WHOLE))


def test_a_circle_is_told_once_and_who_only_leads_into_it_is_not_in_it() -> None:
    files = edited("people.yaml", "delegate: max", "delegate: cat", WHOLE)
    files = edited("people.yaml", "slack: U5, role: rep", "slack: U5, role: rep, delegate: bob", files)
    [fault] = told(files)
    assert "persons.bob.delegate: bob → cat → bob leads in a circle" in fault


def test_conditions_of_rules_know_the_fields_that_the_criteria_read_out() -> None:
    files = edited("people.yaml", "{field: language, equals: French}", "{field: seniority, equals: boss}", WHOLE)
    [fault] = told(files)
    assert "got 'boss', which seniority never is; expected one of head, staff" in fault


def test_no_calendar_is_missed_where_calendar_yaml_itself_is_broken() -> None:
    files = edited("people.yaml", "on_call: nights", "on_call: weekend", WHOLE) | {"calendar.yaml": "default: [x]"}
    assert {fault.split(":")[0] for fault in told(files)} == {"calendar.yaml"}


EVENINGS = "  evenings:\n    zone: Europe/Rome\n    hours: {mon-fri: [18:00-19:00]}\n"  # a day of one hour


@pytest.mark.parametrize(
    ("person", "urgent", "alarm"),
    [
        ("on_call: evenings", "", False),
        ("on_call: evenings", "    urgent: true\n", True),
        ("on_call: evenings\n    calendar: evenings", "", True),
    ],
)
def test_hours_on_call_must_suit_the_ladders_of_urgent_tiers_alone(person: str, urgent: str, alarm: bool) -> None:
    files = edited("people.yaml", "on_call: nights", person, WHOLE)
    files |= {"calendar.yaml": files["calendar.yaml"] + EVENINGS}
    files |= {"sla.yaml": files["sla.yaml"].replace("    due: 2h\n", f"    due: 2h\n{urgent}")}
    if not alarm:
        parse(files)
        return
    [fault] = told(files)
    assert "tiers.P2.ladder.1.after: got 1d, 1 h in calendar evenings; expected later" in fault


def test_all_slips_come_at_once() -> None:
    text = ROUTED.replace("weight: 2", "weight: 200").replace("slack: U5", "slack: none")
    text = text.replace("delegate: max", "delegate: ana").replace("{open: 5}", "{open: 0}").replace("[apac]", "[asia]")
    lines = [fault.split(": ")[1] for fault in told(WHOLE | {"people.yaml": text})]
    assert lines == [
        "persons.ana.delegate",
        "persons.ana.weight",
        "persons.ana.capacity.open",
        "persons.cat.slack",
        "routing.rules.0.teams.0",
    ]
