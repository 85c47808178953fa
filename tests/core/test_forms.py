"""The forms behind a card's buttons and on the home tab, as Slack would take them; and the words of every refusal."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.home import away_form, home_view
from bot.blocks.reason_form import Place, at_field, not_mine_form, reject_form
from bot.blocks.reassign_form import reassign_form
from bot.blocks.refused import refused
from bot.handoff.decision import Why
from bot.handoff.home import Home, Presence
from bot.handoff.open_cards import OpenLead
from bot.handoff.reasons import FollowUp, Reason
from bot.handoff.states import State
from bot.lead import Lead, Leave, Team
from tests.core.card_kit import ELENA, case, dated, plain_spaces
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

PLACE = Place(7, "C0SALES", "ana")
TODAY = NOW.date()
HOSTILE = "<!channel> *_~` & <https://evil.example|x> \u202e" * 4
REROUTING = [code for code, reason in POLICY.reasons.items() if reason.consequence == "reroute"]


def opens(view: dict[str, Any]) -> dict[str, Any]:
    """The view, which Slack opens."""
    assert check.view(view) == []
    assert check.call("views.open", {"trigger_id": "1.2", "view": view}) == []
    return view


def select(view: dict[str, Any], block: str) -> dict[str, Any]:
    [found] = [one["element"] for one in view["blocks"] if one.get("block_id") == block]
    assert isinstance(found, dict)
    return found


# Not mine…


def test_no_reason_stands_in_both_forms_and_none_is_missing() -> None:
    groups = select(opens(reject_form(PLACE, case())), ids.REASON)["option_groups"]
    to_reject = [option["value"] for group in groups for option in group["options"]]
    to_pass_on = [option["value"] for option in select(opens(not_mine_form(PLACE, case())), ids.REASON)["options"]]
    assert to_pass_on == REROUTING
    assert sorted([*to_reject, *to_pass_on]) == sorted(POLICY.reasons)


ASKS = {"ROUTE_TERRITORY": "static_select", "ROUTE_OWNED": "users_select", "ROUTE_CAPACITY": None}


@pytest.mark.parametrize("code", REROUTING)
def test_not_mine_asks_the_question_of_the_chosen_reason(code: str) -> None:
    view = opens(not_mine_form(PLACE, case(), code))
    asked = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    question = f"{ids.FOLLOW_UP}:{code}"
    assert asked == [ids.REASON, *([question] if ASKS[code] else []), ids.COMMENT]
    assert select(view, ids.REASON)["initial_option"]["value"] == code
    if ASKS[code]:
        assert select(view, question)["type"] == ASKS[code]
    assert Place.load(view["private_metadata"]) == PLACE


def test_not_mine_says_that_the_time_stays() -> None:
    [about] = [block for block in not_mine_form(PLACE, case())["blocks"] if block["type"] == "context"]
    words = about["elements"][0]["text"]
    assert words.startswith(
        "*Elena Marchetti, Vialetto Logistics* is with Ana Ruiz now. It stays <!date^1772456400^due {date_sh"
    )
    assert "It stays" not in str(not_mine_form(PLACE, case(due_at=None)))


def test_a_company_with_more_teams_than_slack_lists_can_still_pass_leads_on() -> None:
    teams = {f"t{n}": Team(f"t{n}", HOSTILE if n % 2 else f"Team {n}", "C1", "maya", ()) for n in range(150)}
    many = replace(case(), people=replace(POLICY.people, teams=teams))
    listed = select(opens(not_mine_form(PLACE, many, "ROUTE_TERRITORY")), f"{ids.FOLLOW_UP}:ROUTE_TERRITORY")
    assert len(listed["options"]) == 100


def test_without_a_reason_that_reroutes_the_form_says_so_and_has_nothing_to_send() -> None:
    only = {"NO": Reason("NO", "No", "FIT", FollowUp("text", "Why?"))}
    view = opens(not_mine_form(PLACE, replace(case(), reasons=only)))
    assert "submit" not in view
    assert "Please ask your sales operations: no reason to pass a lead on is set up" in str(view["blocks"])
    assert select(opens(reject_form(PLACE, replace(case(), reasons=only))), ids.REASON)["options"]


@pytest.mark.parametrize("text", [HOSTILE, "&" * 3000, "\n" * 50, "😀" * 500])
def test_whatever_stands_in_a_lead_slack_opens_every_form(text: str) -> None:
    one = replace(case(), lead=Lead(name=text, company=text, email="e@x.example"))
    for view in (reject_form(PLACE, one), not_mine_form(PLACE, one, REROUTING[0]), reassign_form(PLACE, one)):
        opens(view)
        assert "<!channel" not in str(view)


def test_a_form_that_an_older_baton_opened_is_still_understood() -> None:
    assert Place.load('{"handoff": 7, "channel": "C1"}') == Place(7, "C1", None)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("why", [Why.NOBODY, Why.ALREADY_THEIRS])
def test_a_field_says_what_to_do_instead(why: Why, named: bool) -> None:
    assert "Please choose" in at_field(why, named=named)


# Every refusal in words


@pytest.mark.parametrize("why", sorted(set(Why) - {Why.FOLLOW_UP, Why.NOT_DUE}))
@pytest.mark.parametrize("state", State)
def test_every_refusal_has_words_in_every_state(why: Why, state: State) -> None:
    """Between the click and the answer anything may have happened; with a name or a time missing it still reads."""
    at = {} if state is State.OFFERED else {"decided_at": NOW, "decided_by": "ben"}
    for changed in ({}, {"snoozed_until": NOW + HOUR, "owner_since": NOW}, {"owner": "gone", "team": "gone"}):
        words = refused(why, case(state=state, **at, **changed)).text
        assert words.strip()
        assert not re.search(r"[{](?!date_short_pretty|time)", words)
        assert "  " not in words
        assert not words.endswith((" .", ", since .", "until ."))
    assert refused(why, None).text


ABOUT = "Nothing was changed: Elena Marchetti, Vialetto Logistics is <@U0ANA>'s. "


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.NOT_YOURS, "Only <@U0ANA> or <@U0MAYA> can do this."),
        (Why.NOT_YOUR_MOVE, "Only <@U0MAYA> can give it to somebody else."),
        (Why.NOT_YOUR_TEAM, "Only the members of Sales or <@U0MAYA> can claim it."),
    ],
)
def test_a_refusal_names_who_can(why: Why, words: str) -> None:
    assert plain_spaces(refused(why, case()).text) == ABOUT + words


def test_who_claims_too_early_learns_from_when_on_they_can() -> None:
    words = plain_spaces(refused(Why.TOO_EARLY, case()).text)
    assert words.startswith("Nothing was changed: <@U0ANA> has <!date^1772456400^until {date_short_pretty}")
    assert words.endswith("to answer. After that anyone on the team can claim Elena Marchetti, Vialetto Logistics.")


def test_a_delegate_is_named_too_and_nobody_twice() -> None:
    persons = dict(POLICY.people.persons)
    persons["ana"] = replace(persons["ana"], delegate="ben")
    one = replace(case(), people=replace(POLICY.people, persons=persons))
    assert "Only <@U0ANA>, <@U0BEN> or <@U0MAYA> can do this" in refused(Why.NOT_YOURS, one).text
    of_maya = replace(one, handoff=replace(one.handoff, owner="maya"))
    assert "Only <@U0MAYA> can do this" in refused(Why.NOT_YOURS, of_maya).text


# The home tab


def there(key: str, *leaves: Leave, absence: int | None = None) -> Presence:
    return Presence(POLICY.people.persons[key], TODAY, leaves, absence)


def home(**changed: Any) -> Home:
    plain = Home(me=there("ana"), sells=True, leads=(), waiting=0, staff=())
    return replace(plain, **changed)


def seen(of: Home | None, links: dict[int, str] | None = None, note: str = "") -> str:
    """All words of a home tab, which Slack takes."""
    view = home_view(of, links or {}, NOW, note)
    assert check.call("views.publish", {"user_id": "U0ANA", "view": view}) == []
    assert len(view["blocks"]) <= 100
    return plain_spaces(str(view["blocks"]))


SKIING = Leave(TODAY - timedelta(days=1), TODAY + timedelta(days=3), "Skiing")
LATER = Leave(TODAY + timedelta(days=9), TODAY + timedelta(days=12), "Moving house")


def test_a_stranger_sees_one_friendly_sentence() -> None:
    view = home_view(None, {}, NOW)
    assert len(view["blocks"]) == 1
    assert "I don't know you" in seen(None)


def test_marketing_sees_no_buttons_about_leads_that_never_come() -> None:
    assert "'button'" not in seen(home(me=there("tom"), sells=False))


def test_open_leads_stand_with_their_time_and_link_and_overdue_ones_look_it() -> None:
    soon, late = handoff(id=1), handoff(id=2, due_at=NOW - HOUR)
    leads = (OpenLead(late, ELENA, ("C1", "1.2")), OpenLead(soon, Lead(name=HOSTILE), None))
    words = dated(seen(home(leads=leads, waiting=23), {2: "https://x.example/p1"}))
    assert "23 leads wait for your answer" in words
    assert (
        ":red_circle: *<https://x.example/p1|Elena Marchetti, Vialetto Logistics>* · P2 · overdue since 2026-" in words
    )
    assert "· P2 · decide by 2026-" in words
    assert "And 21 more" in words
    assert "<!channel" not in words
    assert "No lead waits for you" in seen(home())


def test_twenty_leads_with_long_names_and_forty_people_are_taken_by_slack() -> None:
    lead = Lead(name="&" * 80, company="<" * 60)
    link = dict.fromkeys(range(20), "https://" + "x" * 200)
    leads = tuple(OpenLead(handoff(id=n), lead, None) for n in range(20))
    staff = tuple(there("ben", Leave(TODAY, None, "&" * 75), absence=n) for n in range(40))
    seen(home(leads=leads, waiting=20, staff=staff), link)


@pytest.mark.parametrize(
    ("me", "words", "pressed"),
    [
        (there("ana"), "*You are here*", [ids.AWAY]),
        (
            there("ana", SKIING, absence=3),
            "*You are away* until Thu 5 Mar 2026: Skiing. New leads pass you by.",
            [ids.BACK],
        ),
        (there("ana", SKIING), "New leads pass you by. `people.yaml` says so.", [ids.AWAY]),
        (
            there("ana", LATER, absence=4),
            "Next: Wed 11 Mar 2026 to Sat 14 Mar 2026, Moving house.",
            [ids.BACK, ids.AWAY],
        ),
        (there("ana", Leave(TODAY, None, "let 2 leads in a row expire"), absence=5), "away*: let 2 leads", [ids.BACK]),
    ],
)
def test_the_tab_says_whether_leads_come_and_how_to_change_that(me: Presence, words: str, pressed: list[str]) -> None:
    assert words in seen(home(me=me))
    [row] = [block for block in home_view(home(me=me), {}, NOW)["blocks"] if block["type"] == "actions"]
    assert [one["action_id"] for one in row["elements"]] == pressed


def test_a_manager_sees_each_of_their_people_with_the_one_button_that_fits() -> None:
    staff = (there("ben", SKIING, absence=9), there("ana"))
    blocks = home_view(home(me=there("maya"), staff=staff), {}, NOW)["blocks"]
    members = [(block["text"]["text"], block["accessory"]) for block in blocks if "accessory" in block]
    assert [(words.split("*")[1], one["action_id"], one["value"]) for words, one in members] == [
        ("Ben Okafor", ids.BACK, "9"),
        ("Ana Ruiz", ids.AWAY, "ana"),
    ]
    assert "is away until Thu 5 Mar 2026: Skiing" in members[0][0]


@pytest.mark.parametrize("own", [True, False])
def test_the_form_of_an_absence_asks_three_things_and_starts_today(own: bool) -> None:
    long = replace(there("ana"), person=replace(POLICY.people.persons["ana"], name=HOSTILE))
    for presence in (there("ana"), long):
        view = opens(away_form(presence, own))
        assert view["private_metadata"] == "ana"
        assert date.fromisoformat(select(view, ids.FIRST_DAY)["initial_date"]) == TODAY
        assert [one.get("optional", False) for one in view["blocks"] if one["type"] == "input"] == [False, True, False]
