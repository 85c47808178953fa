"""`baton queue`: what stands in the named queues, why, and how a lead gets out of one again."""

from typing import Annotated, Any, get_args

import typer
from pydantic import ValidationError

from bot.cli.shared import Complaint, now, opened
from bot.handoff.routing import Queue, Queued
from bot.handoff.states import Handoff
from bot.intake import payload
from bot.lead import LEAD_FIELDS, Lead, Value
from bot.moves.offer import offer
from bot.moves.receive import Received
from bot.moves.receive import mend as put_right
from bot.store import leads, queues
from bot.store.engine import Store
from bot.store.leads import Ambiguous
from bot.yamlfile import Faults, from_text

QUEUES: tuple[Queue, ...] = get_args(Queue)

Id = Annotated[int, typer.Argument(help="The lead's number, as `baton queue list` shows it.")]


def show(
    name: Annotated[str | None, typer.Argument(help=f"One of {', '.join(QUEUES)}; all of them by default.")] = None,
    most: Annotated[int, typer.Option(help="How many entries, the longest waiting first.", min=1)] = 50,
) -> None:
    """Who waits, since when, and for what."""
    wanted = [_queue(name)] if name else list(QUEUES)
    with opened() as store, store.reading() as tx:
        counts = queues.counts(tx)
        entries = [(entry, leads.get(tx, entry.lead_id)) for entry in queues.waiting(tx, wanted, most)]
    waiting = {queue: counts[queue] for queue in wanted if queue in counts}
    typer.echo(", ".join(f"{queue} {count}" for queue, count in waiting.items()) or "nobody waits")
    for entry, stored in entries:
        since = f"{entry.entered_at:%Y-%m-%d %H:%M}"
        typer.echo(f"lead {entry.lead_id}  {entry.queue}  since {since}  {_who(stored.lead) if stored else ''}")
        typer.echo(f"    {entry.reason}")
    if sum(waiting.values()) > len(entries):
        typer.echo(f"… and {sum(waiting.values()) - len(entries)} more: --most shows them")


def mend(
    lead: Id,
    said: Annotated[list[str], typer.Argument(help='What is right: phone="+39 02 5550 134" employees=420.')],
) -> None:
    """Put a lead's data right; if it waited for that alone, its card is made."""
    given = dict(map(_pair, said))
    with opened() as store:
        try:
            received = put_right(store, now(), lead, _said(store, lead, given))
        except Ambiguous as error:
            raise Complaint(str(error)) from None
    if received is None:
        raise Complaint(f"LEAD: there is no lead {lead}; `baton queue list` shows who waits")
    typer.echo(f"lead {lead}: {', '.join(given)} stored; {_became(received)}")


def take_up(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[LEAD]...", help="Numbers of leads.")] = None,
    name: Annotated[str | None, typer.Option("--all", metavar="QUEUE", help="Everybody in this queue.")] = None,
) -> None:
    """Offer leads that wait in a queue to sales, as far as their data, the cap and the people allow."""
    if bool(numbers) == bool(name):
        raise Complaint("LEAD: expected numbers of leads, or --all with the name of a queue, and not both")
    with opened() as store:
        wanted = numbers or _waiting_in(store, _queue(name or ""))
        for lead_id in wanted:
            typer.echo(f"lead {lead_id}: {_outcome(offer(store, now(), lead_id))}")
    if not wanted:
        typer.echo(f"nobody waits in {name}")


def _queue(name: str) -> Queue:
    if name not in QUEUES:
        raise Complaint(f"QUEUE: got {name!r}, expected one of {', '.join(QUEUES)}")
    return name


def _waiting_in(store: Store, queue: Queue) -> list[int]:
    with store.reading() as tx:
        return [entry.lead_id for entry in queues.waiting(tx, [queue], queues.counts(tx).get(queue, 0))]


def _who(lead: Lead) -> str:
    words = (lead.known_as, lead.company)
    return ", ".join("".join(letter if letter.isprintable() else "�" for letter in word) for word in words if word)


def _outcome(result: Handoff | Queued | None) -> str:
    match result:
        case Handoff():
            return f"offered, hand-off {result.id}"
        case Queued():
            return f"stays in queue {result.queue}: {result.reason}"
    return "waits in no queue, or is no MQL any more; nothing was offered"


def _became(received: Received) -> str:
    match received.crossing:
        case "handoff":
            return f"offered, hand-off {received.handoff_id}"
        case "queue":
            return f"it stands in queue {received.queue}"
    return f"it stands at {received.cell}, and nothing waited for this"


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key.strip() and sign and value.strip()):
        raise Complaint(f"SAID: got {text!r}, expected a field and its value, such as phone=+390255501")
    return key.strip(), value.strip()


def _said(store: Store, lead_id: int, given: dict[str, str]) -> Lead:
    """What is to be stored, held to the same rules as what comes in by the intake door."""
    with store.reading() as tx:
        stored = leads.get(tx, lead_id)
    known = {name: getattr(stored.lead, name) for name in LEAD_FIELDS} if stored else {"email": "nobody@example.com"}
    own = {key: value for key, value in given.items() if key in LEAD_FIELDS}
    more = dict(_typed(key, value) for key, value in given.items() if key not in LEAD_FIELDS)
    item: dict[str, Any] = {**{name: value for name, value in known.items() if value}, **own, "attributes": more}
    try:
        read = payload.read(item, now()).lead
    except ValidationError as error:
        raise Complaint("\n".join(f"{fault.field}: {fault.problem}" for fault in payload.faults(error))) from None
    return Lead(**{name: getattr(read, name) for name in own}, attributes=read.attributes)


def _typed(key: str, text: str) -> tuple[str, Value]:
    """An attribute as YAML reads it: 420 is a number, true is true, anything else a text."""
    try:
        value = from_text(f"value: {text}", key).at("value")
    except Faults:
        value = text
    return key, value if isinstance(value, int | float | bool) else text
