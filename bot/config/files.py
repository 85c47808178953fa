"""The five files of the configuration, each with its shape.

A shape says which keys there are and of what type; whether what they say makes sense is `lint`'s question. Keys are
documented in docs/criteria.md. `load`, `lint` and `schemas` go by this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config.calendar_file import CalendarFile
from bot.config.criteria_file import CriteriaFile
from bot.config.people_file import PeopleFile
from bot.config.reasons_file import ReasonsFile
from bot.config.sla_file import SlaFile
from bot.yamlfile import Page, Shape

FILES: Mapping[str, type[Shape]] = {
    "criteria.yaml": CriteriaFile,
    "people.yaml": PeopleFile,
    "sla.yaml": SlaFile,
    "reasons.yaml": ReasonsFile,
    "calendar.yaml": CalendarFile,
}
NAMES = tuple(FILES)


@dataclass(frozen=True, slots=True)
class Pages:
    """What the files hold, in the order of FILES; None where a file's shape is wrong already."""

    criteria: Page[CriteriaFile] | None
    people: Page[PeopleFile] | None
    sla: Page[SlaFile] | None
    reasons: Page[ReasonsFile] | None
    calendar: Page[CalendarFile] | None
