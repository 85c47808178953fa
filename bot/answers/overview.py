"""What `/funnel` answers first: how many were handed off, what became of them, how fast, and why not."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.lead import People
from bot.stats.cohort import Overview, accept_rate, counts, groups, reasons, times
from bot.stats.query import By, Query
from bot.store import cohorts, policies
from bot.store.engine import Tx


def overview(tx: Tx, query: Query, as_of: datetime) -> Overview:
    """The query's hand-offs as things stood at `as_of` (UTC); the moment itself is included."""
    tallies = cohorts.tallies(tx, query, as_of)
    total, (timed, untimed) = counts(tallies), times(tallies)
    return Overview(
        query=query,
        as_of=as_of,
        total=total,
        groups=groups(tallies),
        accept_rate=accept_rate(total),
        median_to_decision=cohorts.median_to_decision(tx, query, as_of, timed),
        times_unknown=untimed,
        top_reasons=reasons(tallies),
    )


def overview_with_names(
    tx: Tx, query: Query, as_of: datetime
) -> tuple[Overview, Callable[[str], str], Mapping[str, str]]:
    """The overview; how its groups are called; and the labels of reasons by code, both under the policy in force."""
    policy = policies.current(tx)
    labels = {code: reason.label for code, reason in policy.reasons.items()}
    return overview(tx, query, as_of), _display_names(policy.people, query.by), labels


def _display_names(people: People, by: By) -> Callable[[str], str]:
    """How the groups of a dimension are called: reps and teams by name, everything else by what it is."""
    match by:
        case "rep":
            return people.name_of
        case "team":
            return lambda key: people.teams[key].name if key in people.teams else key
        case _:
            return str
