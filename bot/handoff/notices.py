"""Who is to be told what: events in, wanted messages out. How a message reads is the business of blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.handoff.events import Event, Kind
from bot.handoff.states import Handoff
from bot.lead import People


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that must exist. The first four fields together name it: asked for twice, it is one.

    `recipient` is a Slack channel or user id. A notice with a `parent` is a reply in the parent's thread.
    """

    subject: str
    kind: str
    recipient: str
    occurrence: str = ""
    parent: "Notice | None" = None


def handoff_subject(handoff_id: int) -> str:
    """The subject under which all messages of one hand-off are found again."""
    return f"handoff:{handoff_id}"


def handoff_of(subject: str) -> int:
    """The hand-off that `handoff_subject` named."""
    return int(subject.removeprefix("handoff:"))


def campaign_subject(campaign: str | None, at: datetime) -> str:
    """The subject of a campaign's feedback thread; `at`, in UTC, is when the leads of its month were offered."""
    return f"campaign:{at:%Y-%m}:{campaign or ''}"


def campaign_of(subject: str) -> tuple[str, datetime]:
    """The campaign ("" for none) and the first moment of the month that `campaign_subject` named."""
    _, month, campaign = subject.split(":", 2)
    return campaign, datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)


def notices(events: Iterable[Event], handoff: Handoff, people: People) -> list[Notice]:
    """The messages that `events` of `handoff` call for. Those that exist redraw themselves."""
    return [notice for event in events for notice in _for(event, handoff, people)]


def _for(event: Event, handoff: Handoff, people: People) -> Iterator[Notice]:
    subject = handoff_subject(handoff.id)
    card = Notice(subject, "card", handoff.channel) if handoff.channel else None
    owner = people.slack_of(handoff.owner)
    match event.kind:
        case Kind.OFFERED if card:
            yield card
        case Kind.REMINDED if owner:
            yield Notice(subject, "reminder", owner, str(event.detail["rung"]))
        case Kind.ESCALATED if card:
            yield Notice(subject, "escalation", card.recipient, str(event.detail["rung"]), card)
        case Kind.EXPIRED if card:
            yield Notice(subject, "expiry", card.recipient, "", card)
        case Kind.RAISED if card:
            yield Notice(subject, "raised", card.recipient, str(event.detail["to"]), card)
        case Kind.VOIDED | Kind.BARRED if card and event.by is None:
            yield Notice(subject, "withdrawn", card.recipient, event.at.isoformat(), card)
        case Kind.REJECTED if people.feedback_channel:
            about = campaign_subject(handoff.campaign, handoff.offered_at)
            thread = Notice(about, "thread", people.feedback_channel)
            yield Notice(subject, "feedback", people.feedback_channel, "", thread)
        case _:
            pass
