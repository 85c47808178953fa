"""The rejection form: one list of reasons by family, and the one question that the chosen reason asks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.blocks import ids
from bot.blocks.card import who
from bot.blocks.drawing import Block
from bot.blocks.text import context, plain_text
from bot.handoff.reasons import FollowUp, Reason
from bot.lead import Lead

FAMILIES = {
    "DATA": "The data",
    "FIT": "The fit",
    "READINESS": "Not ready",
    "ROUTE": "Not ours",
    "OTHER": "Something else",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What the form must carry with it: Slack does not say where it was opened."""

    handoff: int
    channel: str

    def dump(self) -> str:
        """The place as private metadata."""
        return json.dumps({"handoff": self.handoff, "channel": self.channel})

    @classmethod
    def load(cls, metadata: str) -> "Place":
        """The place that `dump` wrote."""
        found = json.loads(metadata)
        return cls(int(found["handoff"]), str(found["channel"]))


def reject_form(place: Place, lead: Lead | None, reasons: Mapping[str, Reason], chosen: str | None = None) -> Block:
    """The form; with the follow-up of reason `chosen`, once there is one."""
    reason = reasons.get(chosen or "")
    about = [context(f"Rejecting *{who(lead)}*. Marketing reads what you write here.")] if lead else []
    return {
        "type": "modal",
        "callback_id": ids.REJECT_FORM,
        "private_metadata": place.dump(),
        "title": plain_text("Reject the lead"),
        "submit": plain_text("Reject"),
        "close": plain_text("Cancel"),
        "blocks": [*about, _reasons(reasons, reason), *(_questions(reason) if reason else [])],
    }


def follow_up_block(code: str) -> str:
    """The block id of a reason's question: another reason's answer can never be taken for it."""
    return f"{ids.FOLLOW_UP}:{code}"


def _reasons(reasons: Mapping[str, Reason], chosen: Reason | None) -> Block:
    families = groupby(
        sorted(reasons.values(), key=lambda one: list(FAMILIES).index(one.family)), lambda one: one.family
    )
    groups = [{"label": plain_text(FAMILIES[family]), "options": _reason_options(found)} for family, found in families]
    select: Block = {
        "type": "static_select",
        "action_id": ids.REASON,
        "placeholder": plain_text("Choose a reason"),
        "option_groups": groups,
    }
    if chosen:
        select["initial_option"] = _option(chosen.code, chosen.label)
    label = plain_text("Why is this no lead for you?")
    return {"type": "input", "block_id": ids.REASON, "dispatch_action": True, "label": label, "element": select}


def _reason_options(reasons: Iterable[Reason]) -> list[Block]:
    return [_option(reason.code, reason.label) for reason in reasons]


def _option(value: str, label: str) -> Block:
    return {"text": plain_text(label), "value": value}


def _questions(reason: Reason) -> list[Block]:
    answer = {
        "type": "input",
        "block_id": follow_up_block(reason.code),
        "label": plain_text(reason.follow_up.label),
        "element": {"action_id": ids.FOLLOW_UP, **_element(reason.follow_up)},
    }
    comment = {
        "type": "input",
        "block_id": ids.COMMENT,
        "optional": True,
        "label": plain_text("Anything to add?"),
        "element": {"type": "plain_text_input", "action_id": ids.COMMENT, "multiline": True, "max_length": 500},
    }
    return [answer, comment]


def _element(follow_up: FollowUp) -> Block:
    options = [_option(value, label) for value, label in follow_up.options]
    match follow_up.kind:
        case "text":
            return {"type": "plain_text_input", "min_length": follow_up.min_length, "max_length": 500}
        case "date":
            return {"type": "datepicker"}
        case "choice":
            return {"type": "static_select", "options": options}
        case "choices":
            return {"type": "multi_static_select", "options": options}
