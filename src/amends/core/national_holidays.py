"""Public holidays by country and region, from the library `holidays`; no network, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays


@dataclass(frozen=True, slots=True)
class NationalHolidays:
    """The holidays of a country (ISO 3166 code), and of one of its regions where it has any."""

    country: str
    region: str = ""

    def of_year(self, year: int) -> dict[date, str]:
        return _of_year(self.country, self.region, year)


@lru_cache(maxsize=256)
def _of_year(country: str, region: str, year: int) -> dict[date, str]:
    found = holidays.country_holidays(country, subdiv=region or None, years=year)
    # Lazily it would go on to other years; here the year is taken as it is.
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """The codes of the countries whose holidays are known."""
    codes = holidays.list_supported_countries(include_aliases=False)
    return tuple(sorted(code for code in codes if len(code) == 2))


def regions_of(country: str) -> tuple[str, ...]:
    """The codes of the regions that have holidays of their own; empty for most countries."""
    found = holidays.list_supported_countries(include_aliases=False)
    return tuple(found.get(country, ()))
