"""Public holidays: the right days of a region, those that are moved, and which codes are known."""

from datetime import date

import pytest

from bot.clock.public_holidays import PublicHoliday, countries, public_holidays, regions


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("IT", None, date(2026, 4, 6), "Easter Monday"),
        ("IT", "MI", date(2026, 12, 7), "Saint Ambrose's Day"),
        ("US", None, date(2027, 12, 31), "New Year's Day (observed)"),  # the one of the year after
        ("US", None, date(2026, 7, 3), "Independence Day (observed)"),
        ("GB", "SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("DE", "BY", date(2026, 1, 6), "Epiphany"),
    ],
)
def test_a_day_is_free_in_its_region(country: str, region: str | None, day: date, name: str) -> None:
    found = public_holidays(country, region, day.year)[day]
    assert (found.name.split("; ")[0], found.half) == (name, False)


@pytest.mark.parametrize(
    ("country", "region", "day"),
    [("IT", None, date(2026, 12, 7)), ("GB", "ENG", date(2026, 11, 30)), ("DE", "BE", date(2026, 1, 6))],
)
def test_the_same_day_is_not_elsewhere(country: str, region: str | None, day: date) -> None:
    assert day not in public_holidays(country, region, day.year)


def test_half_holidays_are_known_as_such() -> None:
    found = public_holidays("IS", None, 2026)
    assert found[date(2026, 12, 24)] == PublicHoliday("Christmas Eve (from 1pm)", half=True)
    assert not found[date(2026, 12, 25)].half


def test_only_days_of_the_year_asked_for() -> None:
    assert {day.year for country in ("US", "SA", "JP", "IS") for day in public_holidays(country, None, 2027)} == {2027}


def test_which_codes_are_known() -> None:
    assert {"IT", "US", "GB", "SA", "JP"} <= countries()
    assert not {"XX", "ITA", "it", ""} & countries()
    assert regions("GB") == {"ENG", "NIR", "SCT", "WLS"}
    assert "MI" in regions("IT")
