"""Who sees what of `/funnel`: a question goes on as it may be answered, or comes back with what can be asked. Pure.

Reps see their own numbers and the totals of a team of three or more that is theirs; managers all totals, and their own
people one by one; marketing all totals, and people one by one only in teams of three or more; operations everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.lead import People, Person, Role
from bot.stats.language.words import written
from bot.stats.query import Cohort, Explain, Filter, NewNote, Notes, Problem, Query, query_of

SMALLEST_TEAM = 3
"""In a smaller one a total would be a person's, and less oneself the only colleague's."""
FEWEST = 3
"""In a channel a smaller group could be known by its leads."""
TOO_SMALL = f"A team of fewer than {SMALLEST_TEAM} is as good as a person."

STRANGER = Problem(
    "I don't know you yet. Your sales operations can add you to people.yaml; until then there is the help.",
    ("help", "criteria"),
)
HOW_REPS = "How a single rep decides is for them and their managers."
PERSONS = "Answers about persons do not go to a channel that is not named for that; to your direct messages they can."
NOTES_BY = "Notes are written by managers, marketing and operations; you see them in every answer."


@dataclass(frozen=True, slots=True)
class Visible:
    """The question as it may be answered. `sees` and `teams` are the keys of those shown one by one; None: all.

    Of other teams than `teams` no total stands beside somebody's own figures either.
    """

    query: Query
    sees: frozenset[str] | None
    teams: frozenset[str] | None = None


def visible(query: Query, person: Person | None, people: People) -> Visible | Problem:
    """What `person` gets to see of a question; None is somebody Baton was never told of."""
    if person is None:
        return STRANGER
    sees = _sees(person, people)
    if sees is None:
        return Visible(query, None)
    refused = _refused(query, person, people, sees)
    if refused:
        return refused
    if person.role == "manager":
        return Visible(query, sees)
    if person.role == "rep" and query.sub != "rep":
        query = replace(query, cohort=_narrowed(query.cohort, person, people))
    return Visible(query, sees, _large(people))


def seen(cohort: Cohort, person: Person, people: People) -> tuple[Cohort, frozenset[str] | None]:
    """The part of a cohort that `person` gets to see in totals, and whom one by one (keys; None: all)."""
    return _narrowed(cohort, person, people) if person.role == "rep" else cohort, _sees(person, people)


def may_note(asked: NewNote | Notes, person: Person | None) -> Problem | None:
    """Why somebody may not write or take back a note; None if they may. Everybody known may read them."""
    if person is None:
        return STRANGER
    reads = isinstance(asked, Notes) and asked.remove is None
    return Problem(NOTES_BY, ("note",)) if person.role == "rep" and not reads else None


def for_channel(asked: Query | Explain, person: Person | None, people: People, channel: str) -> Problem | None:
    """Why an answer of somebody may not go to a channel (Slack id; "" for any); None if it may."""
    query = query_of(asked)
    allowed = visible(query, person, people)
    if isinstance(allowed, Problem):
        return allowed
    if not about_people(allowed.query) or channel in people.names_in or (people.names_in and not channel):
        return None
    return Problem(PERSONS, (f"{query.cohort.window.text} by team",))


def about_people(query: Query) -> bool:
    """Whether persons are what it asks about."""
    return query.sub in ("reps", "rep") or query.by == "rep" or bool(_values(query.cohort, "rep"))


def teams_of(person: Person, people: People) -> tuple[str, ...]:
    """The keys of the teams that somebody is a member or the manager of."""
    return tuple(key for key, team in people.teams.items() if person.key in (*team.members, team.manager))


def _sees(person: Person, people: People) -> frozenset[str] | None:
    teams = people.teams.values()
    seen: Mapping[Role, frozenset[str] | None] = {
        "rep": frozenset({person.key}),
        "manager": frozenset(
            {person.key, *(one for team in teams if team.manager == person.key for one in team.members)}
        ),
        "marketing": frozenset(one for key in _large(people) for one in people.teams[key].members),
        "ops": None,
    }
    return seen[person.role]


def _large(people: People) -> frozenset[str]:
    """Teams whose totals are nobody's own."""
    return frozenset(key for key, team in people.teams.items() if len(team.members) >= SMALLEST_TEAM)


def _of_large(teams: Filter, people: People) -> bool:
    """Whether a choice of teams is of large ones, and does not leave a small one over."""
    large = _large(people)
    left = set(people.teams) - set(teams.values) if teams.negated else set(teams.values)
    return left <= large


def _refused(query: Query, person: Person, people: People, sees: frozenset[str]) -> Problem | None:
    """Why not, and what can be asked instead."""
    window = query.cohort.window.text
    own = (f"rep {window} @{written(person.key)}", window)
    hidden = next((people.name_of(key) for key in _named(query) if key not in sees), None)
    if person.role == "rep":
        words = _rep_may_not(query, person, people, hidden)
        return Problem(words, own) if words else None
    if person.role == "marketing":
        words = _marketing_may_not(query, people, hidden)
        return Problem(words, (f"{window} by team", f"rejections {window}")) if words else None
    if hidden:
        return Problem(
            f"You may see your own people's numbers one by one, and totals; not those of {hidden}.", (window,)
        )
    return None


def _rep_may_not(query: Query, person: Person, people: People, hidden: str | None) -> str | None:
    totals = " and your team's totals" if _large(people) & set(teams_of(person, people)) else ""
    yours = f"You see your own numbers{totals}, not those of"
    if hidden:
        return f"{yours} {hidden}."
    if query.sub == "reps":
        return f"{yours} others one by one."
    left_out = {one.key for one in query.cohort.filters if one.negated}
    if "rep" in left_out:
        return f"{yours} the others without you."
    own, asked = teams_of(person, people), set(_values(query.cohort, "team"))
    if "team" in left_out or not asked <= set(own):
        return f"{yours} other teams."
    return None if asked <= _large(people) else f"{TOO_SMALL} You see your own numbers."


def _marketing_may_not(query: Query, people: People, hidden: str | None) -> str | None:
    if query.sub in ("reps", "rep") or hidden:
        by_rep = f"those of {SMALLEST_TEAM} or more also by rep"
        return f"{HOW_REPS} You see sources, campaigns, reasons and teams; {by_rep}."
    if not all(_of_large(one, people) for one in query.cohort.filters if one.key == "team"):
        return f"{TOO_SMALL} You see larger ones, sources and reasons."
    return None


def _narrowed(cohort: Cohort, person: Person, people: People) -> Cohort:
    """A rep's question is about their own teams; without one that is large enough, about their own leads."""
    own = tuple(key for key in teams_of(person, people) if key in _large(people))
    narrow = Filter("team", own) if own else Filter("rep", (person.key,))
    if any(one.key == "team" and not one.negated for one in cohort.filters) or narrow in cohort.filters:
        return cohort
    return replace(cohort, filters=tuple(sorted((*cohort.filters, narrow), key=lambda one: (one.key, one.negated))))


def _named(query: Query) -> tuple[str, ...]:
    subject = (query.subject,) if query.sub == "rep" and query.subject else ()
    return (*subject, *_values(query.cohort, "rep"))


def _values(cohort: Cohort, key: str) -> list[str]:
    return [value for one in cohort.filters if one.key == key for value in one.values]
