"""A Slack stand-in with the company of `tests.support` in it, and persons who click there."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.blocks import ids
from bot.delivery import Delivery
from bot.handoff.states import Handoff
from bot.main import Baton
from bot.slack import METADATA, READS, Slack
from bot.store import policies
from bot.store.engine import Store
from bot.store.tables import metadata
from bot.sweep import sweep
from playground import draw
from playground.serve import Running
from playground.workspace import Workspace, parse
from tests.playground.kit import Player, until
from tests.schemas import check
from tests.support import NOW, POLICY, TEXTS, offered, standing

Json = dict[str, Any]

TOKEN, SIGNING, INTAKE = "xoxb-test", "a-signing-secret", "an-intake-secret"
SALES, NORTH, FEEDBACK = "C0SALES", "C0NORTH", "C0FEEDBACK"
ANA, BEN, MAYA, TOM, STRANGER = "U0ANA", "U0BEN", "U0MAYA", "U0TOM", "U0STRANGER"
SAID = {"chat.postMessage", "chat.update", "chat.postEphemeral"}


def company(bot: str) -> Workspace:
    """The workspace, with the app's requests going to the bot at that address."""
    people = [{"id": user, "name": user[2:].lower(), "real_name": user[2:].title()} for user in PEOPLE]
    return parse(
        {
            "team": {"id": "T0TEAM", "name": "Northwind"},
            "people": people,
            "channels": [
                {"id": SALES, "name": "sales"},
                {"id": NORTH, "name": "north"},
                {"id": FEEDBACK, "name": "feedback"},
            ],
            "app": {
                "id": "A0BATON",
                "name": "Baton",
                "user": {"id": "U0BATON", "name": "baton"},
                "token": TOKEN,
                "signing_secret": SIGNING,
                "scopes": [*SCOPES],
                "url": f"{bot}/slack/events",
                "home": True,
                "events": ["app_home_opened"],
                "retry_scale": 0,
                "commands": [{"command": "/funnel", "description": "Live conversion stats"}],
            },
        },
        "the company",
    )


SCOPES = ["commands", "chat:write", "channels:history", "groups:history", "im:history", "im:write", "users:read"]
PEOPLE = (ANA, BEN, MAYA, TOM, STRANGER)


def employ(store: Store) -> Store:
    """The store with the company's policy in force; quicker than `in_force`, which reads the files again."""
    with store.transaction() as tx:
        policies.apply(tx, POLICY, TEXTS, NOW)
    return store


class SlackPage:
    """What is in Slack now, and what people do there."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.world = server.game.world
        self.api = server.api

    def person(self, user: str) -> Player:
        return Player(self.server.address, user)

    def slack(self, timeout: float = 10) -> Slack:
        """The bot's way to this workspace."""
        return Slack(TOKEN, self.api, timeout)

    def posted(self, kind: str, place: str = SALES) -> list[Json]:
        """The bot's messages of one kind in a channel, or in the direct messages with a person."""
        return [one for one in self.everything(place) if one["metadata"]["event_payload"].get("kind") == kind]

    def everything(self, place: str = SALES) -> list[Json]:
        """All of the bot's messages in a place that carry their identity, oldest first."""
        channel = self.world.direct(place) if place.startswith("U") else self.world.channels[place]
        drawn = [draw.message_for_app(self.world, one) | {"channel": one.channel} for one in channel.messages] \
            if channel else []  # fmt: skip
        return [one for one in drawn if one.get("metadata", {}).get("event_type") == METADATA]

    def whispers(self, user: str) -> list[str]:
        """What was said to one person alone, oldest first."""
        return [one.text for (to, _, _), one in self.world.ephemerals.items() if to == user]

    def press(self, user: str, action: str, message: Json, entry: str | None = None) -> None:
        """Press a button of a message, or an entry of its menu; what Slack would show as an error is one here."""
        rows = [row for row in message["blocks"] if action in actions(row)]
        assert rows, f"no button {action} on: {message['text']}"
        answer = self.person(user).click(message, rows[0]["block_id"], action, entry)
        assert answer == {"ok": True}, answer

    def home(self, user: str) -> Json:
        """The home tab, which somebody opens now."""
        published = len(self.calls("views.publish"))
        assert self.person(user).act("open_home") == {"ok": True}
        until(lambda: len(self.calls("views.publish")) > published)
        return self.shown_home(user)

    def shown_home(self, user: str) -> Json:
        """The home tab as it was drawn last."""
        view: Json = self.person(user).state["home"]
        return view

    def press_home(self, user: str, action: str, value: str) -> None:
        """Press a button of the home tab."""
        view = self.shown_home(user)
        found = [(row, one) for row in view["blocks"] for one in elements(row) if one.get("action_id") == action]
        [(row, _)] = [(row, one) for row, one in found if one["value"] == value]
        where = {"view_id": view["id"], "block_id": row["block_id"], "action_id": action}
        answer = self.person(user).act("block_actions", **where, state={})
        assert answer == {"ok": True}, answer

    def fill(self, user: str, **fields: Any) -> Json:
        """Send the open form, whose fields have their block's id; what Slack answers, with errors by field."""
        state = {block: {block: value} for block, value in fields.items()}
        return self.person(user).act("view_submission", view_id=self.modals(user)[-1]["id"], state=state)

    def modals(self, user: str) -> list[Json]:
        return list(self.person(user).state["modals"])

    def choose(self, user: str, code: str) -> None:
        """Choose a reason in the open form, which then asks that reason's question."""
        view = self.modals(user)[-1]
        where = {"view_id": view["id"], "block_id": ids.REASON, "action_id": ids.REASON}
        answer = self.person(user).act("block_actions", **where, value=code, state={})
        assert answer == {"ok": True}, answer

    def submit(self, user: str, code: str, answer: Any, comment: str | None = None) -> Json:
        """Send the open form; what Slack answers, with errors by field."""
        fields: Json = {ids.REASON: {ids.REASON: code}}
        if answer is not None:
            fields[f"{ids.FOLLOW_UP}:{code}"] = {ids.FOLLOW_UP: answer}
        if comment:
            fields[ids.COMMENT] = {ids.COMMENT: comment}
        return self.person(user).act("view_submission", view_id=self.modals(user)[-1]["id"], state=fields)

    def fault(self, method: str, kind: str, **rest: Any) -> None:
        answer = self.person(ANA).fault(method, kind, **rest)
        assert answer["ok"], answer

    def calls(self, *methods: str) -> list[Json]:
        """What the bot asked of Slack, oldest first."""
        return [one for one in self.world.calls.since(0) if not methods or one["method"] in methods]

    def deliveries(self) -> list[Json]:
        """What Slack sent to the bot, oldest first."""
        return self.world.deliveries.since(0)

    def problems(self) -> list[str]:
        """Everything that went either way and is not as Slack's schemas have it."""
        found = [f"{one['method']} {fault}" for one in self.calls() for fault in _faults(one["method"], one["args"])]
        return found + [
            f"{one['kind']} {fault}" for one in self.deliveries() for fault in check.inbound(_kind(one), one["body"])
        ]


def _kind(delivery: Json) -> check.Kind:
    """By what schema to hold it: an event goes by its own type."""
    kind: check.Kind = delivery["body"]["event"]["type"] if delivery["kind"] == "event" else delivery["kind"]
    return kind


def _faults(method: str, args: Json) -> list[str]:
    if method in READS:  # an address holds texts only
        args = {key: _typed(key, value) for key, value in args.items()}
    silent = [": has no text"] if method in SAID and not str(args.get("text") or "").strip() else []
    return silent + check.call(method, args)


def elements(row: Json) -> list[Json]:
    """The buttons and menus of a row of a message or a view."""
    return [*row.get("elements", ()), *([row["accessory"]] if "accessory" in row else [])]


def _typed(key: str, value: str) -> Any:
    if key in {"inclusive", "include_all_metadata"}:
        return value == "1"
    return int(value) if key == "limit" else value


def actions(row: Json) -> list[str]:
    """The action ids in a row of a message."""
    return [str(one.get("action_id")) for one in elements(row)]


OPEN_CARD = [ids.ACCEPT, ids.REJECT, ids.NOT_MINE, ids.WHY, ids.MORE]
"""The buttons of a card that waits for an answer, before it is overdue."""


def buttons(message: Json) -> list[str]:
    """All buttons of a message, by their action ids."""
    return [action for row in message["blocks"] if row["type"] == "actions" for action in actions(row)]


def shown(message: Json) -> str:
    """All words of a message."""
    return str(message["text"]) + json.dumps(message["blocks"], ensure_ascii=False)


@dataclass
class Wall:
    """Real time, which a test can move on."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Office:
    """Baton and its Slack. Delivery is drained by hand: what was to be sent is there when `drain` is done."""

    page: SlackPage
    baton: Baton
    delivery: Delivery
    wall: Wall
    address: str

    @property
    def store(self) -> Store:
        return self.baton.store

    @property
    def now(self) -> datetime:
        return self.baton.clock.now()

    def offer(self, name: str = "elena") -> tuple[Handoff, Json]:
        """A new hand-off with its card in the channel. The first one is Ana's."""
        handoff = offered(self.store, name, self.now)
        self.delivery.drain()
        return handoff, self.card(handoff)

    def card(self, handoff: Handoff) -> Json:
        """The card of a hand-off as it looks now."""
        subject = f"handoff:{handoff.id}"
        [found] = [one for one in self.page.posted("card") if one["metadata"]["event_payload"]["subject"] == subject]
        return found

    def press(self, user: str, action: str, message: Json, entry: str | None = None) -> None:
        """Press a button or an entry of a menu, and have everything sent that follows from it."""
        self.page.press(user, action, message, entry)
        self.delivery.drain()

    def reject(self, user: str, card: Json, code: str, answer: Any, comment: str | None = None) -> Json:
        """The whole rejection: button, reason, question, send."""
        self.page.press(user, ids.REJECT, card)
        self.page.choose(user, code)
        sent = self.page.submit(user, code, answer, comment)
        self.delivery.drain()
        return sent

    def pass_on(self, user: str, card: Json, code: str, answer: Any = None, comment: str | None = None) -> Json:
        """The whole of "Not mine…": button, reason, question if there is one, send."""
        self.page.press(user, ids.NOT_MINE, card)
        self.page.choose(user, code)
        sent = self.page.submit(user, code, answer, comment)
        self.delivery.drain()
        return sent

    def let_pass(self, by: timedelta) -> None:
        """Let time pass, do what is due, and send what follows from it."""
        self.baton.clock.move_on(by)
        sweep(self.store, self.now)
        self.delivery.drain()

    def state(self, handoff: Handoff) -> str:
        return standing(self.store, handoff.id).state.value


def rows(store: Store, *, without: frozenset[str] = frozenset({"messages"})) -> dict[str, list[Any]]:
    """Every row of every table; two of these are equal if nothing has changed."""
    tables = [table for name, table in metadata.tables.items() if name not in without]
    with store.reading() as tx:
        return {table.name: sorted(map(repr, tx.execute(table.select()))) for table in tables}
