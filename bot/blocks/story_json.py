"""All that is known of a lead, as JSON for programs. Times are ISO 8601 in UTC, lengths are seconds."""

from datetime import datetime
from typing import Any

from bot.handoff.events import Event
from bot.handoff.grounds import Placed
from bot.handoff.open_cards import claimable, overdue, stepped_in
from bot.handoff.routing import trace_to_dict
from bot.handoff.states import Handoff
from bot.handoff.story import Chapter, Story
from bot.lead import LEAD_FIELDS

FIELDS = (
    *("id", "number", "state", "owner", "team", "channel", "tier", "raised_from", "policy", "imported"),
    *("offered_at", "due_at", "owner_since", "breached_by", "snoozed_until", "decided_at", "decided_by"),
    *("reason", "follow_up", "comment", "expired_at", "took_wall", "took_working"),
)


def story_json(story: Story, now: datetime) -> dict[str, Any]:
    """The same facts as the text has, by the names that the tables use; `now` is UTC."""
    lead, found = story.explained.lead, story.explained.explanation.assessment
    return {
        "lead": {
            "id": story.standing.lead_id,
            **{key: getattr(lead, key) for key in sorted(LEAD_FIELDS)},
            "attributes": dict(lead.attributes),
        },
        "as_of": now.isoformat(),
        "verdict": {
            "cell": found.cell,
            "tier": found.tier,
            "because": found.because,
            "disqualified": found.disqualified,
            "criteria": found.criteria,
        },
        "queues": [
            {"queue": entry.queue, "reason": entry.reason, "entered_at": entry.entered_at.isoformat()}
            for entry in story.standing.waiting
        ],
        "handoffs": [_handoff(chapter, now) for chapter in story.chapters],
        "history": [_event(event) for event in story.events],
        "earlier_events_left_out": story.earlier,
    }


def _handoff(chapter: Chapter, now: datetime) -> dict[str, Any]:
    found = chapter.grounds
    return {
        **{name: _value(found.handoff, name) for name in FIELDS},
        "overdue": overdue(found.handoff, now),
        "claimable": claimable(found.handoff, claimed=stepped_in(chapter.events)),
        "working_seconds_left": found.left.total_seconds() if found.left is not None else None,
        "steps": [{"at": step.at.isoformat(), "step": step.step} for step in found.handoff.steps],
        "steps_taken": found.handoff.step,
        "deadline": found.deadline.to_dict() if found.deadline else None,
        "owners": [_placed(one) for one in found.owners],
        "history": [_event(event) for event in chapter.events],
    }


def _value(handoff: Handoff, name: str) -> Any:
    value = getattr(handoff, name)
    return value.isoformat() if isinstance(value, datetime) else value


def _placed(one: Placed) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "to": one.to, "trace": trace_to_dict(one.trace)}


def _event(event: Event) -> dict[str, Any]:
    return {"at": event.at.isoformat(), "kind": event.kind.value, "by": event.by, "detail": dict(event.detail)}
