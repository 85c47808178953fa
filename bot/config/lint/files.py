"""What people.yaml, sla.yaml and reasons.yaml can get wrong. For `lint`."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.config.files import FollowUpShape, PeopleFile, ReasonsFile, SlaFile, TeamShape, TierShape
from bot.config.lint.words import LONGEST, label_faults, repeats
from bot.yamlfile import Document, Fault, KeyPath, shown

MOST = 100
"""Slack shows no more options than this in one list."""


# people.yaml


def lint_people(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """Every fault of people.yaml."""
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


def lint_sla(document: Document, sla: SlaFile) -> Iterator[Fault]:
    """Every fault of sla.yaml by itself."""
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


# reasons.yaml


def lint_reasons(document: Document, file: ReasonsFile) -> Iterator[Fault]:
    """Every fault of reasons.yaml."""
    if not any(reason.consequence == "reject" for reason in file.reasons.values()):
        yield document.fault("no code rejects, so nobody could; expected at least one that does", "reasons")
    if len(file.reasons) > MOST:
        yield document.fault(f"got {len(file.reasons)} codes, expected at most {MOST}", "reasons")
    labels: list[tuple[KeyPath, str]] = [
        (("reasons", code, "label"), reason.label) for code, reason in file.reasons.items()
    ]
    yield from label_faults(document, labels)
    yield from repeats(document, labels)
    for code, reason in file.reasons.items():
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", code):
            words = f"got {shown(code)}, expected a code in UPPER_CASE of at most 40 characters"
            yield document.fault(words, "reasons", code)
        if reason.recycle_after is not None and reason.follow_up.kind == "date":
            words = "a wait for a code that asks for a date, which says when; expected none"
            yield document.fault(words, "reasons", code, "recycle_after")
        yield from _follow_up(document, reason.follow_up, ("reasons", code, "follow_up"))


def _follow_up(document: Document, follow_up: FollowUpShape, keys: KeyPath) -> Iterator[Fault]:
    kind, options = follow_up.kind, follow_up.options
    yield from label_faults(document, [((*keys, "label"), follow_up.label)])
    if kind in {"choice", "choices"}:
        if not 1 <= len(options) <= MOST:
            words = f"got {len(options)} options, expected 1 to {MOST} for a {kind}"
            yield document.fault(words, *keys, "options")
    elif options:
        yield document.fault(f"options for a {kind}; expected none", *keys, "options")
    yield from _min_length(document, follow_up, keys)
    yield from _options(document, options, (*keys, "options"))


def _min_length(document: Document, follow_up: FollowUpShape, keys: KeyPath) -> Iterator[Fault]:
    least = follow_up.min_length
    if least is not None and follow_up.kind != "text":
        yield document.fault(f"a length for a {follow_up.kind}; expected none", *keys, "min_length")
    elif least is not None and not 1 <= least <= 3000:
        yield document.fault(f"got {least}, expected 1 to 3000", *keys, "min_length")


def _options(document: Document, options: dict[str, str], keys: KeyPath) -> Iterator[Fault]:
    labels: list[tuple[KeyPath, str]] = [((*keys, value), label) for value, label in options.items()]
    yield from label_faults(document, labels)
    yield from repeats(document, labels)
    for value in options:
        # Several choices are stored in one text, with commas between them.
        if "," in value or value != value.strip() or not 1 <= len(value) <= LONGEST:
            words = f"got {shown(value)}, expected 1 to {LONGEST} characters without a comma or outer blanks"
            yield document.fault(words, *keys, value)
