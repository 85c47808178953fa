"""Any history of any leads, made by the moves that make it in the product, within one transaction that is rolled back.

A plan is drawn, then played in the order of time. What cannot be done at that moment is refused, as it would be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.config import load
from bot.handoff.imported import Fact, Told
from bot.lead import Lead, Signal
from bot.moves.carry import Click
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.due import climb, climb_due
from bot.moves.hand_on import NotMine, claim, pass_on, reassign
from bot.moves.receive import Incoming, receive
from bot.moves.record import Record, record
from bot.moves.take import take
from bot.store import handoffs, policies
from bot.store.engine import Store, Tx
from tests.store.funnel_company import DAY, FILES, HOUR, LATER_FILES, MANAGERS, MINUTE, START, TEAMS

SOURCES = ("webinar", "ads", "Ads", " ", None)
CAMPAIGNS = ("Q4 webinar", "DACH, search", 'the "big" one', None)
CODES = ("JUNK", "FIT_PERSON", "FIT_USECASE", "OTHER", "DUPLICATE")
ANSWERS = {"JUNK": "spam"}
REPS = ("ana", "ben", "cleo", "dan", "maya", "noah", "0051000000XyZ")
WHO = [*TEAMS]
DEEDS = (
    *["accept"] * 5,
    *["reject"] * 4,
    "undo",
    "undo",
    "pass_on",
    "reassign",
    "claim",
    "take",
    "opt_out",
    "ask",
    "vip",
)
TRIALS = (None, "trial", "Trial ")

minutes = st.one_of(st.integers(0, 300), st.integers(0, 3 * 1440))
seconds = st.sampled_from([0, 0, 29, 59])


@dataclass(frozen=True)
class Deed:
    """Something done about a lead so long after what was done before; `choice` picks whatever there is to choose."""

    what: str
    after: timedelta
    choice: int


@dataclass(frozen=True)
class Life:
    """A lead: when it comes, what it is like, and what is done about it. `imported` ones come from elsewhere."""

    at: datetime
    lead: Lead
    deeds: tuple[Deed, ...]
    imported: tuple[tuple[str, float | None], ...] | None = None
    before: Lead | None = None


def deeds() -> st.SearchStrategy[tuple[Deed, ...]]:
    """What is done about one lead."""
    spans = st.builds(lambda m, s: timedelta(minutes=m, seconds=s), minutes, seconds)
    one = st.builds(Deed, st.sampled_from(DEEDS), spans, st.integers(0, 11))
    return st.lists(one, max_size=4).map(tuple)


def leads() -> st.SearchStrategy[Lead]:
    """Leads of any source and kind."""
    return st.builds(
        lambda source, campaign, title, country, product: Lead(
            source=source, campaign=campaign, title=title, country=country, attributes={"product": product}
        ),
        st.sampled_from(SOURCES),
        st.sampled_from(CAMPAIGNS),
        st.sampled_from([None, None, "VP of Sales"]),
        st.sampled_from([None, "DE", "AU"]),
        st.sampled_from(TRIALS),
    )


FACTS = ("accepted", "rejected", "expired", "qualified", "disqualified", "won", "lost")
facts = st.lists(st.tuples(st.sampled_from(FACTS), st.sampled_from([1, 5, 30, 60, -3, None])), max_size=4)
moments = st.builds(
    lambda day, minute, second: START + day * DAY + minute * MINUTE + timedelta(seconds=second),
    st.integers(0, 6),
    st.integers(0, 1439),
    seconds,
)


def lives() -> st.SearchStrategy[list[Life]]:
    """Some leads, and some of them several times over: enough of them that rates are told."""
    imports = st.one_of(st.none(), st.none(), facts.map(tuple))
    one = st.builds(Life, moments, leads(), deeds(), imports, st.one_of(st.none(), leads()))
    many = st.tuples(one, st.sampled_from([1, 1, 1, 2, 6])).map(lambda pair: [pair[0]] * pair[1])
    return st.lists(many, min_size=8, max_size=12).map(lambda plan: [life for lives in plan for life in lives])


class Within(Store):
    """A store all of whose transactions are part of the one that is given."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.sqlite = tx, tx.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, wakes: bool = True, keep: bool = True) -> Iterator[Tx]:
        """It is not over when this is."""
        assert wakes
        assert keep
        yield self.tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """The same."""
        yield self.tx


POLICIES = [(load.parse(files), files) for files in (FILES, LATER_FILES)]


def play(tx: Tx, plan: list[Life], change: datetime) -> datetime:
    """Everything the plan says, in the order of time, and a new version of the rules at `change`; when that ends."""
    store = Within(tx)
    policies.apply(tx, *POLICIES[0], START - DAY)
    ids: dict[int, int] = {}
    script = sorted(
        [(change, -1, 0, Deed("change", timedelta(), 0)), *(step for one in enumerate(plan) for step in _script(*one))],
        key=lambda step: step[:3],
    )
    now = START
    for now, number, _, deed in script:
        _sweep(store, now)
        if deed.what == "change":
            policies.apply(tx, *POLICIES[1], now)
        else:
            _do(store, now, plan[number], number, deed, ids)
    return now


def _script(number: int, life: Life) -> Iterator[tuple[datetime, int, int, Deed]]:
    now = life.at
    if life.before and life.imported is None:
        yield now - HOUR, number, 0, Deed("touch", timedelta(), 0)
    yield now, number, 1, Deed("come", timedelta(), 0)
    for place, deed in enumerate(life.deeds, start=2):
        now += deed.after
        yield now, number, place, deed


def _sweep(store: Store, now: datetime) -> None:
    """What the clock does meanwhile."""
    while True:
        batch = climb_due(store, now, START - 100 * DAY, ())
        for handoff in batch.left:
            climb(store, now, handoff)
        if not (batch.steps or batch.left):
            return


def _do(store: Store, now: datetime, life: Life, number: int, deed: Deed, ids: dict[int, int]) -> None:
    if deed.what == "come" and life.imported is not None:
        _record(store, now, life, number, life.imported)
    elif deed.what in ("come", "touch", "vip", "opt_out", "ask"):
        ids[number] = receive(store, now, _news(life, number, deed, now)).lead_id
    elif number in ids:
        _press(store, now, ids[number], deed)
    elif life.imported:
        said = [(FACTS[deed.choice % len(FACTS)], 7)]
        _record(store, now, life, number, tuple(said))


def _mail(number: int, lead: Lead) -> Lead:
    fields = {name: getattr(lead, name) for name in ("source", "campaign", "title", "country", "attributes")}
    return Lead(email=f"lead{number}@vialetto.example", name=f"Lead {number}", **fields)


def _news(life: Life, number: int, deed: Deed, now: datetime) -> Incoming:
    if deed.what == "touch":
        return Incoming(_mail(number, life.before or life.lead))
    lead = _mail(number, Lead(title="VP of Sales") if deed.what == "vip" else life.lead)
    kind = "opt_out" if deed.what == "opt_out" else "demo_request"
    signals = [] if deed.what == "vip" else [Signal(f"{number}-{now.isoformat()}", kind, now)]
    return Incoming(lead, signals)


def _record(store: Store, now: datetime, life: Life, number: int, said: tuple[tuple[str, float | None], ...]) -> None:
    """One row of a file: handed off two days before, and what became of it so many hours after that."""
    handed, choice = now - 2 * DAY, number + len(said)
    told = {Fact.HANDED_OFF: Told(handed)}
    for name, hours in said:
        if hours is None and name != "accepted":  # of an accept alone the time may be unknown
            continue
        code = CODES[choice % len(CODES)] if name in ("rejected", "disqualified") else None
        told[Fact(name)] = Told(None if hours is None else handed + timedelta(hours=hours), "ana", code, "not recorded")
    owner = REPS[choice % len(REPS)]
    due = handed + 5 * HOUR if choice % 2 else None
    row = Record(_mail(number, life.lead), told, owner, TEAMS.get(owner), "open", ("P1", "P2", None)[choice % 3], due)
    assert not record(store, now, [row]).refused


def _press(store: Store, now: datetime, lead_id: int, deed: Deed) -> None:
    with store.reading() as tx:
        one = handoffs.newest_of_lead(tx, lead_id)
    if one is None:
        return
    somebody = WHO[deed.choice % len(WHO)]
    manager = MANAGERS[TEAMS.get(one.owner or "", "sales")]

    def by(key: str | None) -> Click:
        return Click(one.id, f"U0{(key or '').upper()}", "C0SALES")

    code = CODES[deed.choice % len(CODES)]
    match deed.what:
        case "accept":
            accept(store, now, by(one.owner))
        case "reject":
            reject(store, now, by(one.owner), Grounds(code, ANSWERS.get(code, "it is not what we are looking for")))
        case "undo":
            undo(store, now, by(one.decided_by or manager))
        case "pass_on":
            pass_on(store, now, by(one.owner), NotMine("ROUTE_CAPACITY"))
        case "reassign":
            reassign(store, now, by(manager), somebody)
        case "claim":
            claim(store, now, by(somebody))
        case "take":
            take(store, now, by(somebody))
