"""Who is to be told what: events in, wanted messages out. How a message reads is the business of blocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from bot.handoff.absence import Absence
from bot.handoff.events import Event, Kind
from bot.handoff.permissions import team_of
from bot.handoff.routing import Queue
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


def named_by(subject: str) -> str:
    """The one key or id that a subject is about, as any of the functions here that make one was given it."""
    return subject.partition(":")[2]


def handoff_of(subject: str) -> int:
    """The hand-off that `handoff_subject` named."""
    return int(named_by(subject))


def campaign_subject(campaign: str | None, at: datetime) -> str:
    """The subject of a campaign's feedback thread; `at`, in UTC, is when the leads of its month were offered."""
    return f"campaign:{at:%Y-%m}:{campaign or ''}"


def campaign_of(subject: str) -> tuple[str, datetime]:
    """The campaign ("" for none) and the first moment of the month that `campaign_subject` named."""
    _, month, campaign = subject.split(":", 2)
    return campaign, datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)


def nudge_subject(owner: str, at: datetime) -> str:
    """The subject of the direct message that reminds a person (key) of all that is due for it `at` this time (UTC)."""
    return f"nudge:{owner}:{at.isoformat()}"


def absence_subject(absence_id: int) -> str:
    """The subject of what is said about one absence."""
    return f"absence:{absence_id}"


def absence_notices(absence: Absence, people: People) -> list[Notice]:
    """Who learns that somebody is away: they themselves and their manager, but for whoever said so."""
    team = people.team_of(absence.person)
    told = dict.fromkeys([absence.person, *([team.manager] if team else [])])
    ids = [people.slack_of(key) for key in told if key != absence.by]
    return [Notice(absence_subject(absence.id), "away", slack) for slack in ids if slack]


def ops_of(people: People) -> list[str]:
    """Where operations is told that something is wrong (Slack ids): their channel, else each of them directly.

    With nobody of that role, the managers.
    """
    if people.ops_channel:
        return [people.ops_channel]
    of_role = {role: [one.slack for one in people.persons.values() if one.role == role] for role in ("ops", "manager")}
    return of_role["ops"] or of_role["manager"]


def lost_notices(channel: str, at: datetime, people: People) -> list[Notice]:
    """Operations learns, once a day, that Slack shows nothing in `channel`; not there, if it is their own."""
    told = ops_of(people if people.ops_channel != channel else replace(people, ops_channel=None))
    return [Notice(f"channel:{channel}", "channel_lost", ops, f"{at:%Y-%m-%d}") for ops in told]


def gone_subject(person: str) -> str:
    """The subject of what is said when the Slack account of somebody (key) is gone."""
    return f"gone:{person}"


def gone_notices(person: str, at: datetime, people: People) -> list[Notice]:
    """Their manager and operations learn that somebody's account is gone; they themselves read nothing any more."""
    team = people.team_of(person)
    told = dict.fromkeys([*filter(None, [people.slack_of(team.manager) if team else None]), *ops_of(people)])
    theirs = people.slack_of(person)
    return [Notice(gone_subject(person), "gone", slack, f"{at:%Y-%m-%d}") for slack in told if slack != theirs]


def status_subject(person: str) -> str:
    """The subject of what somebody (key) is asked about their status."""
    return f"status:{person}"


def queue_subject(queue: Queue) -> str:
    """The subject of what is said about those who wait in a queue."""
    return f"queue:{queue}"


def queue_of(subject: str) -> Queue:
    """The queue that `queue_subject` named."""
    return cast(Queue, named_by(subject))


def waiting_notices(queue: Queue, at: datetime, people: People) -> list[Notice]:
    """The managers and operations learn, once a day, that leads wait for somebody to be there."""
    managers = [people.slack_of(team.manager) for team in people.teams.values()]
    told = dict.fromkeys([*ops_of(people), *filter(None, managers)])
    return [Notice(queue_subject(queue), "waiting", slack, f"{at:%Y-%m-%d}") for slack in told]


def notices(events: Iterable[Event], handoff: Handoff, people: People) -> list[Notice]:
    """The messages that `events` of `handoff` call for. Those that exist redraw themselves."""
    return [notice for event in events for notice in _for(event, handoff, people)]


def _for(event: Event, handoff: Handoff, people: People) -> Iterator[Notice]:
    subject = handoff_subject(handoff.id)
    match event.kind:
        case Kind.OFFERED if handoff.channel:
            yield Notice(subject, "card", handoff.channel)
        case Kind.REMINDED:
            yield from _reminder(event, handoff, people)
        case Kind.REJECTED if people.feedback_channel:
            about = campaign_subject(handoff.campaign, handoff.offered_at)
            thread = Notice(about, "thread", people.feedback_channel)
            yield Notice(subject, "feedback", people.feedback_channel, "", thread)
        case Kind.REROUTED | Kind.REASSIGNED | Kind.CLAIMED if handoff.channel:
            yield Notice(subject, "card", handoff.channel)
            yield from _handed(event, people, subject)
        case Kind.REDIRECTED if handoff.channel:
            yield Notice(subject, "card", handoff.channel)
            yield from lost_notices(str(event.detail["from"]), event.at, people)
        case kind if kind in _UNDER:
            yield from _under(event, handoff, people)


_UNDER: Mapping[Kind, tuple[str, Callable[[Event], str]]] = {
    Kind.ESCALATED: ("escalation", lambda event: str(event.detail["rung"])),
    Kind.EXPIRED: ("expiry", lambda _: ""),
    Kind.RAISED: ("raised", lambda event: str(event.detail["to"])),
    Kind.VOIDED: ("withdrawn", lambda event: event.at.isoformat()),
    Kind.BARRED: ("withdrawn", lambda event: event.at.isoformat()),
}
"""What is said under the card: the kind of message, and what tells one from the next."""

UNDER_CARD = frozenset(kind for kind, _ in _UNDER.values())
FOR_MANAGER = frozenset({"escalation", "expiry"})
"""What the manager must read, wherever it is said; the others are the owner's."""


def _reminder(event: Event, handoff: Handoff, people: People) -> Iterator[Notice]:
    owner, nudge = people.slack_of(handoff.owner), event.detail.get("nudge")
    if owner and nudge:
        yield Notice(str(nudge), "nudge", owner)
    elif owner:
        yield Notice(handoff_subject(handoff.id), "reminder", owner, str(event.detail["rung"]))


def _under(event: Event, handoff: Handoff, people: People) -> Iterator[Notice]:
    """A reply under the card. What is for the manager they would not see in a direct message: then they get their own.

    Who voids a card by hand knows it.
    """
    if handoff.channel is None or event.by is not None:
        return
    kind, occurrence = _UNDER[event.kind]
    subject, team = handoff_subject(handoff.id), team_of(handoff, people)
    manager = people.slack_of(team.manager) if team and kind in FOR_MANAGER else None
    if is_direct(handoff.channel) and manager and manager != handoff.channel:
        yield Notice(subject, kind, manager, occurrence(event))
    else:
        yield Notice(subject, kind, handoff.channel, occurrence(event), Notice(subject, "card", handoff.channel))


def is_direct(channel: str) -> bool:
    """Whether a recipient is a person, who gets a direct message, and no channel."""
    return channel.startswith(("U", "W"))


def _handed(event: Event, people: People, subject: str) -> Iterator[Notice]:
    """Who gets a lead is told, and who had it; but for whoever did it."""
    for key in ("to", "from"):
        person = event.detail[key]
        slack = people.slack_of(str(person)) if person and person != event.by else None
        if slack:
            yield Notice(subject, f"handed_{key}", slack, event.at.isoformat())
