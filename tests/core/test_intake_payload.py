"""What a lead may look like on its way in, and in what words a wrong one is answered."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.intake.payload import MOST_FAULTS, Fault, faults, read
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = {"email": "ada@example.com"}
MANY = dict.fromkeys(map(str, range(201)))


def problems(item: object) -> list[Fault]:
    try:
        read(item, NOW)
    except ValidationError as error:
        return faults(error)
    return []


def signal(**fields: Any) -> dict[str, Any]:
    return {**ADA, "signals": [{"id": "s", "type": "page_visit", "at": "2026-11-20T09:00:00Z", **fields}]}


def test_a_lead_with_everything_is_read_as_it_was_sent() -> None:
    texts = {name: f" {name} " for name in ("name", "company", "title", "phone", "country", "source", "campaign")}
    attributes = {"text": " a ", "whole": 3, "part": 0.5, "yes": True, "nothing": None}
    sent = {**texts, "email": " Ada@Example.com ", "origin": " crm ", "external_id": " 7\n", "attributes": attributes}
    sent["signals"] = [
        {"id": " s ", "type": " page_visit ", "at": "2026-11-20T10:00:00+01:00", "note": " n ", "value": 2.5}
    ]

    lead = Lead(email="Ada@Example.com", origin="crm", external_id="7", attributes=attributes, **texts)
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert read(sent, NOW) == Incoming(lead, (Signal("s", "page_visit", at, " n ", 2.5),))
    assert read(sent, NOW).lead.attributes["yes"] is True


def test_what_is_null_is_not_known() -> None:
    assert read({**ADA, "name": None, "origin": None}, NOW) == Incoming(Lead(email="ada@example.com"))


@pytest.mark.parametrize("names", [{}, {"email": None}, {"origin": "crm"}, {"external_id": "7"}, {"name": "Ada"}])
def test_a_lead_that_nothing_identifies_is_refused(names: dict[str, Any]) -> None:
    assert problems(names) == [Fault("", "nothing says who this is; expected email, or origin and external_id")]


@pytest.mark.parametrize(
    "email",
    ["", " ", "ada", "@", "ada@", "@example.com", "ada@example", "ada@.com", "ada@example.", "a@b@example.com",
     "ada@exa..mple.com", "ada @example.com", "ada@exam\tple.com", "ada\x1b@example.com", "a" * 249 + "@ab.de", 7],
)  # fmt: skip
def test_what_is_no_plausible_email_is_refused(email: object) -> None:
    assert [fault.field for fault in problems({"email": email})] == ["email"]


@pytest.mark.parametrize("email", ["a@b.c", "o'hara+tag@mail.example.co.uk", "zoë@exämple.de", "a" * 248 + "@ab.de"])
def test_a_plausible_email_is_taken(email: str) -> None:
    assert problems({"email": email}) == []


@pytest.mark.parametrize(
    ("item", "field", "problem"),
    [
        (7, "", "got 7, expected an object"),
        (None, "", "got nothing, expected an object"),
        ([ADA], "", "got a list, expected an object"),
        ({**ADA, "name": 7}, "name", "got 7, expected text"),
        ({**ADA, "name": "x" * 4001}, "name", f"got '{'x' * 57}…', expected at most 4,000 characters"),
        ({**ADA, "origin": "a:b"}, "origin", "'a:b' holds a colon; expected a plain name such as hubspot"),
        ({**ADA, "external_id": " "}, "external_id", "got ' ', expected at least one character that is not blank"),
        ({**ADA, "attributes": []}, "attributes", "got a list, expected an object"),
        ({**ADA, "attributes": MANY}, "attributes", "got a map, expected at most 200 entries"),
        ({**ADA, "attributes": {"": 1}}, "attributes.", "got '', expected at least one character that is not blank"),
        ({**ADA, "signals": None}, "signals", "got nothing, expected a list"),
        ({**ADA, "signals": [{}] * 1001}, "signals", "got a list, expected at most 1,000 entries"),
        ({**ADA, "signals": [7]}, "signals.0", "got 7, expected an object"),
        (signal(id="x" * 256), "signals.0.id", f"got '{'x' * 57}…', expected at most 255 characters"),
        (signal(at="2026-13-01"), "signals.0.at", "'2026-13-01' is no date; expected ISO 8601 with a time zone"),
        (signal(at=0), "signals.0.at", "0 is no date; expected ISO 8601 with a time zone"),
        (signal(who="x"), "signals.0.who", "unknown key; expected one of id, type, at, note, value"),
    ],
)  # fmt: skip
def test_a_fault_names_the_place_the_value_and_what_was_expected(item: object, field: str, problem: str) -> None:
    assert problems(item) == [Fault(field, problem)]


def test_a_key_that_nobody_knows_is_refused_with_those_that_exist() -> None:
    [fault] = problems({**ADA, "e-mail": "x"})
    assert fault.field == "e-mail"
    assert fault.problem.startswith("unknown key; expected one of email, origin, external_id, name,")


@pytest.mark.parametrize("value", [None, 0, -3, 2.5, 999_999_999_999, -999_999_999_999.5])
def test_the_value_of_a_signal_is_a_number_or_nothing(value: float | None) -> None:
    [heard] = read(signal(value=value), NOW).signals
    assert heard.value == value


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), 10**12, -(10**12), 10**400, "7", "", True, False, [], {}]
)
def test_whatever_else_a_value_might_be_is_refused(value: object) -> None:
    [fault] = problems(signal(value=value))
    assert fault.field == "signals.0.value"
    assert fault.problem.endswith("cannot be the value of a signal; expected a number of at most 12 digits, or null")


def test_a_signal_without_its_id_is_missing_it() -> None:
    item = signal()
    del item["signals"][0]["id"]
    assert problems(item) == [Fault("signals.0.id", "is missing")]


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**18, -(10**18), 1e300, [], {}, "x" * 4001, "\0", "\udfff"]
)
def test_an_attribute_that_cannot_be_kept_is_refused(value: object) -> None:
    assert [fault.field for fault in problems({**ADA, "attributes": {"good": 1, "bad": value}})] == ["attributes.bad"]


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "x\udc00y"])
def test_characters_that_no_database_keeps_are_refused_wherever_they_stand(bad: str) -> None:
    plain = [name for name in Lead.__dataclass_fields__ if name not in {"email", "attributes"}]
    for name in plain:
        assert [fault.field for fault in problems({**ADA, name: bad})] == [name]
    assert [fault.field for fault in problems({"email": f"{bad}@example.com"})] == ["email"]
    for name in ("id", "type", "note"):
        assert [fault.field for fault in problems(signal(**{name: bad}))] == [f"signals.0.{name}"]
    assert problems({**ADA, "attributes": {bad: 1}})
    assert problems({**ADA, bad: 1})


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
def test_a_fault_can_be_written_down_whatever_it_speaks_of(bad: str) -> None:
    item = {**ADA, bad: bad, "name": bad, "attributes": {bad: bad}, "signals": [{bad: bad}]}
    for fault in [*problems(item), *problems({**ADA, "attributes": {bad: bad}})]:
        assert "\0" not in (fault.field + fault.problem)
        assert (fault.field + fault.problem).encode()


@pytest.mark.parametrize("at", ["2026-11-20", "2026-11-20T09:00:00"])
def test_a_time_without_a_zone_is_refused(at: str) -> None:
    [fault] = problems(signal(at=at))
    assert fault.problem.startswith(f"'{at}' has no time zone; expected")


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.integers(-23 * 60, 23 * 60))
def test_a_time_is_taken_from_the_year_2000_to_ten_days_ahead_and_turned_to_utc(naive: datetime, zone: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=zone)))
    inside = datetime(2000, 1, 1, tzinfo=UTC) <= at <= NOW + timedelta(days=10)
    assert (problems(signal(at=at.isoformat())) == []) is inside
    if inside:
        [heard] = read(signal(at=at.isoformat()), NOW).signals
        assert (heard.at, heard.at.tzinfo) == (at, UTC)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_the_edge_of_the_calendar_is_out_of_range(at: str) -> None:
    [fault] = problems(signal(at=at))
    assert fault.problem == f"'{at}' is out of range; expected a time from 2000 to 10 days ahead"


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    found = problems({**ADA, "signals": [7] * 1000})
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == Fault("", "and 980 faults more")


def test_all_faults_of_a_lead_are_told_at_once() -> None:
    item = {"email": "ada", "name": 7, "signals": [{"id": "s", "type": "", "at": "soon"}], "nmae": "Ada"}
    assert [fault.field for fault in problems(item)] == ["email", "name", "signals.0.type", "signals.0.at", "nmae"]
