"""Whose part of the market a place is. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Drawn(Protocol):
    """A territory, as far as its borders go."""

    code: str
    countries: list[str]
    regions: list[str]
    cities: list[str]


T = TypeVar("T", bound=Drawn)


def covering(
    territories: Iterable[T], *, country: str | None, region: str | None, city: str | None
) -> T | None:
    """Return the territory of a place, or None: a city before a region before a country.

    Names are compared without case. A city or region counts only in the territory's countries,
    where it names any. Of two alike the first code wins.
    """
    ranked = [
        (-rank, territory.code, territory)
        for territory in territories
        if (rank := _rank(territory, country=country, region=region, city=city))
    ]
    return min(ranked, key=lambda each: each[:2])[2] if ranked else None


def _rank(territory: Drawn, *, country: str | None, region: str | None, city: str | None) -> int:
    """Return how closely the borders fit: 3 by city, 2 by region, 1 by country, 0 not at all."""
    if territory.countries and country and not _named(country, territory.countries):
        return 0
    if _named(city, territory.cities):
        return 3
    if _named(region, territory.regions):
        return 2
    whole_country = not territory.cities and not territory.regions
    return int(whole_country and _named(country, territory.countries))


def _named(place: str | None, names: list[str]) -> bool:
    return place is not None and place.casefold() in {name.casefold() for name in names}
