"""Leads: who is who, what is known of them, and how their verdicts stand. signals.py has what they did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.criteria.checks import BOUNCED
from bot.handoff.facets import Touch, Touches
from bot.lead import LEAD_FIELDS, Lead
from bot.store.engine import Tx, insert_into
from bot.store.tables import identities, leads


class Raced(Exception):
    """Somebody stored the same lead at the same moment: nothing is lost, run the transaction again."""


class Ambiguous(Exception):
    """The names of one lead belong to several, or to another than they should: it says what belongs to whom.

    `owners` are the names with the leads' ids; `lead_id` is the lead that they were to belong to, if that is known.
    """

    def __init__(self, owners: Mapping[str, int], lead_id: int | None = None) -> None:
        told = ", ".join(f"{_in_words(name)} belongs to lead {owner}" for name, owner in owners.items())
        super().__init__(f"{told}; expected names of {f'lead {lead_id}' if lead_id else 'one lead'}")


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead with its id, its standing verdict, when it last crossed (UTC), and when it is to be judged anew.

    `first` is the touch it came with, `former` the one before the present; None while it has come by one alone.
    """

    id: int
    lead: Lead
    mql: bool
    crossed_at: datetime | None = None
    judge_on: date | None = None
    first: Touch | None = None
    former: Touch | None = None

    @property
    def touches(self) -> Touches:
        """What is frozen with a hand-off that is offered now."""
        present = _touch_of(self.lead)
        return Touches(self.first or present, self.former or present)


_FIELDS = sorted(LEAD_FIELDS)
_ONE = sa.select(leads).where(leads.c.id == sa.bindparam("lead_id"))
_OWNERS = (
    sa.select(identities.c.name, identities.c.lead_id)
    .where(identities.c.name.in_(sa.bindparam("names", expanding=True)))
    .order_by(identities.c.name)
)
_SET_VERDICT = sa.update(leads).where(leads.c.id == sa.bindparam("lead_id")).values(mql=sa.bindparam("verdict"))
_CROSSED = _SET_VERDICT.values(crossed_at=sa.bindparam("at"))
_TO_JUDGE = (
    sa.select(leads.c.id)
    .where(leads.c.judge_on <= sa.bindparam("today"))
    .order_by(leads.c.judge_on)
    .limit(sa.bindparam("most"))
)
_JUDGE_ON = sa.update(leads).where(leads.c.id == sa.bindparam("lead_id")).values(judge_on=sa.bindparam("day"))


def get(tx: Tx, lead_id: int, *, lock: bool = False) -> StoredLead | None:
    """The lead, locked until the transaction ends if asked (PostgreSQL; SQLite has one writer anyway)."""
    row = tx.execute(_ONE.with_for_update(key_share=True) if lock else _ONE, {"lead_id": lead_id}).one_or_none()
    return from_row(row) if row else None


def find(tx: Tx, lead: Lead) -> int | None:
    """The id of the lead with one of these names. Raises `Ambiguous` where they belong to several."""
    owners = owners_of(tx, names(lead))
    if len(set(owners.values())) > 1:
        raise Ambiguous(owners)
    return next(iter(owners.values()), None)


def owners_of(tx: Tx, wanted: Collection[str]) -> dict[str, int]:
    """The ids of the leads that have these names, by name; names that nobody has are left out."""
    return {row.name: row.lead_id for row in tx.execute(_OWNERS, {"names": list(wanted)})}


def upsert(tx: Tx, lead: Lead, now: datetime) -> StoredLead:
    """Store what is known of a lead and lock it. What is newly said wins, but for an address it once had.

    Raises `Ambiguous`, and `Raced` when another transaction stores the same new lead.
    """
    lead_id = find(tx, lead)
    if lead_id is None:
        return _insert(tx, lead, now)
    standing = get(tx, lead_id, lock=True)
    if standing is None:
        raise Raced
    stored = _with(tx, standing, _without_old_address(tx, standing, lead), now, touches=True)
    _claim_names(tx, names(lead), lead_id)
    return stored


def mend(tx: Tx, lead_id: int, said: Lead, now: datetime) -> StoredLead:
    """Add what is said to a known lead and lock it; what is newly said wins, and new names find it from then on.

    A source or campaign that is put right is no other touch. Raises `Ambiguous` where a new name belongs to another
    lead, `Raced`, and LookupError where there is no such lead.
    """
    standing = get(tx, lead_id, lock=True)
    if standing is None:
        raise LookupError(f"lead {lead_id}: there is none, expected the id of one")
    new = [name for name in names(merge(standing.lead, said)) if name not in names(standing.lead)]
    others = {name: owner for name, owner in owners_of(tx, new).items() if owner != lead_id}
    if others:
        raise Ambiguous(others, lead_id)
    _claim_names(tx, new, lead_id)
    return _with(tx, standing, said, now, touches=False)


def merge(weaker: Lead, stronger: Lead) -> Lead:
    """What both say of one lead; where both say something, `stronger` wins. A bounce goes with the address it is of."""
    said = {name: value for name in _FIELDS if (value := getattr(stronger, name)) is not None}
    fields = {name: getattr(weaker, name) for name in _FIELDS} | said
    attributes = dict(weaker.attributes)
    if weaker.email and _mailbox(weaker.email) != _mailbox(fields["email"]):
        attributes.pop(BOUNCED, None)
    return Lead(**fields, attributes={**attributes, **stronger.attributes})


def to_row(lead: Lead) -> dict[str, Any]:
    """The columns that hold what is known of a lead."""
    return {**{name: getattr(lead, name) for name in _FIELDS}, "attributes": dict(lead.attributes)}


def from_row(row: sa.Row[Any]) -> StoredLead:
    """The lead that a whole row of the table holds."""
    fields = {name: getattr(row, name) for name in _FIELDS}
    touches = _touch(row.first_source, row.first_campaign), _touch(row.former_source, row.former_campaign)
    lead = Lead(**fields, attributes=row.attributes)
    return StoredLead(row.id, lead, row.mql, row.crossed_at, row.judge_on, *touches)


def names(lead: Lead) -> list[str]:
    """What the lead is known by: the keys of the identities table."""
    by_mail = [f"email:{_mailbox(lead.email)}"] if lead.email else []
    by_id = [f"id:{lead.origin}:{lead.external_id}"] if lead.origin and lead.external_id else []
    return by_mail + by_id


def set_verdict(tx: Tx, lead_id: int, mql: bool, at: datetime | None = None) -> None:
    """Remember the verdict, so that the next one can be told to be a crossing; `at` (UTC) is when it crossed."""
    values = {"lead_id": lead_id, "verdict": mql}
    if mql and at:
        tx.execute(_CROSSED, {**values, "at": at})
    else:
        tx.execute(_SET_VERDICT, values)


def to_judge(tx: Tx, today: date, most: int) -> list[int]:
    """Leads whose verdict may have turned by this UTC day although nothing came in, the longest waiting first."""
    return list(tx.execute(_TO_JUDGE, {"today": today, "most": most}).scalars())


def judge_on(tx: Tx, stored: StoredLead, day: date | None) -> None:
    """Have the lead judged anew on this UTC day; None: not before something comes in."""
    if day != stored.judge_on:
        tx.execute(_JUDGE_ON, {"lead_id": stored.id, "day": day})


def _insert(tx: Tx, lead: Lead, now: datetime) -> StoredLead:
    row = {**to_row(lead), "mql": False, "created_at": now, "updated_at": now}
    lead_id = tx.execute(sa.insert(leads).values(**row).returning(leads.c.id)).scalar_one()
    _claim_names(tx, names(lead), lead_id)
    return StoredLead(lead_id, lead, mql=False)


def _with(tx: Tx, standing: StoredLead, said: Lead, now: datetime, *, touches: bool) -> StoredLead:
    """The standing lead, which is locked, with what is said of it; whether that may be a touch of its own."""
    becomes = replace(standing, lead=merge(standing.lead, said))
    before = _touch_of(standing.lead)
    if touches and before.gives_way_to(_touch_of(becomes.lead)):
        becomes = replace(becomes, first=standing.first or before, former=before)
    if becomes != standing:
        row = {**to_row(becomes.lead), **_touch_row(becomes), "updated_at": now}
        tx.execute(sa.update(leads).where(leads.c.id == standing.id).values(**row))
    return becomes


def _touch_row(stored: StoredLead) -> dict[str, str | None]:
    kept = {"first": stored.first or Touch(), "former": stored.former or Touch()}
    return {f"{which}_{name}": word for which, touch in kept.items() for name, word in touch._asdict().items()}


def _touch_of(lead: Lead) -> Touch:
    return Touch(lead.source, lead.campaign)


def _touch(source: str | None, campaign: str | None) -> Touch | None:
    return None if source is None and campaign is None else Touch(source, campaign)


def _claim_names(tx: Tx, new: Sequence[str], lead_id: int) -> None:
    """Names are unique: if one went to another lead since somebody looked, this transaction starts over."""
    if not new:
        return
    rows = [{"name": name, "lead_id": lead_id} for name in new]
    tx.execute(insert_into(identities, tx.dialect.name).values(rows).on_conflict_do_nothing())
    if set(owners_of(tx, new).values()) != {lead_id}:
        raise Raced


def _without_old_address(tx: Tx, standing: StoredLead, said: Lead) -> Lead:
    """What is said, without an e-mail address that finds the lead and is not its own any more, nor that one's bounce.

    Somebody may have mended it since, and senders go on under the address they know.
    """
    own = standing.lead.email
    if not said.email or not own or _mailbox(said.email) == _mailbox(own):
        return said
    if not owners_of(tx, names(Lead(email=said.email))):
        return said
    attributes = dict(said.attributes)
    if _mailbox(str(attributes.get(BOUNCED))) != _mailbox(own):
        attributes.pop(BOUNCED, None)
    return replace(said, email=None, attributes=attributes)


def _in_words(name: str) -> str:
    kind, _, rest = name.partition(":")
    if kind == "email":
        return f"e-mail {rest}"
    origin, _, external_id = rest.partition(":")
    return f"external id {external_id} of {origin}"


def _mailbox(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()
