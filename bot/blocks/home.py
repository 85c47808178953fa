"""The home tab: what waits for you, whether leads come to you, and who of your people is there."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.blocks import ids
from bot.blocks.card import who
from bot.blocks.drawing import Block
from bot.blocks.text import button, buttons, calendar_day, clean, context, escape, paragraphs, plain_text, section, when
from bot.handoff.home import Home, Presence
from bot.handoff.open_cards import OpenLead, overdue
from bot.lead import Leave, Person

STRANGER = (
    "Hello! I bring leads from marketing to sales. I don't know you as a member of a sales team yet: your sales "
    "operations can add you to the people file, and your leads will be listed here."
)
NO_SALES = "Hello {name}! Leads do not come to you. `/funnel` tells you what becomes of them."


def home_view(home: Home | None, links: Mapping[int, str], now: datetime, note: str = "") -> Block:
    """The tab at `now` (UTC). `links` lead to cards, by hand-off; `note` is an answer to what was just pressed."""
    blocks = [context(note)] if note else []
    blocks += list(_home(home, links, now)) if home else [section(STRANGER)]
    return {"type": "home", "blocks": blocks}


def away_form(presence: Presence, own: bool) -> Block:
    """Three questions: from when, until when, and what to call it. It carries whom it is about."""
    person = presence.person
    name = escape(person.name, 60)
    whom, have = ("you", "you") if own else (name, "they")
    words = f"New leads will pass {whom} by. Those {have} have that cannot wait until then go to somebody else."
    label = {"type": "plain_text_input", "action_id": ids.LABEL, "max_length": 75, "initial_value": "Out of office"}
    return {
        "type": "modal",
        "callback_id": ids.AWAY_FORM,
        "private_metadata": person.key,
        "title": plain_text("I am away" if own else clean(f"{person.name} is away", 24)),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "blocks": [
            context(words),
            _input(ids.FIRST_DAY, "First day", _picker(ids.FIRST_DAY, presence.today)),
            _input(ids.LAST_DAY, "Last day", _picker(ids.LAST_DAY), "Leave it empty if you don't know it yet."),
            _input(ids.LABEL, "What shall I call it?", label, "Your team will read it."),
        ],
    }


def _home(home: Home, links: Mapping[int, str], now: datetime) -> Iterator[Block]:
    if home.sells or home.waiting:
        yield from _leads(home, links, now)
        yield {"type": "divider"}
        yield from _me(home.me)
    else:
        yield section(NO_SALES.format(name=escape(home.me.person.name)))
    if home.staff:
        yield {"type": "divider"}
        yield section("*Your people*")
        yield from (_member(one) for one in home.staff)


def _leads(home: Home, links: Mapping[int, str], now: datetime) -> Iterator[Block]:
    if not home.waiting:
        yield section("*No lead waits for you.*")
        return
    many = "One lead waits" if home.waiting == 1 else f"{home.waiting} leads wait"
    yield from paragraphs([f"*{many} for your answer*", *(_line(one, links, now) for one in home.leads)])
    if home.waiting > len(home.leads):
        yield context(f"And {home.waiting - len(home.leads)} more, due later. `/funnel open` lists what is open.")


def _line(one: OpenLead, links: Mapping[int, str], now: datetime) -> str:
    handoff, link = one.handoff, links.get(one.handoff.id)
    named = f"<{link}|{who(one.lead)}>" if link else who(one.lead)
    tier = f" · {escape(handoff.tier, 20)}" if handoff.tier else ""
    if handoff.due_at is None:
        return f"• *{named}*{tier}"
    if overdue(handoff, now):
        return f"• :red_circle: *{named}*{tier} · {when(handoff.due_at, 'overdue since')}"
    return f"• *{named}*{tier} · {when(handoff.due_at, 'decide by')}"


def _me(me: Presence) -> Iterator[Block]:
    if me.away:
        yield section(f":palm_tree: *You are away*{_until(me.away)}. New leads pass you by.{_only_configured(me)}")
    else:
        coming = f" Next: {_from(me.leaves[0])}." if me.leaves else ""
        yield section(f"*You are here*, and new leads can come to you.{coming}")
    yield buttons(*_buttons(me))


def _buttons(me: Presence) -> Iterator[Block]:
    """Whoever can come back with a click does so before they go away again."""
    if me.absence is not None:
        yield button("I am back" if me.away else "I stay after all", ids.BACK, me.absence)
    if me.absence is None or not me.away:
        yield button("I am away…", ids.AWAY, me.person.key)


def _member(one: Presence) -> Block:
    name = escape(one.person.name, 60)
    if one.away:
        words = f"{is_away(one.person, one.away)}{_only_configured(one)}"
    else:
        words = f"*{name}* is here." + (f" Next: {_from(one.leaves[0])}." if one.leaves else "")
    if one.absence is None:
        pressed = button("Is away…", ids.AWAY, one.person.key)
    else:
        pressed = button("Is back" if one.away else "Stays after all", ids.BACK, one.absence)
    return {**section(words), "accessory": pressed}


def is_away(person: Person, leave: Leave) -> str:
    """That somebody is on leave, until when, and what they call it."""
    return f":palm_tree: *{escape(person.name, 60)}* is away{_until(leave)}."


def _only_configured(one: Presence) -> str:
    return " `people.yaml` says so." if one.absence is None else ""


def _until(leave: Leave) -> str:
    until = f" until {calendar_day(leave.last)}" if leave.last else ""
    return f"{until}: {escape(leave.label, 75)}"


def _from(leave: Leave) -> str:
    until = f" to {calendar_day(leave.last)}" if leave.last else " on"
    return f"{calendar_day(leave.first)}{until}, {escape(leave.label, 75)}"


def _picker(action_id: str, day: date | None = None) -> Block:
    return {"type": "datepicker", "action_id": action_id, **({"initial_date": day.isoformat()} if day else {})}


def _input(block: str, label: str, element: Block, hint: str | None = None) -> Block:
    shape: Block = {"type": "input", "block_id": block, "label": plain_text(label), "element": element}
    return shape | ({"hint": plain_text(hint)} if hint else {}) | ({"optional": True} if block == ids.LAST_DAY else {})
