"""Every kind of message, in one table: how what it shows is loaded, and which builder draws it.

A new kind of message is one loader here, one builder in blocks, and whoever wants it. Delivery is the only reader.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from bot.answers.case import case
from bot.answers.feedback import campaign_month
from bot.answers.open_cards import open_cards_for
from bot.blocks import absence, changes, feedback, handed, ladder
from bot.blocks.audit import audit
from bot.blocks.card import card
from bot.blocks.channel_lost import channel_lost
from bot.blocks.drawing import Drawing
from bot.blocks.funnel.share_form import gone, not_shared, shared_blocks, weekly_blocks
from bot.blocks.funnel.slack import best_blocks, problem_blocks
from bot.blocks.nudge import MOST, Nudged, nudge
from bot.blocks.open_cards import open_cards_blocks
from bot.blocks.refused import refused
from bot.funnel import OPERATOR, Told, drawn, told, understood, viewer
from bot.handoff.case import Case
from bot.handoff.decision import Why
from bot.handoff.events import HANDED, Event
from bot.handoff.finding import Finding, Trouble
from bot.handoff.notices import campaign_of, handoff_of, handoff_subject, named_by, queue_of
from bot.handoff.states import Handoff, State
from bot.moves.attendance import last_day
from bot.moves.share import SHARE
from bot.moves.weekly import OVERVIEW
from bot.slack import Permanent, Slack
from bot.stats.query import Explain, NewNote, Notes, Open, Problem, Query
from bot.store import absences, cards, handoffs, history, leads, looks, policies, profiles, queues
from bot.store.engine import Tx
from bot.store.messages import ANSWER, NUDGE, Message

Draw = Callable[[Slack], Drawing]
"""The second half of drawing: everything is loaded, no transaction is open, Slack may be asked for a link."""

Load = Callable[[Tx, Message], Draw]
Link = Callable[[Slack], str | None]


def _of_case(build: Callable[[Case, Message], Drawing]) -> Load:
    def load(tx: Tx, message: Message) -> Draw:
        loaded = _case(tx, message)
        return lambda _: build(loaded, message)

    return load


def _card(loaded: Case, message: Message) -> Drawing:
    """Of several cards the one in the hand-off's channel counts; the others say where it has gone."""
    return card(loaded) if message.recipient == loaded.handoff.channel else handed.moved(loaded)


def _reminder(tx: Tx, message: Message) -> Draw:
    loaded = _case(tx, message)
    link = _link(tx, loaded.handoff)
    return lambda slack: ladder.reminder(loaded, int(message.occurrence), message.recipient, link(slack))


def _nudge(tx: Tx, message: Message) -> Draw:
    found, waiting = handoffs.of_nudge(tx, message.subject, MOST)
    loaded = [
        (one, stored.lead, _link(tx, one, of_many=True)) for one in found if (stored := leads.get(tx, one.lead_id))
    ]
    people = policies.current(tx).people
    return lambda slack: nudge([Nudged(one, lead, link(slack)) for one, lead, link in loaded], waiting, people)


def _handed_to(tx: Tx, message: Message) -> Draw:
    loaded, event = _case(tx, message), _event(tx, message)
    link = _link(tx, loaded.handoff)
    return lambda slack: handed.handed_to(loaded, event, link(slack))


def _handed_from(tx: Tx, message: Message) -> Draw:
    loaded, event = _case(tx, message), _event(tx, message)
    return lambda _: handed.handed_from(loaded, event)


def _away(tx: Tx, message: Message) -> Draw:
    found = absences.get(tx, int(named_by(message.subject)))
    if found is None:
        raise LookupError(f"message {message.id}: {message.subject} does not exist")
    people = policies.current(tx).people
    return lambda _: absence.away(found, people, message.recipient)


def _channel_lost(tx: Tx, message: Message) -> Draw:
    channel = named_by(message.subject)
    error, teams = cards.last_error(tx, channel), policies.current(tx).people.teams.values()
    names = [team.name for team in teams if team.channel == channel]
    return lambda _: channel_lost(channel, error, names)


def _gone(tx: Tx, message: Message) -> Draw:
    person = named_by(message.subject)
    people, still = policies.current(tx).people, profiles.get(tx, person).gone
    return lambda _: absence.gone(person, people, still=still)


def _waiting(tx: Tx, message: Message) -> Draw:
    queue = queue_of(message.subject)
    count, since, reasons = queues.summary(tx, queue, REASONS)
    return lambda _: absence.waiting(queue, count, since, reasons)


def _status(tx: Tx, message: Message) -> Draw:
    person = named_by(message.subject)
    known, away = profiles.get(tx, person), absences.standing(tx, [person])
    words = message.occurrence.partition(" ")[2]
    end = known.status.until if known.status else None
    until = last_day(policies.current(tx), person, end) if end else None
    mine = away[-1] if away and known.answer == "away" else None
    asked = absence.Asked(person, words, known.status, until, known.answer, mine)
    return lambda _: absence.status(asked)


def _audit(_: Tx, message: Message) -> Draw:
    found = [Finding(Trouble(kind), count, sample) for kind, count, sample in message.detail["found"]]
    return lambda _: audit(found)


def _thread(tx: Tx, message: Message) -> Draw:
    campaign, month = campaign_of(message.subject)
    counts = campaign_month(tx, campaign, month)
    return lambda _: feedback.thread(campaign, month, counts)


def _answer(tx: Tx, message: Message) -> Draw:
    detail = message.detail
    if "unshared" in detail:
        return lambda _: not_shared(detail["unshared"], detail["asked"])
    if "asked" in detail:
        return _asked(tx, message)
    if "problem" in detail:
        return lambda _: problem_blocks(Problem(detail["problem"], tuple(detail["near"])))
    loaded = case(tx, detail["handoff"])
    return lambda _: refused(Why(detail["why"]), loaded)


def _asked(tx: Tx, message: Message) -> Draw:
    """What a button below an answer of `/funnel` asks. A press writes no note."""
    at, taken = _at(message), looks.known(tx, message.attempted_at)
    asked = understood(tx, message.detail["asked"], at, viewer(tx, message.recipient))
    if isinstance(asked, Open):
        return _open_cards(tx, message.recipient, at)
    calm = Notes() if isinstance(asked, NewNote | Notes) else asked
    drawing = drawn(tx, calm, at, message.recipient, lambda report: best_blocks(report, taken, private=True))
    return lambda _: drawing


def _open_cards(tx: Tx, user: str, at: datetime) -> Draw:
    found = open_cards_for(tx, user, at)
    links = {one.handoff.id: _link(tx, one.handoff, of_many=True) for tier in found.tiers for one in tier.cards}
    return lambda slack: open_cards_blocks(found, {one: way for one, link in links.items() if (way := link(slack))})


def _share(tx: Tx, message: Message) -> Draw:
    """An answer that somebody sent on, as things stood when they did; with their rights, as they are now."""
    detail, at, taken = message.detail, _at(message), looks.known(tx, message.attempted_at)
    who = viewer(tx, detail["by"])
    names = detail["names"] and message.recipient in policies.current(tx).people.names_in
    asked = understood(tx, detail["asked"], at, who)
    if message.recipient == detail["by"]:
        drawing = drawn(tx, asked, at, detail["by"], lambda report: best_blocks(report, taken, private=True))
        return lambda _: drawing
    found = told(tx, asked, at, who, public=True, names=names) if isinstance(asked, Query | Explain) else None
    return lambda _: shared_blocks(found.report, taken, detail["by"], at) if isinstance(found, Told) else gone()


def _overview(tx: Tx, message: Message) -> Draw:
    """Of the week before the local day: even where the day of UTC is another one by then."""
    at, taken = _at(message), looks.known(tx, message.attempted_at)
    noon = datetime.combine(date.fromisoformat(message.occurrence), time(12), UTC)
    asked = understood(tx, WEEKLY, noon, OPERATOR)
    found = told(tx, asked, at, OPERATOR, public=True, names=False) if isinstance(asked, Query) else None
    return lambda _: weekly_blocks(found.report, taken, at) if isinstance(found, Told) else gone()


def _at(message: Message) -> datetime:
    """The moment as of which it is drawn, whenever that is (UTC)."""
    return datetime.fromisoformat(message.detail["at"])


REASONS = 3
WEEKLY = "last-week"

KINDS: dict[str, Load] = {
    "card": _of_case(_card),
    "reminder": _reminder,
    NUDGE: _nudge,
    "escalation": _of_case(lambda one, message: ladder.escalation(one, int(message.occurrence), message.recipient)),
    "expiry": _of_case(lambda one, message: ladder.expiry(one, message.recipient)),
    "raised": _of_case(lambda one, message: changes.raised(one, message.occurrence, message.recipient)),
    "withdrawn": _of_case(lambda one, message: changes.barred(one, message.recipient)),
    "handed_to": _handed_to,
    "handed_from": _handed_from,
    "thread": _thread,
    "feedback": _of_case(lambda one, _: feedback.reply(one)),
    "away": _away,
    "channel_lost": _channel_lost,
    "gone": _gone,
    "waiting": _waiting,
    "status": _status,
    "audit": _audit,
    SHARE: _share,
    OVERVIEW: _overview,
    ANSWER: _answer,
}


def _link(tx: Tx, handoff: Handoff, *, of_many: bool = False) -> Link:
    """The way to the card of an open hand-off: None while Slack has none.

    None, too, once somebody has deleted it; for one `of_many` Slack is not asked.
    """
    is_open = handoff.state is State.OFFERED
    address = cards.address(tx, handoff_subject(handoff.id), handoff.channel) if is_open else None

    def link(slack: Slack) -> str | None:
        try:
            return (slack.link if of_many else slack.permalink)(*address) if address else None
        except Permanent:
            return None

    return link


def _event(tx: Tx, message: Message) -> Event:
    """What happened at the time that the message is about, and made it change hands."""
    events = history.of_handoff(tx, handoff_of(message.subject))
    return next(one for one in events if one.kind in HANDED and one.at.isoformat() == message.occurrence)


def _case(tx: Tx, message: Message) -> Case:
    found = case(tx, handoff_of(message.subject))
    if found is None:
        raise LookupError(f"message {message.id}: {message.subject} does not exist")
    return found
