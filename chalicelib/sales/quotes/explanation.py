"""How a quote's prices come about, as they stood when it was priced; and what is in stock of it now."""

from dataclasses import dataclass
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
    stock = inventory.availability({line.product_id for line in lines if line.product_id})
    told = [_told(line, stock.get(line.product_id or ""), language) for line in lines]
    earned = Money(catalog.margin(lines)[0], quote.currency) if may(who, "costs:approve") else None
    return Explanation(quote.id, told, earned)


def _told(line: Line, stock: Any, language: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "net": line.net,
        "steps": line.told_steps(language),
        "available": stock.available if stock and stock.stocked else None,
    }
