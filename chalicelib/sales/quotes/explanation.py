"""How a quote's prices come about, as they stood when it was priced; and what is in stock of it now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.access import Principal, may
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.quotes.lines import Line
from chalicelib.sales.quotes.models import Quote


@dataclass(frozen=True, slots=True)
class Explanation:
    """Each line's steps in words, and what another order may have of its product now (None: not kept).

    `margin` is that on the lines whose cost is known, for those who may know it.
    """

    id: str
    lines: list[dict[str, Any]]
    margin: Money | None


def explanation(quote_id: str, *, who: Principal, language: str) -> Explanation:
    """Return how the prices of a quote in reach come about."""
    quote = reached(Quote, quote_id, who=who)
    lines = quote.lines
    named = {each for line in lines for each in (line.product_id, *line.parts) if each}
    stock = inventory.availability(named)
    told = [_told(line, stock, language) for line in lines]
    earned = Money(catalog.margin(lines)[0], quote.currency) if may(who, "costs:approve") else None
    return Explanation(quote.id, told, earned)


def _available(line: Line, stock: Mapping[str, inventory.Availability]) -> int | None:
    found = stock.get(line.product_id or "")
    if found is not None and not found.stocked:
        found = replace(found, parts=inventory.parts_in(line.parts, stock))
    return found.available if found and found.limited else None


def _told(line: Line, stock: Mapping[str, inventory.Availability], language: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "net": line.net,
        "steps": line.told_steps(language),
        "available": _available(line, stock),
    }
