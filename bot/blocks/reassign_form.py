"""The manager's form: who is to have the lead from now on."""

from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.blocks.reason_form import Place, passing_on
from bot.blocks.text import context, plain_text
from bot.handoff.case import Case


def reassign_form(place: Place, case: Case) -> Block:
    """One question: to whom. Slack knows everybody in the workspace; who cannot have a lead is refused at the field."""
    asked = {
        "type": "input",
        "block_id": ids.NEW_OWNER,
        "label": plain_text("Who takes it?"),
        "element": {"type": "users_select", "action_id": ids.NEW_OWNER, "placeholder": plain_text("Choose a person")},
    }
    return {
        "type": "modal",
        "callback_id": ids.REASSIGN_FORM,
        "private_metadata": place.dump(),
        "title": plain_text("Reassign the lead"),
        "submit": plain_text("Reassign"),
        "close": plain_text("Cancel"),
        "blocks": [context(passing_on(case)), asked],
    }
