"""Nobody waits for somebody who is not there: each way of not being there leads to a person or to a named queue."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.attendance import EVERY, PAUSE, Attendance
from bot.blocks import ids
from bot.handoff.events import Kind
from bot.handoff.routing import Entry
from bot.handoff.states import Handoff, State
from bot.lead import Leave
from bot.moves.attendance import come_back, go_away, press_back, press_status
from bot.moves.hand_on import reassign
from bot.moves.receive import receive
from bot.store import absences, history, profiles, queues, switches
from bot.store.engine import Store
from bot.sweep import sweep
from tests.flows.post_kit import Post
from tests.flows.slack_kit import ANA, BEN, MAYA, SALES, STRANGER, Json, Office, buttons, shown
from tests.support import HOUR, NOW, PEOPLE, SLA, TEXTS, by, hot, in_force, offered, standing

TODAY = NOW.date()
DAY = timedelta(days=1)
WITHOUT_ANA = PEOPLE.replace("  ana: {name: Ana Ruiz, slack: U0ANA, role: rep}\n", "").replace("[ana, ben]", "[ben]")
ALONE = PEOPLE.replace("[ana, ben]", "[ana]")
WITH_DELEGATE = PEOPLE.replace("role: rep}", "role: rep, delegate: tina}", 1).replace(
    "[ana, ben]", "[ana, ben, tina]"
).replace("  maya:", "  tina: {name: Tina Roth, slack: U0TOM, role: rep, weight: 0}\n  maya:").replace(
    "  tom: {name: Tom Weber, slack: U0TOM, role: marketing}\n", ""
)  # fmt: skip


@dataclass
class Desk:
    """Delivery, and the tick that looks who is there, on a clock that a test moves on."""

    post: Post
    ticks: Attendance = field(init=False)

    def __post_init__(self) -> None:
        self.ticks = self.tick()

    def tick(self) -> Attendance:
        return Attendance(self.store, self.post.slack, lambda: self.post.now, self.post.wall)

    @property
    def store(self) -> Store:
        return self.post.store

    def look(self, times: int = 4, *, after: timedelta = timedelta()) -> None:
        """Let time pass, and look around once for each person."""
        self.post.now += after
        self.post.wall.pass_by(after.total_seconds())
        for _ in range(times):
            self.ticks.look()
            self.post.deliver()

    def does(self, what: str, user: str, **rest: object) -> None:
        assert self.post.page.person(STRANGER).act(what, person=user, **rest) == {"ok": True}

    def says(self, user: str, text: str = "", emoji: str = "", until: datetime | None = None) -> None:
        expiration = int(until.timestamp()) if until else 0
        self.does("set_status", user, status={"text": text, "emoji": emoji, "expiration": expiration})

    def posted(self, kind: str, place: str) -> list[Json]:
        return self.post.page.posted(kind, place)


@pytest.fixture
def desk(post: Post) -> Desk:
    return Desk(post)


def asked(desk: Desk) -> list[str]:
    return [call["args"]["user"] for call in desk.post.page.calls("users.info")]


def waiting(store: Store) -> list[Entry]:
    with store.reading() as tx:
        return queues.waiting(tx, ["unassigned"], 100)


def why(store: Store, handoff: Handoff) -> list[object]:
    with store.reading() as tx:
        events = history.of_handoff(tx, handoff.id)
    return [event.detail["why"] for event in events if event.kind is Kind.REASSIGNED]


def has_it(desk: Desk, handoff: Handoff, owner: str, place: str) -> None:
    """Its new owner has an open card, in a place where Slack shows it."""
    now = standing(desk.store, handoff.id)
    assert (now.state, now.owner, now.due_at) == (State.OFFERED, owner, handoff.due_at)
    [card] = [one for one in desk.posted("card", place) if ids.ACCEPT in buttons(one)]
    assert card["metadata"]["event_payload"]["subject"] == f"handoff:{handoff.id}"


def leaves_slack(desk: Desk) -> str:
    desk.does("deactivate", ANA)
    return "left Slack"


def leaves_slack_and_the_channel_is_archived(desk: Desk) -> str:
    desk.does("deactivate", ANA)
    assert desk.post.page.person(MAYA).act("archive", channel=SALES) == {"ok": True}
    return "left Slack"


def leaves_the_company(desk: Desk) -> str:
    in_force(desk.store, people=WITHOUT_ANA)
    return "is not in the configuration any more"


def goes_on_holiday(desk: Desk) -> str:
    go_away(desk.store, NOW, "ana", Leave(TODAY, TODAY + 9 * DAY, "Skiing"), "ana")
    return "is away: Skiing"


def is_ill_without_an_end(desk: Desk) -> str:
    go_away(desk.store, NOW, "ana", Leave(TODAY, None, "Ill"), "maya")
    return "is away: Ill"


WAYS: dict[Callable[[Desk], str], str] = {
    leaves_slack: SALES,
    leaves_slack_and_the_channel_is_archived: BEN,
    leaves_the_company: SALES,
    goes_on_holiday: SALES,
    is_ill_without_an_end: SALES,
}


@pytest.mark.parametrize(("way", "place"), WAYS.items(), ids=[way.__name__ for way in WAYS])
def test_an_open_lead_of_somebody_who_is_not_there_goes_to_somebody_who_is(
    desk: Desk, way: Callable[[Desk], str], place: str
) -> None:
    handoff = offered(desk.store)
    assert handoff.owner == "ana"
    desk.post.deliver()
    reason = way(desk)
    desk.look()
    has_it(desk, handoff, "ben", place)
    assert why(desk.store, handoff) == [reason]
    assert len(desk.posted("handed_to", BEN)) == 1
    new = [offered(desk.store, name, desk.post.now).owner for name in ("jonas", "priya", "mia")]
    assert new == ["ben", "ben", "ben"], "and new ones pass them by"


@pytest.mark.parametrize(("way", "place"), WAYS.items(), ids=[way.__name__ for way in WAYS])
def test_with_no_colleague_left_the_manager_has_it(desk: Desk, way: Callable[[Desk], str], place: str) -> None:
    in_force(desk.store, people=ALONE)
    handoff = offered(desk.store)
    desk.post.deliver()
    if way is leaves_the_company:
        go_away(desk.store, NOW, "tom", Leave(TODAY, None, "Ill"), "tom")
        in_force(desk.store, people=WITHOUT_ANA.replace("[ben]", "[tom]").replace("role: marketing", "role: rep"))
    else:
        way(desk)
    desk.look()
    has_it(desk, handoff, "maya", MAYA if place == BEN else SALES)


def test_a_card_whose_channel_and_owner_are_both_lost_finds_the_next_one_by_itself(desk: Desk) -> None:
    """The account is known to be gone only because Slack opens no direct message."""
    leaves_slack_and_the_channel_is_archived(desk)
    handoff = offered(desk.store)
    desk.post.deliver()
    with desk.store.reading() as tx:
        assert profiles.gone(tx) == {"ana"}
    desk.look()
    has_it(desk, handoff, "ben", BEN)


def test_with_nobody_left_at_all_it_fails_in_the_open(desk: Desk) -> None:
    for user in (ANA, BEN, MAYA):
        desk.does("deactivate", user)
    assert desk.post.page.person(STRANGER).act("archive", channel=SALES) == {"ok": True}
    handoff = offered(desk.store)
    desk.look(12)
    asked_for = len(desk.post.page.calls())
    desk.look(3, after=timedelta(minutes=9))
    assert len(desk.post.page.calls()) - asked_for <= 3, "nobody turns round in circles"
    assert standing(desk.store, handoff.id).owner == "ben", "once nobody is there it stays, and the auditor says so"
    assert "failed" in desk.post.status("card"), "which the auditor reports"


def test_whoever_must_know_hears_once_that_an_account_is_gone(desk: Desk) -> None:
    in_force(desk.store, people=PEOPLE + "ops_channel: C0FEEDBACK\n")
    desk.says(ANA, "OOO")
    desk.look()
    desk.does("deactivate", ANA)
    desk.look(after=EVERY)
    desk.says(ANA, "Gone fishing")
    desk.look(after=DAY)
    for place in (MAYA, "C0FEEDBACK"):
        [told] = desk.posted("gone", place)
        assert "Ana Ruiz" in shown(told)
    desk.does("reactivate", ANA)
    desk.look(after=EVERY)
    [told] = desk.posted("gone", MAYA)
    assert "in Slack again" in told["text"]
    come = {offered(desk.store, name, desk.post.now).owner for name in ("elena", "jonas")}
    assert come == {"ana", "ben"}


# Away


def test_a_delegate_comes_first(desk: Desk) -> None:
    in_force(desk.store, people=WITH_DELEGATE)
    handoff = offered(desk.store)
    goes_on_holiday(desk)
    desk.look()
    assert (handoff.owner, standing(desk.store, handoff.id).owner) == ("ana", "tina")


def test_a_lead_that_can_wait_for_its_owner_waits(desk: Desk) -> None:
    """Every minute counts in this company: it is due in four hours, at one in the night."""
    desk.post.now = NOW + 12 * HOUR
    handoff = offered(desk.store, now=desk.post.now)
    go_away(desk.store, desk.post.now, "ana", Leave(TODAY, TODAY, "Dentist"), "ana")
    desk.look()
    assert standing(desk.store, handoff.id).owner == "ana"


def test_a_lead_somebody_gets_by_hand_while_away_is_theirs(desk: Desk) -> None:
    handoff = offered(desk.store)
    goes_on_holiday(desk)
    desk.look()
    desk.post.now += HOUR
    reassign(desk.store, desk.post.now, by(MAYA, handoff), "ana")
    desk.look(after=EVERY)
    assert standing(desk.store, handoff.id).owner == "ana"


def test_a_leave_told_ahead_moves_what_is_open_when_it_begins(desk: Desk) -> None:
    handoff = offered(desk.store)
    go_away(desk.store, NOW, "ana", Leave(TODAY + DAY, TODAY + 9 * DAY, "Skiing"), "ana")
    desk.look()
    assert standing(desk.store, handoff.id).owner == "ana"
    desk.look(after=DAY)
    assert standing(desk.store, handoff.id).owner == "ben"


def test_a_leave_that_is_only_planned_takes_nothing_away(desk: Desk) -> None:
    handoff = offered(desk.store)
    go_away(desk.store, NOW, "ana", Leave(TODAY + 9 * DAY, TODAY + 19 * DAY, "Skiing"), "ana")
    desk.look(after=5 * HOUR)
    assert (standing(desk.store, handoff.id).owner, standing(desk.store, handoff.id).due_at) == ("ana", NOW + 4 * HOUR)


def test_whoever_was_away_has_not_refused_a_lead(desk: Desk) -> None:
    handoff = offered(desk.store)
    goes_on_holiday(desk)
    desk.look()
    come_back(desk.store, desk.post.now, "ana", "ana")
    go_away(desk.store, desk.post.now, "ben", Leave(TODAY, None, "Ill"), "ben")
    desk.look()
    assert standing(desk.store, handoff.id).owner == "ana"


def test_silence_twice_in_a_row_frees_what_is_still_open(desk: Desk) -> None:
    in_force(desk.store, people=ALONE)
    for number, name in enumerate(("elena", "jonas")):
        offered(desk.store, name, NOW + number * HOUR)
    third = offered(desk.store, "priya", NOW + 40 * HOUR)
    for hours in (48, 49, 50):
        desk.post.now = NOW + hours * HOUR
        sweep(desk.store, desk.post.now)
    desk.look()
    assert standing(desk.store, third.id).owner == "maya"
    assert len(desk.posted("away", ANA)) == 1


def test_many_leads_are_moved_in_portions_and_none_is_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.attendance.MOST", 2)
    found = [offered(desk.store, f"lead{number}") for number in range(10)]
    goes_on_holiday(desk)
    desk.ticks.look()
    assert sum(standing(desk.store, one.id).owner == "ben" for one in found) == 7
    desk.look()
    assert {standing(desk.store, one.id).owner for one in found} == {"ben"}


def test_two_workers_move_each_lead_once(desk: Desk) -> None:
    handoff = offered(desk.store)
    goes_on_holiday(desk)
    for ticks in (desk.tick(), desk.tick()):
        ticks.look()
    assert why(desk.store, handoff) == ["is away: Skiing"]


def test_back_ends_what_has_begun_and_leaves_the_holiday_in_a_month_alone(desk: Desk) -> None:
    holiday = go_away(desk.store, NOW, "ana", Leave(TODAY + 30 * DAY, TODAY + 40 * DAY, "Skiing"), "ana")
    ill = go_away(desk.store, NOW, "ana", Leave(TODAY, None, "Ill"), "ana")
    press_back(desk.store, NOW, ill.id, ANA)
    with desk.store.reading() as tx:
        assert [one.id for one in absences.standing(tx)] == [holiday.id]
    assert come_back(desk.store, NOW, "ana", "ana") == [holiday], "with nothing else to end, it is called off"


# Everybody out


def everybody_out(store: Store) -> None:
    for key in ("ana", "ben", "maya"):
        go_away(store, NOW, key, Leave(TODAY, None, "Company outing"), key)


def test_with_everybody_out_leads_wait_and_whoever_can_help_is_told_once_a_day(desk: Desk) -> None:
    everybody_out(desk.store)
    for name in ("elena", "jonas"):
        receive(desk.store, NOW, hot(name))
    assert len(waiting(desk.store)) == 2
    desk.look()
    [told] = desk.posted("waiting", MAYA)
    assert "2 leads wait" in told["text"]
    desk.look(after=timedelta(hours=5))
    assert len(desk.posted("waiting", MAYA)) == 1
    desk.look(after=DAY)
    assert len(desk.posted("waiting", MAYA)) == 2


FULL = PEOPLE.replace("members: [ana, ben]", "members: [ben]").replace(
    "U0BEN, role", "U0BEN, capacity: {open: 1}, role"
)
STOPPED = {"capacity": 1, "cap": 0, "pause": 0}


@pytest.mark.parametrize(("stop", "told"), STOPPED.items())
def test_an_urgent_lead_that_nobody_takes_is_told_and_what_is_held_back_on_purpose_is_not(
    desk: Desk, stop: str, told: int
) -> None:
    limited = TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1")
    in_force(desk.store, people=FULL if stop == "capacity" else PEOPLE, sla=limited if stop == "cap" else SLA)
    offered(desk.store)
    if stop == "pause":
        with desk.store.transaction() as tx:
            switches.turn_on(tx, switches.PAUSED, "an import", NOW)
    receive(desk.store, NOW, hot("jonas"))
    desk.look()
    assert desk.posted("waiting", MAYA) == [], "P2 has time"
    assert receive(desk.store, NOW, hot("priya", title="Chief")).tier == "P1"
    desk.look(after=2 * PAUSE)
    assert len(desk.posted("waiting", MAYA)) == told
    desk.look(after=timedelta(hours=5))
    assert len(desk.posted("waiting", MAYA)) == told, "once a day"
    assert all("nobody is there" not in one["text"] for one in desk.posted("waiting", MAYA))


def test_whoever_is_back_has_what_waited_at_the_next_sweep(desk: Desk) -> None:
    everybody_out(desk.store)
    receive(desk.store, NOW, hot())
    desk.look()
    come_back(desk.store, NOW, "ben", "ben")
    sweep(desk.store, NOW + timedelta(seconds=1))
    assert waiting(desk.store) == []
    desk.look(after=timedelta(minutes=2))
    [told] = desk.posted("waiting", MAYA)
    assert "No lead waits" in told["text"]


def test_with_nobody_configured_leads_wait_and_the_log_says_so(desk: Desk) -> None:
    in_force(desk.store, people="persons: {}\nteams: {}\n")
    receive(desk.store, NOW, hot())
    assert len(waiting(desk.store)) == 1
    with capture_logs() as logs:
        desk.look()
    assert [one for one in logs if "nobody is configured" in one["event"]]


# Asking Slack


def test_one_person_at_a_time_and_each_of_them_every_ten_minutes(desk: Desk) -> None:
    desk.ticks.look()
    assert len(asked(desk)) == 1
    desk.look(10)
    assert sorted(asked(desk)) == [ANA, BEN, MAYA]
    desk.look(10, after=EVERY + timedelta(seconds=1))
    assert sorted(asked(desk)) == sorted([ANA, BEN, MAYA] * 2)


def test_two_workers_ask_about_nobody_twice(desk: Desk) -> None:
    both = [desk.tick(), desk.tick()]
    for _ in range(5):
        for one in both:
            one.look()
    assert sorted(asked(desk)) == [ANA, BEN, MAYA]


@pytest.mark.parametrize("fault", ["error:missing_scope", "server_error", "rate_limited"])
def test_where_slack_does_not_say_nobody_is_gone_and_it_is_not_asked_all_the_time(desk: Desk, fault: str) -> None:
    desk.post.page.fault("users.info", fault, times=1)
    desk.look(10)
    assert len(asked(desk)) == 1
    with desk.store.reading() as tx:
        assert profiles.gone(tx) == set()
    desk.look(10, after=timedelta(minutes=2))
    assert len(asked(desk)) == 3


@pytest.mark.parametrize("error", ["user_not_found", "user_not_visible"])
def test_whom_slack_does_not_know_is_gone(desk: Desk, error: str) -> None:
    desk.ticks.look()
    desk.post.page.fault("users.info", f"error:{error}")
    desk.look()
    with desk.store.reading() as tx:
        assert len(profiles.gone(tx)) == 1


def test_in_the_wrong_workspace_nobody_is_gone(desk: Desk) -> None:
    """A token of another company's Slack, which knows none of us: leads stay where they are until it is put right."""
    handoff = offered(desk.store)
    for method in ("users.info", "conversations.open"):
        desk.post.page.fault(method, "error:user_not_found", times=99)
    desk.post.page.fault("chat.postMessage", "error:channel_not_found", times=99)
    desk.look()
    with desk.store.reading() as tx:
        assert profiles.gone(tx) == set()
    desk.post.page.person(STRANGER).send("DELETE", "/page/faults")
    desk.look(after=EVERY + timedelta(seconds=1))
    has_it(desk, handoff, "ana", ANA)


# A status


def question(desk: Desk) -> Json:
    [found] = desk.posted("status", ANA)
    return found


def test_a_status_is_asked_about_once_and_never_acted_upon_alone(desk: Desk) -> None:
    desk.says(ANA, "Vacationing", ":palm_tree:")
    desk.look()
    desk.look(after=EVERY)
    assert "“Vacationing”" in shown(question(desk))
    assert buttons(question(desk)) == [ids.STATUS_AWAY, ids.STATUS_HERE]
    assert offered(desk.store).owner == "ana"


def test_yes_means_away_until_the_day_the_status_ends(desk: Desk) -> None:
    ends = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=8)
    desk.post.now = datetime.now(UTC)
    desk.says(ANA, "Out sick", ":face_with_thermometer:", ends)
    desk.look()
    found = press_status(desk.store, desk.post.now, "ana", ANA, away=True)
    desk.post.deliver()
    with desk.store.reading() as tx:
        [absence] = absences.standing(tx)
    assert found == absence
    assert absence.leave == Leave(desk.post.now.date(), (ends - DAY).date(), "Slack status: Out sick")
    assert offered(desk.store, now=desk.post.now).owner == "ben"
    assert buttons(question(desk)) == [ids.BACK]
    assert press_status(desk.store, desk.post.now, "ana", ANA, away=True) is None, "twice is once"
    press_back(desk.store, desk.post.now, absence.id, ANA)
    desk.post.deliver()
    assert buttons(question(desk)) == []


def test_no_means_that_nothing_changes_and_it_is_not_asked_again(desk: Desk) -> None:
    desk.says(ANA, "OOO")
    desk.look()
    assert press_status(desk.store, NOW, "ana", ANA, away=False) is None
    desk.look(after=EVERY)
    assert buttons(question(desk)) == []
    assert "you are here" in question(desk)["text"]
    assert offered(desk.store).owner == "ana"


def test_an_answer_outlives_a_deactivated_account(desk: Desk) -> None:
    desk.says(ANA, "OOO")
    desk.look()
    press_status(desk.store, NOW, "ana", ANA, away=False)
    for what in ("deactivate", "reactivate"):
        desk.does(what, ANA)
        desk.look(after=EVERY)
    assert offered(desk.store).owner == "ana"
    assert buttons(question(desk)) == []


def test_a_question_whose_status_is_over_is_none_any_more(desk: Desk) -> None:
    desk.says(ANA, "On vacation")
    desk.look()
    desk.says(ANA)
    desk.look(after=EVERY)
    assert buttons(question(desk)) == []
    assert press_status(desk.store, NOW, "ana", ANA, away=True) is None
    with desk.store.reading() as tx:
        assert absences.standing(tx) == []


def test_whoever_is_away_is_not_asked(desk: Desk) -> None:
    goes_on_holiday(desk)
    desk.says(ANA, "Vacationing", ":palm_tree:")
    desk.look()
    assert desk.posted("status", ANA) == []


@pytest.mark.parametrize(("press", "owner"), [(ids.STATUS_AWAY, "ben"), (ids.STATUS_HERE, "ana")])
def test_one_click_answers_it(baton: Office, press: str, owner: str) -> None:
    status = {"text": "OOO", "emoji": "", "expiration": 0}
    assert baton.page.person(ANA).act("set_status", person=ANA, status=status) == {"ok": True}
    ticks = Attendance(baton.store, baton.baton.slack, baton.baton.clock.now, baton.wall)
    for _ in range(3):
        ticks.look()
    baton.delivery.drain()
    [asked_now] = baton.page.posted("status", ANA)
    baton.press(ANA, press, asked_now)
    [answered] = baton.page.posted("status", ANA)
    assert buttons(answered) == ([ids.BACK] if press == ids.STATUS_AWAY else [])
    assert offered(baton.store, now=baton.now).owner == owner
    if press == ids.STATUS_AWAY:
        baton.press(ANA, ids.BACK, answered)
        with baton.store.reading() as tx:
            assert absences.standing(tx) == []


@pytest.mark.parametrize(("user", "changes"), [(ANA, True), (MAYA, True), (BEN, False), (STRANGER, False)])
def test_only_they_and_their_manager_may_answer(desk: Desk, user: str, changes: bool) -> None:
    desk.says(ANA, "OOO")
    desk.look()
    press_status(desk.store, NOW, "ana", user, away=True)
    with desk.store.reading() as tx:
        assert bool(absences.standing(tx)) is changes


def test_days_are_counted_by_the_clock_of_the_person(desk: Desk) -> None:
    in_force(desk.store, people=PEOPLE.replace("role: rep}", "role: rep, zone: Pacific/Auckland}", 1))
    desk.post.now = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    desk.says(ANA, "OOO")
    desk.look()
    absence = press_status(desk.store, desk.post.now, "ana", ANA, away=True)
    assert isinstance(absence, absences.Absence)
    assert absence.leave.first == date(2026, 3, 3)
