"""Nothing that a rep is answered depends on leads of other teams: not a figure, not a name, not a mended line."""

from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa

from bot.blocks.drawing import Drawing
from bot.blocks.funnel.slack import best_blocks
from bot.funnel import Told, drawn, told, understood, viewer
from bot.stats.cohort import OTHERS as OTHERS_TOGETHER
from bot.stats.metrics.table import METRICS
from bot.stats.query import Explain, Query
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs, leads
from tests.store.answer_kit import DAY, HOUR, Row, offered
from tests.support import NOW, PEOPLE, in_force

COMPANY = PEOPLE.replace(
    "teams:",
    """  cleo: {name: Cleo Petit, slack: U0CLEO, role: rep}
  dan: {name: Dan Levy, slack: U0DAN, role: rep}
  olga: {name: Olga Petrova, slack: U0OLGA, role: ops}
teams:
  duo: {name: Duo, channel: C0DUO, manager: maya, members: [dan]}""",
).replace("members: [ana, ben]", "members: [ana, ben, cleo]")

MINE = [
    *offered(5 * DAY, "accepted", many=9),
    *offered(6 * DAY, "rejected", many=6, reason="FIT_COMPANY", owner="ben", first_owner="ben"),
    *offered(3 * DAY, "accepted", many=2, source="partner"),
    *offered(2 * HOUR, "open", many=3),
]
THEIRS: Row = {"owner": "dan", "first_owner": "dan", "team": "duo", "source": "secret fair", "campaign": "Secret"}
OTHERS = [
    *offered(4 * DAY, "accepted", many=30, **THEIRS),
    *offered(7 * DAY, "rejected", many=11, reason="NOT_READY", **THEIRS),
    *offered(9 * DAY, "expired", many=5, **THEIRS),
    *offered(HOUR, "open", many=4, **THEIRS | {"owner": "left", "first_owner": "left"}),
]
SUBJECTS = ("", " rep @ana", ' campaign "Q4 webinar"', " by source", " by rep", " reps", " source:webinar")
QUESTIONS = [
    *("", "by source", "by team", "by rep", "rejections", "rejections by campaign", "sla", "velocity", "reps", "today"),
    *("basis=period", "by source basis=period", 'campaign "Q4 webinar"', 'campaign "Secret"', "campaign nosuch"),
    *("source:nosuch", "source:", '"secret fair"', "secret", "team:duo", "team:nosuch", "owner:@nosuch", "rep:left"),
    *("rep @dan", "-team:sales", "-rep:ana", "sla by rep", "csv", "by source csv", "region:", "grade:A1", "type:x"),
    *(f"explain {metric}{subject}" for metric in METRICS for subject in SUBJECTS),
]


@pytest.fixture
def tx(sqlite_store: Store) -> Iterator[Tx]:
    in_force(sqlite_store, people=COMPANY)
    with sqlite_store.transaction() as tx:
        add(tx, MINE)
        yield tx


def add(tx: Tx, rows: Sequence[Row]) -> None:
    for row in rows:
        lead = {"attributes": {}, "mql": True, "created_at": NOW, "updated_at": NOW}
        number = tx.execute(sa.insert(leads).values(**lead).returning(leads.c.id)).scalar_one()
        tx.execute(sa.insert(handoffs).values(**row | {"lead_id": number}))


def answer(tx: Tx, slack: str, text: str) -> Drawing:
    asked = understood(tx, text, NOW, viewer(tx, slack))
    return drawn(tx, asked, NOW, slack, lambda report: best_blocks(report, {}, private=True))


@pytest.mark.parametrize("slack", ["U0ANA", "U0CLEO", "U0DAN"])
def test_what_a_rep_is_answered_is_the_same_whatever_other_teams_have(slack: str, tx: Tx) -> None:
    questions = [text.replace("@ana", "@dan") if slack == "U0DAN" else text for text in QUESTIONS]
    alone = {text: answer(tx, slack, text) for text in questions}
    add(tx, MINE if slack == "U0DAN" else OTHERS)
    assert [text for text in questions if alone[text] != answer(tx, slack, text)] == []


@pytest.mark.parametrize("slack", ["U0ANA", "U0DAN", "U0MAYA", "U0TOM"])
def test_the_line_above_each_answer_asks_for_it_again(slack: str, tx: Tx) -> None:
    """Also where a rep's question was narrowed to a team that has no hand-off in the window."""
    add(tx, OTHERS)
    who = viewer(tx, slack)
    for text in (*QUESTIONS, "yesterday", "yesterday by week", "explain accept_rate yesterday"):
        asked = understood(tx, text, NOW, who)
        found = told(tx, asked, NOW, who) if isinstance(asked, Query | Explain) else None
        if isinstance(found, Told):
            again = understood(tx, found.report.command, NOW, who)
            assert isinstance(again, Query | Explain), (text, again)
            assert told(tx, again, NOW, who) == found, text


@pytest.mark.parametrize("text", ["by source", "rejections by source", "by source basis=period", "sla by source"])
def test_in_a_channel_no_group_is_smaller_than_three_leads_and_nothing_left_over_is(tx: Tx, text: str) -> None:
    add(tx, offered(3 * DAY, "rejected", many=3, source="fair", reason="FIT_COMPANY"))
    who = viewer(tx, "U0MAYA")
    asked = understood(tx, text, NOW, who)
    assert isinstance(asked, Query)
    found = told(tx, asked, NOW, who, public=True)
    assert isinstance(found, Told)
    assert {group.name for group in found.record.groups} <= {"webinar", OTHERS_TOGETHER}


def test_what_is_about_one_or_two_leads_goes_to_no_channel(tx: Tx) -> None:
    add(tx, offered(20 * DAY, "accepted", many=2, campaign="Small"))
    who = viewer(tx, "U0MAYA")

    def public(text: str) -> bool:
        asked = understood(tx, text, NOW, who)
        assert isinstance(asked, Query), asked
        return isinstance(told(tx, asked, NOW, who, public=True), Told)

    some = ("30d", "campaign:Small", 'campaign "Small"', 'campaign "Q4 webinar"')
    assert [text for text in some if public(text)] == ["30d"]


def test_however_it_was_asked_a_figure_is_explained_of_what_its_asker_sees(tx: Tx) -> None:
    ana = viewer(tx, "U0ANA")
    asked = understood(tx, "rep @ana", NOW, ana)
    assert isinstance(asked, Query)
    alone = told(tx, Explain("accept_rate", asked), NOW, ana)
    add(tx, OTHERS)
    assert told(tx, Explain("accept_rate", asked), NOW, ana) == alone


def test_a_mended_line_names_no_colleague_whose_numbers_one_may_not_see(tx: Tx) -> None:
    said = {slack: answer(tx, slack, "rep:nosuch").text for slack in ("U0ANA", "U0MAYA")}
    assert [name for name in ("ana", "ben") if f"“{name}”" in said["U0ANA"]] == ["ana"]
    assert [name for name in ("ana", "ben") if f"“{name}”" in said["U0MAYA"]] == ["ana", "ben"]
