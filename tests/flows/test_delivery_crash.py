"""Invariant 4: what a committed move must tell someone is told, after `kill -9` at any point, and never twice."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.delivery import Delivery
from bot.moves.decisions import Grounds, accept, reject
from bot.store.engine import Store
from bot.store.tables import messages
from bot.sweep import sweep
from tests.flows.crash_host import POINTS, Host
from tests.flows.slack_kit import ANA, FEEDBACK, SALES, TOKEN, SlackPage, Wall, buttons, employ
from tests.support import HOUR, NOW, by, offered, owner_slack

KILLED = -9
STATUS = sa.select(messages.c.kind, messages.c.status, messages.c.shown, messages.c.wanted)


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


@dataclass
class Scene:
    """A database with something to deliver, and a Slack to deliver it to."""

    page: SlackPage
    store: Store
    url: str
    host: Host
    wall: Wall

    def die(self, point: str, kind: str) -> int:
        """Deliver in another process, killed at that point of a message of that kind. Its exit code."""
        ahead = self.wall.ahead.total_seconds()
        return self.host.order(database=self.url, api=self.page.api, token=TOKEN, point=point, kind=kind, ahead=ahead)

    def deliver(self) -> None:
        Delivery(self.store, self.page.slack(), self.wall).drain()

    def finish(self) -> None:
        """Another process takes over, long enough after the crash that lease and grace are over."""
        for _ in range(4):
            self.wall.pass_by(61)
            self.deliver()

    def settled(self) -> bool:
        with self.store.reading() as tx:
            return all(row.status == "sent" and row.shown == row.wanted for row in tx.execute(STATUS))

    def reminded(self) -> None:
        sweep(self.store, NOW + 2 * HOUR)


@pytest.fixture
def scene(slack_page: SlackPage, sqlite_url: str, host: Host, wall: Wall) -> Iterator[Scene]:
    yield from _scene(slack_page, sqlite_url, host, wall)


@pytest.fixture
def big_scene(slack_page: SlackPage, postgres_url: str, host: Host, wall: Wall) -> Iterator[Scene]:
    yield from _scene(slack_page, postgres_url, host, wall)


def _scene(page: SlackPage, url: str, host: Host, wall: Wall) -> Iterator[Scene]:
    store = employ(Store(url))
    yield Scene(page, store, url, host, wall)
    store.close()


def new_card(scene: Scene) -> None:
    offered(scene.store)


def new_reminder(scene: Scene) -> None:
    """In a direct message that nobody has opened yet."""
    offered(scene.store)
    scene.deliver()
    scene.reminded()


def new_escalation(scene: Scene) -> None:
    """A reply under a card that is not there yet either."""
    offered(scene.store)
    sweep(scene.store, NOW + 4 * HOUR)


def new_rejection(scene: Scene) -> None:
    """A card to be redrawn, the head of a thread, and a reply in it."""
    handoff = offered(scene.store)
    scene.deliver()
    reject(scene.store, NOW, by(owner_slack(handoff), handoff), Grounds("NOT_READY", "no budget"))


SCENES: dict[str, Callable[[Scene], None]] = {
    "card": new_card,
    "nudge": new_reminder,
    "escalation": new_escalation,
    "thread": new_rejection,
    "feedback": new_rejection,
}


def expected(kind: str) -> Counter[str]:
    """What there is in Slack when all is done, by kind."""
    also = {
        "nudge": ["card"],
        "escalation": ["card"],
        "thread": ["card", "feedback"],
        "feedback": ["card", "thread"],
    }
    return Counter([kind, *also.get(kind, [])])


def there(scene: Scene) -> Counter[str]:
    everything = [one for place in (SALES, FEEDBACK, ANA) for one in scene.page.everything(place)]
    return Counter(one["metadata"]["event_payload"]["kind"] for one in everything)


def below_its_parent(scene: Scene, child: str, parent: str, place: str) -> bool:
    [reply], [head] = scene.page.posted(child, place), scene.page.posted(parent, place)
    return bool(reply["thread_ts"] == head["ts"] and float(reply["ts"]) > float(head["ts"]))


CRASHES = [point for point in POINTS if "look-up" not in point and point != "never"]
OPENING = {"direct message opened"}
"""Points that only a direct message passes."""


OF_A_CHILD = ["after the claim", "before the request", "answer unread", "before the mark", "after the mark"]
"""A thread, its head and a reply differ from a card only in where they go."""
CASES = [*product(["card", "nudge"], CRASHES), *product(["escalation", "thread", "feedback"], OF_A_CHILD)]


@pytest.mark.parametrize(("kind", "point"), CASES)
def test_killed_anywhere_a_new_message_is_there_once(scene: Scene, kind: str, point: str) -> None:
    SCENES[kind](scene)

    assert scene.die(point, kind) == (0 if point in OPENING and kind != "nudge" else KILLED)
    assert there(scene)[kind] <= 1
    scene.finish()

    assert there(scene) == expected(kind)
    assert scene.settled()
    if kind == "escalation":
        assert below_its_parent(scene, "escalation", "card", SALES)
    if kind in {"thread", "feedback"}:
        assert below_its_parent(scene, "feedback", "thread", FEEDBACK)


AT_AN_UPDATE = [point for point in CRASHES if point not in {*OPENING, "channel not committed"}]


@pytest.mark.parametrize("point", AT_AN_UPDATE)
def test_killed_anywhere_a_card_is_redrawn_in_its_place(scene: Scene, point: str) -> None:
    handoff = offered(scene.store)
    scene.deliver()
    accept(scene.store, NOW, by(owner_slack(handoff), handoff))

    assert scene.die(point, "card") == KILLED
    scene.finish()

    [card] = scene.page.posted("card")
    assert buttons(card)[0] == ids.UNDO
    assert scene.settled()
    assert len(scene.page.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("point", CRASHES)
def test_killed_anywhere_on_postgres_a_card_is_there_once(big_scene: Scene, point: str) -> None:
    new_escalation(big_scene)
    big_scene.die(point, "card")
    big_scene.finish()
    assert there(big_scene) == Counter(card=1, escalation=1)
    assert below_its_parent(big_scene, "escalation", "card", SALES)
    assert big_scene.settled()


@pytest.mark.parametrize("second", ["before the look-up", "after the look-up", "mark not committed"])
@pytest.mark.parametrize("first", ["before the request", "answer unread", "before the mark"])
@pytest.mark.parametrize("kind", ["card", "nudge"])
def test_killed_again_while_looking_it_up_it_is_there_once(scene: Scene, kind: str, first: str, second: str) -> None:
    SCENES[kind](scene)
    assert scene.die(first, kind) == KILLED
    scene.wall.pass_by(61)
    assert scene.die(second, kind) == KILLED
    scene.finish()
    assert there(scene) == expected(kind)
    assert scene.settled()


def test_killed_at_every_point_one_after_the_other_nothing_is_lost_or_doubled(scene: Scene) -> None:
    new_escalation(scene)
    for point in (*POINTS, *POINTS):
        scene.die(point, "card")
        scene.wall.pass_by(61)
    scene.finish()
    assert there(scene) == Counter(card=1, escalation=1)
    assert scene.settled()


def test_what_changed_while_nobody_delivered_is_shown_in_its_newest_state(scene: Scene) -> None:
    handoff = offered(scene.store)
    assert scene.die("answer unread", "card") == KILLED
    accept(scene.store, NOW, by(owner_slack(handoff), handoff))
    scene.finish()
    [card] = scene.page.posted("card")
    assert buttons(card)[0] == ids.UNDO


def test_a_message_in_doubt_holds_up_nobody_but_itself_and_its_children(scene: Scene) -> None:
    new_escalation(scene)
    assert scene.die("before the mark", "card") == KILLED
    offered(scene.store, "jonas")
    scene.wall.pass_by(5)
    scene.deliver()
    assert there(scene) == Counter(card=2, nudge=0, escalation=0)
    scene.finish()
    assert there(scene) == Counter(card=2, escalation=1)


def test_several_deliveries_at_once_send_everything_once(big_scene: Scene) -> None:
    for number in range(15):
        offered(big_scene.store, f"lead{number}")
    sweep(big_scene.store, NOW + 2 * HOUR)
    sweep(big_scene.store, NOW + 4 * HOUR)
    stores = [Store(big_scene.url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for store in stores:
            pool.submit(Delivery(store, big_scene.page.slack()).drain)
    for store in stores:
        store.close()
    big_scene.deliver()
    assert there(big_scene)["card"] == there(big_scene)["escalation"] == 15
    everything = [one for place in (SALES, ANA, "U0BEN") for one in big_scene.page.everything(place)]
    assert max(Counter(one["metadata"]["event_payload"]["id"] for one in everything).values()) == 1
    assert len(everything) == 32, "each rep's reminders are in one message"
    assert big_scene.settled()
