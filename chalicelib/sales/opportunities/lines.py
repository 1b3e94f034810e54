"""A deal's products: priced from the catalogue, and what they sum to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog

Line = dict[str, Any]
#: Every product is a row of three boards; far more would make one deal a load on all of them.
MOST_LINES: Final = 100


def priced(asked: Sequence[Mapping[str, Any]]) -> tuple[list[Line], Money]:
    """Return the lines as a deal keeps them, and their sum.

    Each asks for a `product_id`, a `quantity` (whole, from 1) and perhaps a `unit_price` (Money;
    the list price when left out). Invalid for a product that is not on sale, or twice, and for a
    second currency.
    """
    products = catalog.sellable([line["product_id"] for line in asked], field="lines")
    _require_each_once(asked)
    return summed(
        [
            {**line, "unit_price": line.get("unit_price") or products[line["product_id"]].list_price}
            for line in asked
        ]
    )


def summed(asked: Sequence[Mapping[str, Any]]) -> tuple[list[Line], Money]:
    """Return lines that all have their `unit_price` as a deal keeps them, and their sum."""
    currency = asked[0]["unit_price"].currency
    kept = []
    for position, line in enumerate(asked):
        price, quantity = line["unit_price"], line["quantity"]
        if price.currency != currency:
            raise errors.Invalid.one(f"lines.{position}.unit_price", "one_currency", currency=currency)
        kept.append(
            {
                "product_id": line["product_id"],
                "quantity": quantity,
                "unit_price_minor": price.minor,
                "amount_minor": price.minor * quantity,
            }
        )
    return kept, Money(sum(line["amount_minor"] for line in kept), currency)


def _require_each_once(lines: Sequence[Mapping[str, Any]]) -> None:
    ids = [line["product_id"] for line in lines]
    twice = [position for position, product_id in enumerate(ids) if product_id in ids[:position]]
    if twice:
        raise errors.Invalid(*(FieldError(f"lines.{n}.product_id", "product_twice") for n in twice))
