"""Marks: notes, and changes of the criteria or the SLA, on the days of a window."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.notes import noted
from bot.config.policy import Policy
from bot.stats.marks import Mark
from bot.stats.notes import LONGEST
from bot.stats.query import Cohort, NewNote, Notes, Query, Window
from bot.store import policies
from bot.store.engine import Store
from tests.support import NOW, POLICY, TEXTS

DAY = timedelta(days=1)
WINDOW = Window(NOW - 10 * DAY, NOW, "10d")
TODAY = NOW.date()


def put_in_force(store: Store, at: datetime, version: str, **changed: str) -> None:
    texts = TEXTS | {f"{name}.yaml": text for name, text in changed.items()}
    policy: Policy = replace(POLICY, version=version)
    with store.transaction() as tx:
        assert policies.apply(tx, policy, texts, at)


def found(store: Store, as_of: datetime = NOW) -> tuple[Mark, ...]:
    query = Query(sub="overview", cohort=Cohort(WINDOW), previous=None)
    with store.reading() as tx:
        return marks(Inquiry(tx, query, as_of, POLICY))


def write(store: Store, words: str, on: date) -> int:
    with store.transaction() as tx:
        number = noted(tx, NewNote(words, on), "maya", NOW).number
    assert number
    return number


def test_notes_of_the_windows_days_are_marks_its_first_and_last_day_included(store: Store) -> None:
    days = (TODAY - 11 * DAY, TODAY - 10 * DAY, TODAY - DAY, TODAY, TODAY + DAY)
    for day in days:
        write(store, f"on {day}", day)
    assert [mark.on for mark in found(store)] == list(days[1:4])
    assert found(store)[0] == Mark(TODAY - 10 * DAY, f"on {TODAY - 10 * DAY}", "note")


def test_what_was_not_noted_yet_is_no_mark_as_of_then(store: Store) -> None:
    write(store, "known only later", TODAY - 5 * DAY)
    assert found(store, NOW - timedelta(seconds=1)) == ()
    assert len(found(store)) == 1


def test_a_window_that_ends_at_midnight_has_no_part_of_the_next_day(store: Store) -> None:
    midnight = NOW.replace(hour=0)
    query = Query(sub="overview", cohort=Cohort(Window(midnight - 3 * DAY, midnight, "")), previous=None)
    write(store, "today", TODAY)
    with store.reading() as tx:
        assert marks(Inquiry(tx, query, NOW, POLICY)) == ()


def test_a_change_of_the_criteria_or_the_sla_is_a_mark(store: Store) -> None:
    put_in_force(store, NOW - 30 * DAY, "one")
    put_in_force(store, NOW - 8 * DAY, "two", criteria="b")
    put_in_force(store, NOW - 6 * DAY, "three", criteria="b", people="p")
    put_in_force(store, NOW - 4 * DAY, "four", criteria="c", people="p", sla="s")
    put_in_force(store, NOW - 2 * DAY, "five", criteria="c", people="p", sla="t")
    assert found(store) == (
        Mark(TODAY - 8 * DAY, "criteria changed", "criteria"),
        Mark(TODAY - 4 * DAY, "criteria and SLA changed", "criteria"),
        Mark(TODAY - 2 * DAY, "SLA changed", "criteria"),
    )


@pytest.mark.parametrize(
    ("before", "after", "many"),
    [
        ("points: 5  # as agreed in May\n", "# agreed in June\n\npoints:   5\n", 0),
        ("points: 5  # of 10\n", "points: 6  # of 10\n", 1),
        ("label: 'No. # 5'\n", "label: 'No. # 6'\n", 1),
        ("a:\n  b: 1\n", "a:\nb: 1\n", 1),
        ("tiers: [P1, P2]\n", "tiers: [P2, P1]\n", 1),
        ("tiers: [P1, 'P2']\n", 'tiers:\n  - "P1"\n  - P2\n', 0),
        ("points: 5\n", "points: '5'\n", 1),
        ("points: 5\n", "points: -5\n", 1),
        ("label: [\n", "label: [ # no YAML\n", 1),
    ],
)
def test_another_comment_or_layout_is_no_change(store: Store, before: str, after: str, many: int) -> None:
    """It comes with a version where people.yaml has changed as well."""
    put_in_force(store, NOW - 30 * DAY, "one", criteria=before)
    put_in_force(store, NOW - 4 * DAY, "two", criteria=after, people="p")
    assert len(found(store)) == many


def test_the_first_version_ever_is_no_change(store: Store) -> None:
    put_in_force(store, NOW - 5 * DAY, "one")
    assert found(store) == ()
    put_in_force(store, NOW - 4 * DAY, "two", criteria="b")
    assert len(found(store)) == 1


def test_the_version_of_before_the_window_is_what_the_first_one_in_it_is_held_against(store: Store) -> None:
    put_in_force(store, NOW - 12 * DAY, "one", criteria="a")
    put_in_force(store, NOW - 11 * DAY, "two", criteria="b")
    put_in_force(store, NOW - 5 * DAY, "three", criteria="b", people="p")
    assert found(store) == ()


def test_what_came_after_the_as_of_date_is_not_there_yet(store: Store) -> None:
    put_in_force(store, NOW - 30 * DAY, "one")
    put_in_force(store, NOW - 4 * DAY, "two", criteria="b")
    assert found(store, NOW - 4 * DAY - timedelta(microseconds=1)) == ()
    assert len(found(store, NOW - 4 * DAY)) == 1


def test_marks_stand_in_the_order_of_their_days(store: Store) -> None:
    put_in_force(store, NOW - 30 * DAY, "one")
    put_in_force(store, NOW - 4 * DAY, "two", criteria="b")
    write(store, "late", TODAY - DAY)
    write(store, "early", TODAY - 9 * DAY)
    assert [mark.words for mark in found(store)] == ["early", "criteria changed", "late"]


def test_a_note_that_is_taken_away_marks_nothing_any_more_and_is_so_once(store: Store) -> None:
    number = write(store, "fair", TODAY - DAY)
    with store.transaction() as tx:
        gone = noted(tx, Notes(remove=number), "maya", NOW)
        again = noted(tx, Notes(remove=number), "maya", NOW)
    assert (gone.done, gone.number, gone.newest) == ("removed", number, ())
    assert again.done == "missing"
    assert found(store) == ()


@pytest.mark.parametrize(("length", "done"), [(LONGEST, "added"), (LONGEST + 1, "too long")])
def test_a_note_fits_beside_the_figures(store: Store, length: int, done: str) -> None:
    with store.transaction() as tx:
        answer = noted(tx, NewNote("ü" * length, TODAY), None, NOW)
    assert answer.done == done
    assert len(answer.newest) == (done == "added")


def test_the_newest_twenty_are_listed(store: Store) -> None:
    for back in range(22):
        write(store, f"{back} days ago", TODAY - back * DAY)
    with store.reading() as tx:
        listed = noted(tx, Notes(), None, NOW)
    assert [note.words for note in listed.newest] == [f"{back} days ago" for back in range(20)]
    assert listed.done is None
