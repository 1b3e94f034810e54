"""From lines asked for to lines with a price, each explained step by step; every wrong field at once.

A line asks for a `product_id` (or, for a service or charge, a `name` and a `unit_price`) and a
`quantity`; perhaps for `options` and a bundle's `components` (product_id, quantity), a `unit_price`
of its own, `discount_bps` (on its options too). Tiers and promotions look at all pieces of a
product in all lines, so that neither the order of lines nor how they are cut matters. What has no
price in the currency is sold at a `unit_price` of its own only, and is then `uncompared`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.catalog import configuration
from chalicelib.sales.catalog.items import Asked, Item, items_of
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.offers import Market
from chalicelib.sales.catalog.promotions import Bought, best
from chalicelib.sales.catalog.sharing import less, with_contents
from chalicelib.sales.catalog.shelf import Shelf, Tag, shelf
from chalicelib.sales.catalog.steps import PricedLine, Reckoning

#: Lines, options among them, of one document.
MOST_LINES: Final = 60
#: The largest price of a line before anything is taken off, in minor units.
MOST_MINOR: Final = 10**18


def priced_lines(
    asked: Sequence[Asked],
    *,
    currency: str,
    grade: str | None = None,
    channel: str | None = None,
    region: str | None = None,
    on: date | None = None,
    sold: bool = False,
    **document: Any,
) -> list[PricedLine]:
    """Return lines with their prices for a customer of a grade and region, by a channel, on a day.

    Of what was `sold` before nothing is questioned: how it is put together, whether it is on sale still.
    `document`: as for `reckoned`. Invalid, naming every field: what is not on sale or has no price in
    the currency, options and quantities that a product does not take, a price in another currency,
    more off than it costs.
    """
    market = Market(currency, on or clock.today(), grade, channel, region)
    return reckoned(asked, shelf(asked, market, retired=sold), sold=sold, **document)


def reckoned(
    asked: Sequence[Asked],
    found: Shelf,
    *,
    sold: bool = False,
    discount: Money | None = None,
    beside: Mapping[str, int] = MappingProxyType({}),
    field: str = "lines",
    most: int = MOST_LINES,
) -> list[PricedLine]:
    """Return what `priced_lines` does, from what was read before. Pure.

    `discount` comes off the whole, shared out by the lines' prices. `beside` are the pieces by product
    that are bought on other lines of the document; `field` is what its list of lines is called, `most`
    how many it takes.
    """
    wrong, items = items_of(asked, found, field, sold=sold)
    if len(items) > most:
        wrong.append(FieldError(field, "too_many_lines", {"most": most}))
    pieces = _pieces(items)
    pieces.update(beside)
    wrong += [error for item in items for error in _unpriced(item, found, pieces)]
    if wrong:
        raise errors.Invalid(*wrong)
    lines = [_line(item, found, pieces) for item in items]
    if discount:
        lines = less(lines, discount, found.market.currency)
    return [with_contents(line, item.contents, found) for line, item in zip(lines, items, strict=True)]


def at_list(items: Sequence[Item], found: Shelf) -> list[PricedLine | None]:
    """Return items with their prices, None where there is no product, or no price for it. Pure."""
    pieces = _pieces(items)
    return [
        _line(item, found, pieces) if _priced_by(item) and not any(_unpriced(item, found, pieces)) else None
        for item in items
    ]


def _pieces(items: Sequence[Item]) -> Counter[str]:
    """Return how many pieces of each product are bought in all."""
    pieces: Counter[str] = Counter()
    for item in items:
        if item.product and item.own_price:
            pieces[item.product.id] += item.quantity
        elif item.product:
            pieces.update({each: n * item.quantity for each, n in item.contents})
    return pieces


def _unpriced(item: Item, found: Shelf, pieces: Counter[str]) -> Iterator[FieldError]:
    """Yield that an item, or something in it, has no price here, or one beyond all reckoning."""
    if item.product is None:
        worth = item.unit_price.minor * item.quantity if item.unit_price else 0
    else:
        tags = [(n, found.tag(each, pieces[each])) for each, n in _priced_by(item)]
        if item.unit_price is None and any(tag is None for _, tag in tags):
            yield FieldError(f"{item.field}.product_id", "no_price", {"currency": found.market.currency})
        own = item.unit_price.minor if item.unit_price else 0
        worth = item.quantity * max(own, sum(n * max(tag.base, tag.minor) for n, tag in tags if tag))
    if worth > MOST_MINOR:
        yield FieldError(f"{item.field}.quantity", "beyond_reckoning")


def _priced_by(item: Item) -> list[tuple[str, int]]:
    """Return whose prices make one piece's price, and of how many pieces."""
    if item.product is None:
        return []
    return [(item.product.id, 1)] if item.own_price else list(item.contents)


def _line(item: Item, found: Shelf, pieces: Counter[str]) -> PricedLine:
    reckoning = Reckoning(found.market.currency)
    listed = item.product is not None and all(found.tag(each, pieces[each]) for each, _ in _priced_by(item))
    unit = _list(reckoning, item, found, pieces) if listed else _given(reckoning, item)
    if item.product and listed:
        for reduction in best(found.promotions, _bought(item.product, item, reckoning, pieces)):
            reckoning.add("PROMOTION", -reduction.taken, reduction.promotion.id)
    before = reckoning.so_far
    if listed and item.unit_price:
        asked = item.unit_price.minor
        reckoning.add("DISCOUNT", asked * item.quantity - reckoning.exact, unit_price_minor=asked)
    reckoning.discount(item.discount_bps)
    return PricedLine(
        asked=item.asked,
        product_id=item.product.id if item.product else None,
        name=item.name,
        quantity=item.quantity,
        unit_price=Money(unit, found.market.currency),
        before_discount=before,
        steps=reckoning.closed(),
        cost=_cost(item, found),
        is_option=item.is_option,
        parts=configuration.goods(item.product, item.contents),
        uncompared=tuple(_uncompared(item, found, listed=listed)),
    )


def _given(reckoning: Reckoning, item: Item) -> int:
    """Add what was agreed where the catalogue knows no price; return one piece's price."""
    given = item.unit_price.minor if item.unit_price else 0
    reckoning.add("GIVEN", given * item.quantity, unit_price_minor=given, quantity=item.quantity)
    return given


def _list(reckoning: Reckoning, item: Item, found: Shelf, pieces: Counter[str]) -> int:
    """Add the steps up to the volume tier; return one piece's price so far."""
    unit = 0
    for product_id, n in _priced_by(item):
        tag = found.tag(product_id, pieces[product_id])
        if tag:
            _by_tag(reckoning, tag, n * item.quantity, kind=tag.kind if item.own_price else "COMPONENT")
            unit += n * tag.minor
    return unit


def _by_tag(reckoning: Reckoning, tag: Tag, quantity: int, *, kind: str) -> None:
    reckoning.add(kind, tag.base * quantity, tag.source_id, unit_price_minor=tag.base, quantity=quantity)
    if tag.minor != tag.base:
        tier = {"from": tag.start, "unit_price_minor": tag.minor}
        reckoning.add("TIER", (tag.minor - tag.base) * quantity, tag.source_id, **tier)


def _bought(product: Product, item: Item, reckoning: Reckoning, pieces: Counter[str]) -> Bought:
    return Bought(
        product_id=product.id,
        parent_id=product.parent_id,
        family=product.family,
        pieces_in_all=max(pieces[product.id], item.quantity),
        quantity=item.quantity,
        price=reckoning.exact,
    )


def _cost(item: Item, found: Shelf) -> Money | None:
    """Return what a line costs us; a bundle without a cost of its own what its components do."""
    total, currency = 0, found.market.currency
    for cost, n in _costs(item, found):
        if cost is None or cost.currency != currency:
            return None
        total += cost.minor * n * item.quantity
    return Money(total, currency) if item.product else None


def _costs(item: Item, found: Shelf) -> list[tuple[Money | None, int]]:
    """Return what makes one piece's cost: costs, and of how many pieces each."""
    if item.product is None:
        return []
    own: Money | None = item.product.cost
    if own or not item.contents:
        return [(own, 1)]
    return [(found.products[product_id].cost, n) for product_id, n in item.contents]


def _uncompared(item: Item, found: Shelf, *, listed: bool) -> Iterator[str]:
    if item.product and not listed:
        yield "price"
    if any(cost and cost.currency != found.market.currency for cost, _ in _costs(item, found)):
        yield "cost"
