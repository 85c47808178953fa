"""Every message as delivery would draw it: loaded from the real store, after real moves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.answers.grounds import grounds
from bot.answers.open_cards import open_cards
from bot.answers.story import story
from bot.blocks.drawing import Drawing
from bot.blocks.grounds import grounds_view
from bot.blocks.ids import CLAIM
from bot.blocks.open_cards_text import open_cards_json
from bot.blocks.story_json import story_json
from bot.config import load
from bot.handoff.states import Handoff
from bot.kinds import KINDS
from bot.lead import Leave
from bot.moves import attendance, decisions, hand_on
from bot.moves.hand_on import NotMine
from bot.slack import Permanent
from bot.store import absences
from bot.store.engine import Store
from bot.store.messages import Message
from bot.store.tables import messages
from bot.sweep import sweep
from tests.core.card_kit import dated
from tests.schemas import check
from tests.support import CRITERIA, HOUR, NOW, PEOPLE, by, in_force, offered, owner_slack

TWO_TEAMS = PEOPLE.replace(
    "teams:", "  cy: {name: Cy Young, slack: U0CY, role: rep}\nteams:\n"
    "  emea: {name: EMEA, channel: C0EMEA, manager: maya, members: [cy]}"
) + "routing: {otherwise: [sales]}\nops_channel: C0OPS\n"  # fmt: skip
SHIPPED = load.texts(None)
URGENT = CRITERIA.replace("{P1: [A1], P2: [B1, C1, D1]}", "{P1: [A1, B1, C1, D1], P2: [A2]}")


class Links:
    """A Slack that only knows links, and has lost the messages of one channel."""

    def permalink(self, channel: str, ts: str) -> str:
        if channel == "C0EMEA":
            raise Permanent("message_not_found")
        return f"https://x.example/{channel}/{ts}"

    link = permalink


def posted(store: Store) -> None:
    """Slack has taken everything."""
    with store.transaction(wakes=False) as tx:
        for row in list(tx.execute(sa.select(messages.c.id, messages.c.recipient).where(messages.c.ts.is_(None)))):
            tx.execute(
                sa.update(messages).where(messages.c.id == row.id).values(ts=f"{row.id}.1", channel=row.recipient)
            )


def all_drawn(store: Store) -> Iterator[tuple[str, str, Drawing]]:
    """Kind, recipient and drawing of each message, oldest first; Slack takes them all."""
    with store.reading() as tx:
        for row in tx.execute(sa.select(messages).order_by(messages.c.id)).all():
            name = (row.id, row.subject, row.kind, row.recipient, row.occurrence, row.detail)
            found = Message(*name, 1, NOW, NOW, row.channel, row.ts, None, "post")
            drawing = KINDS[row.kind](tx, found)(Links())  # type: ignore[arg-type]
            said = {"text": drawing.text, "blocks": drawing.blocks}
            assert check.call("chat.postMessage", {"channel": "C1", **said}) == []
            yield row.kind, row.recipient, drawing


def drawn(store: Store, kind: str, recipient: str) -> list[Drawing]:
    return [drawing for one, to, drawing in all_drawn(store) if (one, to) == (kind, recipient)]


def text(store: Store, kind: str, recipient: str) -> str:
    """Of the newest such message, with dates as they read."""
    return dated(drawn(store, kind, recipient)[-1].text)


@pytest.fixture
def company(store: Store) -> Store:
    """Two teams under the shipped SLA and office hours (UTC); leads go to Sales."""
    return in_force(store, people=TWO_TEAMS, sla=SHIPPED["sla.yaml"], calendar=SHIPPED["calendar.yaml"])


def rerouted(store: Store) -> Handoff:
    """Elena's hand-off, passed on to the other team an hour after the offer."""
    found = offered(store)
    posted(store)
    said = NotMine("ROUTE_TERRITORY", "emea", "French", owner=found.owner)
    outcome = hand_on.pass_on(store, NOW + HOUR, by(owner_slack(found), found), said)
    assert isinstance(outcome, Handoff)
    assert outcome.owner == "cy"
    posted(store)
    return outcome


def test_the_card_says_how_much_time_there_was_in_all(company: Store) -> None:
    offered(company)
    assert "· 4 h from 09:00 UTC" in text(company, "card", "C0SALES")


def test_where_the_channel_changes_one_card_is_left_and_the_other_says_where_it_is(company: Store) -> None:
    rerouted(company)
    assert text(company, "card", "C0SALES") == "Elena: moved to <#C0EMEA>, now with <@U0CY>."
    assert "Lead for <@U0CY>" in text(company, "card", "C0EMEA")
    told = drawn(company, "handed_to", "U0CY")[0]
    assert "Ana Ruiz passed it on (Another region, segment or language: EMEA — “French”)" in told.text
    assert [block["type"] for block in told.blocks] == ["section"], "the card was deleted: no link, but a message"


def test_a_lead_that_comes_back_has_its_first_card_again(company: Store) -> None:
    found = rerouted(company)
    hand_on.reassign(company, NOW + 2 * HOUR, by("U0MAYA", found), "ben")
    posted(company)
    assert "Lead for <@U0BEN>" in text(company, "card", "C0SALES")
    assert "moved to <#C0SALES>" in text(company, "card", "C0EMEA")
    assert text(company, "handed_to", "U0CY") == "No longer yours: Elena. Ben Okafor has it now."
    link = drawn(company, "handed_to", "U0BEN")[0].blocks[-1]["elements"][0]["url"]
    assert link.startswith("https://x.example/C0SALES/")
    assert text(company, "handed_from", "U0CY") == "Elena went to Ben Okafor: Maya Lindqvist reassigned it."


def test_a_lead_that_is_moved_before_anybody_has_noticed_the_breach_is_told_as_overdue(company: Store) -> None:
    found = offered(company)
    hand_on.reassign(company, NOW + 5 * HOUR, by("U0MAYA", found), "cy")
    assert "is yours now: Maya Lindqvist reassigned it. Overdue since" in text(company, "handed_to", "U0CY")
    head = drawn(company, "card", "C0EMEA")[-1].blocks[0]["text"]["text"]
    assert "· with <@U0CY>* · anyone on the team may claim it" in head


def test_the_card_the_list_and_the_leads_story_agree_on_who_may_claim_it(company: Store) -> None:
    found = offered(company)

    def said(now: datetime) -> tuple[bool, bool, bool]:
        with company.reading() as tx:
            listed = open_cards_json(open_cards(tx, now))["handoffs"]
            told = story(tx, found.lead_id, now)
        assert told
        drawn_now = drawn(company, "card", "C0SALES")[-1]
        return (
            listed[0]["claimable"],
            story_json(told, now)["handoffs"][0]["claimable"],
            CLAIM in str(drawn_now.blocks),
        )

    assert said(NOW + HOUR) == (False, False, False)
    sweep(company, NOW + 5 * HOUR)
    assert said(NOW + 5 * HOUR) == (True, True, True)
    hand_on.claim(company, NOW + 6 * HOUR, by("U0BEN", found))
    assert said(NOW + 6 * HOUR) == (False, False, False)
    hand_on.reassign(company, NOW + 7 * HOUR, by("U0MAYA", found), "ana")
    assert said(NOW + 7 * HOUR) == (True, True, True)


def test_one_message_reminds_of_all_that_is_due_and_strikes_what_is_done(company: Store) -> None:
    found = [offered(company, name) for name in ("elena", "marco", "lucia", "paolo")]
    posted(company)
    sweep(company, NOW + 2 * HOUR)
    assert "2 leads wait for your answer" in text(company, "nudge", "U0ANA")
    mine = next(one for one in found if one.owner == "ana")
    decisions.accept(company, NOW + 2 * HOUR, by("U0ANA", mine))
    assert "One lead waits for your answer" in text(company, "nudge", "U0ANA")
    assert "Accepted by Ana Ruiz" in text(company, "nudge", "U0ANA")
    sweep(company, NOW + 3.2 * HOUR)
    first, second = drawn(company, "nudge", "U0ANA")
    assert "Nothing waits for you here any more" in first.text
    assert "last call" in second.text


def test_the_whole_ladder_of_an_urgent_lead_reads_well_at_every_step(store: Store) -> None:
    in_force(store, people=TWO_TEAMS, criteria=URGENT, sla=SHIPPED["sla.yaml"], calendar=SHIPPED["calendar.yaml"])
    night = datetime(2026, 3, 6, 20, tzinfo=NOW.tzinfo)
    found = offered(store, now=night)
    assert "15 min of work from" in text(store, "card", "C0SALES")
    seen = []
    for step in found.steps:
        posted(store)
        sweep(store, step.at)
        seen += [f"{kind} {drawing.text}" for kind, _, drawing in all_drawn(store)]
    said = dated("\n".join(seen))
    for words in (
        "reminder :hourglass_flowing_sand: Last call: Elena waits",
        "card :red_circle: P1 · Overdue since",
        "escalation :rotating_light: <@U0MAYA>: Elena has had no answer from Ana Ruiz in time",
        "handed_to :incoming_envelope: Elena is yours now: there was no answer from Ana Ruiz in time. Overdue since",
        "handed_from Elena went to Ben Okafor: there was no answer from you in time.",
        "is still not answered, overdue since",
        "expiry :hourglass: <@U0MAYA>: nobody answered in time",
    ):
        assert words in said, words


def test_away_is_told_and_taken_back(company: Store) -> None:
    attendance.go_away(company, NOW, "ana", Leave(date(2026, 3, 9), date(2026, 3, 13), "Skiing"), "maya")
    assert "New leads pass you by from Mon 9 Mar 2026 until Fri 13 Mar 2026: Skiing." in text(company, "away", "U0ANA")
    attendance.come_back(company, NOW + timedelta(days=9), "ana", "ana")
    assert text(company, "away", "U0ANA").startswith("You are back since")


def test_a_delegate_is_named_only_while_the_owner_is_away(store: Store) -> None:
    stood_in = TWO_TEAMS.replace("slack: U0ANA, role: rep", "slack: U0ANA, role: rep, delegate: ben")
    in_force(store, people=stood_in, criteria=URGENT)
    found = offered(store)
    assert (found.owner, found.due_at) == ("ana", NOW + HOUR / 4)
    assert "may decide" not in text(store, "card", "C0SALES")
    with store.transaction() as tx:
        absences.begin(tx, "ana", Leave(date(2026, 2, 2), date(2026, 2, 6), "Ill"), "ana", NOW)
        absences.begin(tx, "ana", Leave(date(2026, 3, 20), None, "Fair"), "ana", NOW)
    assert "may decide" not in text(store, "card", "C0SALES"), "that is over, or by then it has expired"
    with store.transaction() as tx:
        absences.begin(tx, "ana", Leave(date(2026, 3, 3), None, "Ill"), "ana", NOW)
    assert "Ana Ruiz is away from 3 Mar: <@U0BEN> may decide too" in text(store, "card", "C0SALES")


def test_leave_of_the_configuration_counts_as_well(store: Store) -> None:
    away = "delegate: ben, away: [{on: 2026-03-03, to: 2026-03-04, label: Fair}]"
    stood_in = TWO_TEAMS.replace("slack: U0ANA, role: rep", f"slack: U0ANA, role: rep, {away}")
    in_force(store, people=stood_in, criteria=URGENT)
    assert offered(store).owner == "ana"
    assert "Ana Ruiz is away from 3 Mar until 4 Mar: <@U0BEN> may decide too" in text(store, "card", "C0SALES")


def test_why_me_and_why_then_come_from_what_was_kept(company: Store) -> None:
    found = rerouted(company)
    with company.reading() as tx:
        kept = grounds(tx, found.id, NOW + HOUR)
        assert grounds(tx, 99, NOW) is None
    assert kept is not None
    assert kept.deadline is not None
    assert (kept.deadline.working, kept.left) == (4 * HOUR, 3 * HOUR)
    assert [one.to for one in kept.owners] == ["ana", "cy"]
    assert check.view(grounds_view(kept, NOW + HOUR)) == []


def test_nothing_is_left_once_it_is_overdue_or_decided(company: Store) -> None:
    found = offered(company)
    with company.reading() as tx:
        late = grounds(tx, found.id, NOW + 4 * HOUR)
    decisions.accept(company, NOW + HOUR, by(owner_slack(found), found))
    with company.reading() as tx:
        done = grounds(tx, found.id, NOW + 2 * HOUR)
    assert late is not None
    assert done is not None
    assert (late.left, done.left) == (None, None)
    assert done.handoff.took_wall == 3600
