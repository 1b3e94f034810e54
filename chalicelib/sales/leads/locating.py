"""Where in the market a lead is: its territory by country, region and city, and the region by that."""

from collections.abc import Mapping
from typing import Any

from chalicelib.organisation.people import service as people

#: What tells the territory; a change of one of them may tell another.
TELLING = ("country", "region", "city")


def located(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the code of a lead's territory, and the region where the lead did not tell one.

    The region is that of the territory if it has just one, else the territory's name.
    """
    country, region, city = (details.get(name) for name in TELLING)
    found = people.territory_of(country=country, region=region, city=city)
    if found is None:
        return {"territory": None}
    [its_region] = found.regions if len(found.regions) == 1 else [found.name]
    return {"territory": found.code, "region": region or its_region}
