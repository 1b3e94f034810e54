"""What is shared out to the last minor unit: a discount over lines, a bundle's price over its parts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core import errors
from chalicelib.core.money import Money, allocate
from chalicelib.sales.catalog.shelf import Shelf
from chalicelib.sales.catalog.steps import Content, PricedLine, Step


def less(lines: Sequence[PricedLine], discount: Money, currency: str) -> list[PricedLine]:
    """Return lines with a discount on the whole, shared out by their prices."""
    total = sum(line.net.minor for line in lines)
    if discount.currency != currency:
        raise errors.Invalid.one("discount", "currency_mismatch")
    if discount.minor > total:
        raise errors.Invalid.one("discount", "more_than_price", total=Money(total, currency))
    if not discount.minor:
        return list(lines)
    # In an order of their own, so that what does not divide falls on the same line wherever it stands.
    order = sorted(range(len(lines)), key=lambda at: _place(lines[at]))
    parts = dict(zip(order, allocate(discount.minor, [lines[at].net.minor for at in order]), strict=True))
    return [
        replace(line, steps=(*line.steps, Step("WHOLE_DISCOUNT", -parts[at]))) if parts[at] else line
        for at, line in enumerate(lines)
    ]


def _place(line: PricedLine) -> tuple[Any, ...]:
    return (line.product_id or "", line.name, line.is_option, line.quantity, line.net.minor)


def with_contents(line: PricedLine, contents: Sequence[tuple[str, int]], found: Shelf) -> PricedLine:
    """Return a bundle's line with its price shared out over what one of it holds, as (product, pieces)."""
    if not contents:
        return line
    tags = [(each, n, found.tag(each, n * line.quantity)) for each, n in contents]
    worths = [tag.minor * n if tag else 0 for _, n, tag in tags]
    parts = allocate(line.net.minor, worths if any(worths) else [n for _, n, _ in tags])
    held = [
        Content(each, found.products[each].name, n * line.quantity, Money(part, line.net.currency))
        for (each, n, _), part in zip(tags, parts, strict=True)
    ]
    return replace(line, contents=held)
