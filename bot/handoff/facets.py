"""What hand-offs are told apart by beside their columns: found out once, at the offer, and frozen with the hand-off.

Pure. `moves.offer` and `moves.record` keep what comes out; `/funnel` groups and chooses by it. What a touch is, is
said here too: the lead's source and campaign at one time, which `store.leads` follows as they change.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import NamedTuple

from bot.criteria.assess import Assessment
from bot.criteria.rules import MET
from bot.lead import Lead, Value

OF_LEAD = ("channel", "usecase", "segment", "region", "product")
"""Facets that attributes of these names hold, in any case, with or without blanks, hyphens and underscores."""

LONGEST = 255
"""Characters of a facet: as many as a source may have."""

POINTS = "points"
"""The type of an MQL that no fast track has made."""

_NO_LETTERS = str.maketrans("", "", " -_")


class Touch(NamedTuple):
    """Marketing's words for what brought a lead at one time."""

    source: str | None = None
    campaign: str | None = None

    def gives_way_to(self, newer: "Touch") -> bool:
        """Whether `newer` is another touch, and not this one with a blank filled in."""
        return any(was and was.strip() and was != now for was, now in zip(self, newer, strict=True))


class Touches(NamedTuple):
    """What a lead came with first, and what it had just before the present touch: that one itself, if it is alone."""

    first: Touch
    last: Touch


def facets(lead: Lead, touches: Touches, assessment: Assessment | None = None) -> dict[str, str | int]:
    """What is known of a lead that cohorts are told apart by; what is not known has no key.

    Keys: those of OF_LEAD (a region is the lead's country, if nothing else says), `first_` and `last_` with source
    and campaign; of an assessment `grade` (B1), `score` (whole points, the rest cut off, so that 60 are at least 60),
    and of an MQL `type` (the label of the fast track that made it one, or POINTS).
    """
    told: dict[str, str | int] = {**_of_lead(lead), **dict(_of_touches(touches))}
    return told if assessment is None else {**told, **dict(_of_assessment(assessment))}


def _of_lead(lead: Lead) -> Mapping[str, str]:
    """Of several spellings of one name the plain one counts, else the first by the alphabet that says something."""
    found: dict[str, str] = {}
    spelled = [(key.casefold().translate(_NO_LETTERS), key) for key in lead.attributes]
    for name, key in sorted(spelled, key=lambda one: (one[0] != one[1], one[1])):
        word = _word(lead.attributes[key])
        if name in OF_LEAD and word:
            found.setdefault(name, word)
    country = _word(lead.country)
    return {"region": country, **found} if country else found


def _of_touches(touches: Touches) -> Iterator[tuple[str, str]]:
    """Spelled as the columns of the hand-off have them, so that touches can be held against each other."""
    for which, touch in zip(Touches._fields, touches, strict=True):
        for field, said in zip(Touch._fields, touch, strict=True):
            word = _storable(said or "")
            if word.strip():
                yield f"{which}_{field}", word


def _of_assessment(assessment: Assessment) -> Iterator[tuple[str, str | int]]:
    yield "grade", assessment.cell
    yield "score", (assessment.fit_points + assessment.behaviour_points) // 100
    if assessment.mql:
        tracks = {line.label for line in assessment.lines if line.axis == "fast track" and line.outcome is MET}
        yield "type", _word(assessment.because if assessment.because in tracks else POINTS) or POINTS


def _word(value: Value) -> str | None:
    """A value as the name of a group: one line without outer blanks; None for what says nothing."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value + 0:.15g}" if isinstance(value, float) else str(value)  # + 0: there is no minus zero
    return " ".join(_storable(text).split())[:LONGEST].rstrip() or None


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot read out of JSON: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()
