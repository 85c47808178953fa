"""What a configuration of the right shape can still get wrong, each with file, line, key and expectation.

`load` calls `lint`; whoever adds a key to a file asks in this room what could be wrong with it. A rule belongs here
when breaking it would be noticed only once a lead is on its way.
"""

from bot.clock.calendar import ROUND_THE_CLOCK
from bot.config.files import Pages
from bot.config.lint.calendar import lint_calendar, lint_places
from bot.config.lint.criteria import lint_criteria
from bot.config.lint.logic import Fields
from bot.config.lint.people import lint_people, lint_zones, only_on_call
from bot.config.lint.reasons import lint_reasons
from bot.config.lint.routing import lint_routing
from bot.config.lint.sla import lint_sla
from bot.yamlfile import Fault


def lint(pages: Pages) -> list[Fault]:
    """Every fault of every file, and of what they say of each other."""
    criteria, people, sla, reasons, calendar = pages.criteria, pages.people, pages.sla, pages.reasons, pages.calendar
    faults = list(lint_calendar(calendar.document, calendar.content)) if calendar else []
    calendars = calendar.content.build() if calendar and not faults else {"that is never closed": ROUND_THE_CLOCK}
    if criteria:
        faults += lint_criteria(criteria, sla.content if sla else None)
    if people:
        fields = Fields.of(criteria.content.build("").derived if criteria else ())
        faults += lint_people(people.document, people.content, calendar.content if calendar else None)
        faults += lint_zones(people.document, people.content)
        faults += lint_routing(people.document, people.content, fields)
    if sla:
        on_call = only_on_call(people.content, calendar.content.default) if people and calendar else set()
        faults += lint_sla(sla.document, sla.content, calendars, on_call)
    if reasons:
        faults += lint_reasons(reasons.document, reasons.content)
    return faults


def lint_outside(pages: Pages) -> list[Fault]:
    """What may have become wrong since it was right, for others keep it: time zones, countries and regions."""
    faults: list[Fault] = []
    if pages.calendar:
        faults += lint_places(pages.calendar.document, pages.calendar.content)
    if pages.people:
        faults += lint_zones(pages.people.document, pages.people.content)
    return faults
