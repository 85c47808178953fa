"""What the routing of people.yaml can get wrong: rules that decide nothing, teams and skills that nobody has."""

from collections.abc import Iterable, Iterator

from bot.config.lint.conditions import lint_condition
from bot.config.lint.logic import Fields, implies
from bot.config.lint.words import label_faults, near, repeats
from bot.config.people_file import PeopleFile, RouteShape
from bot.yamlfile import Document, Fault, KeyPath, dotted


def lint_routing(document: Document, people: PeopleFile, fields: Fields) -> Iterator[Fault]:
    """Every fault of `routing`, and skills that no rule asks for."""
    routing = people.routing
    if not routing.owner_field.strip():
        yield document.fault("is blank; expected a field or attribute of a lead", "routing", "owner_field")
    labels = [((*_at(place), "label"), rule.label) for place, rule in enumerate(routing.rules)]
    yield from label_faults(document, labels)
    yield from repeats(document, labels)
    for place, rule in enumerate(routing.rules):
        yield from _rule(document, people, rule, _at(place), fields)
    yield from _behind(document, people, fields)
    yield from _teams(document, people, routing.otherwise, ("routing", "otherwise"))
    yield from _unasked(document, people)


def _at(place: int) -> KeyPath:
    return ("routing", "rules", place)


def _rule(document: Document, people: PeopleFile, rule: RouteShape, keys: KeyPath, fields: Fields) -> Iterator[Fault]:
    yield from lint_condition(document, (*keys, "when"), rule.when, fields)
    if not rule.teams and not rule.skills:
        yield document.fault("changes nothing; expected teams, skills or both", *keys)
    yield from _teams(document, people, rule.teams, (*keys, "teams"))
    yield from repeats(document, [((*keys, "skills", place), skill) for place, skill in enumerate(rule.skills)])
    if set(rule.teams) <= set(people.teams):
        yield from _skills(document, rule, _skilled(people, rule.teams or [*people.teams]), keys)


def _skilled(people: PeopleFile, teams: Iterable[str]) -> list[set[str]]:
    """The skills of each person there who gets a share of the leads; of all where nobody does, which is told anyway."""
    keys = [key for team in teams for key in people.teams[team].members]
    members = [people.persons[key] for key in keys if key in people.persons]
    return [set(person.skills) for person in [one for one in members if one.weight] or members]


def _skills(document: Document, rule: RouteShape, skilled: list[set[str]], keys: KeyPath) -> Iterator[Fault]:
    """A lead that needs what nobody has goes to nobody."""
    known = set[str]().union(*skilled)
    for place, skill in enumerate(rule.skills):
        if skill not in known:
            expected = near(skill, known, "a skill that somebody there has")
            words = f"nobody who gets a share in its teams has {skill!r}; expected {expected}"
            yield document.fault(words, *keys, "skills", place)
    wanted = set(rule.skills)
    if wanted <= known and not any(wanted <= has for has in skilled):
        yield document.fault(
            "nobody who gets a share in its teams has all of them; expected skills of one person", *keys, "skills"
        )


def _teams(document: Document, people: PeopleFile, teams: list[str], keys: KeyPath) -> Iterator[Fault]:
    yield from repeats(document, [((*keys, place), team) for place, team in enumerate(teams)])
    for place, team in enumerate(teams):
        if team not in people.teams:
            words = f"{team!r} is no team; expected {near(team, people.teams, 'a key of teams')}"
            yield document.fault(words, *keys, place)


def _behind(document: Document, people: PeopleFile, fields: Fields) -> Iterator[Fault]:
    """Rules whose teams never count, because an earlier rule has named some wherever they hold."""
    earlier: list[tuple[KeyPath, RouteShape]] = []
    for place, rule in enumerate(people.routing.rules):
        if not rule.teams:
            continue
        first = next((at for at, one in earlier if implies(rule.when.build(), one.when.build(), fields)), None)
        if first:
            where = f"{dotted(first)} in line {document.line(*first)}"
            words = f"never decides the team, for {where} holds wherever this does; expected it further up, or gone"
            yield document.fault(words, *_at(place), "teams")
        earlier.append((_at(place), rule))


def _unasked(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """Most often a skill that is spelled in another way."""
    asked = {skill for rule in people.routing.rules for skill in rule.skills}
    for key, person in people.persons.items():
        for place, skill in enumerate(person.skills):
            if skill not in asked:
                words = f"no rule asks for {skill!r}; expected {near(skill, asked, 'a skill of routing.rules')}"
                yield document.fault(words, "persons", key, "skills", place)
