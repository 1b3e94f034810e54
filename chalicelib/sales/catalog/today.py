"""What was priced before, measured by today: what everybody would pay for it now, and what it costs us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.catalog.items import Item
from chalicelib.sales.catalog.offers import Market
from chalicelib.sales.catalog.pricing import at_list
from chalicelib.sales.catalog.shelf import shelf


@dataclass(frozen=True, slots=True)
class Measure:
    """Everybody's price of a line, its cost where that is known, and what cannot be compared of it."""

    price: Money
    cost: Money | None
    uncompared: Sequence[str]


class Priced(Protocol):
    """What of a priced line says what is sold."""

    @property
    def product_id(self) -> str | None:
        """The product, None for a service or charge."""

    @property
    def name(self) -> str:
        """What it was called."""

    @property
    def quantity(self) -> int:
        """How many pieces."""

    @property
    def parts(self) -> Mapping[str, int]:
        """The pieces that one bundle holds, by product, as it was put together."""


def measured_today(
    lines: Sequence[Priced],
    *,
    currency: str,
    grade: str | None = None,
    channel: str | None = None,
    region: str | None = None,
) -> list[Measure | None]:
    """Return for each line what it costs everybody today, promotions off, and what it costs us.

    What was retired since has the price it had last. None for a line without a product, and for one that
    has no price in the currency any more.
    """
    named: list[dict[str, Any]] = [
        {"product_id": each} for line in lines for each in (line.product_id, *line.parts)
    ]
    found = shelf(named, Market(currency, clock.today(), grade, channel, region), retired=True)
    items = [
        Item(
            asked=at,
            field=f"lines.{at}",
            name=line.name,
            quantity=line.quantity,
            product=found.products.get(line.product_id or ""),
            contents=tuple(line.parts.items()),
        )
        for at, line in enumerate(lines)
    ]
    return [
        Measure(each.before_discount, each.cost, each.uncompared) if each else None
        for each in at_list(items, found)
    ]
