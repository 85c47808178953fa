"""The forms that ask why: to reject a lead, or to pass it on. A list of reasons, and the question of the chosen one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.blocks import ids
from bot.blocks.card import who
from bot.blocks.drawing import Block
from bot.blocks.text import clean, context, name, plain_text, section, when
from bot.handoff.case import Case
from bot.handoff.decision import Why
from bot.handoff.reasons import FollowUp, Reason
from bot.lead import Team

FAMILIES = {
    "DATA": "The data",
    "FIT": "The fit",
    "READINESS": "Not ready",
    "ROUTE": "Not ours",
    "OTHER": "Something else",
}

MOST_OPTIONS = 100
"""Slack shows no more in one list."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the form must carry with it: Slack does not say where it was opened, nor does it know whose lead it was."""

    handoff: int
    channel: str
    owner: str | None = None

    def dump(self) -> str:
        """The place as private metadata."""
        return json.dumps({"handoff": self.handoff, "channel": self.channel, "owner": self.owner})

    @classmethod
    def load(cls, metadata: str) -> "Place":
        """The place that `dump` wrote."""
        found = json.loads(metadata)
        return cls(int(found["handoff"]), str(found["channel"]), found.get("owner"))


def reject_form(place: Place, case: Case, chosen: str | None = None) -> Block:
    """The form of a rejection; with the question of reason `chosen`, once there is one."""
    listed = {code: reason for code, reason in case.reasons.items() if not reason.reroutes}
    about = context(f"Rejecting *{who(case.lead)}*. Marketing reads what you write here.")
    asked = _reasons("Why is this no lead for you?", listed, chosen)
    words = {"title": plain_text("Reject the lead"), "submit": plain_text("Reject")}
    return _form(ids.REJECT_FORM, place, words, [about, asked, *_questions(listed.get(chosen or ""), ())])


def not_mine_form(place: Place, case: Case, chosen: str | None = None) -> Block:
    """The form of "Not mine…", likewise. Where no reason hands a lead on, it says so."""
    listed = {code: reason for code, reason in case.reasons.items() if reason.reroutes}
    if not listed:
        nothing = section(NO_REASON)
        return _form(ids.NOT_MINE_FORM, place, {"title": plain_text("Not mine")}, [nothing])
    about, asked = context(passing_on(case)), _reasons("Why is it not yours?", listed, chosen)
    words = {"title": plain_text("Not mine"), "submit": plain_text("Pass it on")}
    questions = _questions(listed.get(chosen or ""), list(case.people.teams.values()))
    return _form(ids.NOT_MINE_FORM, place, words, [about, asked, *questions])


def passing_on(case: Case) -> str:
    """Which lead it is and whose, and what does not change with that."""
    due = f" It stays {when(case.handoff.due_at, 'due')}, whoever has it." if case.handoff.due_at else ""
    return f"*{who(case.lead)}* is with {name(case.people, case.handoff.owner)} now.{due}"


def follow_up_block(code: str) -> str:
    """The block id of a reason's question: another reason's answer can never be taken for it."""
    return f"{ids.FOLLOW_UP}:{code}"


def at_field(why: Why, *, named: bool) -> str:
    """What the form's field says where nobody can have the lead; `named` if a person was chosen, not only a team."""
    if why is Why.ALREADY_THEIRS and named:
        return "They have it already. Please choose somebody else."
    return NOBODY if named else NOBODY_THERE


NO_REASON = (
    "Please ask your sales operations: no reason to pass a lead on is set up (`reasons.yaml`, consequence `reroute`)."
)
NOBODY = "They are in no sales team, so they cannot have a lead. Please choose somebody else."
NOBODY_THERE = "Nobody else can have it there. Please choose something else."
STRANGER = "I don't know them: your sales operations can add them to the people file. Please choose somebody else."


def _form(callback: str, place: Place, words: Mapping[str, Block], blocks: Sequence[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": place.dump(),
        "close": plain_text("Cancel"),
        **words,
        "blocks": list(blocks),
    }


def _reasons(label: str, reasons: Mapping[str, Reason], chosen: str | None) -> Block:
    """All of them in one list, under the headings of their families if there are several."""
    ordered = sorted(reasons.values(), key=lambda one: list(FAMILIES).index(one.family))
    families = [(family, _reason_options(found)) for family, found in groupby(ordered, lambda one: one.family)]
    groups = [{"label": plain_text(FAMILIES[family]), "options": options} for family, options in families]
    select: Block = {
        "type": "static_select",
        "action_id": ids.REASON,
        "placeholder": plain_text("Choose a reason"),
        **({"option_groups": groups} if len(groups) > 1 else {"options": families[0][1]}),
    }
    if reason := reasons.get(chosen or ""):
        select["initial_option"] = _option(reason.code, reason.label)
    return {
        "type": "input",
        "block_id": ids.REASON,
        "dispatch_action": True,
        "label": plain_text(label),
        "element": select,
    }


def _reason_options(reasons: Iterable[Reason]) -> list[Block]:
    return [_option(reason.code, reason.label) for reason in reasons]


def _option(value: str, label: str) -> Block:
    return {"text": plain_text(label), "value": value}


def _questions(reason: Reason | None, teams: Sequence[Team]) -> list[Block]:
    """The chosen reason's own question, if it asks one, and room for free words."""
    if reason is None:
        return []
    element = _element(reason.follow_up, teams)
    answer = {
        "type": "input",
        "block_id": follow_up_block(reason.code),
        "label": plain_text(reason.follow_up.label),
        "element": {"action_id": ids.FOLLOW_UP, **element},
    }
    comment = {
        "type": "input",
        "block_id": ids.COMMENT,
        "optional": True,
        "label": plain_text("Anything to add?"),
        "element": {"type": "plain_text_input", "action_id": ids.COMMENT, "multiline": True, "max_length": 500},
    }
    return [answer, comment] if element else [comment]


def _element(follow_up: FollowUp, teams: Sequence[Team]) -> Block:
    """What the question is answered with; nothing where none is asked."""
    match follow_up.kind:
        case "none":
            return {}
        case "text":
            return {"type": "plain_text_input", "min_length": follow_up.min_length, "max_length": 500}
        case "date":
            return {"type": "datepicker"}
        case "person":
            return {"type": "users_select"}
        case "team":
            named = [_option(team.key, clean(team.name, 75)) for team in teams[:MOST_OPTIONS]]
            return {"type": "static_select", "options": named}
    options = [_option(value, label) for value, label in follow_up.options]
    return {"type": "static_select" if follow_up.kind == "choice" else "multi_static_select", "options": options}
