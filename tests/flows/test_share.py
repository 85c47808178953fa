"""An answer of /funnel goes on: asked again by a button, sent directly, shared in a channel, turned into CSV."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.blocks import ids
from bot.store.shares import Share
from tests.flows.share_kit import DAY, Asker, fill, kept, statuses, usual
from tests.flows.slack_kit import ANA, BEN, FEEDBACK, MAYA, NORTH, SALES, STRANGER, TOM, Office, buttons, shown
from tests.store.answer_kit import offered
from tests.support import PEOPLE, in_force

OPS = PEOPLE.replace("teams:", "  oz: {name: Oz Green, slack: U0STRANGER, role: ops}\nteams:")
THREE = OPS.replace("teams:", "  cy: {name: Cy Young, slack: U0CY, role: rep}\nteams:").replace(
    "[ana, ben]", "[ana, ben, cy]"
)
"""In a team of two, a rep's question is about their own leads, and so goes to few channels."""
ROLES = {"rep": ANA, "manager": MAYA, "marketing": TOM, "ops": STRANGER}
EVERY_ROLE = pytest.mark.parametrize("role", ROLES)
Someone = Callable[..., Asker]


@pytest.fixture
def someone(baton: Office) -> Someone:
    """Persons of a company of which everybody knows the numbers of the last days."""
    in_force(baton.store, people=OPS)
    fill(baton.store, baton.now, usual())
    return lambda user=MAYA, channel=SALES: Asker(baton, user, channel)


# Asked again


@EVERY_ROLE
def test_a_button_below_an_answer_asks_the_next_question_for_its_presser_alone(someone: Someone, role: str) -> None:
    who = someone(ROLES[role])
    first = who.ask("by source")
    asks = [action for action in buttons(first) if action.startswith(ids.FUNNEL_ASK)]
    assert asks
    for action in asks:
        who.press(action, first)
    assert len(who.seen()) == 1 + len(asks)
    assert all(len(one["text"]) > 20 for one in who.seen())
    assert first in who.seen(), "the first answer is still there to be compared with"
    assert statuses(who.office.store, "answer") == ["sent"] * len(asks)
    assert who.office.page.everything(SALES) == []


def test_the_rights_are_those_of_who_presses(someone: Someone) -> None:
    """A rep presses a button whose value is a manager's question."""
    ana = someone(ANA)
    ana.press(f"{ids.FUNNEL_ASK}_0", ana.ask("by source"), "reps 30d")
    assert "not those of others one by one" in ana.newest()["text"]
    assert "Ben" not in shown(ana.newest())


def test_a_stranger_is_told_who_can_add_them(baton: Office) -> None:
    fill(baton.store, baton.now, usual())
    who, known = Asker(baton, STRANGER), Asker(baton, MAYA)
    message = known.ask("by source")
    for action in (f"{ids.FUNNEL_ASK}_0", ids.FUNNEL_DM, ids.FUNNEL_SHARE, ids.FUNNEL_CSV):
        answer = who.ask("by source")
        assert "I don't know you yet" in answer["text"]
        place = (STRANGER, SALES, answer["ts"])
        baton.page.world.ephemerals[place].blocks = message["blocks"]  # how they came by the buttons does not matter
        who.press(action, answer | {"blocks": message["blocks"]})
        assert "I don't know you yet" in who.newest()["text"]
    assert (kept(baton.store), statuses(baton.store, "share"), baton.page.modals(STRANGER)) == ([], [], [])


def test_what_is_open_comes_with_its_links(someone: Someone) -> None:
    maya = someone()
    _, card = maya.office.offer()
    maya.press(f"{ids.FUNNEL_ASK}_0", maya.ask("by source"), "open")
    assert f"{SALES}/p{card['ts'].replace('.', '')}" in shown(maya.newest())


@pytest.mark.parametrize(
    "value",
    ["", "x" * 1999, 'note "mine" 2026-03-02', "note remove 1", "help", "criteria", "note", "30d share", "reps dm",
     "<!channel> & <@U0ANA>", "\x00", "30d csv", "explain accept_rate", "overveiw", "rep @nobody", '“'],
)  # fmt: skip
def test_whatever_a_button_says_is_answered_in_private_and_changes_nothing(someone: Someone, value: str) -> None:
    maya = someone()
    message = maya.ask("by source")
    for action in (f"{ids.FUNNEL_ASK}_0", ids.FUNNEL_CSV):
        maya.press(action, message, value or " ")
        assert len(maya.newest()["text"]) > 10
        assert "<!channel>" not in shown(maya.newest())
    assert len(maya.seen()) == 3
    assert statuses(maya.office.store, "share") == []
    maya.press(f"{ids.FUNNEL_ASK}_0", message, "note")
    assert "There is none yet" in maya.newest()["text"], "a press writes no note"


def test_a_private_answer_that_comes_too_late_is_let_go(someone: Someone) -> None:
    maya = someone()
    message = maya.ask("by source")
    maya.office.page.fault("chat.postEphemeral", "rate_limited", retry_after=90)
    maya.press(f"{ids.FUNNEL_ASK}_0", message)
    maya.office.wall.pass_by(91)
    maya.office.delivery.drain()
    assert statuses(maya.office.store, "answer") == ["dropped"]


# Directly


@EVERY_ROLE
def test_an_answer_can_be_had_as_a_direct_message_that_stays(someone: Someone, role: str) -> None:
    who = someone(ROLES[role])
    message = who.ask("by source")
    who.press(ids.FUNNEL_DM, message)
    [sent] = who.office.page.posted("share", who.user)
    assert "webinar" in shown(sent)
    assert ids.FUNNEL_DM in buttons(sent), "there it has the buttons of whoever asked"
    [one] = kept(who.office.store)
    assert (one.by, one.how, one.where, one.query.split()[0]) == (
        {ANA: "ana", MAYA: "maya", TOM: "tom", STRANGER: "oz"}[who.user], "dm", None, "30d",
    )  # fmt: skip


def test_two_presses_send_one_message(someone: Someone) -> None:
    maya = someone()
    message = maya.ask("by source")
    for _ in range(3):
        maya.press(ids.FUNNEL_DM, message)
    assert len(maya.office.page.posted("share", MAYA)) == len(kept(maya.office.store)) == 1
    maya.press(ids.FUNNEL_DM, maya.ask("by source"))
    assert len(maya.office.page.posted("share", MAYA)) == 2, "another answer is another message"


def test_the_buttons_of_a_direct_message_work_there(someone: Someone) -> None:
    maya = someone()
    maya.press(ids.FUNNEL_DM, maya.ask("rejections"))
    [sent] = maya.office.page.posted("share", MAYA)
    action = next(one for one in buttons(sent) if one.startswith(ids.FUNNEL_ASK))
    maya.office.press(MAYA, action, sent)
    assert maya.newest()["channel"] == sent["channel"]


def test_dm_can_be_typed(someone: Someone) -> None:
    maya = someone()
    assert "on its way to your direct messages" in maya.ask("30d by source dm")["text"]
    maya.office.delivery.drain()
    [sent] = maya.office.page.posted("share", MAYA)
    assert "/funnel 30d by source" in shown(sent)
    assert " dm" not in shown(sent).split("by source")[1][:5]


def test_an_explained_figure_goes_where_it_is_typed_to_go(someone: Someone) -> None:
    maya = someone()
    assert "on its way to your direct messages" in maya.ask("explain accept_rate 30d dm")["text"]
    maya.office.delivery.drain()
    [sent] = maya.office.page.posted("share", MAYA)
    assert "What is: Accept rate" in shown(sent)
    assert "accepted_by_then,6" in shown(maya.ask("explain accept_rate 30d csv")).replace(" ", "")
    assert [(one.how, one.query) for one in reversed(kept(maya.office.store))] == [
        ("dm", "explain accept_rate 30d"),
        ("csv", "explain accept_rate 30d csv"),
    ]
    maya.act("command", channel=SALES, text="/funnel explain accept_rate share")
    assert maya.submit(NORTH) == {"ok": True}
    assert "What is: Accept rate" in shown(maya.office.page.posted("share", NORTH)[0])


def test_the_history_keeps_the_question_that_was_answered(someone: Someone) -> None:
    """A rep's question is narrowed to what they may see."""
    ana = someone(ANA)
    ana.ask("csv")
    ana.press(ids.FUNNEL_DM, ana.ask("by source"), "30d by week")
    ana.ask("explain accept_rate 7d dm")
    assert [one.query for one in reversed(kept(ana.office.store))] == [
        "30d rep:ana csv",
        "30d by week rep:ana",
        "explain accept_rate 7d rep:ana",
    ]


def test_what_somebody_may_not_see_is_not_sent_to_them(someone: Someone) -> None:
    ana = someone(ANA)
    ana.press(ids.FUNNEL_DM, ana.ask("by source"), "rep @ben 30d")
    assert "not those of" in ana.newest()["text"]
    assert (kept(ana.office.store), ana.office.page.posted("share", ANA)) == ([], [])


@pytest.mark.parametrize("value", ["help", "open", "criteria", 'note "x"', "note remove 3", "rubbish", "x" * 1999])
def test_only_figures_are_sent(someone: Someone, value: str) -> None:
    maya = someone()
    message = maya.ask("by source")
    for action in (ids.FUNNEL_DM, ids.FUNNEL_SHARE):
        maya.press(action, message, value)
    assert (kept(maya.office.store), statuses(maya.office.store, "share")) == ([], [])
    assert len(maya.seen()) == 3


# In a channel


@EVERY_ROLE
def test_an_answer_is_shared_without_names_and_buttons(someone: Someone, role: str) -> None:
    who = someone(ROLES[role])
    in_force(who.office.store, people=THREE)
    assert who.share(who.ask("by source"), NORTH) == {"ok": True}
    [sent] = who.office.page.posted("share", NORTH)
    assert buttons(sent) == []
    assert f"Shared by <@{who.user}>" in sent["text"]
    assert "webinar" in shown(sent)
    for name in ("Ana", "Ben", "Maya", "Elena"):
        assert name not in shown(sent)
    [one] = kept(who.office.store)
    assert (one.how, one.where, one.names) == ("share", NORTH, False)


def test_groups_of_fewer_than_three_leads_stand_together(someone: Someone) -> None:
    maya = someone()
    private = maya.ask("by source")
    maya.share(private, NORTH)
    [sent] = maya.office.page.posted("share", NORTH)
    assert "partner" in shown(private)
    assert "partner" not in shown(sent)
    assert "ads" not in shown(sent)
    assert "(others)" in shown(sent)


@pytest.mark.parametrize("sub", ["", "rejections", "sla", "velocity", "basis=period"])
@pytest.mark.parametrize("by", ["source", "campaign", "team"])
def test_in_no_answer_a_small_group_is_named(someone: Someone, sub: str, by: str) -> None:
    maya = someone()
    maya.share(maya.ask(f"30d {sub} by {by}"), NORTH)
    [sent] = maya.office.page.posted("share", NORTH)
    for name in ("partner", "ads", "Fair", "Ana", "Ben", "somebody"):
        assert name not in shown(sent)


def test_an_answer_about_two_leads_is_for_no_channel(someone: Someone) -> None:
    maya = someone()
    error = maya.share(maya.ask("30d source:partner"), NORTH)["errors"][ids.SHARE_TO]
    assert "fewer than 3 leads" in error
    maya.share(maya.ask('campaign "Fair"'), NORTH)
    assert statuses(maya.office.store, "share") == []


def test_the_form_offers_the_channel_it_was_opened_in(someone: Someone) -> None:
    view = someone().form(someone().ask("by source"))
    assert shown({"text": "", **view}).count(SALES) == 1
    assert "Everybody in the channel will see" in shown({"text": "", **view})
    [field] = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert field["filter"]["exclude_external_shared_channels"] is True


def test_a_form_that_is_sent_twice_shares_once(someone: Someone) -> None:
    maya = someone()
    maya.form(maya.ask("by source"))
    maya.submit(NORTH)
    again = maya.office.page.deliveries()[-1]
    assert again["kind"] == "view_submission"
    for _ in range(2):  # Slack saw no answer, and they press once more
        game = maya.office.page.server.game
        assert game.courier.interaction("view_submission", game.world.workspace.app.url, again["body"]).ok
    maya.office.delivery.drain()
    assert len(maya.office.page.posted("share", NORTH)) == len(kept(maya.office.store)) == 1


def test_share_can_be_typed(someone: Someone) -> None:
    maya = someone()
    maya.act("command", channel=SALES, text="/funnel 30d by source share")
    assert maya.submit(NORTH) == {"ok": True}
    [sent] = maya.office.page.posted("share", NORTH)
    assert "by source share" not in shown(sent)


@pytest.mark.parametrize("text", ["reps 30d", "rep @ana", "by rep", "30d rep:ana", "sla by rep"])
def test_answers_about_persons_go_to_no_channel(someone: Someone, text: str) -> None:
    maya = someone()
    maya.press(ids.FUNNEL_SHARE, maya.ask("by source"), text)
    assert "to your direct messages they can" in maya.newest()["text"]
    assert maya.office.page.modals(MAYA) == []


def test_but_to_one_that_the_configuration_names_for_it(someone: Someone) -> None:
    maya = someone()
    in_force(maya.office.store, people=OPS + f"names_in: [{FEEDBACK}]\n")
    message = maya.ask("by source")
    maya.forge(message, ids.FUNNEL_SHARE, "by rep")
    assert "direct messages they can" in maya.share(message, NORTH)["errors"][ids.SHARE_TO]
    assert maya.submit(FEEDBACK) == {"ok": True}
    [sent] = maya.office.page.posted("share", FEEDBACK)
    assert "Ana Ruiz" in shown(sent)
    [one] = kept(maya.office.store)
    assert one.names is True


def test_a_rep_without_a_team_shares_nothing_of_their_own(someone: Someone) -> None:
    """Their totals are one person's."""
    alone = OPS.replace("members: [ana, ben]", "members: [ben]")
    ana = someone(ANA)
    in_force(ana.office.store, people=alone)
    ana.press(ids.FUNNEL_SHARE, ana.ask("by source"))
    assert "to your direct messages they can" in ana.newest()["text"]


def test_the_form_says_where_baton_is_not(someone: Someone) -> None:
    maya = someone()
    maya.act("remove_app", channel=NORTH)
    error = maya.share(maya.ask("by source"), NORTH)["errors"][ids.SHARE_TO]
    assert error == "Slack takes no message from Baton there. Invite Baton to this channel, then share once more."
    assert (kept(maya.office.store), statuses(maya.office.store, "share")) == ([], [])
    maya.act("invite_app", channel=NORTH)
    assert maya.submit(NORTH) == {"ok": True}
    assert len(maya.office.page.posted("share", NORTH)) == 1


def test_where_that_shows_later_the_sharer_is_told_and_nobody_waits(someone: Someone) -> None:
    maya = someone()
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "error:restricted_action")
    assert maya.submit(NORTH) == {"ok": True}
    assert statuses(maya.office.store, "share") == ["failed"]
    assert f"Your answer is not in <#{NORTH}>" in maya.newest()["text"]
    assert maya.office.page.posted("channel_lost", MAYA) == []


@pytest.mark.parametrize("to", ["", "U0BEN", "D0BEN", "C0NOWHERE", "C0 SALES", "C" + "X" * 500, "<!channel>"])
def test_a_forged_place_gets_nothing(someone: Someone, to: str) -> None:
    maya = someone()
    answer = maya.share(maya.ask("by source"), to)
    assert answer["errors"]
    assert (kept(maya.office.store), maya.office.page.everything(BEN)) == ([], [])


@pytest.mark.parametrize("forged", ["rubbish", "reps 30d", "note", "help", 'note "x"', "x " * 1400, "by rep share"])
def test_a_forged_form_shares_nothing(someone: Someone, forged: str) -> None:
    maya = someone()
    found = maya.office.page.world.view(maya.form(maya.ask("by source"))["id"])
    assert found is not None
    found.body["private_metadata"] = f"{SALES} {forged}"
    assert maya.submit(NORTH)["errors"]
    assert (kept(maya.office.store), maya.office.page.everything(NORTH)) == ([], [])


def test_a_form_that_slack_does_not_open_is_told(someone: Someone) -> None:
    maya = someone()
    maya.office.page.fault("views.open", "error:expired_trigger_id")
    maya.press(ids.FUNNEL_SHARE, maya.ask("by source"))
    assert "did not open the window in time" in maya.newest()["text"]


def test_what_was_shared_stays_as_it_was_then(someone: Someone) -> None:
    """The message is drawn later, when there is more; it tells how things stood."""
    maya = someone()
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "rate_limited", retry_after=5)
    maya.submit(NORTH)
    fill(maya.office.store, maya.office.now, offered(0 * DAY, many=5))
    maya.office.wall.pass_by(6)
    maya.office.delivery.drain()
    [sent] = maya.office.page.posted("share", NORTH)
    assert "6 handed off" in sent["text"]
    assert "11 handed off" in maya.ask("by source")["text"]


def test_nothing_is_said_about_a_person_who_has_left_meanwhile(someone: Someone) -> None:
    maya = someone()
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "rate_limited", retry_after=5)
    maya.submit(NORTH)
    in_force(maya.office.store, people=OPS.replace("U0MAYA", "U0ELSE"))
    maya.office.wall.pass_by(6)
    maya.office.delivery.drain()
    [sent] = maya.office.page.posted("share", NORTH)
    assert "cannot be drawn any more" in sent["text"]
    assert "webinar" not in shown(sent)


# CSV


@EVERY_ROLE
def test_csv_is_a_private_answer_and_kept_in_the_history(someone: Someone, role: str) -> None:
    who = someone(ROLES[role])
    who.press(ids.FUNNEL_CSV, who.ask("by source"))
    assert "```" in shown(who.newest())
    [one] = kept(who.office.store)
    assert (one.how, one.where) == ("csv", None)
    who.ask("by source csv")
    assert [one.how for one in kept(who.office.store)] == ["csv", "csv"]


def test_an_explained_figure_has_rows_too_and_is_kept_whatever_question_it_was_asked_of(someone: Someone) -> None:
    ana = someone(ANA)
    ana.press(ids.FUNNEL_CSV, ana.ask("explain accept_rate 30d"))
    assert "accepted_by_then,6" in shown(ana.newest())
    ana.ask("explain limits reps csv")
    assert [one.query for one in reversed(kept(ana.office.store))] == [
        "explain accept_rate 30d rep:ana csv",
        "explain limits 30d rep:ana csv",
    ]


def test_a_refused_export_is_none(someone: Someone) -> None:
    ana = someone(ANA)
    ana.ask("reps csv")
    ana.press(ids.FUNNEL_CSV, ana.ask("by source"), "reps 30d")
    assert kept(ana.office.store) == []
    assert "```" not in shown(ana.newest())


def test_what_went_out_is_kept_with_its_question(someone: Someone) -> None:
    tom = someone(TOM)
    tom.share(tom.ask("by source"), NORTH)
    [one] = kept(tom.office.store)
    assert one == Share(one.at, "tom", "share", NORTH, "30d by source", names=False)
    assert tom.office.now - one.at < timedelta(minutes=2)
