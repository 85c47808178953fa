"""What a rep reads on a card: why now, fit beside behaviour, for and against, the data, and what has changed."""

from dataclasses import replace

import pytest

from bot.blocks import changes
from bot.blocks.card import card
from bot.config import load
from bot.criteria.assess import assess
from bot.criteria.days import daily
from bot.handoff.case import Case, Heard
from bot.handoff.states import State
from bot.lead import Signal, Value
from tests.core.card_kit import DAY, DEMO, ELENA, WEBINAR, buttons, case, line, lines
from tests.support import HOUR, NOW

# Why now


def test_a_fast_track_is_named_before_the_signals_that_made_it() -> None:
    shown = lines(case())
    place = shown.index("*Why now: Asked to be called*")
    assert shown[place + 1].startswith("• Asked for a demo · <!date^")
    assert shown[place + 1].endswith(" — “Migrating before March”")
    assert shown[place + 2].startswith("• Attended a webinar · <!date^")
    assert "{time}" in shown[place + 1]
    assert "{time}" not in shown[place + 2], "of two weeks ago the day will do"


def test_a_lead_that_crossed_by_its_cell_has_no_fast_track_to_name() -> None:
    webinars = [Signal(str(day), "webinar_attended", NOW - day * DAY) for day in (0, 1)]
    one = case(ELENA, *webinars)
    assert one.assessment
    assert one.assessment.because == "cell A2"
    assert "*Why now*" in lines(one)


def test_what_came_after_the_offer_stands_first_and_is_marked_as_new() -> None:
    news = tuple(Heard("Looked at pricing", NOW + age * HOUR, None) for age in (3, 2, 1))
    shown = [text for text in lines(replace(case(), news=news)) if text.startswith("•")]
    assert [text.split(" · ")[0] for text in shown] == [
        "• *New:* Looked at pricing",
        "• *New:* Looked at pricing",
        "• Asked for a demo",
    ]


# Fit and behaviour


def test_fit_and_behaviour_stand_side_by_side_and_are_never_added_up() -> None:
    one = case()
    assert one.assessment
    assert line(one, "*Fit").startswith("*Fit A* · *Behaviour 1*")
    total = one.assessment.fit_points + one.assessment.behaviour_points
    assert str(total // 100) not in " ".join(lines(one)[3:])


def test_what_is_not_known_is_named_in_a_few_words() -> None:
    bare = replace(ELENA, title=None, attributes={"industry": "logistics"})
    assert line(case(bare), "*Fit").endswith(" · ? title, employees, technology")
    known = replace(ELENA, attributes={**ELENA.attributes, "technology": "slack"})
    assert "?" not in line(case(known), "*Fit")
    odd = replace(known, title="Grand vizier")
    assert line(case(odd), "*Fit").endswith("? seniority, function"), "the title says neither"


def test_a_long_list_of_unknown_facts_is_cut() -> None:
    one = replace(case(), unknown=("a_b", "c", "d", "e", "f", "g"))
    assert line(one, "*Fit").endswith("? a b, c, d, e and 2 more")


def test_three_reasons_for_and_two_against_with_points_and_age() -> None:
    mailbox = replace(ELENA, email="elena@gmail.com", country="Japan")
    one = case(mailbox)
    assert line(one, "*For*") == "*For*  Asked for a demo +50 · Decides on a budget +25 · 50 to 1,000 employees +20"
    assert line(one, "*Against*") == "*Against*  Personal mailbox −10 · Country we sell to: no"
    assert line(case(ELENA, WEBINAR), "*For*").endswith(" · Attended a webinar +10.6 (15 d ago)")


# Data


def test_data_is_shown_with_what_its_check_found() -> None:
    checked = "✓ elena@vialetto.example · ✗ phone is missing · ✓ IT · ✓ company, title"
    assert lines(case())[-1] == f"{checked} · Source webinar · Campaign Q4 webinar"
    no_company = case(replace(ELENA, company=None))
    assert "✗ company is missing · ✓ title" in lines(no_company)[-1]


def test_data_that_is_no_good_says_what_is_wrong_with_it() -> None:
    bounced = {**ELENA.attributes, "email_bounced": True}
    wrong = {
        "phone 12 is too short for a phone number": replace(ELENA, phone="12"),
        "country Atlantis is no country we know": replace(ELENA, country="Atlantis"),
        "e-mail elena@vialetto.example bounced": replace(ELENA, attributes=bounced),
    }
    for words, lead in wrong.items():
        assert f":warning: {words} · " in f"{lines(case(lead))[-1]} · "


# What has changed


def test_a_raised_tier_is_visible_with_its_reason_until_somebody_decides() -> None:
    one = case(raised_from="P3")
    assert line(one, ":arrow_up:") == ":arrow_up: Raised from P3: Asked to be called"
    assert "Raised from P3" in card(one).text
    decided = case(raised_from="P3", state=State.ACCEPTED, decided_by="ana", decided_at=NOW)
    assert line(decided, ":arrow_up:") == ""


def test_a_reason_that_gives_another_tier_by_now_is_not_told_as_the_reason() -> None:
    assert line(case(raised_from="P3", tier="P2"), ":arrow_up:") == ":arrow_up: Raised from P3"


@pytest.mark.parametrize("state", [State.OFFERED, State.ACCEPTED, State.QUALIFIED])
def test_a_lead_that_must_not_be_contacted_says_so_at_the_top(state: State) -> None:
    out = Signal("s3", "opt_out", NOW)
    one = case(ELENA, DEMO, out, state=state)
    assert lines(one)[1] == ":no_entry: *Do not contact: Asked not to be contacted*"
    assert "Do not contact: Asked not to be contacted" in card(one).text
    shown = "\n".join(lines(one))
    assert "*Heard last*" in shown, "nothing is urgent any more"
    for enticing in ("elena@vialetto.example", "Asked to be called", "+50", "*For*"):
        assert enticing not in shown


def test_a_lead_that_is_merely_no_customer_for_us_may_still_be_written_to() -> None:
    customer = replace(ELENA, attributes={"relationship": "customer"})
    assert lines(case(customer))[1] == ":no_entry: *Disqualified: Existing customer*"


OWN = """\
disqualifiers:
  - {label: Asked for silence, when: {field: silence, equals: true}, voids_card: true}
  - {label: Too far, when: {field: distance, above: 100}}
"""


def under_own_rules(**attributes: Value) -> Case:
    """The case of a lead with these attributes, under disqualifiers that ask for true and for a number."""
    files = dict(load.texts(None))
    before, after = files["criteria.yaml"].split("disqualifiers:")
    files["criteria.yaml"] = f"{before}{OWN}\ndata:{after.split('data:', 1)[1]}"
    lead = replace(ELENA, attributes={**ELENA.attributes, **attributes})
    return replace(case(lead), assessment=assess(lead, daily([DEMO], NOW), load.parse(files).criteria, NOW))


def test_a_disqualifier_that_cannot_be_judged_is_told_before_anybody_writes_to_the_lead() -> None:
    one = under_own_rules(silence="true")
    words = ":warning: Asked for silence: cannot tell, the value is of the wrong type"
    assert lines(one)[1] == words
    assert words in card(one).text
    two = under_own_rules(silence="true", distance="far")
    assert lines(two)[1] == ":warning: Asked for silence and 1 more: cannot tell, the value is of the wrong type"
    for known in (under_own_rules(), under_own_rules(silence=False, distance=7)):
        assert "cannot tell" not in card(known).text


def test_a_withdrawn_card_is_a_short_record_that_says_why() -> None:
    one = case(state=State.VOID, comment="Asked not to be contacted", decided_at=NOW, voided_at=NOW)
    assert lines(one)[0].startswith(":no_entry: *Void · Asked not to be contacted* · <!date^")
    assert lines(one)[-1] == "This card was withdrawn: the lead must not be contacted."
    assert buttons(one) == []


# In the thread


def test_the_owner_is_told_that_a_lead_is_hotter_and_that_its_time_is_the_old_one() -> None:
    text = changes.raised(case(raised_from="P3"), "P1", "C0SALES").text
    lead = "Elena Marchetti, Vialetto Logistics"
    assert text.startswith(f":fire: <@U0ANA>: {lead} is hotter now: P3 → P1, Asked to be called.")
    assert f"<!date^{int((NOW + 4 * HOUR).timestamp())}^Still due {{date_short_pretty}}" in text


def test_a_word_about_urgency_asks_for_nothing_once_it_is_over() -> None:
    decided = case(raised_from="P3", state=State.ACCEPTED, decided_at=NOW, decided_by="ben")
    assert changes.raised(decided, "P1", "C0SALES").text.startswith(
        "Rose to P1. :white_check_mark: Accepted by Ben Okafor"
    )
    assert changes.raised(case(raised_from="P3"), "P2", "C0SALES").text == "Rose to P2. It has risen again since."
    assert "<@" not in changes.raised(decided, "P1", "C0SALES").text


def test_the_owner_is_told_to_stop_and_told_again_when_they_may_go_on() -> None:
    out = Signal("s3", "opt_out", NOW)
    accepted = {"state": State.ACCEPTED, "decided_at": NOW, "decided_by": "ana"}
    stop = changes.barred(case(ELENA, DEMO, out, **accepted), "C0SALES").text
    assert stop.startswith(":no_entry: <@U0ANA>: please stop contacting Elena Marchetti")
    assert "Asked not to be contacted" in stop
    assert "may be contacted again" in changes.barred(case(ELENA, DEMO, **accepted), "C0SALES").text
    void = changes.barred(case(state=State.VOID, comment="Asked not to be contacted", decided_at=NOW), "C0SALES").text
    assert "<@U0ANA>: please do not contact Elena" in void
    assert "The card is withdrawn" in void
