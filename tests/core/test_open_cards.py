"""What waits for an answer, in words: in Slack, in a terminal and as JSON."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.drawing import Drawing
from bot.blocks.open_cards import open_cards_blocks
from bot.blocks.open_cards_text import QUEUES, WIDTH, open_cards_json, open_cards_text
from bot.clock.ladder import Step
from bot.handoff.open_cards import OfTier, OpenCards, OpenLead, claimable, overdue
from bot.handoff.routing import Queue
from bot.handoff.states import State
from bot.lead import Lead
from tests.core.card_kit import ELENA, dated, texts
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

LATER = NOW + 5 * HOUR
LINK = "https://example.slack.com/archives/C0SALES/p1"
NASTY = Lead(name="<!channel> *x* " + "a|b>" * 60, company="&lt; `rm`\n" * 30)


def one(number: int = 1, lead: Lead = ELENA, **changes: Any) -> OpenLead:
    return OpenLead(handoff(id=number, **changes), lead, ("C0SALES", "1.000001"))


def found(*tiers: OfTier, at: datetime = NOW, queues: dict[Queue, int] | None = None, shown: bool = True) -> OpenCards:
    return OpenCards(at, tiers, queues or {}, POLICY.people, shown)


def drawn(cards: OpenCards, links: dict[int, str] | None = None) -> Drawing:
    drawing = open_cards_blocks(cards, links or {})
    message = {"channel": "C1", "user": "U1", "text": drawing.text, "blocks": drawing.blocks}
    assert check.call("chat.postEphemeral", message) == []
    return drawing


def lines(cards: OpenCards, links: dict[int, str] | None = None) -> list[str]:
    return [line for text in texts(drawn(cards, links)) for line in text.split("\n")]


def heading(cards: OpenCards) -> str:
    text: str = drawn(cards).blocks[0]["text"]["text"]
    return text


def test_what_is_in_time_says_whose_it_is_and_until_when() -> None:
    cards = found(OfTier("P2", 1, 0, (one(),)))
    told = lines(cards, {1: LINK})
    assert heading(cards) == "1 open"
    assert told[2] == "*P2 · 1 open*"
    due = int((NOW + 4 * HOUR).timestamp())
    assert told[3].startswith(
        f"• *<{LINK}|Elena Marchetti, Vialetto Logistics>* · Ana Ruiz · <!date^{due}^due {{date_sh"
    )
    assert "claimable" not in "".join(told)


def test_what_is_overdue_is_marked_counted_and_may_be_claimed() -> None:
    cards = found(OfTier("P2", 3, 1, (one(breached_by="ana"),)), at=LATER)
    told = lines(cards)
    assert heading(cards) == "3 open, 1 overdue"
    assert "*P2 · 3 open, 1 overdue*" in told
    row = next(line for line in told if line.startswith("•"))
    assert dated(row).startswith(
        "• :red_circle: *Elena Marchetti, Vialetto Logistics* · Ana Ruiz · overdue since 2026-"
    )
    assert "({ago})" in row
    assert " · claimable" in row
    assert "and 2 more" in told
    assert "anyone on the team may take it over" in told[-1]


@pytest.mark.parametrize(
    ("changes", "at", "late", "free"),
    [
        ({}, NOW, False, False),
        ({}, NOW + 4 * HOUR - timedelta(microseconds=1), False, False),
        ({}, NOW + 4 * HOUR, True, False),  # before any sweep has noticed it, the card has no such button
        ({"breached_by": "ana"}, LATER, True, True),
        ({"breached_by": "ben"}, LATER, True, True),  # the clock gave it to Ana, who may be as silent
        ({"breached_by": "ana", "channel": "U0ANA"}, LATER, True, False),  # her team does not see it
        ({"due_at": None}, LATER, False, False),
        ({"state": State.ACCEPTED}, LATER, False, False),
        ({"state": State.EXPIRED}, LATER, False, False),
    ],
)
def test_overdue_and_claimable(changes: dict[str, Any], at: datetime, late: bool, free: bool) -> None:
    one = handoff(**changes)
    assert (overdue(one, at), claimable(one, claimed=False)) == (late, free)
    assert not claimable(one, claimed=True)


def test_a_snoozed_one_says_until_when_as_long_as_its_reminder_is_put_off() -> None:
    until = NOW + HOUR
    waits = one(snoozed_until=until, steps=(Step(until, "remind"), Step(NOW + 4 * HOUR, "escalate")))
    assert f"<!date^{int(until.timestamp())}^Snoozed until {{date_sh" in "".join(
        lines(found(OfTier("P2", 1, 0, (waits,))))
    )
    reminded = replace(waits, handoff=replace(waits.handoff, step=1))
    assert "nooze" not in "".join(lines(found(OfTier("P2", 1, 0, (reminded,)))))


def test_a_card_without_a_link_names_its_channel_and_a_direct_message_has_none() -> None:
    assert lines(found(OfTier("P2", 1, 0, (one(),))))[3].endswith(" · <#C0SALES>")
    assert "<#" not in "".join(lines(found(OfTier("P2", 1, 0, (one(channel="U0ANA"),)))))
    assert "<#" not in "".join(lines(found(OfTier("P2", 1, 0, (one(),))), {1: LINK}))


def test_tiers_that_have_no_room_in_the_list_are_counted_all_the_same() -> None:
    cards = found(OfTier("P1", 3000, 2999, tuple(one(n) for n in range(20))), OfTier("P2", 7, 1), OfTier(None, 1, 0))
    told = lines(cards)
    assert heading(cards) == "3008 open, 3000 overdue"
    assert [line for line in told if line.startswith("*")] == [
        "*P1 · 3000 open, 2999 overdue*",
        "*P2 · 7 open, 1 overdue*",
        "*No tier · 1 open*",
    ]
    assert [line for line in told if line.startswith("and ")] == ["and 2980 more"]


def test_queues_that_want_somebody_are_counted_and_imported_history_is_not() -> None:
    queues: dict[Queue, int] = {"expired": 12, "unassigned": 3, "imported": 900}
    assert "In queues: unassigned 3 · expired 12" in lines(found(queues=queues))
    assert "In queues: nobody waits" in lines(found())


def test_where_nothing_is_open_that_is_said() -> None:
    assert heading(found()) == "Nothing waits for an answer"
    assert open_cards_text(found()).startswith("Nothing waits for an answer\n")


def test_a_stranger_reads_counts_and_why_there_are_no_names() -> None:
    told = lines(found(OfTier("P2", 4, 1), shown=False))
    assert "*P2 · 4 open, 1 overdue*" in told
    assert "`people.yaml`" in told[-1]
    assert not any(line.startswith(("•", "and ")) for line in told)


def test_what_is_heard_has_every_line_and_no_links() -> None:
    text = drawn(found(OfTier("P2", 2, 1, (one(), one(2)))), {1: LINK, 2: LINK}).text
    assert text.startswith("2 open, 1 overdue.\nP2 · 2 open, 1 overdue\n• Elena Marchetti")
    assert LINK not in text
    assert "*" not in text


def test_no_word_from_outside_pings_anybody_or_breaks_the_list() -> None:
    many = tuple(one(n, NASTY, owner="<!here>", tier="<@U1>", breached_by="<!here>") for n in range(20))
    cards = found(OfTier("<@U1>", 20, 20, many), at=LATER)
    drawing = drawn(cards, dict.fromkeys(range(20), LINK))
    for text in (drawing.text, *texts(drawing)):
        assert "<!channel" not in text
        assert "<!here" not in text
        assert "<@" not in text
    for line in lines(cards, dict.fromkeys(range(20), LINK))[3:23]:
        assert line.startswith("• :red_circle: *<https://")
    assert "\n\n\n" not in open_cards_text(cards)


@given(st.text(max_size=300), st.text(max_size=200), st.booleans())
def test_any_name_fits_a_terminal_of_80_columns(name: str, company: str, late: bool) -> None:
    lead = Lead(name=name or None, company=company or None)
    cards = found(OfTier("P1", 5, 1, (one(1, lead, snoozed_until=NOW + HOUR),)), at=LATER if late else NOW)
    text = open_cards_text(cards)
    assert all(len(line) <= WIDTH for line in text.split("\n"))
    assert "handoff:1" in text.replace("\n", "")
    drawn(cards)


def test_a_terminal_says_for_how_long_something_is_overdue() -> None:
    text = open_cards_text(found(OfTier("P1", 2, 1, (one(breached_by="ana"),)), at=LATER, queues={"data-fix": 2}))
    assert text == (
        "2 open, 1 overdue\n"
        "as of 2026-03-02 14:00 UTC\n\n"
        "P1 · 2 open, 1 overdue\n"
        "  Elena Marchetti, Vialetto Logistics: Ana Ruiz; overdue by 1 h, since\n"
        "      2026-03-02 13:00 UTC; claimable; handoff:1\n"
        "  and 1 more\n\n"
        "In queues: data-fix 2"
    )


def test_json_has_the_same_facts() -> None:
    late = one(7, tier="P1", breached_by="ana")
    told = open_cards_json(found(OfTier("P1", 2, 1, (late,)), at=LATER, queues={"data-fix": 2}))
    assert json.loads(json.dumps(told)) == told
    assert (told["open"], told["overdue"]) == (2, 1)
    assert told["tiers"] == [{"tier": "P1", "open": 2, "overdue": 1}]
    assert told["queues"] == {"unassigned": 0, "overflow": 0, "data-fix": 2, "expired": 0}
    assert list(told["queues"]) == list(QUEUES)
    (card,) = told["handoffs"]
    assert card["handoff"] == 7
    assert card["overdue"] is card["claimable"] is True
    assert card["due_at"] == "2026-03-02T13:00:00+00:00"
