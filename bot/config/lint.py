"""What a configuration of the right shape can still get wrong, each with file, line, key and expectation.

One function per file and one for what spans two. `load` calls `lint`; whoever adds a key to a file asks here what
could be wrong with it. A rule belongs here when breaking it would be noticed only once a lead is on its way.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.config.criteria_file import CriteriaFile
from bot.config.files import PeopleFile, ReasonsFile, SlaFile, TeamShape, TierShape
from bot.config.lint_criteria import lint_criteria
from bot.config.lint_reasons import lint_reasons
from bot.config.words import label_faults, repeats
from bot.yamlfile import Document, Fault, KeyPath, Page


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
        faults += _people(pages.people.document, pages.people.content)
    if pages.sla:
        faults += _slas(pages.sla.document, pages.sla.content)
    if pages.reasons:
        faults += lint_reasons(pages.reasons.document, pages.reasons.content)
    return faults


# people.yaml


def _people(document: Document, people: PeopleFile) -> Iterator[Fault]:
    persons = [(("persons", key, "slack"), one.slack) for key, one in people.persons.items()]
    channels = [(("teams", key, "channel"), team.channel) for key, team in people.teams.items()]
    feedback = [(("feedback_channel",), people.feedback_channel)] if people.feedback_channel is not None else []
    yield from _slack_ids(document, persons, "UW", "a Slack user id such as U012AB3CD")
    yield from _slack_ids(document, [*channels, *feedback], "CG", "a Slack channel id such as C012AB3CD")
    yield from repeats(document, persons)
    yield from repeats(document, channels)
    names = [(("persons", key, "name"), one.name) for key, one in people.persons.items()]
    yield from label_faults(document, [*names, *((("teams", key, "name"), t.name) for key, t in people.teams.items())])
    for key, team in people.teams.items():
        yield from _team(document, key, team, people)
    yield from _memberships(document, people)


def _slack_ids(document: Document, ids: Iterable[tuple[KeyPath, str]], letters: str, expected: str) -> Iterator[Fault]:
    for keys, found in ids:
        if not re.fullmatch(f"[{letters}][A-Z0-9]{{1,20}}", found):
            yield document.fault(f"got {found!r}, expected {expected}", *keys)


def _team(document: Document, key: str, team: TeamShape, people: PeopleFile) -> Iterator[Fault]:
    manager = people.persons.get(team.manager)
    if manager is None:
        yield _nobody(document, team.manager, "teams", key, "manager")
    elif manager.role != "manager":
        words = f"{team.manager!r} has role {manager.role}; expected a person with role manager"
        yield document.fault(words, "teams", key, "manager")
    if not team.members:
        yield document.fault("is empty; expected at least one key of persons", "teams", key, "members")
    for place, member in enumerate(team.members):
        person = people.persons.get(member)
        if person is None:
            yield _nobody(document, member, "teams", key, "members", place)
        elif person.role not in {"rep", "manager"}:
            words = f"{member!r} has role {person.role}; expected a rep or a manager, who may accept leads"
            yield document.fault(words, "teams", key, "members", place)


def _nobody(document: Document, key: str, *keys: str | int) -> Fault:
    return document.fault(f"{key!r} is nobody; expected a key of persons", *keys)


def _memberships(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """A lead goes to a person, and the person's team gives channel and manager: there must be one."""
    first: dict[str, str] = {}
    for key, team in people.teams.items():
        for place, member in enumerate(team.members):
            if member in first:
                words = f"{member!r} is in team {first[member]} already; expected one team per person"
                yield document.fault(words, "teams", key, "members", place)
            first.setdefault(member, key)


# sla.yaml


def _slas(document: Document, sla: SlaFile) -> Iterator[Fault]:
    if sla.cards_per_hour < 1:
        yield document.fault(f"got {sla.cards_per_hour}, expected at least 1", "cards_per_hour")
    if not 0 <= sla.undo_minutes <= 60:
        yield document.fault(f"got {sla.undo_minutes}, expected 0 to 60", "undo_minutes")
    for tier, shape in sla.tiers.items():
        yield from _ladder(document, tier, shape)


def _ladder(document: Document, tier: str, shape: TierShape) -> Iterator[Fault]:
    steps = [rung.step for rung in shape.ladder]
    if not steps:
        yield document.fault("is empty; expected at least an expire step", "tiers", tier, "ladder")
        return
    if steps.count("expire") != 1 or steps[-1] != "expire":
        words = f"is {', '.join(steps)}; expected exactly one expire, at its end"
        yield document.fault(words, "tiers", tier, "ladder")
    last = timedelta(0)
    for place, rung in enumerate(shape.ladder):
        if rung.after <= last:
            written = document.at("tiers", tier, "ladder", place, "after")
            words = f"got {written}, expected later than the step before it"
            yield document.fault(words, "tiers", tier, "ladder", place, "after")
        last = max(last, rung.after)
    if "expire" in steps and shape.due > shape.ladder[steps.index("expire")].after:
        words = f"got {document.at('tiers', tier, 'due')}, expected no later than the expire step"
        yield document.fault(words, "tiers", tier, "due")
