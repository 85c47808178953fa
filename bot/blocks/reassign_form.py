"""The manager's form: who is to have the lead from now on; and what it becomes where they are away."""

from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.blocks.home import is_away
from bot.blocks.reason_form import Place, passing_on
from bot.blocks.text import context, plain_text, section
from bot.handoff.case import Case
from bot.lead import Leave, Person


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


def given_view(to: Person, leave: Leave) -> Block:
    """After the form: it is done, though whoever has the lead now is on leave."""
    return {
        "type": "modal",
        "title": plain_text("Reassign the lead"),
        "close": plain_text("Close"),
        "blocks": [section(f"{is_away(to, leave)} The lead is theirs all the same.")],
    }
