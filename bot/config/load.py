"""Four files become one Policy, or a list of everything that is wrong with them.

Called by the command line, at start-up, and by every process that rebuilds a stored version. `texts` is what a
version is stored as: `load(folder)` equals `parse(texts(folder))`, on any machine and in any later year.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.config.criteria_file import CriteriaFile
from bot.config.files import PeopleFile, ReasonsFile, SlaFile
from bot.config.lint import Pages, lint
from bot.config.policy import Policy
from bot.yamlfile import Document, Fault, Faults, Page, Shape, from_text, text_of
from bot.yamlfile import parse as parse_document

NAMES = ("criteria.yaml", "people.yaml", "sla.yaml", "reasons.yaml")
DEFAULTS = Path(__file__).parent / "defaults"

Content = TypeVar("Content", bound=Shape)


def load(folder: Path | None) -> Policy:
    """The policy of a configuration folder, or the shipped one; Faults has the faults of all files."""
    return parse(texts(folder))


def texts(folder: Path | None) -> dict[str, str]:
    """The text of each file; the shipped one for a file the folder lacks."""
    found = {name: text_of(DEFAULTS / name) for name in NAMES}
    if folder is None:
        return found
    if not folder.is_dir():
        raise Faults(Fault(str(folder), 0, "", f"is not a folder; expected one with {_either(NAMES)} in it"))
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in {".yaml", ".yml"} and not path.name.startswith("."):
            try:
                found[path.name] = text_of(path)
            except Faults as fault:
                faults += fault.faults
    if faults:
        raise Faults(*faults)
    return found


def parse(texts: Mapping[str, str], *, lints: bool = True) -> Policy:
    """The policy that these texts, by file name, make.

    Faults come in two rounds, as a compiler's do: a file whose shape is wrong is not asked yet whether it makes
    sense, the others are. Without `lints` only shapes matter: what was in force must stay so when a newer Baton knows
    more mistakes.
    """
    faults = list(_strangers(texts))
    criteria = _page("criteria.yaml", CriteriaFile, texts, faults)
    people = _page("people.yaml", PeopleFile, texts, faults)
    sla = _page("sla.yaml", SlaFile, texts, faults)
    reasons = _page("reasons.yaml", ReasonsFile, texts, faults)
    faults += lint(Pages(criteria, people, sla, reasons)) if lints else []
    if faults or not (criteria and people and sla and reasons):
        raise Faults(*sorted(faults, key=lambda fault: (fault.file, fault.line)))
    version = _version(criteria.document, people.document, sla.document, reasons.document)
    return Policy(
        version=version,
        criteria=criteria.content.build(version),
        people=people.content.build(),
        slas={tier: shape.build() for tier, shape in sla.content.tiers.items()},
        reasons=reasons.content.build(),
        cards_per_hour=sla.content.cards_per_hour,
        undo=timedelta(minutes=sla.content.undo_minutes),
    )


def _page(name: str, model: type[Content], texts: Mapping[str, str], faults: list[Fault]) -> Page[Content] | None:
    try:
        document = from_text(texts[name] if name in texts else text_of(DEFAULTS / name), name)
        return Page(document, parse_document(document, model))
    except Faults as found:
        faults += found.faults
        return None


def _strangers(texts: Mapping[str, str]) -> Iterator[Fault]:
    """A file under a wrong name would be left out without a word."""
    for name in sorted(set(texts) - set(NAMES)):
        yield Fault(name, 0, "", f"is no file of the configuration; expected {_either(NAMES)}")


def _either(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + " or " + names[-1]


def _version(*documents: Document) -> str:
    """Twelve hex digits of the content.

    Comments and layout do not count. Order does, because reasons are offered in it. What was written counts, not
    what a newer Baton makes of it, so a stored version keeps its name.
    """
    written = json.dumps([[document.file, document.data] for document in documents], separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:12]
