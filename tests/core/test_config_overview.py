"""Targets, the weekly overview and the channels that may hear names: what they become, and what is wrong with them."""

from zoneinfo import ZoneInfo

import pytest

from bot.config import load
from bot.config.policy import Policy, Targets
from bot.lead import Weekly
from bot.yamlfile import Faults
from tests.support import TEXTS


def loaded(people: str = "", sla: str = "") -> Policy:
    more = {"people.yaml": TEXTS["people.yaml"] + people, "sla.yaml": TEXTS["sla.yaml"] + sla}
    return load.parse({**TEXTS, **more})


def faults(people: str = "", sla: str = "") -> list[str]:
    with pytest.raises(Faults) as told:
        loaded(people, sla)
    return list(map(str, told.value.faults))


def test_without_the_keys_there_is_no_target_no_overview_and_no_name_anywhere() -> None:
    policy = loaded()
    assert (policy.targets, policy.overview, policy.people.names_in) == (Targets(), None, frozenset())


def test_targets_are_shares() -> None:
    assert loaded(sla="targets: {accept: 65, sla: 90}\n").targets == Targets(accept=0.65, sla=0.9)


def test_the_overview_is_on_monday_at_nine_by_the_clock_of_the_company_unless_said() -> None:
    assert loaded("overview: {channel: C0SALES}\n").overview == Weekly("C0SALES", 0, 9 * 60, ZoneInfo("UTC"))
    said = "overview: {channel: C0SALES, day: fri, at: 16:30, zone: Europe/Rome}\nnames_in: [C0SALES]\n"
    policy = loaded(said)
    assert policy.overview == Weekly("C0SALES", 4, 16 * 60 + 30, ZoneInfo("Europe/Rome"))
    assert policy.people.names_in == {"C0SALES"}


@pytest.mark.parametrize("said", ["off", "'off'", "false", "False", ""])
def test_it_is_off_where_that_is_said(said: str) -> None:
    assert loaded(f"overview: {said}\n").overview is None


@pytest.mark.parametrize("said", ["on", "true", "no", "0", "[]", "C0SALES"])
def test_what_is_neither_off_nor_a_time_and_place_is_told_what_was_expected(said: str) -> None:
    (found,) = faults(f"overview: {said}\n")
    assert found.endswith("expected off, or the keys channel, day, at and zone")


@pytest.mark.parametrize(
    ("people", "sla", "expected"),
    [
        ("overview: {channel: sales}\n", "", "overview.channel: got 'sales', expected a Slack channel id"),
        ("overview: {channel: C0SALES, zone: Rome}\n", "", "overview.zone: got 'Rome', expected a time zone"),
        ("overview: {channel: C0SALES, at: 25:00}\n", "", "overview.at"),
        ("overview: {channel: C0SALES, day: monday}\n", "", "overview.day"),
        ("overview: {day: mon}\n", "", "overview.channel"),
        ("names_in: [C0SALES, '#x']\n", "", "names_in.1: got '#x', expected a Slack channel id"),
        ("", "targets: {accept: 0}\n", "targets.accept: got 0, expected 1 to 100 percent"),
        ("", "targets: {sla: 101}\n", "targets.sla: got 101, expected 1 to 100 percent"),
        ("", "targets: {won: 5}\n", "targets.won"),
    ],
)
def test_what_is_wrong_is_told_with_its_key_and_what_was_expected(people: str, sla: str, expected: str) -> None:
    found = faults(people, sla)
    assert len(found) == 1
    assert expected in found[0].replace("[1]", ".1")
