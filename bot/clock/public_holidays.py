"""Public holidays by country and region, as the package `holidays` knows them. `calendar` and the lint ask here.

A new law comes with a newer package: a deadline keeps what it was told when it was made, and is never asked anew.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

import holidays
from holidays.registry import EntityLoader

ENGLISH = "en_US"


class PublicHoliday(NamedTuple):
    """Its name, in English where the package has it, and whether only half of the day is free."""

    name: str
    half: bool


@cache
def countries() -> frozenset[str]:
    """The countries that are known, as ISO 3166 codes of two capitals."""
    return frozenset(code for code in EntityLoader.get_country_codes() if len(code) == 2)


@cache
def regions(country: str) -> frozenset[str]:
    """The codes of the country's regions that have holidays of their own; empty where there are none."""
    return frozenset(holidays.country_holidays(country).subdivisions)


@lru_cache(maxsize=1000)
def public_holidays(country: str, region: str | None, year: int) -> Mapping[date, PublicHoliday]:
    """The holidays of a year, those that a weekend moves to a working day ("observed") included.

    The package fills its maps as they are asked, which two threads at once would notice; these are full.
    """
    known = holidays.country_holidays(country).supported_categories
    half = _named(country, region, year, ["half_day"]) if "half_day" in known else {}
    free = _named(country, region, year, None)
    found = {day: PublicHoliday(name, half=True) for day, name in half.items()}
    return found | {day: PublicHoliday(name, half=False) for day, name in free.items()}


def _named(country: str, region: str | None, year: int, categories: Iterable[str] | None) -> dict[date, str]:
    """The years around it are asked too: a New Year's Day may be observed in December."""
    speaks = holidays.country_holidays(country).supported_languages
    found = holidays.country_holidays(
        country,
        subdiv=region,
        years=range(year - 1, year + 2),
        categories=tuple(categories) if categories else None,
        language=ENGLISH if ENGLISH in speaks else None,
    )
    return {day: name for day, name in found.items() if day.year == year}
