"""How a quote's prices come about, as they stood when it was priced."""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.access import Principal, may
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes.models import Quote


@dataclass(frozen=True, slots=True)
class Explanation:
    """Each line's steps in words; `margin` on the lines whose cost is known, for those who may know it."""

    id: str
    lines: list[dict[str, Any]]
    margin: Money | None


def explanation(quote_id: str, *, who: Principal, language: str) -> Explanation:
    """Return how the prices of a quote in reach come about."""
    quote = reached(Quote, quote_id, who=who)
    lines = quote.lines
    told = [
        {"number": line.number, "name": line.name, "net": line.net, "steps": line.told_steps(language)}
        for line in lines
    ]
    earned = Money(catalog.margin(lines)[0], quote.currency) if may(who, "costs:approve") else None
    return Explanation(quote.id, told, earned)
