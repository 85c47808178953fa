"""Five files become one Policy, or a list of everything that is wrong with them.

Called by the command line, at start-up, and by every process that rebuilds a stored version. `texts` is what a
version is stored as: `load(folder)` equals `parse(texts(folder))`, on any machine and in any later year.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.config.files import FILES, NAMES, Pages
from bot.config.lint import lint, lint_outside
from bot.config.policy import Policy, Targets
from bot.yamlfile import Document, Fault, Faults, Page, from_text, text_of
from bot.yamlfile import parse as parse_document

DEFAULTS = Path(__file__).parent / "defaults"
BEFORE_CALENDARS = "{default: always, calendars: {always: {zone: UTC, hours: {mon-sun: [00:00-24:00]}}}}"
"""What holds for a version that was stored when there was no calendar.yaml: every minute counted, and still does."""


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
    sense, the others are. Without `lints` only shapes matter, and places that must still be known: what was in force
    must stay so when a newer Baton knows more mistakes.
    """
    faults = list(_strangers(texts))
    found = {name: _page(name, texts, faults) for name in NAMES}
    pages = Pages(*found.values())
    faults += lint(pages) if lints else lint_outside(pages)
    if faults or not (pages.criteria and pages.people and pages.sla and pages.reasons and pages.calendar):
        raise Faults(*sorted(faults, key=lambda fault: (fault.file, fault.line)))
    version = _version(page.document for name, page in found.items() if page and name in texts)
    people, sla, calendars = pages.people.content, pages.sla.content, pages.calendar.content.build()
    return Policy(
        version=version,
        criteria=pages.criteria.content.build(version),
        people=people.build(next(iter(calendars))),
        routing=people.routing.build(),
        calendars=calendars,
        slas={tier: shape.build() for tier, shape in sla.tiers.items()},
        reasons=pages.reasons.content.build(),
        cards_per_hour=sla.cards_per_hour,
        undo=timedelta(minutes=sla.undo_minutes),
        targets=Targets(_share(sla.targets.accept), _share(sla.targets.sla)),
        overview=people.overview.build(next(iter(calendars.values())).zone) if people.overview else None,
    )


@lru_cache(maxsize=64)
def content(file: str, text: str) -> str:
    """What a text of a file says: the same for two that differ in comments and layout alone.

    Reading one takes a tenth of a second. A text that is no YAML says itself.
    """
    try:
        return _version([from_text(text, file)])
    except Faults:
        return text


def _share(percent: int | None) -> float | None:
    return percent / 100 if percent is not None else None


def _page(name: str, texts: Mapping[str, str], faults: list[Fault]) -> Page[Any] | None:
    try:
        document = from_text(_text(name, texts), name)
        return Page(document, parse_document(document, FILES[name]))
    except Faults as found:
        faults += found.faults
        return None


def _text(name: str, texts: Mapping[str, str]) -> str:
    if name in texts:
        return texts[name]
    return BEFORE_CALENDARS if name == "calendar.yaml" else text_of(DEFAULTS / name)


def _strangers(texts: Mapping[str, str]) -> Iterator[Fault]:
    """A file under a wrong name would be left out without a word."""
    for name in sorted(set(texts) - set(NAMES)):
        yield Fault(name, 0, "", f"is no file of the configuration; expected {_either(NAMES)}")


def _either(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + " or " + names[-1]


def _version(documents: Iterable[Document]) -> str:
    """Twelve hex digits of the content.

    Comments and layout do not count. Order does, because reasons are offered in it. What was written counts, not
    what a newer Baton makes of it, and not the files that it has added: so a stored version keeps its name.
    """
    written = json.dumps([[document.file, document.data] for document in documents], separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:12]
