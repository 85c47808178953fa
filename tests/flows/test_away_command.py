"""`baton away`, `back` and `who`: operations says who is not there, and sees who is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.handoff.absence import Status
from bot.store import absences, profiles
from bot.store.engine import Store
from tests.flows.test_command_line import baton, refused
from tests.support import PEOPLE, in_force, offered

SOON, LATER = (datetime.now(UTC).date() + timedelta(days=days) for days in (3, 9))


def today() -> str:
    """Asked for anew: a run of all tests may go on past midnight."""
    return f"{datetime.now(UTC):%Y-%m-%d}"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A folder whose database has the company in it, and a card of Ana's."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    store = in_force(Store(url(tmp_path)), people=PEOPLE.replace("{name: Ben", "{zone: Pacific/Kiritimati, name: Ben"))
    offered(store, now=datetime.now(UTC) - timedelta(minutes=1))
    store.close()
    return tmp_path


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/baton.sqlite"


def leaves(folder: Path) -> list[tuple[str, str, str | None, str]]:
    store = Store(url(folder))
    with store.reading() as tx:
        found = [(one.person, one.leave, one.by) for one in absences.standing(tx)]
    store.close()
    return [(person, f"{leave.first}", leave.last and f"{leave.last}", leave.label) for person, leave, _ in found]


def test_somebody_is_away_until_they_are_back(company: Path) -> None:
    done = baton("away", "ana", "--why", "Ill", cwd=company)
    assert done.stdout == f"Ana Ruiz is away from {today()}, until `baton back ana`: Ill\n"
    assert leaves(company) == [("ana", today(), None, "Ill")]
    assert baton("back", "ana", cwd=company).stdout == "Ana Ruiz is back\n"
    assert baton("back", "ana", cwd=company).stdout == "Ana Ruiz was not away\n"
    assert leaves(company) == []


def test_a_holiday_has_days(company: Path) -> None:
    done = baton("away", "ana", "--from", f"{SOON}", "--until", f"{LATER}", "--why", "Skiing", cwd=company)
    assert done.stdout == f"Ana Ruiz is away from {SOON} until {LATER}: Skiing\n"
    assert f"at work, away from {SOON}: Skiing" in baton("who", cwd=company).stdout


def test_away_without_an_end_is_said_once(company: Path) -> None:
    baton("away", "ana", "--why", "Ill", cwd=company)
    again = baton("away", "ana", "--why", "Flu", cwd=company)
    assert again.stdout == f"Ana Ruiz is away already from {today()}, until `baton back ana`: Ill\n"
    assert leaves(company) == [("ana", today(), None, "Ill")]
    for _ in range(2):
        baton("away", "ana", "--from", f"{SOON}", "--until", f"{LATER}", cwd=company)
    assert len(leaves(company)) == 2, "days with an end are something else, and said twice they are one"


def test_today_is_their_own(company: Path) -> None:
    """In Kiritimati it is tomorrow for half of the day."""
    there = datetime.now(UTC) + timedelta(hours=14)
    baton("away", "ben", cwd=company)
    assert leaves(company)[0][:2] == ("ben", f"{there.date()}")


def test_who_is_there_with_how_much(company: Path) -> None:
    store = Store(url(company))
    with store.transaction() as tx:
        profiles.put(tx, profiles.Profile("ben", Status("Bali\x1b[31m")))
        profiles.put(tx, profiles.Profile("maya", gone=True))
    store.close()
    assert baton("who", cwd=company).stdout.splitlines() == [
        "Sales (sales)",
        "  ana          Ana Ruiz: at work; 1 open, owed -0.50",
        "  ben          Ben Okafor: at work, Slack status: Bali�[31m; 0 open, owed +0.50",
        "  maya         Maya Lindqvist, manager: Slack account gone; 0 open, owed +0.00",
    ]
    baton("away", "ana", "--until", f"{LATER}", cwd=company)
    assert f"Ana Ruiz: away until {LATER}: Absence; 1 open" in baton("who", cwd=company).stdout


def test_nobody_is_a_sentence_too(company: Path) -> None:
    in_force(Store(url(company)), people="persons: {}\nteams: {}\n").close()
    assert baton("who", cwd=company).stdout == "nobody is configured: people.yaml has no team\n"
    refused(baton("away", "ana", cwd=company), "KEY: got 'ana', but nobody is configured: people.yaml has no persons")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["away", "nobody"], "KEY: got 'nobody', expected one of ana, ben, maya, tom"),
        (["back", "nobody"], "KEY: got 'nobody'"),
        (["away", "ana", "--from", "0001-01-01"], "--from 0001-01-01: 0001-01-01 is too far off; expected a day from "),
        (["away", "ana", "--until", "9999-12-31"], "9999-12-31 is too far off"),
        (["away", "ana", "--from", "monday"], "--from: 'monday' is no date"),
        (["away", "ana", "--until", "31.12."], "--until: '31.12.' is no date"),
        (["away", "ana", "--from", f"{LATER}", "--until", f"{SOON}"], "before the first one"),
        (["away", "ana", "--from", "2020-01-01", "--until", "2020-01-05"], "over already"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(company: Path, arguments: list[str], part: str) -> None:
    refused(baton(*arguments, cwd=company), part)
    assert leaves(company) == []
