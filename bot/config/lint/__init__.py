"""What a configuration of the right shape can still get wrong, each with file, line, key and expectation.

`load` calls `lint`; whoever adds a key to a file asks in this room what could be wrong with it. A rule belongs here
when breaking it would be noticed only once a lead is on its way.
"""

from dataclasses import dataclass

from bot.config.criteria_file import CriteriaFile
from bot.config.files import PeopleFile, ReasonsFile, SlaFile
from bot.config.lint.criteria import lint_criteria
from bot.config.lint.files import lint_people, lint_reasons, lint_sla
from bot.yamlfile import Fault, Page


@dataclass(frozen=True, slots=True)
class Pages:
    """The four files; None where a file's shape is wrong already."""

    criteria: Page[CriteriaFile] | None
    people: Page[PeopleFile] | None
    sla: Page[SlaFile] | None
    reasons: Page[ReasonsFile] | None


def lint(pages: Pages) -> list[Fault]:
    """Every fault of every file, and of what they say of each other."""
    faults: list[Fault] = []
    if pages.criteria:
        faults += lint_criteria(pages.criteria, pages.sla.content if pages.sla else None)
    if pages.people:
        faults += lint_people(pages.people.document, pages.people.content)
    if pages.sla:
        faults += lint_sla(pages.sla.document, pages.sla.content)
    if pages.reasons:
        faults += lint_reasons(pages.reasons.document, pages.reasons.content)
    return faults
