"""What a reason's one question takes for an answer: by kind, and every kind there is."""

from datetime import date
from typing import get_args

import pytest

from bot.handoff.reasons import FollowUp, FollowUpKind, Reason, fault

TODAY = date(2026, 3, 2)
OPTIONS = (("size", "Size"), ("industry", "Industry"))
ASKED = {
    "text": FollowUp("text", "Why?", min_length=5),
    "date": FollowUp("date", "When?"),
    "choice": FollowUp("choice", "Which?", OPTIONS),
    "choices": FollowUp("choices", "Which?", OPTIONS),
    "person": FollowUp("person", "Whose?"),
    "team": FollowUp("team", "Which team?"),
    "none": FollowUp("none", ""),
}
ANSWERS = [
    ("text", "12345", None),
    ("text", " 1234 ", "Please write at least 5 characters."),
    ("date", "2026-03-03", None),
    ("date", "2026-03-02", "Please pick a day after today."),
    ("date", "tomorrow", "Please pick a date."),
    ("choice", "size", None),
    ("choice", "size,industry", "Please choose from the list."),
    ("choice", "", "Please choose from the list."),
    ("choices", "size,industry", None),
    ("choices", "size,mood", "Please choose from the list."),
    ("person", "ben", None),
    ("person", " ", "Please choose one."),
    ("team", "emea", None),
    ("team", "", "Please choose one."),
    ("none", "", None),
    ("none", "whatever", None),
]


def test_every_kind_is_asked_here() -> None:
    assert set(ASKED) == set(get_args(FollowUpKind)) == {kind for kind, _, _ in ANSWERS}


@pytest.mark.parametrize(("kind", "answer", "expected"), ANSWERS)
def test_an_answer_is_taken_or_told_what_it_lacks(kind: str, answer: str, expected: str | None) -> None:
    assert fault(Reason("CODE", "A code", "OTHER", ASKED[kind]), answer, TODAY) == expected


def test_one_letter_is_asked_for_without_counting() -> None:
    reason = Reason("CODE", "A code", "OTHER", FollowUp("text", "Why?"))
    assert fault(reason, " ", TODAY) == "Please fill this in."
